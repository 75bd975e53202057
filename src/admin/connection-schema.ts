import { described } from '#described'
import * as z from '#zod'
import { builtInAttributes } from '../directory/index.ts'
import { limits } from '../kernel/index.ts'
import { moment, momentOrNull } from './api.ts'
import { label, organizationPath, pathId, shownVersion } from './fields.ts'

const statusSchema = z.enum(['draft', 'testing', 'active', 'disabled'])

const text = (maxLength: number) => z.string().min(1).max(maxLength)

const entityId = z
  .string()
  .max(limits.samlIdentifierLength)
  .refine(
    (value) => /^[^\s\p{C}{}]+$/u.test(value),
    'must be an entityID without blanks or placeholders',
  )

const certificates = z
  .array(text(limits.certificateBytes * 2))
  .min(1)
  .max(limits.certificatesPerConnection)
  .openapi(described(() => ({ description: 'PEM or bare base64, one certificate each.' })))

const manual = z.strictObject({
  entityId,
  ssoUrl: text(limits.urlLength),
  ssoBinding: z.enum(['redirect', 'post']).optional(),
  sloUrl: text(limits.urlLength).nullable().optional(),
  sloResponseUrl: text(limits.urlLength)
    .nullable()
    .optional()
    .openapi(
      described(() => ({
        description:
          'Where answers to its logout requests go, when not to sloUrl; none when only sloUrl is given.',
      })),
    ),
  certificates,
})

const attributeKeys = builtInAttributes.map(({ key }) => key)

const settings = {
  name: label(200),
  allowIdpInitiated: z.boolean().openapi(
    described(() => ({
      description:
        'Answers what the provider sends unasked, such as its Test button, by starting a sign-in.',
    })),
  ),
  acceptUnsolicited: z.boolean().openapi(
    described(() => ({
      description: 'Accepts it directly instead; needs allowIdpInitiated.',
    })),
  ),
  forceAuthn: z.boolean(),
  signRequests: z.boolean(),
  extraSkewSeconds: z
    .int()
    .min(0)
    .max(300)
    .openapi(
      described(() => ({
        description: 'Tolerated on top of five minutes.',
      })),
    ),
  identityClaim: text(limits.samlIdentifierLength)
    .nullable()
    .openapi(
      described(() => ({
        description:
          'For providers other than Entra: the claim that identifies people, not NameID.',
      })),
    ),
  claimNames: z.partialRecord(z.enum(attributeKeys), z.array(text(256)).min(1).max(10)).openapi(
    described(() => ({
      description: 'Claim names per attribute, tried before the usual ones.',
    })),
  ),
}

const sources = {
  metadataXml: text(limits.metadataBytes),
  metadataUrl: text(limits.urlLength),
  manual,
}
const sourceNames = Object.keys(sources)

const optionalSettings = z.strictObject(settings).partial().shape

export const createConnection = z
  .strictObject({
    ...optionalSettings,
    name: settings.name,
    status: z.enum(['draft', 'testing', 'active']).default('draft'),
    ...z.strictObject(sources).partial().shape,
  })
  .superRefine((body, context) => {
    const given = sourceNames.filter((name) => name in body)
    if (given.length === 1) return
    for (const name of given.length === 0 ? sourceNames : given) {
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `give exactly one of ${sourceNames.join(', ')}`,
      })
    }
  })
  .openapi('CreateConnection')

export const fingerprint = z
  .string()
  .max(128)
  .transform((given) => given.replaceAll(':', '').toLowerCase())
  .openapi(
    described(() => ({ type: 'string', description: 'SHA-256 of the certificate, hexadecimal.' })),
  )

export const changeConnection = z
  .strictObject({
    ...optionalSettings,
    version: shownVersion,
    status: statusSchema.optional(),
    metadataXml: sources.metadataXml.optional(),
    metadataUrl: sources.metadataUrl.nullable().optional(),
    manual: manual
      .partial()
      .refine((given) => Object.keys(given).length > 0, 'must hold what is to be changed')
      .optional(),
    addCertificates: certificates.optional(),
    removeCertificates: z
      .array(fingerprint)
      .min(1)
      .max(limits.certificatesPerConnection)
      .optional(),
  })
  .superRefine((body, context) => {
    const given = sourceNames.filter((name) => name in body)
    for (const name of given.length > 1 ? given : []) {
      const message = `give at most one of ${sourceNames.join(', ')}`
      context.addIssue({ code: 'custom', path: [name], message })
    }
  })
  .openapi('ChangeConnection')

const warning = z.strictObject({ code: z.string(), message: z.string() })

export const connectionAnswer = described(() =>
  z
    .strictObject({
      id: z.string(),
      organization: z.string(),
      name: z.string(),
      status: statusSchema,
      version: z.int(),
      nextStatuses: z.array(statusSchema).openapi({ description: 'Where it can go from here.' }),
      entityId: z.string().openapi({ description: 'Identifier (Entity ID) in Entra.' }),
      acsUrl: z.string().openapi({ description: 'Reply URL in Entra.' }),
      metadataUrl: z.string().openapi({ description: 'Our own metadata.' }),
      loginUrl: z.string().openapi({ description: 'Sign on URL in Entra.' }),
      logoutUrl: z.string().openapi({ description: 'Logout Url in Entra.' }),
      idp: z.strictObject({
        entityId: z.string(),
        ssoUrl: z.string(),
        ssoBinding: z.enum(['redirect', 'post']),
        sloUrl: z.string().nullable(),
        sloResponseUrl: z.string().nullable(),
        tenantId: z.string().nullable(),
        metadataUrl: z.string().nullable(),
        certificates: z.array(
          z.strictObject({
            sha256: z.string(),
            subject: z.string(),
            notBefore: moment,
            notAfter: moment,
            origin: z.enum(['manual', 'metadata']),
            addedAt: moment,
            lastVerifiedAt: momentOrNull,
            retireAt: momentOrNull,
            retiredAt: momentOrNull.openapi({ description: 'Since when it is not trusted.' }),
          }),
        ),
      }),
      allowIdpInitiated: z.boolean(),
      acceptUnsolicited: z.boolean(),
      forceAuthn: z.boolean(),
      signRequests: z.boolean(),
      extraSkewSeconds: z.int(),
      identityClaim: z.string().nullable(),
      claimNames: z.record(z.string(), z.array(z.string())),
      keys: z
        .array(
          z.strictObject({
            id: z.string(),
            purpose: z.enum(['signing', 'encryption']),
            state: z.enum(['next', 'active', 'previous']),
            certificate: z.string().openapi({ description: 'PEM.' }),
            createdAt: moment,
          }),
        )
        .openapi({ description: 'Our own key pairs; only their certificates.' }),
      warnings: z.array(warning),
      createdAt: moment,
      updatedAt: moment,
    })
    .openapi('Connection'),
)

export const rotateKeys = z
  .strictObject({
    purpose: z
      .enum(['signing', 'encryption'])
      .optional()
      .openapi(
        described(() => ({
          description: 'Both when left out.',
        })),
      ),
    step: z
      .enum(['prepare', 'switch', 'retire'])
      .optional()
      .openapi(
        described(() => ({
          description:
            'prepare: make and publish the next key; switch: use it, and keep the old one as previous; retire: delete the previous one. Left out: switch where a next key is prepared, otherwise prepare.',
        })),
      ),
  })
  .openapi('RotateKeys')

export const connectionPath = organizationPath.extend({ connection: pathId })
