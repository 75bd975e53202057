import { describe, expect, it } from 'vitest'
import {
  compileExpression,
  expressionFunctions,
  refusedFunctions,
} from '../../../src/directory/expression/index.ts'

/** What is stated of one person; names that are not here are not stated. */
const stated: Readonly<Record<string, readonly string[]>> = {
  givenname: ['Zoë'],
  surname: ['Ångström'],
  userprincipalname: ['zoe@contoso.com'],
  department: ['Research'],
  accountenabled: ['true'],
  mobilephone: ['+46 123 456 78'],
  businessphones: ['+46 8 123', '+46 8 456'],
  employeehiredate: ['2012-03-16-07:00'],
  extensionattribute1: ['Payroll; Travel'],
  empty: [],
}

function valuesOf(text: string): readonly string[] | string {
  const compiled = compileExpression(text)
  if (!compiled.ok) return `${compiled.failure.position}: ${compiled.failure.message}`
  const { names, evaluate } = compiled.value
  const outcome = evaluate(names.map((name) => stated[name.toLowerCase()]))
  if (outcome.kind === 'values') return outcome.values
  return outcome.kind === 'ignored'
    ? 'ignored'
    : `${outcome.problem.position}: ${outcome.problem.message}`
}

/** Wraps an expression without attributes so that it may stand. */
function constant(text: string): readonly string[] | string {
  return valuesOf(`IIF(IsPresent([department]), ${text}, "")`)
}

describe('every function', () => {
  it.each(expressionFunctions)('$name gives what its example says', ({ example, gives }) => {
    const values = example.includes('[') ? valuesOf(example) : constant(example)
    expect(typeof values === 'string' ? values : values.join(', ')).toBe(gives)
  })

  it.each(expressionFunctions)('$name takes blanks without a failure of ours', (entry) => {
    const count = Math.max(entry.parameters.length, 2)
    for (const blank of ['[empty]', '[unknown]', '""']) {
      const args = Array.from({ length: count }, () => blank)
      expect(valuesOf(`IIF(IsNull([a]), ${entry.name}(${args.join(', ')}), "")`)).toBeDefined()
    }
  })

  it.each(refusedFunctions)('$name is refused with the reason', ({ name, why }) => {
    expect(valuesOf(`Append([a], ${name}())`)).toBe(`13: ${name} is not possible here: ${why}`)
  })

  it('stands in the list once', () => {
    const names = [...expressionFunctions, ...refusedFunctions].map(({ name }) =>
      name.toLowerCase(),
    )
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('Microsoft’s examples', () => {
  it.each([
    ['CDate("2020-03-16-07:00")', '2020-03-16T07:00:00Z'],
    ['CDate("2009-06-15T01:45:30-07:00")', '2009-06-15T08:45:30Z'],
    ['DateAdd("d", -10, CDate("2012-03-16-07:00"))', '2012-03-06T07:00:00Z'],
    ['DateAdd("ww", 2, CDate("2012-03-16-07:00"))', '2012-03-30T07:00:00Z'],
    ['DateAdd("m", 10, CDate("2012-03-16-07:00"))', '2013-01-16T07:00:00Z'],
    ['DateAdd("yyyy", 2, CDate("2012-03-16-07:00"))', '2014-03-16T07:00:00Z'],
    ['DateDiff("d", CDate("2021-08-18+08:00"), CDate("2021-08-31+08:00"))', '13'],
    ['DateDiff("d", CDate("8/25/2021 5:41:18 PM"), CDate("2012-03-16-07:00"))', '-3449'],
    ['DateDiff("ww", CDate("8/25/2021 5:41:18 PM"), CDate("2012-03-16-07:00"))', '-493'],
    ['DateDiff("m", CDate("8/25/2021 5:41:18 PM"), CDate("2012-03-16-07:00"))', '-113'],
    ['DateDiff("yyyy", CDate("8/25/2021 5:41:18 PM"), CDate("2012-03-16-07:00"))', '-9'],
    ['DateDiff("d", CDate("2021-08-31+08:00"), CDate("2021-08-31+08:00"))', '0'],
    ['DateDiff("h", CDate("2021-08-24"), CDate("2021-08-25"))', '24'],
    ['DateDiff("n", CDate("2021-08-24"), CDate("2021-08-25"))', '1440'],
    ['DateDiff("s", CDate("2021-08-24"), CDate("2021-08-25"))', '86400'],
    ['InStr("The quick brown fox", "quick")', '5'],
    ['InStr("repEated", "e", 3, vbBinaryCompare)', '7'],
    ['InStr("repEated", "e", 3, vbTextCompare)', '4'],
    ['Left("John Doe", 3)', 'Joh'],
    ['Word("The quick brown fox", 3, " ")', 'brown'],
    ['Word("This,string!has&many separators", 3, ",!&#")', 'has'],
    ['PCase("PABLO GONSALVES (SECOND)")', 'Pablo Gonsalves (Second)'],
    [`PCase("PINTO-DE'SILVA", " '-")`, "Pinto-De'Silva"],
    ['Append(Mid("John", 1, 3), Mid("Doe", 1, 5))', 'JohDoe'],
    ['Join(", ", "", "Doe", "John")', 'Doe, John'],
    ['Replace("john.doe@contoso.com", "@contoso.com", , ,"", ,)', 'john.doe'],
    ['Replace("jsmith", "<username>", , , , , "<username>@contoso.com")', 'jsmith@contoso.com'],
    ['Switch("QLD", "Sydney", "NSW", "Sydney", "QLD", "Brisbane")', 'Brisbane'],
    ['Switch("VIC", "Sydney", "NSW", "Sydney", "QLD", "Brisbane")', 'Sydney'],
    ['Switch("", "Default", "true", "1", "", "0")', '0'],
    [
      'FormatDateTime("1/2/2026 03:04:05 PM", , "M/d/yyyy hh:mm:ss tt", "yyyy-MM-dd HH:mm")',
      '2026-01-02 15:04',
    ],
    ['FormatDateTime("2020-12-31-08:00", ,"yyyy-MM-ddzzz", "yyyy-MM-dd")', '2020-12-31'],
    ['NumFromDate(Join("", "2020-12-31", " 23:59:59-08:00"))', '132539615990000000'],
    ['NormalizeDiacritics("Łódź Þór straße Œuvre")', 'Lodz Þor strasse OEuvre'],
  ])('%s', (text, expected) => {
    const values = constant(text)
    expect(typeof values === 'string' ? values : values.join('|')).toBe(expected)
  })
})

describe('conditions', () => {
  it.each([
    ['[department] = "Research"', 'yes'],
    ['[department] = "research"', 'no'],
    ['[department] <> "Sales"', 'yes'],
    ['[unknown] = ""', 'yes'],
    ['[unknown] < "a"', 'yes'],
    ['Count([businessPhones]) >= 2', 'yes'],
    ['Count([businessPhones]) < "10"', 'yes'],
    ['[accountEnabled] = true', 'yes'],
    ['CDate([employeeHireDate]) > "2012-03-16"', 'yes'],
    ['CDate([employeeHireDate]) <= CDate("2012-03-16")', 'no'],
    ['Not([accountEnabled])', 'no'],
    ['[accountEnabled]', 'yes'],
  ])('%s', (condition, expected) => {
    expect(valuesOf(`IIF(${condition}, "yes", "no")`)).toEqual([expected])
  })

  it('evaluate only what is chosen', () => {
    expect(valuesOf('IIF(IsNull([unknown]), "none", CDate("never"))')).toEqual(['none'])
    expect(valuesOf('Coalesce([department], CDate("never"))')).toEqual(['Research'])
    expect(valuesOf('Switch([department], CDate("never"), "Research", "R")')).toEqual(['R'])
  })
})

describe('lists', () => {
  it('are changed item by item', () => {
    expect(valuesOf('StripSpaces([businessPhones])')).toEqual(['+468123', '+468456'])
    expect(valuesOf('Append([businessPhones], "!")')).toEqual(['+46 8 123!', '+46 8 456!'])
    expect(valuesOf('Join("/", [businessPhones], [surname])')).toEqual([
      '+46 8 123/+46 8 456/Ångström',
    ])
    expect(valuesOf('Split([extensionAttribute1], ";")')).toEqual(['Payroll', 'Travel'])
  })

  it('are refused where one value is meant, and the place is told', () => {
    expect(valuesOf('IIF(IsNull([x]), Word([businessPhones], 1, " "), "")')).toBe(
      '18: Word takes one value, and here are several; choose with Item.',
    )
  })
})

describe('blanks', () => {
  it('are values of their own', () => {
    expect(valuesOf('ToLower([empty])')).toEqual([])
    expect(valuesOf('Append([unknown], ".test")')).toEqual([])
    expect(valuesOf('Left([unknown], 3)')).toEqual([])
    expect(valuesOf('CDate([unknown])')).toEqual([])
    expect(valuesOf('IsNull([empty])')).toEqual(['True'])
  })

  it('say nothing at all where the flow is ignored, wherever that stands', () => {
    expect(valuesOf('IgnoreFlowIfNullOrEmpty([unknown])')).toBe('ignored')
    expect(valuesOf('Append(IgnoreFlowIfNullOrEmpty([unknown]), "x")')).toBe('ignored')
  })
})

describe('what cannot be done', () => {
  it.each([
    ['Mid([department], 0, 2)', '1: Mid counts characters from 1.'],
    ['Item([department], 0)', '1: Item counts items from 1.'],
    ['Left([department], "x")', '1: Left takes a number, not "x".'],
    ['Left([department], [unknown])', '1: Left takes a number, not a blank.'],
    ['Left([department], 1.5)', '1: Left takes a whole number.'],
    ['CDate([department])', '1: CDate cannot read "Research" as a time.'],
    ['CBool([department])', '1: CBool takes True or False, not "Research".'],
    ['Append("a", CDate([department]))', '13: CDate cannot read "Research" as a time.'],
    [
      'CDate(Replace([department], "Research", , , "2026-02-30"))',
      '1: CDate cannot read "2026-02-30" as a time.',
    ],
    [
      'DateAdd("yyyy", 9000, CDate([employeeHireDate]))',
      '1: DateAdd makes a time before year 1 or after 9999.',
    ],
    ['DateFromNum([department])', '1: DateFromNum takes a whole number, not "Research".'],
    [
      'ToLower([department], "de_DE")',
      '1: ToLower does not know the culture "de_DE"; one is written like tr-TR.',
    ],
    [
      'FormatDateTime([department], , "yyyy", "MM")',
      '1: FormatDateTime cannot read "Research" by the format yyyy.',
    ],
  ])('%s says why', (text, expected) => {
    expect(valuesOf(text)).toBe(expected)
  })
})

describe('cultures', () => {
  it('are those that are named, never that of the machine', () => {
    expect(constant('ToUpper("i", "tr-TR")')).toEqual(['İ'])
    expect(constant('ToUpper("i")')).toEqual(['I'])
  })
})

describe('characters', () => {
  it('are never cut in their middle', () => {
    expect(constant('Left("😀😀", 1)')).toEqual(['😀'])
    expect(constant('Right("a😀", 1)')).toEqual(['😀'])
    expect(constant('Len("😀😀")')).toEqual(['2'])
    expect(constant('NormalizeDiacritics("がぎ")')).toEqual(['がぎ'])
  })
})
