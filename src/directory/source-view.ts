import type { sourceNames } from '../db/index.ts'

export type SourceName = (typeof sourceNames)[number]

/** A source's statement of one attribute: the values as stated, and since when they are so. */
export type Statement = { readonly values: readonly string[]; readonly changedAt: number }

/** What one source says of one person, keyed by the source's own attribute names. */
export type SourceView = {
  readonly source: SourceName
  /** When the source last spoke, in milliseconds since the epoch. */
  readonly at: number
  readonly attributes: Readonly<Record<string, Statement>>
}

/** What a source states now, before it is compared with what it stated before. */
export type Stated = ReadonlyMap<string, readonly string[]>

/** Names that one sign-in replaces whole: their absence means none, unless it means unknown. */
export type ListPolicy = { readonly replaced: readonly string[] }

/**
 * A source's view after it spoke again. A value that did not change keeps the time at which it last
 * did, since inside a tier the statement that changed last wins. What is absent from a sign-in says
 * nothing and stays (DESIGN 2.1), except lists in `replaced`, which each sign-in replaces.
 */
export function mergeView(
  previous: SourceView | null,
  next: { source: SourceName; at: number; stated: Stated },
  lists: ListPolicy = { replaced: [] },
): SourceView {
  const attributes = new Map<string, Statement>()
  for (const [name, statement] of Object.entries(previous?.attributes ?? {})) {
    if (!lists.replaced.includes(name)) attributes.set(name, statement)
  }
  for (const [name, values] of next.stated) {
    const before = statementOf(previous, name)
    const isSame = before !== null && sameValues(before.values, values)
    attributes.set(name, isSame ? before : { values, changedAt: next.at })
  }
  return { source: next.source, at: next.at, attributes: Object.fromEntries(attributes) }
}

/** A source's statement by name; a claim may be called `constructor`, so only own properties count. */
export function statementOf(view: SourceView | null, name: string): Statement | null {
  if (view === null || !Object.hasOwn(view.attributes, name)) return null
  return view.attributes[name] ?? null
}

function sameValues(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}

/** The statements in one fixed order and without times: what a view's hash is taken of. */
export function viewFingerprintText(view: SourceView): string {
  const names = Object.keys(view.attributes).sort()
  return JSON.stringify(names.map((name) => [name, view.attributes[name]?.values]))
}

/** Names of attributes whose statement differs between two views: names are not personal, values are. */
export function changedNames(before: SourceView | null, after: SourceView): readonly string[] {
  const names = new Set([
    ...Object.keys(before?.attributes ?? {}),
    ...Object.keys(after.attributes),
  ])
  return [...names].filter((name) => {
    const old = statementOf(before, name)
    const now = statementOf(after, name)
    return old === null || now === null || !sameValues(old.values, now.values)
  })
}
