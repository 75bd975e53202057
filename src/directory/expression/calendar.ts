/** A date and a time as people write them; what is missing of a time is nought. */
export type Fields = {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour?: number
  readonly minute?: number
  readonly second?: number
  readonly ms?: number
  /** Minutes that the clock is ahead of UTC. */
  readonly offset?: number
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** Years that .NET's DateTime has; beyond, nothing is written. */
const earliest = momentOf({ year: 1, month: 1, day: 1 }) ?? 0
const latest = (momentOf({ year: 9999, month: 12, day: 31 }) ?? 0) + dayMs - 1

/** @returns milliseconds since the epoch; null for a date or a time that does not exist */
export function momentOf(fields: Fields): number | null {
  const { year, month, day, hour = 0, minute = 0, second = 0, ms = 0, offset = 0 } = fields
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return null
  if (hour > 23 || minute > 59 || second > 59 || Math.abs(offset) > 14 * 60) return null
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCDate() !== day) return null
  date.setUTCHours(hour, minute, second, ms)
  return date.getTime() - offset * minuteMs
}

/** Whether a moment is one that can be written with four digits of year. */
export function isWritable(ms: number): boolean {
  return ms >= earliest && ms <= latest
}

/** Lengths of intervals that are always the same, by Entra's names. */
const lengths: ReadonlyMap<string, number> = new Map([
  ['ww', 7 * dayMs],
  ['d', dayMs],
  ['h', 60 * minuteMs],
  ['n', minuteMs],
  ['s', 1000],
])

/** Entra's names of intervals: year, month, week, day, hour, minute, second. */
export const intervals: readonly string[] = ['yyyy', 'm', ...lengths.keys()]

/** Adds intervals; a day that the month does not have becomes its last one. Null for an unknown interval. */
export function addInterval(ms: number, interval: string, count: number): number | null {
  const length = lengths.get(interval)
  if (length !== undefined) return ms + count * length
  if (interval !== 'yyyy' && interval !== 'm') return null
  const date = new Date(ms)
  const months =
    date.getUTCFullYear() * 12 + date.getUTCMonth() + count * (interval === 'm' ? 1 : 12)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCFullYear(Math.floor(months / 12), months - Math.floor(months / 12) * 12)
  const last = new Date(date)
  last.setUTCMonth(last.getUTCMonth() + 1, 0)
  date.setUTCDate(Math.min(day, last.getUTCDate()))
  return date.getTime()
}

/**
 * How many intervals lie between, as Visual Basic's DateDiff counts: years and months by the calendar, weeks by
 * Sundays, the others whole. Null for an unknown interval.
 */
export function countIntervals(from: number, to: number, interval: string): number | null {
  const [a, b] = [new Date(from), new Date(to)]
  const years = b.getUTCFullYear() - a.getUTCFullYear()
  if (interval === 'yyyy') return years
  if (interval === 'm') return years * 12 + b.getUTCMonth() - a.getUTCMonth()
  const length = lengths.get(interval)
  if (length === undefined) return null
  const days = interval === 'ww' ? b.getUTCDay() - a.getUTCDay() : 0
  // Adding nought makes of -0 a 0.
  return Math.trunc((to - from - days * dayMs) / length) + 0
}
