import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/kernel/index.ts'
import { patchUser } from '../../../src/scim/patch/patch-user.ts'
import { enterprise, operationsOf, patched, unwrap, viewAfter } from './patching.ts'

const work = { type: 'work', value: 'ann@example.com' }
const custom = 'urn:ietf:params:scim:schemas:extension:portico:2.0:User'

describe('a PATCH of a user', () => {
  it('is whole or nothing: one operation that fails fails all', () => {
    const failed = patched(
      {},
      { op: 'add', path: 'title', value: 'VP' },
      { op: 'remove', path: 'id' },
    )
    expect(failed).toMatchObject({ ok: false, failure: { code: 'scim.mutability' } })
  })

  it('leaves the user that it starts from as it is', () => {
    const [email, manager] = [Object.freeze({ ...work }), Object.freeze({ value: 'usr_1' })]
    const view = Object.freeze({
      emails: Object.freeze([email]) as unknown as object[],
      [enterprise]: Object.freeze({ department: 'A', manager }),
      'urn:example:hr': Object.freeze({ desk: 1 }),
    })
    const after = viewAfter(
      view,
      { op: 'replace', path: `${enterprise}:department`, value: 'B' },
      { op: 'replace', path: `${enterprise}:manager.value`, value: 'usr_2' },
      { op: 'remove', path: `${enterprise}:department` },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'b@example.com' },
      { op: 'add', path: 'emails', value: [{ value: 'c@example.com' }] },
      { op: 'add', value: { 'urn:example:hr': { floor: 2 } } },
    )
    expect(after).toEqual({
      emails: [{ type: 'work', value: 'b@example.com' }, { value: 'c@example.com' }],
      [enterprise]: { manager: { value: 'usr_2' } },
      'urn:example:hr': { desk: 1, floor: 2 },
    })
  })

  it('sees what the operations before it did', () => {
    const view = viewAfter(
      {},
      { op: 'add', path: 'phoneNumbers[type eq "work"].primary', value: 'True' },
      { op: 'add', path: 'phoneNumbers[type eq "work"].value', value: '+43 1' },
    )
    expect(view).toEqual({ phoneNumbers: [{ type: 'work', primary: true, value: '+43 1' }] })
  })

  it('leaves no element that only says what it would be', () => {
    expect(
      viewAfter({}, { op: 'add', path: 'emails[type eq "work"].primary', value: true }),
    ).toEqual({})
    const cleared = { op: 'replace', path: 'emails[type eq "work"].value', value: '' }
    expect(viewAfter({ emails: [{ ...work, primary: true }] }, cleared)).toEqual({})
  })

  it('reaches somebody whom SCIM has not written', () => {
    const current = { userName: 'ann@contoso.example', externalId: null, active: true, view: null }
    const operations = operationsOf({ op: 'Add', path: 'title', value: 'VP' })
    expect(patchUser(current, operations)).toMatchObject({
      ok: true,
      value: { view: { title: 'VP' }, externalId: null, changed: true },
    })
  })

  it('does not hear what the server decides, when there is no path to it', () => {
    const value = {
      id: 'usr_2',
      meta: {},
      groups: [{ value: 'grp_1' }],
      schemas: [],
      password: 'x',
    }
    const { view, changed, sent } = unwrap(patched({}, { op: 'replace', value }))
    expect({ view, changed, sent }).toEqual({ view: {}, changed: false, sent: [] })
  })

  it.each(['schemas', 'password', `${enterprise}:manager.$ref`])('does not hear %s', (path) => {
    expect(unwrap(patched({}, { op: 'add', path, value: 'x' }))).toMatchObject({
      view: {},
      sent: [],
    })
  })

  it('leaves somebody out who is, though active is removed', () => {
    const current = { userName: 'ann', externalId: null, active: false, view: {} }
    const left = patchUser(current, operationsOf({ op: 'remove', path: 'active' }))
    expect(unwrap(left)).toMatchObject({ active: false, changed: false })
  })

  it.each([
    ['by name', { op: 'replace', path: 'active', value: 'FALSE' }, false],
    ['no value says nothing', { op: 'replace', path: 'active', value: null }, true],
    ['nor does removing it', { op: 'remove', path: 'active' }, true],
  ])('sets active: %s', (_name, operation, active) => {
    expect(unwrap(patched({}, operation)).active).toBe(active)
  })

  it('reads a name with a filter, though without a path, as a path', () => {
    const value = { 'emails[type eq "work"].value': 'b@example.com', title: 'VP' }
    expect(viewAfter({ emails: [work] }, { op: 'replace', value })).toEqual({
      emails: [{ type: 'work', value: 'b@example.com' }],
      title: 'VP',
    })
  })

  it.each([
    ['the values that it lists', [{ value: 'ANN@example.com' }], []],
    ['with their type', [{ ...work, type: 'home' }], [work]],
    ['a text', ['ann@example.com'], []],
    ['none of an empty list', [], [work]],
    ['what has all parts, where there is no value', [{ type: 'work' }], []],
  ])('removes from a list %s', (_name, value, left) => {
    const emails = viewAfter({ emails: [work] }, { op: 'Remove', path: 'emails', value })['emails']
    expect(emails ?? []).toEqual(left)
  })

  it('removes a single value whatever value is sent along', () => {
    expect(viewAfter({ title: 'VP' }, { op: 'Remove', path: 'title', value: 'other' })).toEqual({})
  })

  it.each([null, ''])('removes all values when the value is %j', (value) => {
    expect(viewAfter({ emails: [work] }, { op: 'remove', path: 'emails', value })).toEqual({})
  })

  it('looks at case where the attribute does', () => {
    const photos = [{ value: 'https://x.example/A' }]
    const other = [{ value: 'https://x.example/a' }]
    expect(viewAfter({ photos }, { op: 'Remove', path: 'photos', value: other })).toEqual({
      photos,
    })
    expect(viewAfter({ photos }, { op: 'Add', path: 'photos', value: other })).toEqual({
      photos: [...photos, ...other],
    })
  })

  it('adds nothing to an element by an empty value', () => {
    const operation = { op: 'add', path: 'emails[type eq "work"]', value: '' }
    expect(viewAfter({ emails: [work] }, operation)).toEqual({ emails: [work] })
    expect(viewAfter({ emails: [work] }, { ...operation, op: 'replace' })).toEqual({})
  })

  it('takes the object out of a list of one', () => {
    expect(viewAfter({}, { op: 'replace', value: [{ title: 'VP' }] })).toEqual({ title: 'VP' })
  })

  it('clears an extension by null, and leaves none that is empty', () => {
    const view = { [enterprise]: { department: 'Ops' } }
    expect(viewAfter(view, { op: 'replace', path: enterprise, value: null })).toEqual({})
    expect(viewAfter(view, { op: 'remove', path: `${enterprise}:department` })).toEqual({})
  })

  it.each([
    ['the whole user', { op: 'remove', path: 'urn:ietf:params:scim:schemas:core:2.0:User' }],
    [
      'an element that is half described',
      { op: 'add', path: 'emails[type eq "x" and value eq "y"].display', value: 'Y' },
    ],
    ['an element without a type', { op: 'add', path: 'emails[type eq null].value', value: 'Y' }],
  ])('finds nothing: %s', (_name, operation) => {
    expect(patched({}, operation)).toMatchObject({ ok: false, failure: { code: 'scim.no_target' } })
  })

  it('changes all elements of one type, and what became the same is one', () => {
    const emails = [work, { type: 'work', value: 'b@example.com' }, { value: 'c@example.com' }]
    const operation = {
      op: 'replace',
      path: 'emails[type eq "work"].value',
      value: 'd@example.com',
    }
    expect(viewAfter({ emails }, operation)).toEqual({
      emails: [{ type: 'work', value: 'd@example.com' }, { value: 'c@example.com' }],
    })
  })

  it('changes a part of all elements, and makes one where there is none', () => {
    const operation = { op: 'replace', path: 'emails.value', value: 'd@example.com' }
    expect(viewAfter({ emails: [work] }, operation)).toEqual({
      emails: [{ type: 'work', value: 'd@example.com' }],
    })
    expect(viewAfter({}, operation)).toEqual({ emails: [{ value: 'd@example.com' }] })
  })
})

describe('attributes that no schema describes', () => {
  const other = 'urn:example:hr:2.0:User'
  it.each([
    ['are kept', {}, { op: 'add', path: 'shoeSize', value: 42 }, { shoeSize: 42 }],
    [
      'are one name in any case',
      { shoeSize: 42 },
      { op: 'replace', path: 'SHOESIZE', value: 43 },
      { shoeSize: 43 },
    ],
    ['are cleared by null', { shoeSize: 42 }, { op: 'replace', value: { shoeSize: null } }, {}],
    [
      'grow as lists',
      { tags: ['a'] },
      { op: 'add', path: 'tags', value: ['a', 'b'] },
      { tags: ['a', 'b'] },
    ],
    [
      'lose what a removal lists',
      { tags: [{ value: 'a' }, 'b'] },
      { op: 'remove', path: 'tags', value: ['a'] },
      { tags: ['b'] },
    ],
    ['have parts', {}, { op: 'add', path: 'size.shoe', value: 42 }, { size: { shoe: 42 } }],
    [
      'have elements',
      {},
      { op: 'add', path: 'sizes[type eq "shoe"].value', value: 42 },
      { sizes: [{ type: 'shoe', value: 42 }] },
    ],
    [
      'merge as objects',
      { size: { shoe: 42 } },
      { op: 'add', path: 'size', value: { hat: 58 } },
      { size: { shoe: 42, hat: 58 } },
    ],
    [
      'may stand in an extension of their own',
      {},
      { op: 'replace', value: { [`${other}:team`]: 'Red' } },
      { [other]: { team: 'Red' } },
    ],
    [
      'whose URN is in any case',
      { [other]: { team: 'Red' } },
      { op: 'replace', path: `${other.toUpperCase()}:TEAM`, value: 'Blue' },
      { [other]: { team: 'Blue' } },
    ],
    [
      'may be custom ones, after a colon',
      {},
      { op: 'add', path: `${custom}:floor`, value: '3' },
      { [custom]: { floor: '3' } },
    ],
    [
      'or after a dot',
      {},
      { op: 'add', path: `${custom}.floor`, value: '3' },
      { [custom]: { floor: '3' } },
    ],
  ])('%s', (_name, before, operation, after) => {
    expect(viewAfter(before, operation)).toEqual(after)
  })

  it.each(['__proto__', 'constructor', 'prototype.x'])('never are %s', (path) => {
    const value = JSON.parse(`{"${path}": {"polluted": true}}`)
    expect(unwrap(patched({}, { op: 'add', value }))).toMatchObject({ changed: false })
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it('never are such names behind a path', () => {
    const added = patched({}, { op: 'add', path: '__proto__.polluted', value: true })
    expect(added).toMatchObject({ ok: false, failure: { code: 'scim.invalid_path' } })
    expect(Object.hasOwn({}, 'polluted')).toBe(false)
  })
})

describe('what a PATCH reports', () => {
  it('names what it mentioned, never a value', () => {
    const { sent } = unwrap(
      patched(
        { emails: [work] },
        { op: 'replace', path: 'emails[type eq "work"].value', value: 'x@example.com' },
        { op: 'remove', path: 'emails[value eq "ann@example.com"]' },
        { op: 'add', path: 'roles[primary eq "True"].value', value: 'Admin' },
        { op: 'add', path: `${enterprise}:manager`, value: 'usr_2' },
      ),
    )
    expect(sent).toEqual([
      'emails[type eq "work"].value',
      'emails',
      'roles[primary eq true].value',
      `${enterprise}:manager`,
    ])
  })

  it('names what it cleared, whether it was there or not', () => {
    const { blanks, changed } = unwrap(patched({}, { op: 'replace', path: 'title', value: '' }))
    expect({ blanks, changed }).toEqual({ blanks: ['title'], changed: false })
  })

  it.each([
    { op: 'remove', path: 'emails[value eq "ann@example.com"]' },
    { op: 'remove', path: 'emails', value: ['ann@example.com'] },
  ])('does not call blank all that it removes one of: %j', (operation) => {
    expect(unwrap(patched({}, operation)).blanks).toEqual([])
  })

  it('names no more than an event keeps', () => {
    const value = Object.fromEntries(Array.from({ length: 220 }, (_, i) => [`a${i}`, i]))
    expect(unwrap(patched({}, { op: 'add', value })).sent).toHaveLength(200)
  })

  it('does not call blank what another operation filled', () => {
    const clear = { op: 'remove', path: 'title' }
    const fill = { op: 'add', path: 'title', value: 'VP' }
    expect(unwrap(patched({ title: 'CEO' }, clear, fill)).blanks).toEqual([])
  })
})

describe('what an admin reads of a PATCH that fails', () => {
  it.each([
    [
      { op: 'replace', path: 'active', value: 'maybe' },
      'scim.invalid_value',
      'active is "maybe", and must be true or false. Map it with Switch([IsSoftDeleted], , "False", "True", "True", "False").',
    ],
    [
      { op: 'replace', path: 'userName', value: '' },
      'scim.invalid_value',
      'userName is missing or empty. Map userPrincipalName to userName in the provisioning job.',
    ],
    [
      { op: 'replace', path: 'userName', value: 7 },
      'scim.invalid_value',
      'userName is 7, which is no text. Map userPrincipalName to userName in the provisioning job.',
    ],
    [
      { op: 'remove', path: 'userName' },
      'scim.mutability',
      'userName is required and cannot be removed. Replace it instead.',
    ],
    [
      { op: 'replace', path: 'id', value: 'x' },
      'scim.mutability',
      '"id" is read-only: Portico sets id itself. Remove it from the mapping.',
    ],
    [
      { op: 'add', path: 'title' },
      'scim.invalid_value',
      'Operation 1 has no value for "title". Send one, or use remove to clear it.',
    ],
    [
      { op: 'remove' },
      'scim.no_target',
      'Operation 1 removes without a path. Name what shall be removed.',
    ],
    [
      { op: 'replace', path: 'emails[type ew "k"].value', value: 'x' },
      'scim.no_target',
      'The path "emails[type ew \\"k\\"].value" finds nothing in emails. Add the value first, or correct the filter.',
    ],
  ])('%j', (operation, code, detail) => {
    expect(patched({}, operation)).toEqual({
      ok: false,
      failure: { code, detail: detail.replaceAll('\\"', '"') },
    })
  })
})

describe('limits of a PATCH', () => {
  it('leave out what nobody knows before they refuse', () => {
    const value = { title: 'VP', blob: 'x'.repeat(limits.scimResourceLength) }
    expect(viewAfter({}, { op: 'replace', value })).toEqual({ title: 'VP' })
  })

  it('count custom attributes among what is known', () => {
    const long = 'x'.repeat(limits.scimResourceLength - 2000)
    const value = { [`${custom}:floor`]: '3', [`${custom}:desk`]: long, blob: long }
    const view = viewAfter({}, { op: 'replace', value })
    expect(view).toEqual({ [custom]: { floor: '3', desk: long } })
    expect(viewAfter(view, { op: 'add', path: 'blob', value: 'x'.repeat(3000) })).toEqual(view)
  })

  it('refuse a known value that is too long', () => {
    const photos = [{ value: 'x'.repeat(limits.scimResourceLength) }]
    expect(patched({}, { op: 'add', path: 'photos', value: photos })).toMatchObject({
      ok: false,
      failure: { code: 'scim.body_too_large' },
    })
  })

  it('refuse a user who becomes too long', () => {
    const long = 'x'.repeat(limits.scimResourceLength / 2)
    const photos = [{ value: long }]
    const added = { op: 'add', path: 'photos', value: [{ value: `${long}y` }] }
    expect(patched({ photos }, added)).toMatchObject({
      ok: false,
      failure: { code: 'scim.body_too_large' },
    })
  })

  it('refuse more values to be found by than there may be, but no change of who has them already', () => {
    const emails = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ value: `${i}@example.com` }))
    const all = emails(limits.scimLookupValues)
    expect(viewAfter({}, { op: 'add', path: 'emails', value: all })).toEqual({ emails: all })
    const one = { op: 'add', path: 'emails', value: [{ value: 'one more' }] }
    expect(patched({ emails: all }, one)).toMatchObject({
      ok: false,
      failure: { code: 'scim.too_many', detail: expect.stringContaining('251') },
    })
    const more = emails(limits.scimLookupValues + 9)
    expect(patched({ emails: more }, one).ok).toBe(false)
    const off = { op: 'replace', path: 'active', value: false }
    expect(patched({ emails: more }, off)).toMatchObject({ ok: true, value: { active: false } })
    const fewer = { op: 'remove', path: 'emails[value eq "1@example.com"]' }
    expect(patched({ emails: more }, fewer).ok).toBe(true)
  })

  it('refuse more changes than anybody needs', () => {
    const operation = { op: 'replace', path: 'title', value: 'x' }
    const many = Array(limits.scimAttributeChanges + 1).fill(operation)
    expect(patched({}, ...many)).toMatchObject({ ok: false, failure: { code: 'scim.too_many' } })
  })
})
