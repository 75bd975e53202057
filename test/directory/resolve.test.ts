import { describe, expect, it } from 'vitest'
import {
  builtInAttributes,
  defaultMapping,
  defineAttribute,
  effectiveMapping,
  groupsClaim,
  mergeView,
  nameIdClaim,
  resolve,
  rolesClaim,
  type SourceView,
} from '../../src/directory/index.ts'

const soap = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/'

function view(
  source: SourceView['source'],
  at: number,
  values: Record<string, string[]>,
): SourceView {
  return mergeView(null, { source, at, stated: new Map(Object.entries(values)) })
}

function profileOf(...views: SourceView[]) {
  return resolve(builtInAttributes, defaultMapping, views)
}

describe('resolve', () => {
  it('reads Entra’s claim URIs and says which claim, from whom and since when', () => {
    const { profile, provenance } = profileOf(
      view('saml', 5, {
        [`${soap}name`]: ['ann@contoso.com'],
        [`${soap}givenname`]: ['Ann'],
        [`${soap}surname`]: ['Lee'],
        [`${soap}emailaddress`]: ['ann.lee@contoso.com'],
      }),
    )
    expect(profile).toEqual({
      userName: 'ann@contoso.com',
      email: 'ann.lee@contoso.com',
      givenName: 'Ann',
      familyName: 'Lee',
      displayName: 'Ann Lee',
    })
    expect(provenance['email']).toEqual({ source: 'saml', at: 5, rule: `${soap}emailaddress` })
  })

  it('reads plain names, in any case', () => {
    const { profile } = profileOf(
      view('saml', 5, {
        First_Name: ['Ann'],
        last_name: ['Lee'],
        EMAIL: ['a@b.c'],
        jobtitle: ['Engineer'],
      }),
    )
    expect(profile).toMatchObject({
      givenName: 'Ann',
      familyName: 'Lee',
      email: 'a@b.c',
      title: 'Engineer',
    })
  })

  it('prefers the names an admin mapped', () => {
    const claimNames = { department: ['costCenter'] }
    const mapping = effectiveMapping({ version: 1, custom: [], changes: {}, claimNames })
    const views = [view('saml', 5, { department: ['Sales'], costCenter: ['CC-7'] })]
    expect(resolve(builtInAttributes, mapping, views).profile).toMatchObject({ department: 'CC-7' })
    expect(resolve(builtInAttributes, defaultMapping, views).profile).toMatchObject({
      department: 'Sales',
    })
  })

  it('lets a manual statement win over a sign-in, however old it is', () => {
    const { profile, provenance } = profileOf(
      view('saml', 9, { title: ['CEO'] }),
      view('manual', 1, { title: ['Engineer'] }),
    )
    expect(profile['title']).toBe('Engineer')
    expect(provenance['title']?.source).toBe('manual')
  })

  it('lets a manual blank clear the value, since the higher tier did state it', () => {
    expect(
      profileOf(view('saml', 9, { title: ['CEO'] }), view('manual', 1, { title: [''] })).profile,
    ).not.toHaveProperty('title')
  })

  it('leaves a value out that is ambiguous or of the wrong type, and never fails', () => {
    const definitions = [
      defineAttribute({ key: 'title', label: 'Title', type: 'string' }),
      defineAttribute({ key: 'department', label: 'Level', type: 'number' }),
      defineAttribute({ key: 'country', label: 'Since', type: 'dateTime' }),
      defineAttribute({ key: 'mobile', label: 'Badge', type: 'boolean' }),
    ]
    const wrong = view('saml', 1, {
      title: ['a', 'b'],
      department: ['seven'],
      country: ['yesterday'],
      mobile: ['maybe'],
    })
    expect(resolve(definitions, defaultMapping, [wrong]).profile).toEqual({})
    const right = view('saml', 1, {
      title: ['a'],
      department: ['7'],
      country: ['2026-01-02T03:04:05Z'],
      mobile: ['True'],
    })
    expect(resolve(definitions, defaultMapping, [right]).profile).toEqual({
      title: 'a',
      department: 7,
      country: '2026-01-02T03:04:05Z',
      mobile: true,
    })
  })

  it('is not fooled by claims that are called like object members', () => {
    const { profile } = profileOf(
      view('saml', 1, { __proto__x: ['x'], constructor: ['x'], title: ['Engineer'] }),
    )
    expect(profile['title']).toBe('Engineer')
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
  })

  it('falls back to NameID for the user name, never for the email of an Entra sign-in', () => {
    const { profile } = profileOf(view('saml', 1, { [nameIdClaim]: ['ann@contoso.com'] }))
    expect(profile).toEqual({ userName: 'ann@contoso.com' })
  })
})

describe('mergeView', () => {
  const first = view('saml', 1, {
    title: ['Engineer'],
    [groupsClaim]: ['g1'],
    [rolesClaim]: ['Admin'],
  })
  const lists = { replaced: [groupsClaim, rolesClaim] }

  it('keeps the time of a value that did not change', () => {
    const next = mergeView(first, {
      source: 'saml',
      at: 9,
      stated: new Map([['title', ['Engineer']]]),
    })
    expect(next.attributes['title']?.changedAt).toBe(1)
    expect(
      mergeView(first, { source: 'saml', at: 9, stated: new Map([['title', ['Lead']]]) })
        .attributes['title'],
    ).toEqual({ values: ['Lead'], changedAt: 9 })
  })

  it('keeps what a sign-in does not mention, and replaces its lists', () => {
    const next = mergeView(first, { source: 'saml', at: 9, stated: new Map() }, lists)
    expect(Object.keys(next.attributes)).toEqual(['title'])
  })

  it('keeps the groups when they are unknown', () => {
    const next = mergeView(
      first,
      { source: 'saml', at: 9, stated: new Map() },
      { replaced: [rolesClaim] },
    )
    expect(next.attributes[groupsClaim]?.values).toEqual(['g1'])
  })
})
