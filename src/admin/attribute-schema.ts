import { described } from '#described'
import * as z from '#zod'
import { builtInAttributes } from '../directory/index.ts'
import { momentOrNull } from './api.ts'
import { label, organizationPath } from './fields.ts'

const scalar = z.union([z.string().max(1024), z.number(), z.boolean()])

const type = z.enum(['string', 'number', 'boolean', 'dateTime'])

const builtInKeys = new Set(builtInAttributes.map(({ key }) => key.toLowerCase()))

/** A name that plain objects have already would be found where nobody set it; what SCIM calls password is never kept. */
function isFree(key: string): boolean {
  return !(key in {}) && key.toLowerCase() !== 'password'
}

const key = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_]{0,63}$/,
    'must be a letter and then up to 63 letters, digits and underscores',
  )
  .refine((text) => !builtInKeys.has(text.toLowerCase()), 'is the key of a built-in attribute')
  .refine(isFree, 'is a name that cannot be used')
  .openapi(
    described(() => ({
      example: 'costCenter',
      description:
        'Permanent; part of the name by which SCIM sends it. Case does not tell two apart.',
    })),
  )

const settings = {
  label: label(100),
  description: label(500).nullable(),
  type: type.openapi(
    described(() => ({
      description:
        'A value that is none of the type is left out of the profile; nothing is refused.',
    })),
  ),
  multiValued: z.boolean(),
  default: z
    .union([scalar, z.array(scalar).min(1).max(20)])
    .nullable()
    .openapi(
      described(() => ({ description: 'The value where no source states one; of the type.' })),
    ),
  required: z.boolean().openapi(
    described(() => ({
      description: 'Whether a profile without it counts as incomplete; nobody is refused for it.',
    })),
  ),
}

export const createAttribute = z
  .strictObject({ key, ...settings })
  .partial({ description: true, type: true, multiValued: true, default: true, required: true })
  .openapi('CreateAttribute')

export const changeAttribute = z
  .strictObject({
    ...settings,
    updatedAt: z
      .string()
      .max(40)
      .openapi(
        described(() => ({
          description: 'Changes this version only, as an answer gave it; otherwise 409.',
        })),
      ),
  })
  .partial()
  .openapi('ChangeAttribute')

export const attributeAnswer = described(() =>
  z
    .strictObject({
      key: z.string(),
      ...settings,
      label: z.string(),
      description: z.string().nullable(),
      system: z.boolean().openapi({ description: 'Built in: it can be mapped, but not changed.' }),
      scim: z.string().nullable().openapi({
        description: 'The name by which SCIM sends an attribute of the organization’s own.',
      }),
      createdAt: momentOrNull,
      updatedAt: momentOrNull,
    })
    .openapi('Attribute'),
)

export const attributePath = organizationPath.extend({ key: z.string().min(1).max(64) })
