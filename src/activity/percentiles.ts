/** Upper ends of a histogram's buckets in milliseconds; the last one holds whatever took longer. */
export const timeBuckets = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 60_000] as const

/** The bucket of a time: the first whose end it does not pass. */
export function bucketOf(tookMs: number): number {
  return timeBuckets.find((end) => tookMs <= end) ?? timeBuckets[timeBuckets.length - 1] ?? 0
}

export type TimeBucket = { readonly bucketMs: number; readonly count: number }

/**
 * How long the fastest so many of a hundred took at most, from a histogram: the place inside the bucket is taken as
 * evenly filled. Of the last bucket only its beginning is known, so that is the answer.
 * @param share from 0 to 1, such as 0.95
 * @returns milliseconds; null when there is nothing
 */
export function percentile(buckets: readonly TimeBucket[], share: number): number | null {
  const total = buckets.reduce((sum, { count }) => sum + count, 0)
  if (total === 0) return null
  const rank = share * total
  let below = 0
  for (const [i, end] of timeBuckets.entries()) {
    const inside = buckets.reduce(
      (sum, { bucketMs, count }) => (bucketMs === end ? sum + count : sum),
      0,
    )
    if (inside > 0 && below + inside >= rank) {
      const start = timeBuckets[i - 1] ?? 0
      const isLast = i === timeBuckets.length - 1
      const ms = isLast ? start : start + (end - start) * ((rank - below) / inside)
      return Math.round(ms * 10) / 10
    }
    below += inside
  }
  return null
}
