import { described } from '#described'
import * as z from '#zod'
import { moment, momentOrNull } from './api.ts'
import { label, organizationPath, pathId, utcTime } from './fields.ts'

const name = label(100)

const connection = pathId.optional().openapi(
  described(() => ({
    description:
      'Id of the connection that it provisions for; may be left out while there is at most one.',
  })),
)

const expiresAt = utcTime.optional().openapi(
  described(() => ({
    type: 'string',
    format: 'date-time',
    description: 'In UTC. Without it, it works until it is revoked.',
  })),
)

/** Writing without reading is of no use: a SCIM client reads what is there before it writes. */
const scopes = z
  .enum(['read', 'write'])
  .array()
  .max(2)
  .refine((list) => list.includes('read'), 'must include read')
  .refine((list) => new Set(list).size === list.length, 'names a scope twice')
  .default(['read', 'write'])

const scopesAnswer = z.array(z.enum(['read', 'write']))

export const createScimToken = z
  .strictObject({ name, connection, scopes, expiresAt })
  .openapi('CreateScimToken')

/** What can be changed of a token and of a client. */
export const changeScimCredential = z
  .strictObject({
    name,
    disabled: z
      .boolean()
      .openapi(described(() => ({ description: 'Takes effect within 30 seconds.' }))),
  })
  .partial()
  .openapi('ChangeScimCredential')

const tokenShape = {
  id: z.string(),
  name: z.string(),
  connection: z.string().nullable(),
  scopes: scopesAnswer,
  state: z.enum(['active', 'disabled', 'expired']),
  disabled: z.boolean(),
  createdAt: moment,
  expiresAt: momentOrNull,
  lastUsedAt: momentOrNull.openapi(described(() => ({ description: 'To the minute.' }))),
}

export const scimTokenAnswer = described(() => z.strictObject(tokenShape).openapi('ScimToken'))

const secretShown = z.enum(['now', 'earlier'])

export const createdScimToken = z
  .strictObject({
    ...tokenShape,
    tenantUrl: z
      .string()
      .openapi(described(() => ({ description: 'What Entra calls Tenant URL.' }))),
    token: z
      .string()
      .nullable()
      .openapi(
        described(() => ({
          description: 'What Entra calls Secret token. Shown in the first answer only, then null.',
        })),
      ),
    secretShown,
  })
  .openapi('CreatedScimToken')

const federation = z.strictObject({
  tenantId: z
    .string()
    .max(64)
    .openapi(described(() => ({ description: 'Tenant that signs the assertions.' }))),
  issuer: z
    .string()
    .max(256)
    .optional()
    .openapi(
      described(() => ({
        description:
          'As the assertions have it exactly; left out, <ENTRA_LOGIN_URL>/<tenantId>/v2.0.',
      })),
    ),
  subject: z
    .string()
    .max(64)
    .openapi(
      described(() => ({
        description: 'Object id of the provisioning service’s principal in the tenant.',
      })),
    ),
  audience: z
    .string()
    .max(256)
    .openapi(
      described(() => ({
        description: 'Application id, api://<id> or api://<id>/.default, which count as equal.',
      })),
    ),
})

export const createScimClient = z
  .strictObject({
    name,
    connection,
    scopes,
    federation: federation.optional().openapi(
      described(() => ({
        description: 'Lets the client prove itself by an assertion of Entra instead of a secret.',
      })),
    ),
    secretExpiresAt: expiresAt,
  })
  .openapi('CreateScimClient')

export const createScimSecret = z.strictObject({ expiresAt }).openapi('CreateScimClientSecret')

const secretShape = {
  id: z.string(),
  createdAt: moment,
  expiresAt: momentOrNull,
  lastUsedAt: momentOrNull,
}

const clientShape = {
  id: z.string().openapi(described(() => ({ description: 'The client id.' }))),
  name: z.string(),
  connection: z.string().nullable(),
  scopes: scopesAnswer,
  disabled: z.boolean(),
  federation: z
    .strictObject({
      tenantId: z.string(),
      issuer: z.string(),
      subject: z.string(),
      audience: z.string(),
    })
    .nullable(),
  secrets: z.array(z.strictObject(secretShape)),
  tenantUrl: z.string().openapi(described(() => ({ description: 'What Entra calls Tenant URL.' }))),
  tokenUrl: z
    .string()
    .openapi(described(() => ({ description: 'What Entra calls Token endpoint.' }))),
  createdAt: moment,
  updatedAt: moment,
}

export const scimClientAnswer = described(() => z.strictObject(clientShape).openapi('ScimClient'))

const shownSecret = z
  .string()
  .nullable()
  .openapi(
    described(() => ({
      description: 'The client secret. Shown in the first answer only, then null.',
    })),
  )

export const createdScimClient = z
  .strictObject({
    ...clientShape,
    secret: shownSecret,
    secretShown: z.enum(['now', 'earlier', 'none']).openapi(
      described(() => ({
        description: '`none` for a federated client.',
      })),
    ),
  })
  .openapi('CreatedScimClient')

export const createdScimSecret = described(() =>
  z
    .strictObject({ ...secretShape, secret: shownSecret, secretShown })
    .openapi('CreatedScimClientSecret'),
)

export const scimTokenPath = organizationPath.extend({ token: pathId })
export const scimClientPath = organizationPath.extend({ client: pathId })
export const scimSecretPath = scimClientPath.extend({ secret: pathId })
