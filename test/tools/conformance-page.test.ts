import { describe, expect, it } from 'vitest'
import { type Page, renderPage, testsOf } from '../../tools/conformance-page.ts'
import { samlPage, scimPage } from '../../tools/conformance-pages.ts'

const page: Page = {
  ...scimPage,
  head: ['# Page'],
  sections: [
    {
      heading: 'One',
      items: [
        { id: 'S1-1-a', cells: ['MUST', 'holds | this'] },
        { id: 'S1-1-b', cells: ['MUST', 'holds that'], waived: 'not *here*' },
      ],
    },
  ],
  readTitle: (title) => {
    const [, rest = title, ids = ''] = /^(.*) \[(.*)\]$/.exec(title) ?? []
    return { ids: ids.split(' ').filter(Boolean), rest }
  },
}

const test = (title: string, status = 'passed') => ({
  file: 'test/a.test.ts',
  titles: ['around', title],
  status,
})

describe('a conformance page', () => {
  it('names the tests of each thing, waivers and results', () => {
    const { text, problems } = renderPage(page, [test('is so [S1-1-a]'), test('names nothing')])
    expect(problems).toEqual([])
    expect(text).toBe(
      [
        '# Page',
        '',
        '## One',
        '',
        '| Requirement | Level | What | Tests | Result |',
        '|---|---|---|---|---|',
        '| S1-1-a | MUST | holds \\| this | around › is so (test/a.test.ts) | 1 passed |',
        '| S1-1-b | MUST | holds that |  | waived: not \\*here\\* |',
        '',
      ].join('\n'),
    )
  })

  it('counts tests beyond the fourth of a file', () => {
    const tests = [1, 2, 3, 4, 5, 6].map((n) => test(`is ${n} [S1-1-a]`))
    expect(renderPage(page, tests).text).toContain('around › is 4; and 2 more (test/a.test.ts)')
  })

  it('prefers a test to a waiver', () => {
    const { text } = renderPage(page, [test('a [S1-1-a S1-1-b]')])
    expect(text).not.toContain('waived')
  })

  it.each<[string, Parameters<typeof test>[], string]>([
    ['a thing without test and waiver', [], 'S1-1-a has no test: holds | this'],
    [
      'a test that names what there is not',
      [['a [S1-1-a S1-1-z]']],
      'test/a.test.ts names S1-1-z, which is not a requirement: around › a',
    ],
    ['a failed test', [['a [S1-1-a]', 'failed']], 'S1-1-a failed: around › a (test/a.test.ts)'],
    ['a skipped test', [['a [S1-1-a]', 'skipped']], 'S1-1-a skipped: around › a (test/a.test.ts)'],
  ])('reports %s', (_, tests, problem) => {
    expect(
      renderPage(
        page,
        tests.map((one) => test(...one)),
      ).problems,
    ).toEqual([problem])
  })
})

describe('a report', () => {
  it('gives its tests, and the files that did not run', () => {
    const report = {
      testResults: [
        {
          name: '/a',
          status: 'passed',
          assertionResults: [{ ancestorTitles: ['x'], title: 'y', status: 'passed' }],
        },
        { name: '/b', status: 'failed', message: 'SyntaxError\nat b', assertionResults: [] },
      ],
    }
    expect(testsOf(report, (name) => name.slice(1))).toEqual({
      tests: [{ file: 'a', titles: ['x', 'y'], status: 'passed' }],
      problems: ['b did not run: SyntaxError'],
    })
  })

  it.each([[null], [{}], ['text']])('is not %j', (value) => {
    expect(() => testsOf(value, (name) => name)).toThrow('not a vitest JSON report')
  })
})

describe('titles', () => {
  it.each([
    ['W01 W02 refuses it', { ids: ['W01', 'W02'], rest: 'refuses it' }],
    ['refuses W01', { ids: [], rest: 'refuses W01' }],
  ])('of SAML begin with rows (%#)', (title, read) => {
    expect(samlPage.readTitle(title)).toEqual(read)
  })

  it.each([
    ['answers 201 [S7644-3.3-c]', { ids: ['S7644-3.3-c'], rest: 'answers 201' }],
    ['a [b] c [S7643-2-a S9865-2-b]', { ids: ['S7643-2-a', 'S9865-2-b'], rest: 'a [b] c' }],
    ['[S7644-3.3-c] first', { ids: [], rest: '[S7644-3.3-c] first' }],
    ['emails[type eq "work"]', { ids: [], rest: 'emails[type eq "work"]' }],
  ])('of SCIM end with requirements (%#)', (title, read) => {
    expect(scimPage.readTitle(title)).toEqual(read)
  })
})
