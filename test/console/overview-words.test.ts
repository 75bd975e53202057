import { describe, expect, it } from 'vitest'
import { findingKinds } from '../../src/admin/judge-health.ts'
import {
  ends,
  findingWords,
  latencySummary,
  number,
  scimSummary,
  shortDay,
  signInSummary,
} from '../../src/console/overview/words.ts'
import { pages } from '../../src/console/pages.ts'

const statistics = {
  signIns: [
    { day: '2026-11-23', success: 1200, refused: 3 },
    { day: '2026-11-24', success: 34, refused: 0 },
  ],
  refusals: [],
  scim: [{ day: '2026-11-24', reads: 40, writes: 2, refused: 1 }],
  latency: { count: 1234, p50: 12, p95: 80, p99: 300, days: [] },
}

describe('words for findings', () => {
  it('are there for each kind, with what to do and a page of the console', () => {
    expect(Object.keys(findingWords).sort()).toEqual([...findingKinds].sort())
    const paths = pages.map(({ path }) => path)
    for (const { what, todo, path, link } of Object.values(findingWords)) {
      expect([what, todo, link]).not.toContain('')
      expect(paths).toContain(`/o/{org}${path}`)
    }
  })
})

describe('what charts say in a sentence', () => {
  it('of sign-ins, with the day of most', () => {
    expect(signInSummary(statistics)).toBe(
      '1,234 succeeded and 3 refused in 2 days; most on 23 Nov (1,200).',
    )
    const none = { ...statistics, signIns: [{ day: '2026-11-24', success: 0, refused: 0 }] }
    expect(signInSummary(none)).toBe('0 succeeded and 0 refused in 1 days.')
  })

  it('of SCIM and of times', () => {
    expect(scimSummary(statistics)).toBe('40 reads, 2 changes and 1 refusals in 1 days.')
    expect(latencySummary(statistics)).toBe(
      'Median 12 ms, 95% within 80 ms, 99% within 300 ms (measured: 1,234).',
    )
    const none = { ...statistics.latency, count: 0, p50: null, p95: null, p99: null }
    expect(latencySummary({ ...statistics, latency: none })).toBe('Nothing measured yet.')
  })

  it('tell what ends from what has', () => {
    const at = '2026-11-24T09:00:00.000Z'
    const ms = Date.UTC(2026, 10, 24, 9)
    expect([ends(at, ms - 1), ends(at, ms)]).toEqual(['ends', 'ended'])
  })

  it('name days and numbers shortly', () => {
    expect([shortDay('2026-01-09'), shortDay('2026-12-31')]).toEqual(['9 Jan', '31 Dec'])
    expect([number(0), number(999), number(1000), number(1234567)]).toEqual([
      '0',
      '999',
      '1,000',
      '1,234,567',
    ])
  })
})
