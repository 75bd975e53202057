import { describe, expect, it } from 'vitest'
import { compileExpression, parseExpression } from '../../../src/directory/expression/index.ts'
import { limits } from '../../../src/kernel/index.ts'

function problemOf(text: string): string {
  const parsed = parseExpression(text)
  return parsed.ok ? 'none' : `${parsed.failure.position}: ${parsed.failure.message}`
}

function outcomeOf(text: string, ...stated: (readonly string[])[]) {
  const compiled = compileExpression(text)
  return compiled.ok ? compiled.value.evaluate(stated) : compiled.failure
}

describe('parseExpression', () => {
  it('reads names of functions in any case, and names of attributes with brackets of their own', () => {
    const compiled = compileExpression(
      'join(" ", [emails[type eq "work"].value], TOLOWER([urn:a:2.0:User:x]), [Emails[type eq "work"].value])',
    )
    expect(compiled.ok && compiled.value.names).toEqual([
      'emails[type eq "work"].value',
      'urn:a:2.0:User:x',
    ])
  })

  it('reads quotation marks and backslashes as Entra escapes them, and two for one', () => {
    for (const text of ['Append([a], "\\"x\\" \\\\")', 'Append([a], """x"" \\\\")']) {
      expect(outcomeOf(text, ['y'])).toEqual({ kind: 'values', values: ['y"x" \\'] })
    }
    expect(outcomeOf('Append([a], "")', ['y'])).toEqual({ kind: 'values', values: ['y'] })
  })

  it('reads over lines, and a bare attribute', () => {
    expect(problemOf('IIF(\n  [a] = "x",\n  "y",\n  [b]\n)')).toBe('none')
    expect(problemOf('[a]')).toBe('none')
  })

  it.each([
    ['', '1: Expected a function, an attribute in [ ], a text in " " or a number.'],
    ['Append([a]', '11: Expected , or ) in Append(…).'],
    ['Append [a]', '8: After Append comes (.'],
    ['Append([a], "b") x', '18: The expression is over here already.'],
    ['Append([a])', '1: Append needs suffix: Append(source, suffix).'],
    ['ToLower(, "tr")', '1: ToLower needs source: ToLower(source, culture?).'],
    ['Trim([a], "b")', '1: Trim takes less: Trim(source).'],
    ['Upper([a])', '1: There is no function Upper.'],
    ['constructor([a])', '1: There is no function constructor.'],
    ['Append([a], __proto__)', '13: "_" cannot stand here.'],
    [
      'Append([a], “b”)',
      '13: "“" cannot stand here. Text stands in straight quotation marks: "…".',
    ],
    ['Append([a], "b)', '13: The text that begins here has no closing quotation mark.'],
    ['Append([a], "\\d")', '14: A backslash in a text is written twice: \\\\.'],
    ['Append([a, "b")', '8: The name that begins here has no closing ] within 256 characters.'],
    ['Append([ ], "b")', '8: The name of an attribute stands between [ and ].'],
    ['Append([a], [b] = "c" = "d")', '23: Expected , or ) in Append(…).'],
    [
      'Append("a", "b")',
      '1: Nothing here reads an attribute. A value that is always the same is a default.',
    ],
    [
      'Switch([a], "d", "k")',
      '1: Switch needs value: Switch(source, defaultValue?, key, value …).',
    ],
    ['Switch([a], "d", "k", "v", "k")', '1: Switch needs a value for each key.'],
    ['Replace([a], "x")', '1: Replace needs either replacementValue or template.'],
    ['Replace([a], "", , , "y")', '1: Replace needs an oldValue that is not empty.'],
    ['Append([a], 123456789012345678901)', '13: The number has too many digits.'],
  ])('%s is refused at its place', (text, expected) => {
    expect(problemOf(text)).toBe(expected)
  })

  it('refuses regular expressions, and says what to use', () => {
    expect(problemOf('Replace([mobile], , "[()\\\\s-]+", , "", , )')).toBe(
      '1: Replace takes no regular expression here, since one can take for ever; use oldValue, Split, Word or Mid.',
    )
  })

  it('refuses intervals and formats that are not there', () => {
    expect(problemOf('DateAdd("q", 1, [a])')).toMatch(/^1: DateAdd does not know the interval "q"/)
    expect(problemOf('FormatDateTime([a], , "d", "yyyy")')).toMatch(/does not know the format "d"/)
    expect(problemOf('FormatDateTime([a], , "yyyy", "yyyyy")')).toMatch(/the format "yyyyy"/)
  })

  it('is bounded in characters, depth and parts', () => {
    expect(problemOf(`[${'a'.repeat(limits.expressionLength)}]`)).toBe(
      `10001: The expression is longer than ${limits.expressionLength} characters.`,
    )
    const deep = (depth: number) => `${'Trim('.repeat(depth)}[a]${')'.repeat(depth)}`
    expect(problemOf(deep(limits.expressionDepth))).toBe('none')
    expect(problemOf(deep(limits.expressionDepth + 1))).toMatch(/more than 32 deep/)
    const wide = (parts: number) =>
      `Join("-", ${Array.from({ length: parts }, () => '[a]').join()})`
    expect(problemOf(wide(limits.expressionNodes - 2))).toBe('none')
    expect(problemOf(wide(limits.expressionNodes - 1))).toMatch(/more than 1000 parts/)
    expect(problemOf('('.repeat(5000))).toMatch(/^1: Expected/)
  })
})
