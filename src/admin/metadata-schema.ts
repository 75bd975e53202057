import { described } from '#described'
import * as z from '#zod'
import { moment, momentOrNull } from './api.ts'
import { connectionPath, fingerprint } from './connection-schema.ts'

export const certificatePath = connectionPath.extend({ certificate: fingerprint })

const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be the hash that stands beside pending changes')
  .openapi(
    described(() => ({
      description: 'pending.hash of GET …/metadata: what was shown is what is meant.',
    })),
  )

export const pendingAnswered = z.strictObject({ hash }).openapi('AnswerPendingMetadata')

export const refreshAnswer = described(() =>
  z
    .strictObject({
      connection: z.string(),
      metadataUrl: z.string().nullable(),
      dueAt: momentOrNull.openapi({ description: 'Null where nothing is planned.' }),
      checkedAt: momentOrNull,
      failures: z.int().openapi({ description: 'Documents in a row that could not be used.' }),
      failure: z
        .strictObject({ code: z.string(), reason: z.string(), message: z.string() })
        .nullable()
        .openapi({ description: 'Why the last document was refused; it changed nothing.' }),
      pending: z
        .strictObject({
          hash: z.string(),
          since: moment,
          dismissedAt: momentOrNull,
          changes: z.array(
            z.strictObject({
              kind: z.enum([
                'add_certificate',
                'change_sso_url',
                'change_slo_url',
                'change_slo_response_url',
              ]),
              from: z.string().nullable().optional(),
              to: z.string().nullable().optional(),
              ssoBinding: z.enum(['redirect', 'post']).optional(),
              certificate: z
                .strictObject({
                  sha256: z.string(),
                  subject: z.string(),
                  notBefore: moment,
                  notAfter: moment,
                })
                .optional(),
            }),
          ),
        })
        .nullable()
        .openapi({ description: 'Changes that wait for an admin’s word.' }),
    })
    .openapi('MetadataRefresh'),
)
