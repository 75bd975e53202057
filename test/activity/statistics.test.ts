import { describe, expect, it } from 'vitest'
import { statisticsOf } from '../../src/activity/statistics.ts'

/** 2026-11-23 */
const fromDay = Date.UTC(2026, 10, 23) / 86_400_000
const range = { fromDay, days: 2 }
const ok = { outcome: 'success', code: '' }

function refused(code: string) {
  return { outcome: 'refused', code }
}

describe('statistics', () => {
  it('have a row for each day, also when nothing happened', () => {
    const { signIns, scim, latency, refusals } = statisticsOf([], [], range)
    expect(signIns).toEqual([
      { day: '2026-11-23', success: 0, refused: 0 },
      { day: '2026-11-24', success: 0, refused: 0 },
    ])
    expect(scim.map(({ day }) => day)).toEqual(['2026-11-23', '2026-11-24'])
    expect(latency).toMatchObject({ count: 0, p50: null, p95: null, p99: null })
    expect(refusals).toEqual([])
  })

  it('add up what the sums and the log say of the same day', () => {
    const counts = [
      { day: fromDay, type: 'sign_in', ...ok, count: 5 },
      { day: fromDay, type: 'sign_in', ...ok, count: 2 },
      { day: fromDay, type: 'sign_in', ...refused('saml.audience'), count: 1 },
      { day: fromDay + 1, type: 'sign_in', ...refused('saml.replayed'), count: 3 },
    ]
    expect(statisticsOf(counts, [], range).signIns).toEqual([
      { day: '2026-11-23', success: 7, refused: 1 },
      { day: '2026-11-24', success: 0, refused: 3 },
    ])
  })

  it('do not count an unsolicited response that led to a sign-in, and do when it was refused', () => {
    const counts = [
      { day: fromDay, type: 'sign_in.unsolicited', ...ok, count: 4 },
      { day: fromDay, type: 'sign_in.unsolicited', ...refused('saml.audience'), count: 2 },
    ]
    expect(statisticsOf(counts, [], range).signIns[0]).toMatchObject({ success: 0, refused: 2 })
  })

  it('name the most frequent reasons first, and no more than ten', () => {
    const codes = Array.from({ length: 12 }, (_, i) => ({
      day: fromDay,
      type: 'sign_in',
      ...refused(`saml.reason_${i}`),
      count: i + 1,
    }))
    const { refusals } = statisticsOf([...codes, ...codes], [], range)
    expect(refusals).toHaveLength(10)
    expect(refusals[0]).toEqual({ code: 'saml.reason_11', count: 24 })
  })

  it('tell reads, writes and refusals of SCIM apart, and leave warnings and other days out', () => {
    const counts = [
      { day: fromDay, type: 'scim.read', ...ok, count: 40 },
      { day: fromDay, type: 'scim.write', ...ok, count: 3 },
      { day: fromDay, type: 'scim.write', ...refused('scim.uniqueness'), count: 2 },
      {
        day: fromDay,
        type: 'scim.write',
        outcome: 'warning',
        code: 'scim.unknown_members',
        count: 9,
      },
      { day: fromDay - 1, type: 'scim.read', ...ok, count: 100 },
      { day: fromDay, type: 'user.updated', ...ok, count: 100 },
    ]
    expect(statisticsOf(counts, [], range).scim[0]).toEqual({
      day: '2026-11-23',
      reads: 40,
      writes: 3,
      refused: 2,
    })
  })

  it('give percentiles of all and of each day', () => {
    const times = [
      { day: fromDay, bucketMs: 10, count: 10 },
      { day: fromDay + 1, bucketMs: 100, count: 10 },
    ]
    const { latency } = statisticsOf([], times, range)
    expect([latency.count, latency.p50, latency.p99]).toEqual([20, 10, 99])
    expect(latency.days.map(({ p50 }) => p50)).toEqual([7.5, 75])
  })
})
