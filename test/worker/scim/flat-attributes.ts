import { type Json, part } from './rfc/rfc-world.ts'

/** An attribute as Entra's mappings name it, such as `emails[type eq "work"].value`. */
export type FlatName = string

type Declared = {
  readonly name: string
  readonly type: string
  readonly multiValued: boolean
  readonly mutability: string
  readonly canonicalValues?: readonly string[]
  readonly subAttributes?: readonly Declared[]
}

/**
 * The attributes of a schema as Microsoft's discovery flattens them: for each canonical value of a `type`,
 * else for the primary element; references and what cannot be written are passed over.
 */
export function flatNames(schema: Json): readonly FlatName[] {
  const id = String(schema['id'])
  const prefix = id.includes(':extension:') ? `${id}:` : ''
  return (schema['attributes'] as readonly Declared[])
    .filter((one) => one.type !== 'reference' && one.mutability !== 'readOnly')
    .flatMap((one) => flatten(one))
    .map((name) => `${prefix}${name}`)
}

function flatten({ name, type, multiValued, subAttributes = [] }: Declared): readonly FlatName[] {
  if (type !== 'complex' || name === 'manager' || name === 'members') return [name]
  const parts = subAttributes.filter((one) => one.type !== 'reference')
  if (!multiValued) return parts.map((one) => `${name}.${one.name}`)
  const kinds = subAttributes.find((one) => one.name === 'type')?.canonicalValues ?? []
  const filters =
    kinds.length === 0 ? ['primary eq "True"'] : kinds.map((kind) => `type eq "${kind}"`)
  const values = parts.filter(
    (one) => one.name !== 'primary' && (kinds.length === 0 || one.name !== 'type'),
  )
  return filters.flatMap((filter) => values.map((one) => `${name}[${filter}].${one.name}`))
}

const elementOf = /^(\w+)\[(\w+) eq "(\w+)"\]\.(\w+)$/

/** What a resource reads under a flat name; undefined when there is nothing. */
export function readFlat(resource: Json, name: FlatName): unknown {
  const [, list, key = '', wanted = '', sub = ''] = elementOf.exec(name) ?? []
  if (list !== undefined) {
    const elements = (resource[list] ?? []) as readonly Json[]
    return elements.find((one) => String(one[key]).toLowerCase() === wanted.toLowerCase())?.[sub]
  }
  const [, urn, last = ''] = /^(urn:.*):(\w+)$/.exec(name) ?? []
  if (urn !== undefined) return part(resource, urn)[last]
  return name.split('.').reduce<unknown>((at, key) => (at as Json | undefined)?.[key], resource)
}
