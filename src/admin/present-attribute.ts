import type * as z from '#zod'
import {
  builtInAttributes,
  type CustomAttributeRow,
  customScimName,
  foldKey,
} from '../directory/index.ts'
import { toIso } from '../kernel/index.ts'
import type { attributeAnswer } from './attribute-schema.ts'

export type AttributeAnswer = z.input<typeof attributeAnswer>

/** The attributes that every organization has, as the API shows them. */
export const builtIn: readonly AttributeAnswer[] = builtInAttributes.map(
  ({ key, label, type, multiValued }) => ({
    key,
    label,
    type,
    multiValued,
    description: null,
    default: null,
    required: false,
    system: true,
    scim: null,
    createdAt: null,
    updatedAt: null,
  }),
)

/** A built-in attribute by its key, in any case. */
export function builtInNamed(key: string): AttributeAnswer | undefined {
  return builtIn.find((one) => foldKey(one.key) === foldKey(key))
}

/** An attribute of the organization's own, as the API shows it. */
export function presentAttribute(row: CustomAttributeRow): AttributeAnswer {
  return {
    key: row.key,
    label: row.label,
    description: row.description,
    type: row.type,
    multiValued: row.multiValued,
    default: row.defaultValue as AttributeAnswer['default'],
    required: row.required,
    system: false,
    scim: customScimName(row.key),
    createdAt: toIso(row.createdAt),
    updatedAt: toIso(row.updatedAt),
  }
}
