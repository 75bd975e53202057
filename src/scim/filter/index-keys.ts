import type { IndexKey, ScimView } from '../../directory/index.ts'
import { foldCase } from '../../kernel/index.ts'
import { customUrn, enterpriseSchema } from '../schema/extension-schemas.ts'
import type { FoundAttribute } from '../schema/find-attribute.ts'

/**
 * The values by which a filter finds a user without reading the others, beside id, userName and externalId:
 * what Entra offers as matching attributes (reference a4) and an organization's own attributes. Each costs
 * a row when a user is written, so phone numbers and the like are left to a scan.
 */
export function indexKeys(view: ScimView): readonly IndexKey[] {
  const keys = new Map<string, IndexKey>()
  const add = (attribute: string, value: unknown): void => {
    const text = keyText(value)
    if (text !== null) keys.set(`${attribute}\n${text}`, { attribute, value: text })
  }
  add(displayNameKey, view['displayName'])
  add(employeeNumberKey, partOf(view[enterpriseSchema.id], 'employeeNumber'))
  for (const email of listOf(view['emails'])) {
    const value = partOf(email, 'value') ?? email
    const type = partOf(email, 'type')
    add(emailKey(null), value)
    if (typeof type === 'string') add(emailKey(type), value)
  }
  const custom = view[customUrn]
  if (typeof custom === 'object' && custom !== null) {
    for (const [name, value] of Object.entries(custom)) {
      for (const one of listOf(value)) add(customKey(name), partOf(one, 'value') ?? one)
    }
  }
  return [...keys.values()]
}

/** The name under which `person_keys` has the values of a path; null when it has not. */
export function indexedAs({ schema, attribute, sub }: FoundAttribute): string | null {
  if (attribute.type === 'dateTime') return null
  if (schema === customUrn) return customKey(attribute.name)
  if (schema === enterpriseSchema.id) {
    return attribute.name === 'employeeNumber' ? employeeNumberKey : null
  }
  if (attribute.name === 'displayName') return displayNameKey
  return attribute.name === 'emails' && sub?.name === 'value' ? emailKey(null) : null
}

/** The name of an email's values, of one `type` or of all. */
export function emailKey(type: string | null): string {
  return type === null ? 'emails.value' : `emails[${foldCase(type)}].value`
}

/** A value as `person_keys` has it: folded, since none of these attributes is caseExact. Null for what is no key. */
export function keyText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : foldCase(value)
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}

const displayNameKey = 'displayname'
const employeeNumberKey = `${enterpriseSchema.id.toLowerCase()}:employeenumber`

function customKey(name: string): string {
  return `${customUrn.toLowerCase()}:${name.toLowerCase()}`
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

function partOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return (value as Record<string, unknown>)[name]
}
