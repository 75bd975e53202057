import { describe, expect, it } from 'vitest'
import { explainAadsts } from '../../src/http/index.ts'

describe('what Microsoft Entra’s errors mean', () => {
  /** The table of entra.md b6, and the refusals of everyday Conditional Access. */
  it.each([
    ['50011', 'admin'],
    ['700016', 'admin'],
    ['70001', 'admin'],
    ['50105', 'admin'],
    ['50020', 'person'],
    ['16000', 'person'],
    ['90072', 'person'],
    ['75011', 'admin'],
    ['750054', 'admin'],
    ['75005', 'admin'],
    ['7500525', 'admin'],
    ['75001', 'admin'],
    ['750056', 'admin'],
    ['75016', 'admin'],
    ['900236', 'admin'],
    ['90011', 'admin'],
    ['75008', 'admin'],
    ['76021', 'admin'],
    ['76026', 'person'],
    ['75003', 'admin'],
    ['50003', 'admin'],
    ['501241', 'admin'],
    ['650056', 'admin'],
    ['65001', 'admin'],
    ['50107', 'admin'],
    ['90002', 'admin'],
    ['50074', 'person'],
    ['50076', 'person'],
    ['50079', 'person'],
    ['53003', 'admin'],
    ['53000', 'person'],
    ['50057', 'admin'],
    ['50053', 'person'],
    ['50089', 'nobody'],
    ['90033', 'nobody'],
  ])('%s is for %s to mend', (digits, remedy) => {
    expect(explainAadsts(digits)?.remedy).toBe(remedy)
  })

  it.each(['1', '99999', '', '__proto__', 'constructor', '050105'])(
    'nothing is made up for %j',
    (digits) => {
      expect(explainAadsts(digits)).toBeNull()
    },
  )
})
