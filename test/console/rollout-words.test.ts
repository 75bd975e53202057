import { describe, expect, it } from 'vitest'
import { consequenceWarnings } from '../../src/admin/judge-consequences.ts'
import {
  bodyOf,
  changeSentence,
  peopleWords,
  settingValue,
  settingWords,
  statusSentences,
  statusWords,
  warningWords,
} from '../../src/console/rollout/words.ts'

const people = {
  counted: 100,
  isMore: false,
  active: 90,
  neverSignedIn: 30,
  onlyFirstLogin: 20,
  onlyScim: 25,
  provisioned: 80,
}

const answer = {
  from: 'active' as const,
  to: 'disabled' as 'draft' | 'testing' | 'active' | 'disabled',
  possible: true,
  signedIn: { people: 7, sessions: 9 },
  signedOut: 7,
  maySignIn: 0 as number | null,
  testers: 1,
  testedAt: null,
  people,
  warnings: [],
}

describe('words for roll-out', () => {
  it('are there for each warning and status', () => {
    expect(Object.keys(warningWords).sort()).toEqual([...consequenceWarnings].sort())
    expect(Object.keys(statusWords)).toEqual(['draft', 'testing', 'active', 'disabled'])
  })

  it('say who is signed out, or stays', () => {
    expect(statusSentences(answer)[0]).toBe(
      '7 people signed in by this connection now would be signed out at once.',
    )
    const testing = { ...answer, to: 'testing' as const, signedOut: 0, maySignIn: null }
    expect(statusSentences(testing)).toEqual([
      '7 people signed in by this connection now would stay signed in until their sessions end.',
      'New sign-ins only for 1 tester.',
      'Nobody is deleted, and SCIM goes on as before.',
    ])
    const nobody = { ...testing, signedIn: { people: 0, sessions: 0 }, testers: 3 }
    expect(statusSentences(nobody).slice(0, 2)).toEqual([
      'Nobody is signed in by this connection now.',
      'New sign-ins only for 3 testers.',
    ])
  })

  it('say who could sign in', () => {
    const active = { ...answer, to: 'active' as const, signedOut: 0, maySignIn: 90 }
    expect(statusSentences(active)[1]).toBe(
      '90 people known here could sign in; 30 of them never did.',
    )
  })

  it('say that there are more than were counted', () => {
    expect(peopleWords(1, { people })).toBe('1 person')
    expect(peopleWords(50_000, { people: { ...people, isMore: true } })).toBe(
      '50,000 people at least',
    )
  })

  it('have a sentence for each value of each setting, and send only that setting', () => {
    for (const setting of ['firstLogin', 'scim', 'signIn'] as const) {
      for (const { value: to } of settingWords[setting].values) {
        expect(changeSentence({ setting, to, people: 5 }, { people })).not.toBe('')
      }
    }
    expect(bodyOf('signIn', 'required')).toEqual({ signIn: 'required' })
    expect(bodyOf('firstLogin', 'false')).toEqual({ provisioning: { firstLogin: false } })
    const provisioning = { firstLogin: true, scim: false, defaultRole: 'member', keepValues: false }
    const org = { signIn: 'optional' as const, provisioning }
    expect(settingValue(org, 'signIn')).toBe('optional')
    expect(settingValue(org, 'scim')).toBe('false')
  })
})
