import {
  type Resolved,
  type SourceView,
  type Stated,
  type Statement,
  statementOf,
} from '../directory/index.ts'
import { limits } from '../kernel/index.ts'
import type { GraphStatement } from './plan-types.ts'
import { differingKeys } from './profile-difference.ts'

/**
 * Before a name of the Graph view: a statement that the policy only reports. It stands in the view, so that it is
 * known and can be accepted, under a name that no mapping has, so that no resolve of any source lets it through.
 */
export const reportedPrefix = '#reported:'

/** A person's Graph view before and after a statement, and the profiles that go with it. */
export type ViewPlan = {
  /** The new view; null when nothing in it changes. */
  readonly view: SourceView | null
  readonly before: Resolved
  /** As it is from now on. */
  readonly after: Resolved
  /** As it would be if everything that Graph states were taken over. */
  readonly stated: Resolved
}

type Names = ReadonlyMap<string, Statement>

/**
 * Merges what Graph states into its view. A statement that would change an attribute in a way that the policy
 * does not repair is kept beside, under `reportedPrefix`, and not taken over.
 * @param mayChange whether the attribute may go from one profile to the other
 * @returns null when nothing is stated that was not before and nothing is kept beside
 */
export function planView(
  views: readonly SourceView[],
  statement: Pick<GraphStatement, 'stated' | 'isWhole' | 'at'>,
  rules: {
    readonly resolve: (views: readonly SourceView[]) => Resolved
    readonly mayChange: (key: string, before: Resolved, after: Resolved) => boolean
    /** What the views resolve to now; null when the mapping changed since, so that it is not known. */
    readonly held: Resolved | null
  },
): ViewPlan | null {
  const previous = views.find(({ source }) => source === 'graph') ?? null
  if (rules.held !== null && saysNothingNew(views, previous, statement)) return null
  const others = views.filter(({ source }) => source !== 'graph')
  const { taken, known } = splitView(previous)
  const { merged, news } = merge(known, statement)
  // What was kept beside is tried anew each time, since the policy may have changed.
  const anew = known === taken ? news : [...merged].filter(([name, one]) => taken.get(name) !== one)
  const repeated = statement.isWhole ? restated(taken, { statement, others }) : []
  const viewOf = (names: Names): SourceView => ({
    source: 'graph',
    at: Math.max(previous?.at ?? statement.at, statement.at),
    attributes: Object.fromEntries(names),
  })
  const resolveWith = (view: SourceView) => rules.resolve([...others, view])
  const isAllowed = (before: Resolved, after: Resolved) =>
    differingKeys(before, after).every((key) => rules.mayChange(key, before, after))

  const before = rules.held ?? rules.resolve(views)
  const mergedView = viewOf(merged)
  const told = anew.length === 0 ? before : resolveWith(mergedView)
  const withRepeated =
    repeated.length === 0 ? told : resolveWith(viewOf(new Map([...merged, ...repeated])))
  const isIdleRepeat = differingKeys(told, withRepeated).length === 0
  const again = isIdleRepeat ? [] : repeated
  const stated = isIdleRepeat ? told : withRepeated
  if (again.length === 0 && isAllowed(before, told)) {
    const isSame = anew.length === 0 && known === taken
    return { view: isSame ? null : mergedView, before, after: told, stated }
  }
  // One by one and in a fixed order, so that the end does not depend on the order in which Graph tells.
  let names: Map<string, Statement> = new Map(taken)
  let after = before
  for (const [name, one] of [...anew, ...again].toSorted(byName)) {
    const trial = new Map(names).set(name, one)
    const outcome = resolveWith(viewOf(trial))
    const isIdle = merged.get(name) !== one && differingKeys(after, outcome).length === 0
    if (isIdle || !isAllowed(before, outcome)) continue
    names = trial
    after = outcome
  }
  for (const [name, one] of anew) {
    if (names.get(name) !== one) names.set(`${reportedPrefix}${name}`, one)
  }
  const isSame = previous !== null && sameStatements(previous, names)
  return { view: isSame ? null : viewOf(names), before, after, stated }
}

/** The quick look that almost everybody gets: each statement stands in the view as it is, and nothing waits. */
function saysNothingNew(
  views: readonly SourceView[],
  previous: SourceView | null,
  { stated, isWhole, at }: Pick<GraphStatement, 'stated' | 'isWhole' | 'at'>,
): boolean {
  if (previous === null) return stated.size === 0
  let oldest = Number.POSITIVE_INFINITY
  for (const [name, one] of Object.entries(previous.attributes)) {
    if (name.startsWith(reportedPrefix)) return false
    if (one.changedAt < oldest) oldest = one.changedAt
  }
  for (const [name, values] of stated) {
    const one = statementOf(previous, name)
    if (one === null || !sameText(one, { values })) return false
  }
  return !isWhole || newestOfScim(views, at - limits.graphSettledMs) < oldest
}

/** When SCIM last changed something, as far as Graph has had time to know of it. */
function newestOfScim(views: readonly SourceView[], settled: number): number {
  const scim = views.find(({ source }) => source === 'scim')
  let newest = Number.NEGATIVE_INFINITY
  if (scim === undefined) return newest
  for (const name in scim.attributes) {
    const changedAt = scim.attributes[name]?.changedAt ?? newest
    if (changedAt <= settled && changedAt > newest) newest = changedAt
  }
  return newest
}

/**
 * The view with a statement taken over that was only reported; null when none is kept under the name.
 * @param name as Graph calls it
 */
export function acceptReported(view: SourceView, name: string): SourceView | null {
  const reported = statementOf(view, `${reportedPrefix}${name}`)
  if (reported === null) return null
  const kept = Object.entries(view.attributes).filter(([one]) => one !== `${reportedPrefix}${name}`)
  return { ...view, attributes: { ...Object.fromEntries(kept), [name]: reported } }
}

/** Names of statements that are only reported, as Graph calls them. */
export function reportedNames(view: SourceView): readonly string[] {
  return Object.keys(view.attributes)
    .filter((name) => name.startsWith(reportedPrefix))
    .map((name) => name.slice(reportedPrefix.length))
    .toSorted()
}

/** What of the view counts, and what Graph really said last: the same map where nothing is kept beside. */
function splitView(view: SourceView | null): { readonly taken: Names; readonly known: Names } {
  const taken = new Map<string, Statement>()
  const beside: (readonly [string, Statement])[] = []
  for (const [name, one] of Object.entries(view?.attributes ?? {})) {
    if (name.startsWith(reportedPrefix)) beside.push([name.slice(reportedPrefix.length), one])
    else taken.set(name, one)
  }
  return { taken, known: beside.length === 0 ? taken : new Map([...taken, ...beside]) }
}

/** A page that is older than what is known, because it was replayed or another run was quicker, changes nothing. */
function merge(known: Names, { stated, at }: { readonly stated: Stated; readonly at: number }) {
  const merged = new Map(known)
  const news: (readonly [string, Statement])[] = []
  for (const [name, values] of stated) {
    const one = known.get(name)
    if (one !== undefined && (one.changedAt > at || sameText(one, { values }))) continue
    const now = { values, changedAt: at }
    merged.set(name, now)
    news.push([name, now])
  }
  return { merged, news }
}

/**
 * Statements that a whole read makes once more, long after SCIM changed something: they count as made anew where
 * that changes the profile. Else a value that SCIM delivered late, after Graph had told of its clearing, would
 * stay for ever: Graph does not tell of it again, and SCIM never sends a blank.
 */
function restated(
  taken: Names,
  {
    statement,
    others,
  }: {
    readonly statement: Pick<GraphStatement, 'stated' | 'at'>
    readonly others: readonly SourceView[]
  },
): readonly (readonly [string, Statement])[] {
  const newest = newestOfScim(others, statement.at - limits.graphSettledMs)
  return [...statement.stated].flatMap(([name, values]) => {
    const one = taken.get(name)
    const isOlder = one !== undefined && one.changedAt <= newest && sameText(one, { values })
    return isOlder ? [[name, { values, changedAt: statement.at }] as const] : []
  })
}

function sameText(a: Pick<Statement, 'values'> | undefined, b: Pick<Statement, 'values'>): boolean {
  if (a === undefined || a.values.length !== b.values.length) return false
  return a.values.every((value, i) => value === b.values[i])
}

function sameStatements(view: SourceView, names: Names): boolean {
  const held = Object.entries(view.attributes)
  return (
    held.length === names.size &&
    held.every(([name, one]) => {
      const now = names.get(name)
      return now?.changedAt === one.changedAt && sameText(now, one)
    })
  )
}

function byName([a]: readonly [string, Statement], [b]: readonly [string, Statement]): number {
  return a < b ? -1 : 1
}
