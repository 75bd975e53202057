import { foldCase } from '../../kernel/index.ts'
import type { Attribute, AttributeType } from '../schema/attribute.ts'
import type { FoundAttribute } from '../schema/find-attribute.ts'
import { readDateTime } from './date-time.ts'
import type { Comparison, Filter, FilterValue, Operator } from './filter.ts'

/**
 * Whether a value meets a filter: an element of a list for the value paths of PATCH, or a whole resource.
 * A list meets a comparison when one of its elements does (RFC 7644 3.4.2.2). What is absent equals `null`
 * (RFC 7643 2.5), so `ne` meets it, and an absent `primary` is false (RFC 7643 2.4).
 */
export function matches(filter: Filter, value: unknown): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.every((one) => matches(one, value))
    case 'or':
      return filter.filters.some((one) => matches(one, value))
    case 'not':
      return !matches(filter.filter, value)
    case 'present':
      return leavesOf(filter.path, value).some((leaf) => !isBlank(leaf))
    case 'elements':
      return elementsOf(filter.path, value).some((one) => matches(filter.filter, one))
    case 'compare':
      return meets(filter, value)
  }
}

function meets({ path, operator, value }: Comparison, resource: unknown): boolean {
  const attribute = path.sub ?? path.attribute
  const leaves = leavesOf(path, resource)
  const read = leaves.length === 0 ? [undefined] : leaves
  return read.some((leaf) => comparisons[operator](readLeaf(leaf, attribute), value))
}

const comparisons: Readonly<Record<Operator, (left: FilterValue, right: FilterValue) => boolean>> =
  {
    eq: (left, right) => left === right,
    ne: (left, right) => left !== right,
    co: (left, right) => bothText(left, right, (a, b) => a.includes(b)),
    sw: (left, right) => bothText(left, right, (a, b) => a.startsWith(b)),
    ew: (left, right) => bothText(left, right, (a, b) => a.endsWith(b)),
    gt: (left, right) => order(left, right) === 1,
    ge: (left, right) => order(left, right) === 1 || order(left, right) === 0,
    lt: (left, right) => order(left, right) === -1,
    le: (left, right) => order(left, right) === -1 || order(left, right) === 0,
  }

function bothText(
  left: FilterValue,
  right: FilterValue,
  compare: (left: string, right: string) => boolean,
): boolean {
  return typeof left === 'string' && typeof right === 'string' && compare(left, right)
}

/** -1, 0 or 1; null when the two cannot be ordered. Texts by code point, which is how SQLite orders UTF-8. */
function order(left: FilterValue, right: FilterValue): number | null {
  if (typeof left === 'number' && typeof right === 'number') return Math.sign(left - right)
  if (typeof left !== 'string' || typeof right !== 'string') return null
  const [a, b] = [Array.from(left), Array.from(right)]
  const at = a.findIndex((character, i) => character !== b[i])
  if (at === -1) return a.length === b.length ? 0 : -1
  return Math.sign((a[at]?.codePointAt(0) ?? -1) - (b[at]?.codePointAt(0) ?? -1))
}

const readText = (leaf: unknown, { caseExact }: Attribute): FilterValue => {
  if (typeof leaf !== 'string') return null
  return caseExact ? leaf : foldCase(leaf)
}
const readNumber = (leaf: unknown): FilterValue => (typeof leaf === 'number' ? leaf : null)

/** Entra sends numbers and booleans of an organization's own attributes as texts. */
const booleans: Readonly<Record<string, boolean>> = { true: true, false: false }

function numberIn(text: string): number | null {
  return /^[\d.-]*\d[\d.-]*$/.test(text) ? Number.parseFloat(text) || 0 : null
}

/** Stored values as what filters compare; a value of another type counts as absent. */
const readers: Readonly<
  Record<AttributeType, (leaf: unknown, attribute: Attribute) => FilterValue>
> = {
  string: readText,
  reference: readText,
  binary: readText,
  integer: readNumber,
  decimal: (leaf) => readNumber(typeof leaf === 'string' ? numberIn(leaf) : leaf),
  boolean: (leaf, { name }) => {
    if (typeof leaf === 'boolean') return leaf
    if (name === 'primary') return false
    return typeof leaf === 'string' ? (booleans[leaf.toLowerCase()] ?? null) : null
  },
  dateTime: (leaf) => (typeof leaf === 'string' ? readDateTime(leaf) : null),
  complex: () => null,
}

function readLeaf(leaf: unknown, attribute: Attribute): FilterValue {
  return readers[attribute.type](leaf, attribute)
}

/** What the path names, one entry per element; undefined for elements that lack the part. */
function leavesOf(path: FoundAttribute, resource: unknown): readonly unknown[] {
  const elements = elementsOf(path, resource)
  const { attribute, sub } = path
  if (sub !== null) return elements.map((element) => partOf(element, sub.name))
  // A list of simple values may also hold objects with a `value` (reference a4).
  return attribute.type === 'complex'
    ? elements
    : elements.map((element) => partOf(element, 'value'))
}

function elementsOf({ schema, attribute }: FoundAttribute, resource: unknown): readonly unknown[] {
  const holder = schema === null ? resource : partOf(resource, schema)
  const value = partOf(holder, attribute.name)
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

/** A part of an object by its name in any case; a simple value is its own `value`. */
function partOf(holder: unknown, name: string): unknown {
  if (holder === null || typeof holder !== 'object') {
    return name.toLowerCase() === 'value' ? holder : undefined
  }
  if (Object.hasOwn(holder, name)) return (holder as Record<string, unknown>)[name]
  const wanted = name.toLowerCase()
  return Object.entries(holder).find(([key]) => key.toLowerCase() === wanted)?.[1]
}

function isBlank(leaf: unknown): boolean {
  if (leaf === undefined || leaf === null || leaf === '') return true
  return typeof leaf === 'object' && Object.keys(leaf).length === 0
}
