import { described } from '#described'
import * as z from '#zod'
import { limits } from '../kernel/index.ts'
import { moment, momentOrNull } from './api.ts'
import { pathId } from './fields.ts'
import { checkAnswer } from './test-sign-in-schema.ts'

export const decodeRequest = z
  .strictObject({
    text: z
      .string()
      .min(1)
      .max(limits.decodedTextLength)
      .openapi(
        described(() => ({
          description:
            'A SAMLResponse or SAMLRequest in base64, a form field, a whole URL with its signature, XML, metadata, or the JSON of a SCIM request or answer.',
        })),
      ),
    connection: pathId.optional().openapi(
      described(() => ({
        description: 'Verifies and compares with this connection of the organization.',
      })),
    ),
    judgedAt: z
      .enum(['issued', 'now'])
      .default('issued')
      .openapi(
        described(() => ({
          description: 'At which moment times are judged: when the message was made, or now.',
        })),
      ),
  })
  .openapi('DecodeRequest')

const part = z.strictObject({
  label: z.string(),
  value: z.string(),
  says: z.string().openapi(described(() => ({ description: 'What it is for, in plain words.' }))),
  fits: z
    .boolean()
    .nullable()
    .openapi(described(() => ({ description: 'Whether it is what the connection has.' }))),
  expected: z
    .string()
    .nullable()
    .openapi(described(() => ({ description: 'What the connection has instead.' }))),
})

const signature = z.strictObject({
  of: z.string().openapi(described(() => ({ description: 'The element it is on, or the query.' }))),
  result: z.enum(['verified', 'not_verified', 'absent', 'not_checked']),
  certificate: z
    .string()
    .nullable()
    .openapi(described(() => ({ description: 'SHA-256 of the one that verifies.' }))),
  code: z.string().nullable(),
  means: z.string().nullable(),
  fix: z.string().nullable(),
  evidence: z.record(z.string(), z.string()),
})

export const decodeAnswer = described(() =>
  z
    .strictObject({
      kind: z.enum([
        'response',
        'authn_request',
        'logout_request',
        'logout_response',
        'assertion',
        'metadata',
        'xml',
        'scim_user',
        'scim_group',
        'scim_patch',
        'scim_list',
        'scim_error',
        'scim_bulk',
        'scim_search',
        'json',
        'unreadable',
      ]),
      carrier: z.enum(['xml', 'post', 'redirect', 'json']).nullable(),
      pretty: z.string().nullable().openapi({ description: 'Indented; long values are cut.' }),
      decrypted: z.string().nullable(),
      parts: z.array(part),
      signatures: z.array(signature),
      checks: z.array(checkAnswer).nullable().openapi({
        description: 'Of a response held against a connection.',
      }),
      judgedAt: z.enum(['issued', 'now']).nullable(),
      judgedAtTime: momentOrNull,
      entra: z
        .strictObject({
          aadsts: z.string(),
          person: z.string().nullable(),
          admin: z.string().nullable(),
        })
        .nullable(),
      problem: z
        .strictObject({
          code: z.string(),
          means: z.string(),
          fix: z.string(),
          evidence: z.record(z.string(), z.string()),
        })
        .nullable()
        .openapi({ description: 'Why it cannot be read.' }),
      decodedAt: moment,
    })
    .openapi('Decoded'),
)

/** What the decoder's page shows. */
export type DecodeAnswer = z.output<typeof decodeAnswer>
