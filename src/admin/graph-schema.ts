import { described } from '#described'
import * as z from '#zod'
import { graphPermissions } from '../graph/index.ts'
import { moment, momentOrNull } from './api.ts'
import { pathId, utcTime } from './fields.ts'

const guidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** An id of Entra, in lower case. */
function guid(description: string) {
  return z
    .string()
    .max(36)
    .refine(
      (text) => guidShape.test(text),
      'must be an id such as 2d4d3d8e-2be3-4bef-9f87-7875a61c29de',
    )
    .transform((text) => text.toLowerCase())
    .openapi(described(() => ({ type: 'string', format: 'uuid', description })))
}

const connection = pathId.optional().openapi(
  described(() => ({
    description:
      'Id of the connection whose tenant is read; may be left out while there is at most one.',
  })),
)

export const graphQuery = z.strictObject({ connection })

/** Secrets of Entra are 40 characters; spaces at the ends come from copying. */
const clientSecret = z
  .string()
  .min(1)
  .max(512)
  .refine((text) => /^[\x21-\x7e]+$/.test(text), 'must be printable characters without blanks')
  .openapi(
    described(() => ({
      description: 'The Value of a client secret, not its Secret ID. Never shown again.',
    })),
  )

const certificate = z
  .union([
    z.literal('generate'),
    z
      .string()
      .min(64)
      .max(32 * 1024),
  ])
  .openapi(
    described(() => ({
      description:
        '`generate`: Portico makes a key pair and answers with the certificate to upload in Entra. Otherwise a certificate and its RSA private key (PKCS#8, without a password) as PEM.',
    })),
  )

const clientSecretExpiresAt = utcTime.optional().openapi(
  described(() => ({
    type: 'string',
    format: 'date-time',
    description: 'When the secret ends in Entra: events warn 30, 7 and 1 days before.',
  })),
)

export const setGraphCredential = z
  .strictObject({
    connection,
    tenantId: guid('Directory (tenant) ID.'),
    clientId: guid('Application (client) ID of the app registration that may read Graph.'),
    appId: guid(
      'Application ID of the enterprise application whose assignments count; left out, the client id.',
    ).optional(),
    clientSecret: clientSecret.optional(),
    clientSecretExpiresAt,
    certificate: certificate.optional(),
  })
  .openapi('SetGraphCredential')

const permissionCheck = described(() =>
  z.strictObject({
    name: z.enum(graphPermissions),
    granted: z.boolean(),
    use: z.string().openapi({ description: 'What it is needed for.' }),
  }),
)

export const graphCheckAnswer = described(() =>
  z
    .strictObject({
      ok: z.boolean(),
      checkedAt: moment,
      permissions: z.array(permissionCheck),
      application: z
        .strictObject({
          requiresAssignment: z.boolean(),
          appRoles: z.array(
            z.strictObject({
              id: z.string(),
              value: z.string().nullable(),
              displayName: z.string(),
              isEnabled: z.boolean(),
            }),
          ),
        })
        .nullable(),
      problems: z
        .array(z.strictObject({ code: z.string(), message: z.string(), fix: z.string() }))
        .openapi({ description: 'What is wrong, and what to click; empty when all is well.' }),
    })
    .openapi('GraphCheck'),
)

export const graphCredentialAnswer = described(() =>
  z
    .strictObject({
      connection: z.string().nullable(),
      tenantId: z.string(),
      clientId: z.string(),
      appId: z.string(),
      kind: z.enum(['secret', 'certificate']),
      certificate: z
        .strictObject({
          pem: z.string().openapi({ description: 'To upload under Certificates & secrets.' }),
          sha256: z.string(),
        })
        .nullable(),
      expiresAt: momentOrNull,
      check: graphCheckAnswer.nullable().openapi({ description: 'The last check.' }),
      createdAt: moment,
      updatedAt: moment,
    })
    .openapi('GraphCredential'),
)
