import { type Arm, limits, mergeArms, orderTexts } from '../kernel/index.ts'
import type { SourceName } from './source-view.ts'

/** What a list of people can be narrowed to. `inactive`: may not sign in, whoever denies it, and is not retired. */
export type PeopleFilter = {
  readonly status?: 'active' | 'inactive' | 'blocked' | 'retired'
  /** Who made them. */
  readonly source?: SourceName
  readonly connectionId?: string
}

/** Where a list of people goes on: after this key, and after this id among those with the same key. */
export type PeoplePlace = { readonly key: string; readonly id: string }

/** A person as far as finding them goes; `key` is what the read that found them is ordered by. */
export type FoundRow = PeoplePlace & {
  readonly externalId: string | null
  readonly active: number
  readonly blocked: number
  readonly retiredAt: number | null
  readonly createdBy: SourceName
  readonly connectionId: string | null
  readonly keys: readonly (string | null)[]
}

/**
 * The page of a list of people. Somebody whom several names find stands where the first of these stands, once over
 * all pages.
 * @param prefix folded, and null when nobody is searched for
 * @param exact what was typed: whoever has it as externalId was on the first page already
 */
export function choosePeople(
  arms: readonly Arm<FoundRow>[],
  asked: {
    readonly filter: PeopleFilter
    readonly prefix: string | null
    readonly exact: string
    readonly limit: number
  },
): { readonly ids: readonly string[]; readonly next: PeoplePlace | null } {
  const { filter, prefix, exact, limit } = asked
  const seen = new Set<string>()
  const { shown, next } = mergeArms(arms, {
    order: orderPlaces,
    limit,
    matches(row) {
      if (seen.has(row.id) || !passes(row, filter)) return false
      if (prefix !== null && !standsFirst(row, prefix, exact)) return false
      seen.add(row.id)
      return true
    },
  })
  return { ids: shown.map(({ id }) => id), next }
}

export function orderPlaces(a: PeoplePlace, b: PeoplePlace): number {
  return orderTexts(a.key, b.key) || orderTexts(a.id, b.id)
}

/** Whether no other name that begins so stands before the one by which the row was read. */
function standsFirst({ key, keys, externalId }: FoundRow, prefix: string, exact: string): boolean {
  if (key === '') return true
  if (externalId === exact) return false
  return keys.every(
    (other) => other === null || !other.startsWith(prefix) || orderTexts(other, key) >= 0,
  )
}

function passes(row: FoundRow, { status, source, connectionId }: PeopleFilter): boolean {
  if (source !== undefined && row.createdBy !== source) return false
  if (connectionId !== undefined && row.connectionId !== connectionId) return false
  if (status === undefined) return true
  if (status === 'retired' || row.retiredAt !== null) {
    return status === 'retired' && row.retiredAt !== null
  }
  if (status === 'blocked') return row.blocked === 1
  return (row.active === 1) === (status === 'active')
}

/** How many rows one read takes at most: all of a page where each row counts, a bounded number where not. */
export function rowsPerArm(
  arms: number,
  { filter, limit }: { filter: PeopleFilter; limit: number },
): number {
  const isPlain = Object.values(filter).every((value) => value === undefined)
  if (isPlain && arms === 1) return limit + 1
  return Math.max(limit + 1, Math.floor(limits.scanRows / arms))
}
