import { describe, expect, it } from 'vitest'
import type { CheckAnswer } from '../../src/admin/index.ts'
import { decisive, shortClaim, tally } from '../../src/console/checks/words.ts'

function check(id: CheckAnswer['id'], state: CheckAnswer['state']): CheckAnswer {
  return {
    id,
    state,
    label: id,
    asks: '',
    spec: null,
    code: null,
    means: null,
    fix: null,
    evidence: {},
  }
}

describe('checks in words', () => {
  it('look first at what failed, then at what would end an ordinary sign-in', () => {
    const note = check('tester', 'note')
    const fail = check('person', 'fail')
    expect(decisive([check('form', 'pass'), note, fail])).toBe(fail)
    expect(decisive([check('form', 'pass'), note])).toBe(note)
    expect(decisive([check('form', 'pass'), check('xml', 'not_reached')])).toBe(null)
  })

  it('count what had to pass, and nothing that had no occasion', () => {
    const checks = [
      check('form', 'pass'),
      check('decryption', 'not_needed'),
      check('request', 'not_judged'),
      check('tester', 'note'),
      check('person', 'fail'),
      check('active', 'not_reached'),
    ]
    expect(tally(checks)).toBe('2 of 4 checks passed')
  })

  it('call a claim by the last part of its address', () => {
    expect(shortClaim('http://schemas.example/claims/givenname')).toBe('givenname')
    expect(shortClaim('http://schemas.example/')).toBe('http://schemas.example/')
    expect(shortClaim('department')).toBe('department')
  })
})
