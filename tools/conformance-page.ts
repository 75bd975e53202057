/**
 * A page that says of each thing that must hold which tests hold it. The tests name it in their titles; a
 * page says how.
 */
export type Page = {
  /** From the root of the project. */
  readonly file: string
  /** The lines above the first section. */
  readonly head: readonly string[]
  /** What one thing is called, such as `row`. */
  readonly noun: string
  readonly columns: readonly string[]
  readonly sections: readonly { readonly heading: string; readonly items: readonly Item[] }[]
  /** The ids that a title names, and the rest of it. */
  readonly readTitle: (title: string) => { readonly ids: readonly string[]; readonly rest: string }
}

export type Item = {
  readonly id: string
  /** What stands in the columns after the id. */
  readonly cells: readonly string[]
  readonly waived?: string | undefined
}

type Report = {
  readonly testResults: readonly {
    readonly name: string
    readonly message?: string
    readonly status: string
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly status: string
    }[]
  }[]
}

/** A test of a report. */
export type Ran = {
  readonly file: string
  /** The titles of the describes around it, then its own. */
  readonly titles: readonly string[]
  readonly status: string
}

type Found = { readonly title: string; readonly file: string; readonly passed: boolean }

/**
 * The tests of a vitest JSON report, and what is wrong with it.
 * @param fileOf the name of a test file as the page gives it
 * @throws when it is no such report
 */
export function testsOf(
  report: unknown,
  fileOf: (name: string) => string,
): { readonly tests: readonly Ran[]; readonly problems: readonly string[] } {
  if (typeof report !== 'object' || report === null || !('testResults' in report)) {
    throw new Error('not a vitest JSON report')
  }
  const { testResults } = report as Report
  const problems = testResults
    .filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
    .map(({ name, message }) => `${fileOf(name)} did not run: ${(message ?? '').split('\n')[0]}`)
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status }) => ({
      file: fileOf(name),
      titles: [...ancestorTitles, title],
      status,
    })),
  )
  return { tests, problems }
}

/**
 * The text of a page. It has no dates and no durations, so a stale file is a difference.
 * @returns also what is wrong: things without test and waiver, tests that name what there is not or that failed
 */
export function renderPage(
  page: Page,
  tests: readonly Ran[],
): { readonly text: string; readonly problems: readonly string[] } {
  const problems: string[] = []
  const byId = collect(page, tests, problems)
  const lines = [...page.head]
  for (const { heading, items } of page.sections) {
    lines.push(
      '',
      `## ${heading}`,
      '',
      `| ${[...page.columns, 'Tests', 'Result'].join(' | ')} |`,
      `|${'---|'.repeat(page.columns.length + 2)}`,
    )
    for (const item of items) {
      const found = byId.get(item.id) ?? []
      const failed = found.filter((test) => !test.passed).length
      let result = `${found.length} passed`
      if (found.length === 0) {
        result = item.waived === undefined ? '**no test**' : `waived: ${escapeCell(item.waived)}`
        if (item.waived === undefined) {
          problems.push(`${item.id} has no test: ${item.cells.at(-1)}`)
        }
      } else if (failed > 0) {
        result = `**${failed} of ${found.length} failed**`
      }
      const cells = [item.id, ...item.cells.map(escapeCell), describeTests(found), result]
      lines.push(`| ${cells.join(' | ')} |`)
    }
  }
  return { text: `${lines.join('\n')}\n`, problems }
}

function collect(
  page: Page,
  tests: readonly Ran[],
  problems: string[],
): ReadonlyMap<string, readonly Found[]> {
  const items = page.sections.flatMap((section) => section.items)
  const byId = new Map<string, Found[]>(items.map(({ id }) => [id, []]))
  for (const { file, titles, status } of tests) {
    const read = titles.map(page.readTitle)
    const ids = new Set(read.flatMap((title) => title.ids))
    if (ids.size === 0) continue
    const title = read
      .map(({ rest }) => rest)
      .filter(Boolean)
      .join(' › ')
    const passed = status === 'passed'
    for (const id of ids) {
      const found = byId.get(id)
      if (found === undefined) {
        problems.push(`${file} names ${id}, which is not a ${page.noun}: ${title}`)
      }
      found?.push({ title, file, passed })
      if (!passed) problems.push(`${id} ${status}: ${title} (${file})`)
    }
  }
  return byId
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

/** Tests of one file on one thing: named while they are few, counted when they are many. */
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
