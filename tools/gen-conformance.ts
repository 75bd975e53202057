/**
 * Writes docs/conformance/saml.md: each row of the SAML attack table, the tests whose titles name it,
 * and their result. The output has no dates and no durations, so a stale file is a difference.
 *
 *   node tools/gen-conformance.ts                    runs the tests, then writes
 *   node tools/gen-conformance.ts --report a.json    reads vitest JSON reports instead; may be repeated
 *   node tools/gen-conformance.ts --check            compares with the committed file instead of writing
 *
 * Ends with 1 when a row has neither a test nor a waiver, when a test that names a row fails, when a test
 * names a row that does not exist, or when --check finds a difference.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rows, sections } from '../test/support/rows.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const page = join(root, 'docs/conformance/saml.md')

type Assertion = {
  readonly ancestorTitles: readonly string[]
  readonly title: string
  readonly status: string
}
type Report = {
  readonly testResults: readonly {
    readonly name: string
    readonly message?: string
    readonly status: string
    readonly assertionResults: readonly Assertion[]
  }[]
}
type Found = { readonly title: string; readonly file: string; readonly passed: boolean }

/** The row ids at the start of a title, and the rest. */
function readTitle(title: string): { ids: readonly string[]; rest: string } {
  const match = /^(?:[A-Z]\d\d\s+)+/.exec(title)
  const head = match?.[0] ?? ''
  return { ids: head.trim().split(/\s+/).filter(Boolean), rest: title.slice(head.length) }
}

/** Runs the projects that hold row tests and returns where the report is. */
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

function readReport(file: string): Report {
  const report: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (typeof report !== 'object' || report === null || !('testResults' in report)) {
    throw new Error(`${file} is not a vitest JSON report`)
  }
  return report as Report
}

function collect(reports: readonly Report[], problems: string[]): ReadonlyMap<string, Found[]> {
  const known = new Set(rows.map((row) => row.id))
  const byRow = new Map<string, Found[]>(rows.map((row) => [row.id, []]))
  for (const { testResults } of reports) {
    for (const suite of testResults) {
      const file = relative(root, suite.name).replaceAll('\\', '/')
      if (suite.status === 'failed' && suite.assertionResults.length === 0) {
        problems.push(`${file} did not run: ${(suite.message ?? '').split('\n')[0]}`)
      }
      for (const test of suite.assertionResults) {
        const titles = [...test.ancestorTitles, test.title].map(readTitle)
        const ids = new Set(titles.flatMap((title) => title.ids))
        const title = titles
          .map(({ rest }) => rest)
          .filter(Boolean)
          .join(' › ')
        const passed = test.status === 'passed'
        for (const id of ids) {
          if (!known.has(id)) problems.push(`${file} names ${id}, which is not a row: ${title}`)
          byRow.get(id)?.push({ title, file, passed })
          if (!passed) problems.push(`${id} ${test.status}: ${title} (${file})`)
        }
      }
    }
  }
  return byRow
}

/** Plain code-point order: the same on every machine, whatever its locale. */
function byTitle(a: Found, b: Found): number {
  const left = `${a.file}\0${a.title}`
  const right = `${b.file}\0${b.title}`
  return left < right ? -1 : left > right ? 1 : 0
}

function escapeCell(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/gu, '\ufffd')
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll('*', '\\*')
    .replaceAll('_', '\\_')
    .replaceAll('`', '\\`')
}

/** Tests of one file on one row: named while they are few, counted when they are many. */
function describeTests(found: readonly Found[]): string {
  const files = Map.groupBy([...found].sort(byTitle), (test) => test.file)
  const shown = 4
  return [...files]
    .map(([file, tests]) => {
      const titles = [...new Set(tests.map((test) => escapeCell(test.title)))]
      const more = titles.length > shown ? `; and ${titles.length - shown} more` : ''
      return `${titles.slice(0, shown).join('; ')}${more} (${file})`
    })
    .join('<br>')
}

function render(byRow: ReadonlyMap<string, readonly Found[]>, problems: string[]): string {
  const lines = [
    '# SAML conformance',
    '',
    'Each row is a known attack on SAML service providers, or a document that must stay accepted, with the',
    'tests that hold it. Written by `node tools/gen-conformance.ts`; do not edit.',
  ]
  for (const [section, heading] of Object.entries(sections)) {
    lines.push(
      '',
      `## ${section} ${heading}`,
      '',
      '| Row | What | Tests | Result |',
      '|---|---|---|---|',
    )
    for (const row of rows.filter((candidate) => candidate.section === section)) {
      const found = byRow.get(row.id) ?? []
      const failed = found.filter((test) => !test.passed).length
      let result = `${found.length} passed`
      if (found.length === 0) {
        result = row.waived === undefined ? '**no test**' : `waived: ${escapeCell(row.waived)}`
        if (row.waived === undefined) problems.push(`${row.id} has no test: ${row.title}`)
      } else if (failed > 0) {
        result = `**${failed} of ${found.length} failed**`
      }
      lines.push(`| ${row.id} | ${escapeCell(row.title)} | ${describeTests(found)} | ${result} |`)
    }
  }
  return `${lines.join('\n')}\n`
}

function main(args: readonly string[]): number {
  const check = args.includes('--check')
  const given = args.flatMap((arg, i) => (arg === '--report' ? [args[i + 1] ?? ''] : []))
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'))
  const problems: string[] = []
  try {
    const files = given.length > 0 ? given : [runTests(folder)]
    const text = render(collect(files.map(readReport), problems), problems)
    if (check) {
      let committed = ''
      try {
        committed = readFileSync(page, 'utf8')
      } catch {
        problems.push('docs/conformance/saml.md does not exist')
      }
      if (committed !== text) {
        problems.push('docs/conformance/saml.md is stale: run node tools/gen-conformance.ts')
      }
    } else {
      mkdirSync(dirname(page), { recursive: true })
      writeFileSync(page, text)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  for (const problem of problems) console.error(problem)
  return problems.length > 0 ? 1 : 0
}

process.exitCode = main(process.argv.slice(2))
