import { readFileSync } from 'node:fs'

export type Counts = { readonly passed: number; readonly failed: number }

/**
 * Counts the tests of a vitest JSON report. A file that failed without a failed test, for example
 * because an import is broken, counts as one failure; so does a report that is missing.
 */
export function countTests(report: unknown): Counts {
  if (!isReport(report)) return { passed: 0, failed: 1 }
  const brokenFiles = report.testResults.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  ).length
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles }
}

type Report = {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

function isReport(value: unknown): value is Report {
  return (
    typeof value === 'object' &&
    value !== null &&
    'numPassedTests' in value &&
    'numFailedTests' in value &&
    'testResults' in value &&
    Array.isArray(value.testResults)
  )
}

/** Reads a report; null when it is missing or cut short, because vitest ended before it wrote it. */
export function readReport(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

if (import.meta.main) {
  const { passed, failed } = countTests(readReport(process.argv[2] ?? 'reports/vitest.json'))
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(failed === 0 ? 0 : 1)
}
