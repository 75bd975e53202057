/**
 * Runs vitest and ends with `N passed, N failed`, taken from its own JSON report. Arguments go to
 * vitest: `npm test -- --project unit test/xml`.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { countTests, readReport } from './count-tests.ts'

const report = process.env['TEST_REPORT'] ?? 'reports/vitest.json'

mkdirSync('reports', { recursive: true })
rmSync(report, { force: true })
const { status } = spawnSync(
  process.execPath,
  [
    ...['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json'],
    ...[`--outputFile.json=${report}`, ...process.argv.slice(2)],
  ],
  { stdio: 'inherit' },
)
const counts = countTests(readReport(report))
console.log(`${counts.passed} passed, ${counts.failed} failed`)
process.exit(status === 0 && counts.failed === 0 ? 0 : 1)
