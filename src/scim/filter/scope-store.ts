import { type SQL, sql } from 'drizzle-orm'
import type { Attribute } from '../schema/attribute.ts'
import { type CustomAttribute, customUrn } from '../schema/extension-schemas.ts'
import type { FoundAttribute } from '../schema/find-attribute.ts'
import type { Elements, Leaf, Place } from './compile-store.ts'
import type { Filter } from './filter.ts'
import { type Documents, jsonElements, jsonLeaf } from './json-store.ts'

/** Whose resources a credential sees: those of its organization and connection. */
export type Scope = {
  readonly organizationId: string
  /** Null before the organization's first connection. */
  readonly connectionId: string | null
  /** What the organization defined itself: the types by which filters and sorting compare. */
  readonly custom?: readonly CustomAttribute[]
}

/** From which rows a list is read, so that it reads as few as can be. */
export type Source = {
  /** What follows `from`. */
  readonly from: SQL
  /** What narrows the rows; the whole filter is checked besides. */
  readonly where: SQL
}

/** A list that is not in the documents: rows of other tables. */
export type RowList = {
  /** What follows `from`, with a `where` that ties the rows to the resource. */
  readonly from: SQL
  /** The parts of an element in SQL, by their names; `''` is the element itself. */
  readonly parts: Readonly<Record<string, SQL>>
}

/** Where a kind of resource has its attributes, beside the documents. */
export type Layout = {
  readonly documents: Documents
  /** Values with columns of their own, by their paths. */
  readonly columns: Readonly<Record<string, SQL>>
  readonly lists: Readonly<Record<string, RowList>>
}

/** Finds attributes in columns, in rows of other tables, or else in the documents. */
export function placeOf({ documents, columns, lists }: Layout): Place {
  return {
    leaf: (path) => {
      const column = path.schema === null ? columns[dotted(path)] : undefined
      return column === undefined ? jsonLeaf(documents, path) : leafOf(column)
    },
    elements: (path) => {
      const list = path.schema === null ? lists[path.attribute.name] : undefined
      if (list !== undefined) return rowElements(list)
      // Nobody says yet whether a custom attribute is a list; a single value is taken as a list of one.
      const isList = path.attribute.multiValued || path.schema === customUrn
      return isList ? jsonElements(documents, path) : null
    },
  }
}

function dotted({ attribute, sub }: FoundAttribute): string {
  return sub === null ? attribute.name : `${attribute.name}.${sub.name}`
}

function leafOf(value: SQL): Leaf {
  return { typed: value, isPresent: sql`${value} is not null` }
}

function rowElements({ from, parts }: RowList): Elements {
  const leaf = (part: Attribute | null) => leafOf(parts[part?.name ?? ''] ?? sql`null`)
  return { from, leaf, preferred: null }
}

/** A value that an attribute must have for a filter to be met. */
export type Needed = { readonly path: FoundAttribute; readonly value: string }

/** What a filter demands with `eq`, alone or joined by `and`: any one of these may lead to its resources. */
export function neededBy(filter: Filter): readonly Needed[] {
  if (filter.kind === 'and') return filter.filters.flatMap(neededBy)
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.value === null) return []
  if (filter.path.attribute.type === 'dateTime') return []
  return [{ path: filter.path, value: String(filter.value) }]
}

/** Value paths that a filter demands, with what their elements must have. */
export function neededElements(
  filter: Filter,
): readonly { readonly path: FoundAttribute; readonly needed: readonly Needed[] }[] {
  if (filter.kind === 'and') return filter.filters.flatMap(neededElements)
  return filter.kind === 'elements' ? [{ path: filter.path, needed: neededBy(filter.filter) }] : []
}
