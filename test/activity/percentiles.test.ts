import { describe, expect, it } from 'vitest'
import { bucketOf, percentile, timeBuckets } from '../../src/activity/percentiles.ts'

describe('the bucket of a time', () => {
  it.each([
    [0, 5],
    [5, 5],
    [6, 10],
    [5000, 5000],
    [5001, 60_000],
    [9_000_000, 60_000],
  ])('%d ms is in that up to %d', (tookMs, end) => {
    expect(bucketOf(tookMs)).toBe(end)
  })
})

describe('percentiles', () => {
  it('of nothing are unknown', () => {
    expect(percentile([], 0.5)).toBeNull()
    expect(percentile([{ bucketMs: 20, count: 0 }], 0.5)).toBeNull()
  })

  it('take a bucket as evenly filled', () => {
    const one = [{ bucketMs: 20, count: 10 }]
    expect(percentile(one, 0.5)).toBe(15)
    expect(percentile(one, 1)).toBe(20)
  })

  it('are found in whichever bucket holds the rank, in any order and from several days', () => {
    const buckets = [
      { bucketMs: 500, count: 5 },
      { bucketMs: 10, count: 45 },
      { bucketMs: 10, count: 45 },
      { bucketMs: 50, count: 5 },
    ]
    expect(percentile(buckets, 0.5)).toBeCloseTo(7.8, 1)
    expect(percentile(buckets, 0.95)).toBe(50)
    expect(percentile(buckets, 0.99)).toBe(440)
  })

  it('never fall as the share grows', () => {
    const buckets = timeBuckets.map((bucketMs, i) => ({ bucketMs, count: (i * 7) % 5 }))
    const all = Array.from({ length: 101 }, (_, i) => percentile(buckets, i / 100) ?? -1)
    expect(all).toEqual([...all].sort((a, b) => a - b))
  })

  it('say of what took longest only when that began', () => {
    expect(percentile([{ bucketMs: 60_000, count: 1 }], 0.5)).toBe(5000)
  })
})
