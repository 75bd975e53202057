import { describe, expect, it } from 'vitest'
import { eventFamilies, eventTypes } from '../../src/activity/index.ts'
import {
  actorOf,
  dayStart,
  detailLines,
  familyWords,
  typeWords,
} from '../../src/console/events/words.ts'

describe('the words of events', () => {
  it('are there for every type and family', () => {
    expect(typeWords('sign_in')).toBe('Sign-in')
    expect(typeWords('scim_token.expiring')).toBe('SCIM token expiring')
    expect(typeWords('test_sign_in.finished')).toBe('Test sign-in finished')
    for (const type of eventTypes) expect(typeWords(type)).toMatch(/^[A-Z][\w -]+$/)
    for (const family of eventFamilies) expect(familyWords[family]).toMatch(/^[A-Z]/)
  })

  it('say who did it, with the id', () => {
    expect(actorOf('admin:usr_1')).toEqual({ words: 'Admin of the organization', id: 'usr_1' })
    expect(actorOf('operator:access:ann').id).toBe('access:ann')
    expect(actorOf('system')).toEqual({ words: 'Portico', id: null })
  })

  it('sort what was received from what Portico makes of it', () => {
    const { received, ours } = detailLines({
      expected: 'https://a.example',
      got: 'https://b.example',
      changed: ['title', 'phone'],
      why: [{ kind: 'attribute' }],
    })
    expect(received).toEqual([['got', 'https://b.example']])
    expect(ours).toEqual([
      ['expected', 'https://a.example'],
      ['changed', 'title, phone'],
      ['why', '[{"kind":"attribute"}]'],
    ])
  })

  it.each([
    ['2026-11-24', 0, '2026-11-24T00:00:00.000Z'],
    ['2026-12-31', 1, '2027-01-01T00:00:00.000Z'],
    ['', 0, ''],
    ['yesterday', 0, ''],
    ['2026-99-99', 0, ''],
  ])('read the day %s (+%i)', (text, shift, moment) => {
    expect(dayStart(text, shift)).toBe(moment)
  })
})
