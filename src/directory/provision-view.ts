import { limits } from '../kernel/index.ts'
import { type Mapping, mappedNames } from './mapping.ts'
import type { ScimView, UserStatement } from './provisioning.ts'
import { mergeView, type SourceView, type Statement } from './source-view.ts'

/** Names that one person's SCIM statements may have: blanks of attributes long gone must not pile up. */
export const scimViewNames = 200

/**
 * What SCIM says of a person after a statement. What it stated before and no longer has is a blank, which is a
 * statement too (DESIGN 2.1, Whose value); what it never stated it says nothing about. Beyond the limits go
 * names that nothing maps, and old blanks.
 */
export function scimSourceView(
  previous: SourceView | null,
  { statement, mapping, nowMs }: { statement: UserStatement; mapping: Mapping; nowMs: number },
): SourceView {
  const stated = new Map([['userName', [statement.userName] as readonly string[]]])
  for (const [name, values] of statement.stated) stated.set(name, values)
  for (const name of Object.keys(previous?.attributes ?? {})) {
    if (!stated.has(name)) stated.set(name, [])
  }
  return withinLimits(mergeView(previous, { source: 'scim', at: nowMs, stated }), mapping)
}

function withinLimits(view: SourceView, mapping: Mapping): SourceView {
  const entries = Object.entries(view.attributes)
  if (entries.length <= scimViewNames && lengthOf(entries) <= limits.sourceViewLength) return view
  const mapped = new Set(mappedNames(mapping, 'scim').map((name) => name.toLowerCase()))
  const rank = ([name, { values }]: Entry) =>
    (mapped.has(name.toLowerCase()) ? 0 : 2) + (values.length === 0 ? 1 : 0)
  // Values that stood longest stay, so that the same statement gives the same view; blanks go oldest first.
  const age = ([, { values, changedAt }]: Entry) => (values.length === 0 ? -changedAt : changedAt)
  const sorted = entries.toSorted((a, b) => rank(a) - rank(b) || age(a) - age(b))
  const kept: Entry[] = []
  let length = 0
  for (const entry of sorted.slice(0, scimViewNames)) {
    const more = lengthOf([entry])
    if (length + more > limits.sourceViewLength) continue
    kept.push(entry)
    length += more
  }
  return { ...view, attributes: Object.fromEntries(kept) }
}

type Entry = readonly [string, Statement]

function lengthOf(entries: readonly Entry[]): number {
  return entries.reduce(
    (sum, [name, { values }]) => sum + name.length + values.join('').length + values.length,
    0,
  )
}

/** Names of a view's attributes whose value differs, whatever the order of their parts. */
export function differingAttributes(before: ScimView | null, after: ScimView): readonly string[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after)])
  return [...names].filter((name) => canonical(before?.[name]) !== canonical(after[name]))
}

/** A JSON value as text in which the order of names says nothing, nor that of a multi-valued attribute's values. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).toSorted().join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? ''
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([name, part]) => `${JSON.stringify(name)}:${canonical(part)}`).join()}}`
}
