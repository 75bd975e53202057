import { limits } from '../kernel/index.ts'
import type { Person } from './person.ts'
import { type Resolved, resolveTelling, type StatedProblem } from './resolve.ts'
import { type OrganizationRules, rulesetFor } from './ruleset-store.ts'
import { movedKeys, type SearchKeys, searchKeys } from './search-keys.ts'
import type { SourceView } from './source-view.ts'

/** Somebody who was judged, with what of them comes to no value though it should. */
export type JudgedPerson = {
  readonly personId: string
  /** Null for somebody from before the first connection. */
  readonly connectionId: string | null
  /** The version that they were judged by; the page's statements may count it up. */
  readonly version: number
  readonly problems: readonly StatedProblem[]
}

/** Somebody whose profile an older version of the mapping made, as one row. */
export type OlderPerson = {
  readonly id: string
  readonly connectionId: string | null
  readonly active: number
  readonly version: number
  readonly profile: string
  readonly provenance: string
  readonly userNameKey: string
  readonly searchName: string | null
  readonly searchFamily: string | null
  readonly searchEmail: string | null
  readonly views: string
}

/** What becomes of them. */
export type MadeAnew = {
  readonly id: string
  readonly version: number
  readonly changed: 0 | 1
  /** Null when the profile stays. */
  readonly profile: string | null
  readonly provenance: string | null
  /** What search finds them by, where that changes: its indexes cost a write each. */
  readonly keys: Partial<SearchKeys> | null
}

/** As many of the people as one bound value of D1 has room for, and one at least where there are any. */
export function makeAnew(
  rows: readonly OlderPerson[],
  rules: OrganizationRules,
): { readonly made: readonly MadeAnew[]; readonly judged: readonly JudgedPerson[] } {
  const rulesets = new Map<string | null, ReturnType<typeof rulesetFor>>()
  const made: MadeAnew[] = []
  const judged: JudgedPerson[] = []
  let length = 0
  for (const row of rows) {
    const ruleset = rulesets.get(row.connectionId) ?? rulesetFor(rules, row.connectionId)
    rulesets.set(row.connectionId, ruleset)
    const views = JSON.parse(row.views) as SourceView[]
    const { resolved, problems } = resolveTelling(ruleset.definitions, ruleset.mapping, views)
    const one = compare(row, resolved)
    length += JSON.stringify(one).length
    // Characters of up to three bytes each.
    if (length * 3 > limits.d1ChunkBytes && made.length > 0) break
    made.push(one)
    const { id: personId, connectionId, version } = row
    judged.push({ personId, connectionId, version, problems: row.active === 1 ? problems : [] })
  }
  return { made, judged }
}

function compare(
  { id, version, ...held }: Omit<OlderPerson, 'views'>,
  resolved: Resolved,
): MadeAnew {
  const isSame = sameProfile(
    { profile: JSON.parse(held.profile), provenance: JSON.parse(held.provenance) },
    resolved,
  )
  const moved = movedKeys(held, searchKeys(resolved.profile, held.userNameKey))
  return {
    id,
    version,
    keys: Object.keys(moved).length === 0 ? null : moved,
    changed: isSame ? 0 : 1,
    profile: isSame ? null : JSON.stringify(resolved.profile),
    provenance: isSame ? null : JSON.stringify(resolved.provenance),
  }
}

/** Whether a profile and where it comes from are what is held, whatever the order of their names. */
export function sameProfile(
  held: Pick<Person, 'profile' | 'provenance'>,
  resolved: Resolved,
): boolean {
  return (
    inOrder(held.profile) === inOrder(resolved.profile) &&
    inOrder(held.provenance) === inOrder(resolved.provenance)
  )
}

function inOrder(record: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
