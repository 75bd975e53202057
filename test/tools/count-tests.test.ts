import { describe, expect, it } from 'vitest'
import { countTests } from '../../tools/count-tests.ts'

describe('the closing line of a test run', () => {
  it('counts what the report counts', () => {
    expect(
      countTests({
        numPassedTests: 7,
        numFailedTests: 1,
        testResults: [{ status: 'failed', assertionResults: [{ status: 'failed' }] }],
      }),
    ).toEqual({ passed: 7, failed: 1 })
  })

  it('counts a file that could not be loaded as a failure', () => {
    expect(
      countTests({
        numPassedTests: 7,
        numFailedTests: 0,
        testResults: [{ status: 'failed', assertionResults: [] }],
      }),
    ).toEqual({ passed: 7, failed: 1 })
  })

  it.each([[null], [{}], ['text']])('counts a missing report (%j) as a failure', (report) => {
    expect(countTests(report)).toEqual({ passed: 0, failed: 1 })
  })
})
