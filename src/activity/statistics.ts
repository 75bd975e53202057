import { type DailyCount, dayMs } from './daily-counts-store.ts'
import { percentile, type TimeBucket } from './percentiles.ts'

export type Percentiles = {
  readonly count: number
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
}

/** What happened day by day, a row for each day, also for those on which nothing did. */
export type Statistics = {
  readonly signIns: readonly {
    readonly day: string
    readonly success: number
    readonly refused: number
  }[]
  /** Why sign-ins were refused, the most frequent first. */
  readonly refusals: readonly { readonly code: string; readonly count: number }[]
  readonly scim: readonly {
    readonly day: string
    readonly reads: number
    readonly writes: number
    readonly refused: number
  }[]
  readonly latency: Percentiles & {
    readonly days: readonly (Percentiles & { readonly day: string })[]
  }
}

/** Codes that the list of refusals names. */
const namedCodes = 10

const signInTypes = ['sign_in', 'sign_in.unsolicited']

/**
 * Puts sums and histograms in order. Pure. Of unsolicited responses only refusals are counted: what is accepted
 * leads to a sign-in, which tells of itself.
 * @param counts sums by day, in any order; what is not about sign-ins or SCIM is passed over
 */
export function statisticsOf(
  counts: readonly DailyCount[],
  times: readonly (TimeBucket & { readonly day: number })[],
  { fromDay, days }: { readonly fromDay: number; readonly days: number },
): Statistics {
  const calendar = Array.from({ length: days }, (_, i) => fromDay + i)
  const inside = counts.filter(({ day }) => day >= fromDay && day < fromDay + days)
  const byDay = Map.groupBy(inside, ({ day }) => day)
  const timesByDay = Map.groupBy(times, ({ day }) => day)
  const codes = new Map<string, number>()
  for (const { type, outcome, code, count } of inside) {
    if (!signInTypes.includes(type) || outcome !== 'refused') continue
    codes.set(code, (codes.get(code) ?? 0) + count)
  }
  return {
    signIns: calendar.map((day) => {
      const own = byDay.get(day) ?? []
      return {
        day: dateOf(day),
        success: sum(own, ({ type, outcome }) => type === 'sign_in' && outcome === 'success'),
        refused: sum(
          own,
          ({ type, outcome }) => signInTypes.includes(type) && outcome === 'refused',
        ),
      }
    }),
    refusals: [...codes]
      .map(([code, count]) => ({ code, count }))
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
      .slice(0, namedCodes),
    scim: calendar.map((day) => {
      const own = byDay.get(day) ?? []
      return {
        day: dateOf(day),
        reads: sum(own, ({ type }) => type === 'scim.read'),
        writes: sum(own, ({ type, outcome }) => type === 'scim.write' && outcome === 'success'),
        refused: sum(own, ({ type, outcome }) => type === 'scim.write' && outcome === 'refused'),
      }
    }),
    latency: {
      ...percentilesOf(times),
      days: calendar.map((day) => ({
        day: dateOf(day),
        ...percentilesOf(timesByDay.get(day) ?? []),
      })),
    },
  }
}

function percentilesOf(times: readonly TimeBucket[]): Percentiles {
  return {
    count: times.reduce((all, { count }) => all + count, 0),
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    p99: percentile(times, 0.99),
  }
}

function sum(rows: readonly DailyCount[], isWanted: (row: DailyCount) => boolean): number {
  return rows.filter(isWanted).reduce((all, { count }) => all + count, 0)
}

/** A day as a date such as 2026-11-24, in UTC. */
function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}
