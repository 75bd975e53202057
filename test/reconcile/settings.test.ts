import { describe, expect, it } from 'vitest'
import {
  createsPeople,
  defaultSettings,
  driftKeyText,
  readSettings,
} from '../../src/reconcile/index.ts'

function failureOf(sent: unknown) {
  const read = readSettings(sent)
  return read.ok ? null : read.failure
}

describe('settings', () => {
  it('are the default ones where nothing is sent, and keep what is not sent', () => {
    expect(readSettings({})).toEqual({ ok: true, value: defaultSettings })
    const before = { ...defaultSettings, silentDays: 3 }
    const read = readSettings(
      { policies: { person_missing: 'repair' }, brake: { people: 20 }, everyMinutes: 60 },
      before,
    )
    expect(read).toEqual({
      ok: true,
      value: {
        ...before,
        policies: { ...before.policies, person_missing: 'repair' },
        brake: { ...before.brake, people: 20 },
        everyMinutes: 60,
      },
    })
  })

  it('can be stored and read again', () => {
    expect(readSettings(JSON.parse(JSON.stringify(defaultSettings)))).toEqual({
      ok: true,
      value: defaultSettings,
    })
  })

  it('create nobody unless an admin says so', () => {
    expect(createsPeople(defaultSettings)).toBe(false)
    const read = readSettings({ policies: { person_missing: 'repair' } })
    expect(read.ok && createsPeople(read.value)).toBe(true)
  })

  it.each([
    ['a list', [], 'settings'],
    ['an unknown name', { retention: 3 }, 'retention'],
    ['an unknown kind', { policies: { nonsense: 'repair' } }, 'policies.nonsense'],
    ['a name of every object', { policies: { constructor: 'repair' } }, 'policies.constructor'],
    ['an unknown policy', { policies: { person_deleted: 'erase' } }, 'policies.person_deleted'],
    [
      'a repair of what nothing repairs',
      { policies: { scim_silent: 'repair' } },
      'policies.scim_silent',
    ],
    ['a share over all', { brake: { share: 1.5 } }, 'brake.share'],
    ['half a person', { brake: { people: 0.5 } }, 'brake.people'],
    ['an unknown brake', { brake: { off: true } }, 'brake.off'],
    ['a number as text', { retentionDays: '30' }, 'retentionDays'],
    ['no number', { silentDays: Number.NaN }, 'silentDays'],
    ['a run each minute', { everyMinutes: 1 }, 'everyMinutes'],
    ['a schedule that is no truth', { isScheduled: 'no' }, 'isScheduled'],
    ['policies that are no object', { policies: 'repair' }, 'policies'],
    ['a brake that is no object', { brake: null }, 'brake'],
  ])('name the field and what it may be: %s', (_what, sent, field) => {
    expect(failureOf(sent)).toMatchObject({
      code: 'reconcile.settings_invalid',
      field,
      detail: expect.stringContaining(`${field} must be `),
    })
  })
})

describe('the key of a difference', () => {
  const item = {
    kind: 'attribute_different',
    personId: 'usr_1',
    groupId: null,
    objectId: null,
    attribute: 'title',
    stated: 'Chief',
    held: 'Clerk',
    rule: 'a rule',
    action: 'reported',
  } as const

  it('is the same whatever was held and done, and another for another statement', () => {
    expect(driftKeyText({ ...item, held: 'Cook', action: 'repaired' })).toBe(driftKeyText(item))
    expect(driftKeyText({ ...item, stated: 'Cook' })).not.toBe(driftKeyText(item))
  })
})
