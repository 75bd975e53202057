/** What one read of an ordered list gave: rows in order, and whether there may be more behind the last. */
export type Arm<Row> = { readonly rows: readonly Row[]; readonly isFull: boolean }

/**
 * One page out of several ordered reads, each of which was cut at a bounded number of rows, of which not all need to
 * match: so that a page costs a constant number of rows, whatever is asked for. Nothing is passed over: what lies
 * behind the last row of a read that was cut is not known yet, so the page ends there.
 * @param order below zero when the first row stands before the second
 * @returns the rows of the page, fewer than `limit` where few match, and the row after which the next page begins;
 *   null when there is none
 */
export function mergeArms<Row>(
  arms: readonly Arm<Row>[],
  {
    order,
    matches,
    limit,
  }: {
    order: (a: Row, b: Row) => number
    matches: (row: Row) => boolean
    limit: number
  },
): { readonly shown: readonly Row[]; readonly next: Row | null } {
  const ends = arms.flatMap(({ rows, isFull }) => (isFull ? rows.slice(-1) : []))
  const horizon = ends.toSorted(order)[0] ?? null
  const known = arms
    .flatMap(({ rows }) => rows)
    .filter((row) => horizon === null || order(row, horizon) <= 0)
    .toSorted(order)
  const found = known.filter(matches)
  const shown = found.slice(0, limit)
  return { shown, next: found.length > limit ? (shown.at(-1) ?? null) : horizon }
}

/** Orders texts as SQLite does, by code points: JavaScript's `<` goes by halves of pairs. */
export function orderTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = rankOf(a.charCodeAt(i)) - rankOf(b.charCodeAt(i))
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Halves of pairs, which write what lies beyond U+FFFF, stand behind all other units. */
function rankOf(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
