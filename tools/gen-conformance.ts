/**
 * Writes docs/conformance/: for each thing that must hold, the tests whose titles name it, and their result.
 *
 *   node tools/gen-conformance.ts                    runs the tests, then writes
 *   node tools/gen-conformance.ts --report a.json    reads vitest JSON reports instead; may be repeated
 *   node tools/gen-conformance.ts --check            compares with the committed files instead of writing
 *
 * Ends with 1 when a thing has neither a test nor a waiver, when a test that names one fails, when a test
 * names one that does not exist, or when --check finds a difference.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { renderPage, testsOf } from './conformance-page.ts'
import { pages } from './conformance-pages.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Runs the projects that hold such tests and returns where the report is. */
function runTests(folder: string): string {
  const outputFile = join(folder, 'report.json')
  const run = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      ...['run', '--project', 'unit', '--project', 'worker'],
      ...['--reporter=json', `--outputFile=${outputFile}`],
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  if (run.error !== undefined) throw run.error
  return outputFile
}

function read(file: string): string | null {
  try {
    return readFileSync(join(root, file), 'utf8')
  } catch {
    return null // a page that does not exist is as stale as one that differs
  }
}

function main(args: readonly string[]): number {
  const check = args.includes('--check')
  const given = args.flatMap((arg, i) => (arg === '--report' ? [args[i + 1] ?? ''] : []))
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'))
  const problems: string[] = []
  try {
    const files = given.length > 0 ? given : [runTests(folder)]
    const reports = files.map((file) =>
      testsOf(JSON.parse(readFileSync(file, 'utf8')), (name) =>
        relative(root, name).replaceAll('\\', '/'),
      ),
    )
    problems.push(...reports.flatMap((report) => report.problems))
    const tests = reports.flatMap((report) => report.tests)
    for (const page of pages) {
      const { text, problems: found } = renderPage(page, tests)
      problems.push(...found)
      if (!check) {
        mkdirSync(join(root, dirname(page.file)), { recursive: true })
        writeFileSync(join(root, page.file), text)
      } else if (read(page.file) !== text) {
        problems.push(`${page.file} is stale: run node tools/gen-conformance.ts`)
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  for (const problem of problems) console.error(problem)
  return problems.length > 0 ? 1 : 0
}

process.exitCode = main(process.argv.slice(2))
