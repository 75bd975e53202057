import { type SQL, sql } from 'drizzle-orm'
import { err, limits, ok, printable, type Result } from '../kernel/index.ts'
import type { Position } from './cursor.ts'
import type { ScimFailure } from './errors.ts'
import type { Place } from './filter/compile-store.ts'
import type { ResourceName } from './schema/attribute.ts'
import type { CustomAttribute } from './schema/extension-schemas.ts'
import { attributeNamed, type FoundAttribute, findAttribute } from './schema/find-attribute.ts'

/** The order of a list. */
export type Sort = {
  /** Null for the order in which resources are told apart: by id. */
  readonly by: FoundAttribute | null
  readonly key: SQL
  readonly isDescending: boolean
}

/**
 * What a list is sorted by (RFC 7644 3.4.2.3): a list's primary value, else its first one; texts without
 * case unless the attribute is caseExact.
 * @returns `scim.invalid_value` for what there is not, or what has no one value
 */
export function readSort(
  { sortBy, sortOrder }: { sortBy: string | null; sortOrder: 'ascending' | 'descending' },
  { resource, custom }: { resource: ResourceName; custom: readonly CustomAttribute[] },
  place: Place,
): Result<Sort, ScimFailure> {
  const isDescending = sortOrder === 'descending' && sortBy !== null
  if (sortBy === null || sortBy.toLowerCase() === 'id') {
    return ok({ by: null, key: sql`null`, isDescending })
  }
  if (sortBy.length > limits.scimFilterLength) return invalid(sortBy, 'it is too long')
  const found = findAttribute(resource, sortBy, custom)
  if (found === null) return invalid(sortBy, 'there is no such attribute')
  const by = withValue(found)
  const { isDerived, returned, type } = by.sub ?? by.attribute
  if (type === 'complex') return invalid(sortBy, 'name one of its sub-attributes')
  if (isDerived === true || returned === 'never') return invalid(sortBy, 'it is not stored')
  const elements = place.elements(by)
  if (elements === null) return ok({ by, key: place.leaf(by).typed, isDescending })
  if (elements.preferred === null) return invalid(sortBy, 'it has no one value to sort by')
  const value = elements.leaf(by.sub).typed
  const key = sql`(select ${value} from ${elements.from} order by ${elements.preferred} limit 1)`
  return ok({ by, key, isDescending })
}

/** `emails` and `manager` are sorted by their `value`. */
function withValue(found: FoundAttribute): FoundAttribute {
  const value = found.sub === null ? attributeNamed(found.attribute.subAttributes, 'value') : null
  return value === null ? found : { ...found, sub: value }
}

/** `order by`: what has no value comes last, or first when descending (RFC 7644 3.4.2.3). */
export function orderBy({ by, isDescending }: Sort, key: SQL, id: SQL): SQL {
  const direction = isDescending ? sql`desc` : sql`asc`
  if (by === null) return sql`${id} ${direction}`
  if (isUnique(by)) return sql`${key} ${direction}`
  return sql`${key} ${direction} nulls ${isDescending ? sql`first` : sql`last`}, ${id}`
}

/** Whether a row comes after a position, in the same order. */
export function isAfter({ by, key, isDescending }: Sort, id: SQL, position: Position): SQL {
  if (by === null) return isDescending ? sql`${id} < ${position.id}` : sql`${id} > ${position.id}`
  if (isUnique(by)) {
    return isDescending ? sql`${key} < ${position.key}` : sql`${key} > ${position.key}`
  }
  const beyond = sql`${id} > ${position.id}`
  if (position.key === null) {
    const isSame = sql`(${key} is null and ${beyond})`
    return isDescending ? sql`(${isSame} or ${key} is not null)` : isSame
  }
  const isSame = sql`(${key} = ${position.key} and ${beyond})`
  return isDescending
    ? sql`(${key} < ${position.key} or ${isSame})`
    : sql`(${key} > ${position.key} or ${isSame} or ${key} is null)`
}

/** Never absent and never twice: its index gives the order, and needs no id beside it. */
function isUnique({ schema, attribute }: FoundAttribute): boolean {
  return schema === null && attribute.uniqueness === 'server'
}

function invalid(sortBy: string, why: string): { ok: false; failure: ScimFailure } {
  const detail = `The list cannot be sorted by "${printable(sortBy, 200)}": ${why}.`
  return err({ code: 'scim.invalid_value', detail })
}
