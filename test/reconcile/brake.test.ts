import { describe, expect, it } from 'vitest'
import { addBrakeUse, defaultSettings, judgeBrake, judgeRead } from '../../src/reconcile/index.ts'

describe('the safety brake', () => {
  it.each([
    // count, people, holds
    [0, 0, false],
    [5, 40, false],
    [6, 40, true],
    [6, 60, false],
    [7, 60, true],
    [100, 1000, false],
    [101, 1000, true],
    // Few people: more than half, however few.
    [1, 2, false],
    [2, 3, true],
    [1, 1, true],
    [5, 10, false],
  ])('with %i of %i people taken away holds: %s', (count, people, holds) => {
    const reasons = judgeBrake({ deactivated: count }, people, defaultSettings)
    expect(reasons).toEqual(holds ? [{ what: 'deactivated', count, people }] : [])
  })

  it('counts each role and each attribute alone', () => {
    const counts = { 'role:admin': 6, 'role:viewer': 3, 'attribute:title': 7, deactivated: 4 }
    expect(judgeBrake(counts, 50, defaultSettings).map(({ what }) => what)).toEqual([
      'attribute:title',
      'role:admin',
    ])
  })

  it('is as an admin sets it', () => {
    const settings = { brake: { share: 0.5, people: 100, shareOfFew: 1 } }
    expect(judgeBrake({ deactivated: 900 }, 1000, settings)).toHaveLength(1)
    expect(judgeBrake({ deactivated: 90 }, 100, settings)).toHaveLength(0)
  })

  it('adds what earlier runs of the day did', () => {
    const sum = addBrakeUse({ deactivated: 4, 'role:a': 1 }, { deactivated: 3, 'attribute:b': 2 })
    expect(sum).toEqual({ deactivated: 7, 'role:a': 1, 'attribute:b': 2 })
  })
})

describe('a read', () => {
  const read = { unfinished: [], assigned: 3, assignedBefore: 4 }

  it('that came to its end is one to conclude from', () => {
    expect(judgeRead(read)).toEqual({ ok: true, value: null })
    expect(judgeRead({ ...read, assigned: 0, assignedBefore: 0 }).ok).toBe(true)
  })

  it('that did not is a failed run', () => {
    expect(judgeRead({ ...read, unfinished: ['users/delta'] })).toMatchObject({
      failure: { code: 'reconcile.read_incomplete', what: 'users/delta' },
    })
  })

  it('without anybody assigned, where people were, is a failed run', () => {
    expect(judgeRead({ ...read, assigned: 0 })).toMatchObject({
      failure: { code: 'reconcile.nobody_assigned', assignedBefore: 4 },
    })
  })
})
