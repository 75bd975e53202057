import { describe, expect, it } from 'vitest'
import type { SourceView, UserStatement } from '../../src/directory/index.ts'
import { builtInAttributes, defaultMapping, resolve } from '../../src/directory/index.ts'
import { nameTombstones, statedIdentityKey } from '../../src/directory/provision-identity.ts'
import {
  differingAttributes,
  scimSourceView,
  scimViewNames,
} from '../../src/directory/provision-view.ts'
import { limits } from '../../src/kernel/index.ts'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

function says(stated: Readonly<Record<string, readonly string[]>>): UserStatement {
  return {
    userName: 'ann@contoso.example',
    externalId: null,
    active: true,
    view: {},
    folded: {},
    keys: [],
    stated: new Map(Object.entries(stated)),
    sent: [],
  }
}

function view(
  previous: SourceView | null,
  nowMs: number,
  stated: Readonly<Record<string, readonly string[]>>,
): SourceView {
  return scimSourceView(previous, { statement: says(stated), mapping: defaultMapping, nowMs })
}

function profileOf(...views: readonly SourceView[]) {
  return resolve(builtInAttributes, defaultMapping, views).profile
}

describe('the identity that a statement names', () => {
  const entra = { entraTenantId: 'a1a1a1a1-0000-4000-8000-00000000000a' }
  const objectId = '0B1EC700-1111-4111-8111-000000000001'

  it('is an object id of the tenant, in lower case', () => {
    expect(statedIdentityKey(entra, objectId)).toBe(
      `entra:${entra.entraTenantId}:${objectId.toLowerCase()}`,
    )
  })

  it.each([
    ['a mailNickname', 'ann'],
    ['nothing', null],
    ['an empty text', ''],
    ['braces around it', `{${objectId}}`],
    ['more behind it', `${objectId}0`],
    ['a line break behind it', `${objectId}\n`],
    ['no dashes', objectId.replaceAll('-', '')],
    ['letters that only look like it', objectId.replace('0', '\u0660')],
  ])('is none with %s', (_, externalId) => {
    expect(statedIdentityKey(entra, externalId)).toBeNull()
  })

  it('is none from another provider', () => {
    expect(statedIdentityKey({ entraTenantId: null }, objectId)).toBeNull()
  })
})

describe('the key under which a name is remembered', () => {
  it('is one per key of the ring, the newest first, and the same in any case', async () => {
    const keyOf = (kid: string, octet: number) => ({ kid, key: new Uint8Array(32).fill(octet) })
    const ring = [keyOf('new', 1), keyOf('old', 2)] as const
    const keys = await nameTombstones(ring, 'Ann@contoso.example')
    expect(keys.map((key) => key.split(':').slice(0, 2))).toEqual([
      ['name', 'new'],
      ['name', 'old'],
    ])
    expect(keys[0]).not.toContain('ann')
    expect(await nameTombstones(ring, 'ANN@CONTOSO.example')).toEqual(keys)
  })
})

describe('what SCIM says of a person', () => {
  it('is a blank where a name is no longer there, since when that is so', () => {
    const first = view(null, 1, { title: ['Engineer'], nickName: ['A'] })
    const second = view(first, 5, { nickName: ['A'] })
    expect(second.attributes).toEqual({
      userName: { values: ['ann@contoso.example'], changedAt: 1 },
      title: { values: [], changedAt: 5 },
      nickName: { values: ['A'], changedAt: 1 },
    })
    expect(view(second, 9, { nickName: ['A'] }).attributes).toEqual(second.attributes)
  })

  it('says nothing of what it never stated', () => {
    expect(Object.keys(view(null, 1, {}).attributes)).toEqual(['userName'])
  })

  it('keeps at most so many names: mapped ones, then values, then the newest blanks', () => {
    const names = (from: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${from + i}`, ['1']]))
    const first = view(null, 1, { title: ['Engineer'], ...names(0, 150) })
    const second = view(first, 2, names(1000, 100))
    const third = view(second, 3, names(2000, 60))
    const kept = Object.entries(third.attributes)
    expect(kept).toHaveLength(scimViewNames)
    expect(third.attributes['title']).toEqual({ values: [], changedAt: 2 })
    expect(kept.filter(([, { values }]) => values.length > 0)).toHaveLength(61)
    // Blanks of the second statement are newer than those of the first.
    expect(kept.filter(([name]) => name.startsWith('x1')).length).toBeGreaterThanOrEqual(100)
  })

  it('is the same again when too much is said twice', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`x${i}`, ['1']]))
    const first = view(null, 1, many)
    const second = view(first, 2, many)
    expect(second.attributes).toEqual(first.attributes)
    const long = { title: ['t'], big: ['x'.repeat(limits.sourceViewLength)] }
    const cut = view(null, 1, long)
    expect(Object.keys(cut.attributes).sort()).toEqual(['title', 'userName'])
    expect(view(cut, 2, long).attributes).toEqual(cut.attributes)
  })
})

describe('the profile that SCIM makes', () => {
  it('has every built-in attribute under its default name', () => {
    const stated = {
      'emails[type eq "work"].value': ['ann@contoso.example'],
      displayName: ['Ann Lee'],
      'name.givenName': ['Ann'],
      'name.familyName': ['Lee'],
      title: ['Engineer'],
      [`${enterprise}:department`]: ['Sales'],
      [`${enterprise}:organization`]: ['Contoso'],
      [`${enterprise}:employeeNumber`]: ['7'],
      [`${enterprise}:manager`]: ['usr_bob'],
      'addresses[type eq "work"].formatted': ['Room 1'],
      'addresses[type eq "work"].country': ['DE'],
      'phoneNumbers[type eq "work"].value': ['+1'],
      'phoneNumbers[type eq "mobile"].value': ['+2'],
      preferredLanguage: ['de'],
    }
    expect(profileOf(view(null, 1, stated))).toEqual({
      userName: 'ann@contoso.example',
      email: 'ann@contoso.example',
      displayName: 'Ann Lee',
      givenName: 'Ann',
      familyName: 'Lee',
      title: 'Engineer',
      department: 'Sales',
      companyName: 'Contoso',
      employeeNumber: '7',
      manager: 'usr_bob',
      officeLocation: 'Room 1',
      country: 'DE',
      phone: '+1',
      mobile: '+2',
      preferredLanguage: 'de',
    })
  })

  it('takes the email for work, else the primary one, else the only one', () => {
    const all = {
      'emails[type eq "work"].value': ['work@c.example'],
      'emails[primary eq true].value': ['primary@c.example'],
      'emails.value': ['primary@c.example', 'work@c.example'],
    }
    const first = view(null, 1, all)
    expect(profileOf(first)['email']).toBe('work@c.example')
    const { 'emails[type eq "work"].value': _, ...rest } = all
    // The blank of a name that vanished does not hide the next name of the same source.
    const second = view(first, 2, rest)
    expect(profileOf(second)['email']).toBe('primary@c.example')
    const third = view(second, 3, { 'emails.value': ['only@c.example'] })
    expect(profileOf(third)['email']).toBe('only@c.example')
    expect(profileOf(view(third, 4, {}))).not.toHaveProperty('email')
  })

  it('beats a sign-in with a blank', () => {
    const saml: SourceView = {
      source: 'saml',
      at: 9,
      attributes: { title: { values: ['CEO'], changedAt: 9 } },
    }
    expect(profileOf(saml, view(null, 1, {}))['title']).toBe('CEO')
    expect(profileOf(saml, view(null, 1, { title: [] }))).not.toHaveProperty('title')
  })
})

describe('the attributes that differ', () => {
  it.each([
    [{ a: 1 }, { a: 1 }, []],
    [{ a: { x: 1, y: [{ p: 1, q: null }] } }, { a: { y: [{ q: null, p: 1 }], x: 1 } }, []],
    [{ a: [1, 2] }, { a: [2, 1] }, []],
    [{ a: [1, 2] }, { a: [2, 2] }, ['a']],
    [{ a: '1' }, { a: 1 }, ['a']],
    [{ a: 1 }, { b: 1 }, ['a', 'b']],
    [{ a: [] }, {}, ['a']],
    [{ a: { b: {} } }, { a: { b: [] } }, ['a']],
    [{}, { constructor: 1 }, ['constructor']],
    [null, { a: false }, ['a']],
  ])('%j and %j: %j', (before, after, names) => {
    expect(differingAttributes(before, after)).toEqual(names)
  })
})
