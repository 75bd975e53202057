import { describe, expect, it } from 'vitest'
import { compileExpression, expressionFunctions } from '../../../src/directory/expression/index.ts'

const stated: Readonly<Record<string, readonly string[]>> = {
  many: ['a', 'b'],
  word: ['Research'],
  day: ['2026-01-02'],
  digits: ['12'],
  true: ['true'],
  format: ['yyyy-MM-dd'],
  interval: ['d'],
  unknowninterval: ['q'],
  unknownformat: ['d'],
  empty: [''],
}

/** The outcome in one line: the values, what went wrong and where, or that the source says nothing. */
function outcomeOf(text: string): string {
  const compiled = compileExpression(text)
  if (!compiled.ok) return `refused ${compiled.failure.position}: ${compiled.failure.message}`
  const { names, evaluate } = compiled.value
  const outcome = evaluate(names.map((name) => stated[name.toLowerCase()]))
  if (outcome.kind === 'values') return `values ${outcome.values.join('|')}`
  if (outcome.kind === 'ignored') return 'ignored'
  return `${outcome.problem.position}: ${outcome.problem.message}`
}

/** A call of every function that works, and which arguments may have several values. */
const calls: Readonly<
  Record<string, readonly [args: readonly string[], lists: readonly number[]]>
> = {
  Append: [['[word]', '"x"'], [0]],
  BitAnd: [['[digits]', '6'], []],
  CBool: [['[true]'], []],
  CDate: [['[day]'], []],
  CStr: [['[word]'], [0]],
  Coalesce: [
    ['[unknown]', '[word]'],
    [0, 1],
  ],
  ConvertToBase64: [['[word]'], [0]],
  ConvertToUTF8Hex: [['[word]'], [0]],
  Count: [['[word]'], [0]],
  DateAdd: [['[interval]', '1', '[day]'], []],
  DateDiff: [['[interval]', '[day]', '[day]'], []],
  DateFromNum: [['[digits]'], []],
  FormatDateTime: [['[day]', '"None"', '[format]', '[format]'], [1]],
  IIF: [
    ['[true]', '[word]', '"no"'],
    [1, 2],
  ],
  IgnoreFlowIfNullOrEmpty: [['[word]'], [0]],
  InStr: [['[word]', '"s"', '1', 'vbTextCompare'], []],
  IsNull: [['[word]'], [0]],
  IsNullOrEmpty: [['[word]'], [0]],
  IsPresent: [['[word]'], [0]],
  IsString: [['[word]'], [0]],
  Item: [['[word]', '1'], [0]],
  Join: [
    ['"-"', '[word]', '[word]'],
    [1, 2],
  ],
  Left: [['[word]', '2'], [0]],
  Len: [['[word]'], []],
  Mid: [['[word]', '1', '2'], [0]],
  NormalizeDiacritics: [['[word]'], [0]],
  Not: [['[true]'], []],
  NumFromDate: [['[day]'], []],
  PCase: [['[word]', '" "'], [0]],
  RemoveDuplicates: [['[word]'], [0]],
  Right: [['[word]', '2'], [0]],
  Split: [['[word]', '"s"'], [0]],
  StripSpaces: [['[word]'], [0]],
  Switch: [
    ['[word]', '"d"', '[word]', '"v"'],
    [1, 3],
  ],
  ToLower: [['[word]', '"tr-TR"'], [0]],
  ToUpper: [['[word]', '"tr-TR"'], [0]],
  Trim: [['[word]'], [0]],
  Word: [['[word]', '1', '"s"'], []],
}

/** Replace names its arguments by place, and takes either of two. */
const replacements = [
  { args: ['[word]', '"R"', '', '', '"r"'], used: [0, 1, 4], lists: [0] },
  { args: ['[word]', '"R"', '', '', '', '', '"R!"'], used: [0, 1, 6], lists: [0] },
]

const all = [
  ...Object.entries(calls).map(([name, [args, lists]]) => ({
    name,
    args,
    used: args.map((_, i) => i),
    lists,
  })),
  ...replacements.map((one) => ({ name: 'Replace', ...one })),
]

/** Each call with each of its arguments replaced. */
function withEach(argument: string) {
  return all.flatMap(({ name, args, used, lists }) =>
    used.map((index) => ({
      name,
      index,
      takesLists: lists.includes(index),
      text: `${name}(${args.map((arg, i) => (i === index ? argument : arg)).join(', ')})`,
    })),
  )
}

/** Arguments that a call does not come to, since it has chosen another. */
const unchosen = new Set(['IIF 2', 'Switch 1'])

describe('every function', () => {
  it('is in the tables', () => {
    const names = new Set(all.map(({ name }) => name))
    expect(expressionFunctions.map(({ name }) => name)).toEqual([...names].toSorted())
  })

  it.each(all)('$name works as the table has it', ({ name, args }) => {
    expect(outcomeOf(`${name}(${args.join(', ')})`)).toMatch(/^values .+/)
  })

  it.each(withEach('[many]'))('$text', ({ name, text, takesLists }) => {
    if (takesLists) expect(outcomeOf(text)).toMatch(/^values/)
    else {
      expect(outcomeOf(text)).toBe(
        `1: ${name} takes one value, and here are several; choose with Item.`,
      )
    }
  })

  it.each(withEach('CDate([word])'))('$text', ({ name, index, text }) => {
    const place = text.indexOf('CDate([word])') + 1
    const isReached = !unchosen.has(`${name} ${index}`)
    const fault = `${place}: CDate cannot read "Research" as a time.`
    expect(outcomeOf(text)).toEqual(isReached ? fault : expect.stringMatching(/^values/))
  })

  it.each(withEach('IgnoreFlowIfNullOrEmpty([unknown])'))('$text', ({ name, index, text }) => {
    const isReached = !unchosen.has(`${name} ${index}`)
    expect(outcomeOf(text)).toEqual(isReached ? 'ignored' : expect.stringMatching(/^values/))
  })
})

describe('comparisons', () => {
  it.each([
    ['[many] = "a"', '12: The comparison takes one value, and here are several; choose with Item.'],
    ['"a" = [many]', '9: The comparison takes one value, and here are several; choose with Item.'],
    ['CDate([word]) = "a"', '5: CDate cannot read "Research" as a time.'],
    ['"a" = CDate([word])', '11: CDate cannot read "Research" as a time.'],
    ['IgnoreFlowIfNullOrEmpty([unknown]) = "a"', 'ignored'],
    ['[word] = IgnoreFlowIfNullOrEmpty([unknown])', 'ignored'],
  ])('%s tells its own place', (condition, expected) => {
    expect(outcomeOf(`IIF(${condition}, "yes", [other])`)).toBe(expected)
  })

  it.each([
    ['CDate([day]) = [word]', /cannot read "Research" as a time/],
    ['[word] < CDate([day])', /cannot read "Research" as a time/],
    ['Len([word]) > [word]', /takes a number, not "Research"/],
    ['[word] > Len([word])', /takes a number, not "Research"/],
    ['IsNull([word]) = [word]', /takes True or False, not "Research"/],
    ['[word] = true', /takes True or False, not "Research"/],
    [
      'CBool([true]) = CDate([day])',
      /^23: The comparison takes True or False, not a time|cannot read/,
    ],
  ])('%s is no comparison', (condition, expected) => {
    expect(outcomeOf(`IIF(${condition}, "yes", "no")`)).toMatch(expected)
  })

  it.each([
    ['CDate([unknown]) = ""', 'yes'],
    ['CDate([day]) = [unknown]', 'no'],
    ['CDate([day]) = "1/2/2026"', 'yes'],
    ['"2026-01-03" > CDate([day])', 'yes'],
    ['Len([word]) = [unknown]', 'no'],
    ['[digits] > 9', 'yes'],
    ['[digits] > "9"', 'no'],
  ])('%s says %s', (condition, expected) => {
    expect(outcomeOf(`IIF(${condition}, "yes", "no")`)).toBe(`values ${expected}`)
  })
})

describe('blanks', () => {
  it.each([
    'CDate([empty])',
    'DateAdd("d", 1, [empty])',
    'DateDiff("d", [empty], [day])',
    'DateDiff("d", [day], [empty])',
    'DateFromNum([empty])',
    'NumFromDate([empty])',
    'FormatDateTime([empty], , "yyyy", "yyyy")',
    'Item([empty], 1)',
  ])('of times and items stay blank: %s', (text) => {
    expect(outcomeOf(text)).toBe('values ')
  })

  it('that are searched for change nothing', () => {
    expect(outcomeOf('Replace([word], [empty], , , "x")')).toBe('values Research')
    expect(outcomeOf('Split([word], [empty])')).toBe('values Research')
  })
})

describe('what only the values show', () => {
  it.each([
    ['DateAdd([unknownInterval], 1, [day])', '1: DateAdd does not know the interval "q".'],
    ['DateDiff([unknownInterval], [day], [day])', '1: DateDiff does not know the interval "q".'],
    [
      'FormatDateTime([word], , [unknownFormat], "yyyy")',
      '1: FormatDateTime does not know the format "d".',
    ],
    [
      'FormatDateTime([day], , "yyyy-MM-dd", [unknownFormat])',
      '1: FormatDateTime does not know the format "d".',
    ],
    ['NumFromDate(CDate("1600-12-31"))', '1: NumFromDate takes a time after 1600.'],
    ['NumFromDate(CDate("1601-01-01"))', 'values 0'],
    ['InStr([word], "s", 0)', '1: InStr counts characters from 1.'],
    ['InStr([word], "s", 1, [word])', '1: InStr compares by vbTextCompare or vbBinaryCompare.'],
    ['CBool(CDate([day]))', '1: CBool takes True or False, not a time.'],
    ['FormatDateTime(CDate([day]), , "HH", "yyyy")', 'values 2026'],
    ['CBool([digits])', 'values True'],
    ['CBool("0")', 'values False'],
    ['BitAnd(IsPresent([word]), 3)', 'values 1'],
    ['BitAnd(IsNull([word]), 3)', 'values 0'],
  ])('%s', (text, expected) => {
    // So that those without an attribute may stand; the place is counted without what stands before.
    const outcome = outcomeOf(`IIF(IsNull([unknown]), ${text}, "")`)
    expect(outcome.replace(/^(\d+)(?=: )/, (place) => String(Number(place) - 23))).toBe(expected)
  })

  it('is not what a reader of the expression sees at once', () => {
    expect(outcomeOf('Replace([word], , , , "x")')).toBe('refused 1: Replace needs oldValue.')
    expect(outcomeOf('IIF([word] = , "a", "b")')).toMatch(/^refused 14: Expected a function/)
  })
})
