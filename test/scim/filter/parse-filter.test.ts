import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/kernel/index.ts'
import type { Filter } from '../../../src/scim/filter/filter.ts'
import { parseElementFilter, parseFilter } from '../../../src/scim/filter/parse-filter.ts'
import { findAttribute } from '../../../src/scim/schema/find-attribute.ts'
import { cases } from '../../support/cases.ts'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const custom = 'urn:ietf:params:scim:schemas:extension:portico:2.0:User'

/** A filter in one line, fully bracketed. */
function show(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${filter.filters.map(show).join(` ${filter.kind} `)})`
    case 'not':
      return `not${show(filter.filter)}`
    case 'present':
      return `${pathOf(filter)} pr`
    case 'elements':
      return `${pathOf(filter)}[${show(filter.filter)}]`
    case 'compare':
      return `${pathOf(filter)} ${filter.operator} ${JSON.stringify(filter.value)}`
  }
}

function pathOf({ path }: Extract<Filter, { path: unknown }>): string {
  const { schema, attribute, sub } = path
  const urn = schema === null ? '' : `${schema.split(':').slice(-3).join(':')}:`
  return `${urn}${attribute.name}${sub === null ? '' : `.${sub.name}`}`
}

function read(text: string, resource: 'User' | 'Group' = 'User'): string {
  const filter = parseFilter(text, resource)
  return filter.ok ? show(filter.value) : `${filter.failure.code}: ${filter.failure.detail}`
}

describe('a filter', () => {
  it.each([
    ['userName eq "Ann"', 'userName eq "ann"'],
    ['userName ne "Ann"', 'userName ne "ann"'],
    ['userName co "nn"', 'userName co "nn"'],
    ['userName sw "A"', 'userName sw "a"'],
    ['userName ew "N"', 'userName ew "n"'],
    ['userName gt "a"', 'userName gt "a"'],
    ['userName ge "a"', 'userName ge "a"'],
    ['userName lt "a"', 'userName lt "a"'],
    ['userName le "a"', 'userName le "a"'],
    ['title pr', 'title pr'],
    ['USERNAME EQ "x"', 'userName eq "x"'],
    ['title PR', 'title pr'],
    ['externalId eq "AbC"', 'externalId eq "AbC"'],
    ['id eq "usr_1"', 'id eq "usr_1"'],
    ['name.familyName co "O\'Malley"', 'name.familyName co "o\'malley"'],
    [`${enterprise}:department eq "IT"`, 'enterprise:2.0:User:department eq "it"'],
    [`${enterprise}.department eq "IT"`, 'enterprise:2.0:User:department eq "it"'],
    [`${enterprise}:manager.value eq "usr_1"`, 'enterprise:2.0:User:manager.value eq "usr_1"'],
    [`urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"`, 'userName sw "j"'],
    [`${custom}:Shoe eq "44"`, 'portico:2.0:User:Shoe eq "44"'],
    ['schemas eq "urn:x"', 'schemas eq "urn:x"'],
    ['profileUrl sw "https://"', 'profileUrl sw "https://"'],
    ['x509Certificates.value eq "AAEC"', 'x509Certificates.value eq "AAEC"'],
    ['groups.display eq "Ops"', 'groups.display eq "ops"'],
    ['displayName eq null', 'displayName eq null'],
    ['displayName ne NULL', 'displayName ne null'],
    ['displayName eq "null"', 'displayName eq "null"'],
    ['displayName eq ""', 'displayName eq ""'],
    ['userName eq "\\u00c4\\"\\\\\\/"', 'userName eq "ä\\"\\\\/"'],
    ['userName eq "a) or (b"', 'userName eq "a) or (b"'],
    ['userName\teq\n"x"  ', 'userName eq "x"'],
  ])('with one comparison: %s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  it.each([
    // What Entra sends and documents (reference a4, a6).
    ['externalId eq jyoung', 'externalId eq "jyoung"'],
    ['employeeNumber eq 42', 'enterprise:2.0:User:employeeNumber eq "42"'],
    ['title eq true', 'title eq "true"'],
    ['active eq "True"', 'active eq true'],
    ['active eq "False"', 'active eq false'],
    ['active eq TRUE', 'active eq true'],
    ['roles[primary eq "True"]', 'roles[primary eq true]'],
    ['emails eq "A@b"', 'emails.value eq "a@b"'],
    ['manager eq "usr_1"', 'enterprise:2.0:User:manager.value eq "usr_1"'],
    [
      'id eq "usr_1" and manager eq "usr_2"',
      '(id eq "usr_1" and enterprise:2.0:User:manager.value eq "usr_2")',
    ],
    ['emails[type eq "work"].value eq "Ann@b"', 'emails[(type eq "work" and value eq "ann@b")]'],
    ['emails[type eq "work"].value pr', 'emails[(type eq "work" and value pr)]'],
    [
      'roles[primary eq "True"].value eq "x" and active eq true',
      '(roles[(primary eq true and value eq "x")] and active eq true)',
    ],
  ])('as Entra spells it: %s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  it('of groups', () => {
    expect(read('members eq "usr_1"', 'Group')).toBe('members.value eq "usr_1"')
    expect(read('id eq "g" and members eq "u"', 'Group')).toBe(
      '(id eq "g" and members.value eq "u")',
    )
    expect(read('members[value eq "u" and type eq "User"]', 'Group')).toBe(
      'members[(value eq "u" and type eq "user")]',
    )
    expect(read('userName eq "u"', 'Group')).toContain('there is no attribute userName')
  })

  it.each([
    ['title pr or title pr and active eq true', '(title pr or (title pr and active eq true))'],
    ['title pr and title pr or active eq true', '((title pr and title pr) or active eq true)'],
    ['(title pr or title pr) and active eq true', '((title pr or title pr) and active eq true)'],
    ['not (title pr) and active eq true', '(nottitle pr and active eq true)'],
    ['not (title pr and active eq true)', 'not(title pr and active eq true)'],
    ['NOT(title pr) OR not(title pr)', '(nottitle pr or nottitle pr)'],
    ['not (not (title pr))', 'notnottitle pr'],
    ['((title pr))', 'title pr'],
    ['title pr and title pr and title pr', '(title pr and title pr and title pr)'],
    [
      'emails[type eq "work" and not (value co "@x" or primary eq true)]',
      'emails[(type eq "work" and not(value co "@x" or primary eq true))]',
    ],
    ['emails[type eq "work"] and (ims[value pr])', '(emails[type eq "work"] and ims[value pr])'],
  ])('with not before and before or: %s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  it('compares dates as moments and numbers as numbers', () => {
    const at = Date.UTC(2026, 0, 31, 9, 30)
    for (const text of [
      '2026-01-31T09:30:00Z',
      '2026-01-31T10:30:00+01:00',
      '2026-01-31t09:30:00',
    ]) {
      expect(read(`meta.lastModified ge "${text}"`)).toBe(`meta.lastModified ge ${at}`)
    }
    expect(read('meta.created lt 2026-01-31T09:30:00.5Z')).toBe(`meta.created lt ${at + 500}`)
    const own = [{ key: 'size', label: 'Size', type: 'number', multiValued: false } as const]
    for (const [text, number] of [
      ['44', 44],
      ['"44.5"', 44.5],
      ['-1e2', -100],
    ] as const) {
      const filter = parseFilter(`${custom}:size gt ${text}`, 'User', { custom: own })
      expect(filter.ok && filter.value).toMatchObject({ value: number })
    }
    const wrong = parseFilter(`${custom}:size gt "many"`, 'User', { custom: own })
    expect(wrong.ok || wrong.failure.detail).toContain('needs a number')
  })
})

describe('a filter is refused with the place and the reason', () => {
  it.each([
    ['', 1, 'expected the name of an attribute instead of the end'],
    ['   ', 1, 'expected the name of an attribute instead of the end'],
    ['userName', 9, 'expected an operator'],
    ['userName eq', 12, 'expected a value instead of the end'],
    ['userName eq (', 13, 'expected a value instead of "("'],
    ['userName is "x"', 10, 'expected an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr)'],
    ['userName "eq" "x"', 10, 'expected an operator'],
    ['"userName" eq "x"', 1, 'expected the name of an attribute'],
    ['userName eq "x" nor title pr', 17, 'expected and, or, or the end instead of "nor"'],
    ['userName eq "x" and', 20, 'expected the name of an attribute'],
    ['userName eq "x', 12, 'a quotation mark has no closing one'],
    ['userName eq "a\\x"', 13, 'a text is not a JSON string'],
    ['userName eq "a\nb"', 13, 'a text is not a JSON string'],
    ['(userName eq "x"', 17, 'expected and, or, or ) instead of the end'],
    ['userName eq "x")', 16, 'expected and, or, or the end instead of ")"'],
    ['emails[type eq "work"', 22, 'expected and, or, or ] instead of the end'],
    ['emails[type eq "work")', 22, 'expected and, or, or ] instead of ")"'],
    ['emails[]', 8, 'expected the name of an attribute instead of "]"'],
    ['emails[ims[value pr]]', 8, 'there is no attribute ims to compare'],
    ['emails[shoe eq "x"]', 8, 'there is no attribute shoe to compare'],
    ['emails[type eq "work"].shoe eq "x"', 23, 'there is no attribute shoe to compare'],
    ['name.givenName[value eq "x"]', 1, 'expected an attribute that is a list or an object'],
    ['shoe eq "x"', 1, 'there is no attribute shoe to compare'],
    ['urn:x:y:2.0:User:shoe eq "x"', 1, 'there is no attribute urn:x:y:2.0:User:shoe to compare'],
    ['title pr and shoe pr', 14, 'there is no attribute shoe to compare'],
    ['not title pr', 5, 'expected an operator'],
    ['name eq "x"', 9, 'name needs one of its sub-attributes'],
    ['addresses eq "x"', 14, 'addresses needs one of its sub-attributes'],
    ['active eq "perhaps"', 11, 'active needs true or false'],
    ['active eq 1', 11, 'active needs true or false'],
    ['active gt true', 11, 'active needs eq, ne or pr'],
    ['active co "r"', 11, 'active needs eq, ne or pr'],
    ['x509Certificates.value gt "AA"', 27, 'x509Certificates.value needs eq, ne or pr'],
    ['meta.created gt "yesterday"', 17, 'meta.created needs a date and time'],
    ['meta.created eq "2026-02-30T00:00:00Z"', 17, 'meta.created needs a date and time'],
    ['meta.created sw "2026"', 17, 'meta.created needs eq, ne, gt, ge, lt, le or pr'],
    ['userName gt null', 13, 'userName needs a value'],
    ['password eq "secret"', 1, 'there is no attribute password to compare'],
    ['password pr', 1, 'there is no attribute password to compare'],
    ['meta.location eq "x"', 1, 'there is no attribute meta.location to compare'],
    ['meta.version pr', 1, 'there is no attribute meta.version to compare'],
    ['groups.$ref pr', 1, 'there is no attribute groups.$ref to compare'],
  ])('%s', (text, at, reason) => {
    const answer = read(text)
    expect(answer).toContain(`scim.invalid_filter: The filter cannot be read at character ${at}: `)
    expect(answer).toContain(reason)
  })

  it('when it is too long, too deep or has too many comparisons', () => {
    const { scimFilterDepth, scimFilterLength, scimFilterTerms } = limits
    const deep = (depth: number) => `${'('.repeat(depth)}title pr${')'.repeat(depth)}`
    expect(read(deep(scimFilterDepth))).toBe('title pr')
    expect(read(deep(scimFilterDepth + 1))).toContain(`more than ${scimFilterDepth} deep`)
    const many = (terms: number) => Array.from({ length: terms }, () => 'title pr').join(' or ')
    expect(read(many(scimFilterTerms))).toContain('title pr or title pr')
    expect(read(many(scimFilterTerms + 1))).toContain(`more than ${scimFilterTerms} comparisons`)
    const long = (length: number) => `title eq "${'x'.repeat(length - 11)}"`
    expect(read(long(scimFilterLength))).toContain('title eq')
    expect(read(long(scimFilterLength + 1))).toContain(`longer than ${scimFilterLength} characters`)
    expect(read(`${'not ('.repeat(21)}title pr${')'.repeat(21)}`)).toContain('deep')
  })

  it('without passing on what could forge a line', () => {
    expect(read('shoe\u202e\u0000 eq "x"')).toContain('\\u{202e}\\u{0}')
    expect(read(`${'s'.repeat(3000)} pr`).length).toBeLessThan(500)
  })
})

describe('the filter of a value path', () => {
  it('knows the parts of the element, and takes others as they come', () => {
    const emails = findAttribute('User', 'emails')?.attribute ?? null
    const one = (text: string, attribute = emails) => {
      const filter = parseElementFilter(text, attribute)
      return filter.ok ? show(filter.value) : filter.failure.code
    }
    expect(one('TYPE eq "Work"')).toBe('type eq "work"')
    expect(one('primary eq "True"')).toBe('primary eq true')
    expect(one('color eq "Red" and seen eq true')).toBe('(color eq "red" and seen eq true)')
    expect(one('display eq true')).toBe('display eq "true"')
    expect(one('value eq "Usr_1"', null)).toBe('value eq "usr_1"')
    const schemas = findAttribute('User', 'schemas')?.attribute ?? null
    expect(one('value eq "urn:X"', schemas)).toBe('value eq "urn:X"')
    expect(one('primary gt true')).toBe('scim.invalid_path')
    expect(one('a.b eq "x"')).toBe('scim.invalid_path')
    expect(one('emails[type eq "x"]')).toBe('scim.invalid_path')
  })
})

describe('whatever is sent', () => {
  const piece = fc.constantFrom(
    'userName',
    'emails',
    'emails.value',
    'active',
    'manager',
    'meta.created',
    `${enterprise}:department`,
    ' eq ',
    ' gt ',
    ' pr',
    ' and ',
    ' or ',
    'not ',
    '(',
    ')',
    '[',
    ']',
    '].value',
    '"a"',
    '"',
    '\\',
    'true',
    '1',
    'null',
    ' ',
    '%',
    "'",
    '\u0000',
  )
  it('is a filter or a failure, never an exception', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(text, fc.constantFrom('User' as const, 'Group' as const), (filter, resource) => {
        const parsed = parseFilter(filter, resource)
        expect(parsed.ok || parsed.failure.code).toBe(parsed.ok ? true : 'scim.invalid_filter')
      }),
      { numRuns: cases(1000) },
    )
  })

  it('any text in quotes is compared as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const parsed = parseFilter(`externalId eq ${JSON.stringify(text)}`, 'User')
        expect(parsed.ok && parsed.value).toMatchObject({ value: text })
      }),
    )
  })
})
