import { describe, expect, it } from 'vitest'
import { type Dated, stateOf, summaryOf, timelineOf } from '../../src/console/settings/timeline.ts'

const dayMs = 86_400_000
const now = Date.UTC(2026, 10, 24)

function dated(fromDays: number, toDays: number, more: Partial<Dated> = {}): Dated {
  return {
    sha256: 'abcdef0123456789',
    notBeforeMs: now + fromDays * dayMs,
    notAfterMs: now + toDays * dayMs,
    retireAtMs: null,
    retiredAtMs: null,
    ...more,
  }
}

describe('what a certificate is worth', () => {
  it.each([
    [dated(-10, 400), 'trusted'],
    [dated(-10, 31), 'trusted'],
    [dated(-10, 30), 'ends soon'],
    [dated(-10, 0), 'expired'],
    [dated(1, 400), 'not valid yet'],
    [dated(0, 400), 'trusted'],
    [dated(-10, 400, { retireAtMs: now + dayMs }), 'retiring'],
    [dated(-10, 400, { retiredAtMs: now - dayMs }), 'retired'],
    [dated(-400, -10, { retiredAtMs: now - dayMs }), 'retired'],
  ] as const)('%o is %s', (one, state) => {
    expect(stateOf(one, now)).toBe(state)
  })
})

describe('a timeline', () => {
  it('has a bar for each, inside the picture, one under the other', () => {
    const timeline = timelineOf([dated(-30, 1095), dated(-700, 20)], now)
    const [first, second] = timeline.bars
    expect(first?.label).toBe('abcdef01')
    expect((first?.x ?? 0) + (first?.width ?? 0)).toBe(timeline.right)
    expect(second?.x).toBe(timeline.left)
    expect(second?.y).toBeGreaterThan((first?.y ?? 0) + (first?.height ?? 0))
    expect(timeline.bottom).toBeGreaterThan((second?.y ?? 0) + (second?.height ?? 0))
    for (const { at } of timeline.ticks) {
      expect(at).toBeGreaterThanOrEqual(timeline.left)
      expect(at).toBeLessThanOrEqual(timeline.right)
    }
  })

  it('has today where validity that begins today begins, and one that ends today ends', () => {
    const timeline = timelineOf([dated(0, 365), dated(-365, 0)], now)
    const [begins, ends] = timeline.bars
    expect(begins?.x).toBe(timeline.todayX)
    expect((ends?.x ?? 0) + (ends?.width ?? 0)).toBeCloseTo(timeline.todayX, 0)
  })

  it('is not stretched by one that is valid for a century, and marks what is long over', () => {
    const timeline = timelineOf([dated(-10, 36_500), dated(-9000, -5000)], now)
    expect(timeline.todayX).toBeGreaterThan(timeline.left + 100)
    expect(timeline.bars[1]).toMatchObject({ x: timeline.left, width: 2, state: 'expired' })
    expect((timeline.bars[0]?.x ?? 0) + (timeline.bars[0]?.width ?? 0)).toBe(timeline.right)
  })

  it('shows where trust ends before validity does', () => {
    const planned = dated(-10, 400, { retireAtMs: now + 100 * dayMs })
    const { bars, todayX } = timelineOf([planned, dated(-10, 400)], now)
    expect(bars[0]?.stopX).toBeGreaterThan(todayX)
    expect(bars[1]?.stopX).toBeNull()
    const late = timelineOf([dated(-10, 50, { retireAtMs: now + 60 * dayMs })], now)
    expect(late.bars[0]?.stopX).toBeNull()
  })

  it('is there without certificates', () => {
    expect(timelineOf([], now)).toMatchObject({ bars: [], bottom: 22 })
    expect(timelineOf([], now).ticks.length).toBeGreaterThan(0)
  })

  it('is said in a sentence', () => {
    const list = [dated(-10, 400), dated(-10, 400), dated(-400, -1)]
    expect(summaryOf(list, now)).toBe('Validity of 3 certificates: 2 trusted, 1 expired.')
  })
})
