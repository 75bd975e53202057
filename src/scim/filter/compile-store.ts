import { type SQL, sql } from 'drizzle-orm'
import type { Attribute } from '../schema/attribute.ts'
import type { FoundAttribute } from '../schema/find-attribute.ts'
import type { Comparison, Filter, FilterValue, Operator } from './filter.ts'
import { matches } from './matches.ts'

/** One value in SQL. */
export type Leaf = {
  /** What filters compare: folded text, a number, 1 or 0, milliseconds; null when absent or of another type. */
  readonly typed: SQL
  readonly isPresent: SQL
}

/** The elements of a list in SQL. */
export type Elements = {
  /** What follows `from`, with a `where` that further conditions can be added to. */
  readonly from: SQL
  /** A part of an element; null is the element itself. */
  readonly leaf: (part: Attribute | null) => Leaf
  /** What puts the element that a resource is sorted by first; null when lists cannot be sorted by. */
  readonly preferred: SQL | null
}

/** Where the attributes are: of a resource, or of an element of a list. */
export type Place = {
  readonly leaf: (path: FoundAttribute) => Leaf
  /** Null when the attribute has one value. */
  readonly elements: (path: FoundAttribute) => Elements | null
}

/**
 * A filter as a condition of SQL. It may come out as null where a value is absent, which `where` takes as
 * false; only below `not` that is said explicitly.
 */
export function compileFilter(filter: Filter, place: Place): SQL {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return balanced(
        filter.filters.map((one) => compileFilter(one, place)),
        filter.kind === 'and' ? sql` and ` : sql` or `,
      )
    case 'not':
      return sql`not ifnull(${compileFilter(filter.filter, place)}, 0)`
    case 'present':
      return compilePresent(filter.path, place)
    case 'elements':
      return compileElements(filter.path, filter.filter, place)
    case 'compare':
      return compileComparison(filter, place)
  }
}

/** Joins conditions as a tree: a long chain would pass SQLite's depth of expressions. */
function balanced(conditions: readonly SQL[], by: SQL): SQL {
  const [first] = conditions
  if (first === undefined) return sql`1`
  if (conditions.length === 1) return first
  const half = Math.ceil(conditions.length / 2)
  return sql`(${balanced(conditions.slice(0, half), by)}${by}${balanced(conditions.slice(half), by)})`
}

function compilePresent(path: FoundAttribute, place: Place): SQL {
  const elements = place.elements(path)
  if (elements === null) return place.leaf(path).isPresent
  if (path.sub === null) return sql`exists (select 1 from ${elements.from})`
  return sql`exists (select 1 from ${elements.from} and ${elements.leaf(path.sub).isPresent})`
}

function compileElements(path: FoundAttribute, filter: Filter, place: Place): SQL {
  const elements = place.elements(path)
  if (elements === null) {
    // `manager[value eq "x"]`: one object is a list of one.
    const isPresent = place.leaf(path).isPresent
    const part = ({ attribute }: FoundAttribute) => place.leaf({ ...path, sub: attribute })
    return sql`(${isPresent} and ${compileFilter(filter, { leaf: part, elements: () => null })})`
  }
  const inner: Place = { leaf: ({ attribute }) => elements.leaf(attribute), elements: () => null }
  return sql`exists (select 1 from ${elements.from} and ${compileFilter(filter, inner)})`
}

function compileComparison(comparison: Comparison, place: Place): SQL {
  const { path } = comparison
  const elements = place.elements(path)
  if (elements === null) return compare(place.leaf(path).typed, comparison)
  const condition = compare(elements.leaf(path.sub).typed, comparison)
  const some = sql`exists (select 1 from ${elements.from} and ${condition})`
  // A list without elements is absent, and what is absent meets `ne` and `eq null`.
  if (!matches(comparison, undefined)) return some
  return sql`(${some} or not exists (select 1 from ${elements.from}))`
}

const comparisons: Readonly<Record<Operator, (left: SQL, right: string | number) => SQL>> = {
  eq: (left, right) => sql`${left} = ${right}`,
  ne: (left, right) => sql`${left} is not ${right}`,
  gt: (left, right) => sql`${left} > ${right}`,
  ge: (left, right) => sql`${left} >= ${right}`,
  lt: (left, right) => sql`${left} < ${right}`,
  le: (left, right) => sql`${left} <= ${right}`,
  // Not LIKE: D1 refuses patterns over 50 bytes, and % and _ would need escapes.
  co: (left, right) => sql`instr(${left}, ${right}) > 0`,
  sw: (left, right) => sql`instr(${left}, ${right}) = 1`,
  ew: (left, right) => {
    const length = Array.from(String(right)).length
    // substr(x, -0) is all of x, and everything ends with nothing.
    if (length === 0) return sql`${left} is not null`
    return sql`substr(${left}, ${sql.raw(String(-length))}) = ${right}`
  },
}

function compare(left: SQL, { operator, value }: Comparison): SQL {
  if (value === null) return operator === 'eq' ? sql`${left} is null` : sql`${left} is not null`
  return comparisons[operator](left, bindable(value))
}

/** A value as D1 binds it: booleans are 1 and 0. */
function bindable(value: Exclude<FilterValue, null>): string | number {
  return typeof value === 'boolean' ? Number(value) : value
}
