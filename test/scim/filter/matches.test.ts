import { describe, expect, it } from 'vitest'
import { matches } from '../../../src/scim/filter/matches.ts'
import { parseElementFilter, parseFilter } from '../../../src/scim/filter/parse-filter.ts'
import { findAttribute } from '../../../src/scim/schema/find-attribute.ts'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const custom = 'urn:ietf:params:scim:schemas:extension:portico:2.0:User'

const own = [
  { key: 'size', label: 'Size', type: 'number', multiValued: false },
  { key: 'since', label: 'Since', type: 'dateTime', multiValued: false },
  { key: 'tags', label: 'Tags', type: 'string', multiValued: true },
] as const

const ann = {
  id: 'usr_1',
  userName: 'Ann@Contoso.example',
  externalId: 'Ab',
  active: true,
  title: 'Ärztin',
  name: { givenName: 'Ann', middleName: '' },
  nickName: '',
  emails: [
    { value: 'ann@contoso.example', type: 'work', primary: true },
    { value: 'ann@home.example', type: 'home' },
  ],
  ims: [],
  phoneNumbers: ['+43 1', '+43 2'],
  meta: { created: '2026-01-31T09:30:00.000Z' },
  [enterprise]: { department: 'Ops', manager: { value: 'usr_2' } },
  [custom]: { size: 44.5, since: '2026-01-31T10:30:00+01:00', tags: ['Red', 'blue'] },
}

/** Whether Ann meets a filter. */
function holds(text: string): boolean {
  const filter = parseFilter(text, 'User', { custom: own })
  if (!filter.ok) throw new Error(filter.failure.detail)
  return matches(filter.value, ann)
}

describe('a resource meets', () => {
  it.each([
    'userName eq "ann@contoso.EXAMPLE"',
    'userName ne "bob"',
    'userName co "CONTOSO"',
    'userName sw "ann"',
    'userName ew ".EXAMPLE"',
    'userName gt "ann"',
    'userName ge "ann@contoso.example"',
    'userName le "ann@contoso.example"',
    'userName lt "b"',
    'title eq "ärztin"',
    'title sw ""',
    'externalId eq "Ab"',
    'active eq true',
    'active ne false',
    'name pr',
    'name.givenName pr',
    'emails pr',
    'emails.primary eq true',
    // The second one does not say: false.
    'emails.primary eq false',
    'emails.value co "home"',
    // One value that differs is enough (RFC 7644 3.4.2.2).
    'emails.type ne "work"',
    'emails[type eq "work" and value co "contoso"]',
    'emails[type eq "home" and not (primary eq true)]',
    'phoneNumbers eq "+43 2"',
    'phoneNumbers[value sw "+43"]',
    // What is absent equals null (RFC 7643 2.5), so it differs from every value.
    'displayName eq null',
    'displayName ne "x"',
    'displayName ne "x" and not (displayName pr)',
    'photos.value ne "x"',
    'photos eq null',
    'title ne null',
    'meta.created eq "2026-01-31T10:30:00+01:00"',
    'meta.created gt "2026-01-31T09:29:59Z"',
    'department eq "ops"',
    `${enterprise}:manager.value eq "usr_2"`,
    'manager[value eq "usr_2"]',
    `${custom}:size gt 44`,
    `${custom}:size ge 44.5`,
    `${custom}:size lt 45`,
    `${custom}:size le 44.5`,
    `${custom}:since eq "2026-01-31T09:30:00Z"`,
    `${custom}:tags eq "red"`,
    'title pr and (nickName pr or active eq true)',
  ])('%s', (text) => {
    expect(holds(text)).toBe(true)
  })

  it.each([
    'userName eq "ann"',
    'userName co "q"',
    'userName sw "contoso"',
    'userName ew "contoso"',
    'userName gt "b"',
    'userName lt "ann@contoso.example"',
    'externalId eq "ab"',
    'active eq "False"',
    'nickName pr',
    'name.middleName pr',
    'ims pr',
    'displayName pr',
    'displayName co ""',
    'displayName gt ""',
    'displayName le "zzz"',
    'emails[type eq "work" and value co "home"]',
    'emails[type eq "other"]',
    'photos[value ne "x"]',
    'title eq null',
    'meta.created gt "2026-01-31T09:30:00Z"',
    `${custom}:size eq 44`,
    `${custom}:tags eq "green"`,
    'title pr and (nickName pr or active eq false)',
    'not (title pr)',
  ])('but not %s', (text) => {
    expect(holds(text)).toBe(false)
  })

  it('nothing by a value of another type, and never throws on strange ones', () => {
    const strange = [
      null,
      undefined,
      1,
      'x',
      [],
      {},
      { userName: 5 },
      { userName: ['x', null, {}] },
    ]
    const filter = parseFilter(
      'userName eq "y" or emails[value eq "y"] or name.givenName gt "y"',
      'User',
    )
    if (!filter.ok) throw new Error(filter.failure.detail)
    expect(strange.map((one) => matches(filter.value, one))).not.toContain(true)
    expect(matches(filter.value, { EMAILS: { VALUE: 'Y' } })).toBe(true)
  })

  it('texts in the order of their code points, as SQLite has it', () => {
    const after = parseFilter('title gt "\uffee"', 'User')
    if (!after.ok) throw new Error(after.failure.detail)
    // Greater by code point, less by UTF-16 unit.
    expect(matches(after.value, { title: '𝒳' })).toBe(true)
    expect(matches(after.value, { title: '\uffee' })).toBe(false)
    expect(matches(after.value, { title: '\uffeea' })).toBe(true)
  })
})

describe('an element of a list', () => {
  it('is chosen by its parts, in any case, and by parts that nobody describes', () => {
    const emails = findAttribute('User', 'emails')?.attribute ?? null
    const chosen = (text: string, elements: readonly unknown[]) => {
      const filter = parseElementFilter(text, emails)
      if (!filter.ok) throw new Error(filter.failure.detail)
      return elements.filter((one) => matches(filter.value, one))
    }
    const work = { type: 'Work', value: 'a', color: 'Red' }
    const home = { type: 'home', value: 'b', primary: true, seen: true }
    expect(chosen('type eq "work"', [work, home])).toEqual([work])
    expect(chosen('type ne "work"', [work, home, {}])).toEqual([home, {}])
    expect(chosen('primary eq "True"', [work, home])).toEqual([home])
    expect(chosen('primary eq false', [work, home])).toEqual([work])
    expect(chosen('COLOR eq "red"', [work, home])).toEqual([work])
    expect(chosen('seen eq true', [work, home])).toEqual([home])
    expect(chosen('value eq "a" or value eq "plain"', [work, home, 'Plain'])).toEqual([
      work,
      'Plain',
    ])
  })
})
