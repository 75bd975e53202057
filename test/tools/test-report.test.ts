import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { equivalentGuards } from '../../tools/equivalent-guards.ts'
import { findGuards } from '../../tools/mutations.ts'
import { planAttempts, readOutcome, readWitnesses } from '../../tools/test-report.ts'

const passed = { numTotalTests: 1, numFailedTests: 0, success: true, testResults: [] }
const test = (title: string, duration: number, refused: readonly number[]) => ({
  ancestorTitles: ['all'],
  title,
  duration,
  meta: { refused },
})

describe('what a run of tests says of a mutant', () => {
  it.each([
    ['noticed when a test failed', { ...passed, numFailedTests: 1, success: false }, 'failed'],
    ['not noticed when all passed', passed, 'passed'],
    ['nothing when a file could not be loaded', { ...passed, success: false }, 'unclear'],
    ['nothing when the run left no report', null, 'unclear'],
  ] as const)('is %s', (_, report, outcome) => {
    expect(readOutcome(report)).toBe(outcome)
  })

  it('names the tests in which a guard refused, the quickest file first', () => {
    const testResults = [
      {
        name: '/copy/test/a.test.ts',
        status: 'passed',
        assertionResults: [test('a', 30, [1, 2]), test('b', 5, [1])],
      },
      {
        name: '/copy/test/b.test.ts',
        status: 'passed',
        assertionResults: [test('c', 3, [1]), { ancestorTitles: [], title: 'd' }],
      },
      { name: '/copy/test/c.test.ts', status: 'failed', assertionResults: [test('e', 1, [1])] },
    ]
    const { broken, witnesses } = readWitnesses({ ...passed, testResults }, '/copy')
    expect(witnesses.get(1)).toEqual([
      { file: 'test/b.test.ts', tests: ['all > c'], ms: 3 },
      { file: 'test/a.test.ts', tests: ['all > a', 'all > b'], ms: 35 },
    ])
    expect(witnesses.get(2)).toEqual([{ file: 'test/a.test.ts', tests: ['all > a'], ms: 30 }])
    expect(witnesses.get(3)).toBeUndefined()
    expect(broken).toEqual(['test/c.test.ts'])
  })
})

describe('which tests are run against a mutant', () => {
  const witness = (file: string, ...tests: string[]) => ({ file, tests, ms: 1 })

  it('are those of the verifier, then the Worker’s, then those of the admin API', () => {
    const witnesses = [
      witness('test/worker/admin/a.test.ts', 'admin'),
      witness('test/xml/a.test.ts', 'reads (a|b)', 'c'),
      witness('test/worker/a.test.ts', 'signs in'),
      witness('test/xml/b.test.ts', 'd'),
    ]
    expect(planAttempts(witnesses)).toEqual([
      { files: ['test/xml/a.test.ts'], pattern: '^(?:reads \\(a\\|b\\)|c)$' },
      { files: ['test/xml/a.test.ts', 'test/xml/b.test.ts'] },
      { files: ['test/worker/a.test.ts'], pattern: '^(?:signs in)$' },
      { files: ['test/worker/a.test.ts'] },
      { files: ['test/worker/admin/a.test.ts'], pattern: '^(?:admin)$' },
      { files: ['test/worker/admin/a.test.ts'] },
    ])
  })

  it('are none where it never refused', () => {
    expect(planAttempts([])).toEqual([])
  })
})

describe('the guards that change nothing', () => {
  it.each(equivalentGuards)('are still there, with a reason: $path $condition', (guard) => {
    expect(existsSync(guard.path)).toBe(true)
    const conditions = findGuards(readFileSync(guard.path, 'utf8')).map((one) => one.condition)
    expect(conditions.filter((one) => one === guard.condition)).toHaveLength(1)
    expect(guard.reason).toMatch(/^[A-Z].{20,}\.$/)
  })
})
