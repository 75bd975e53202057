import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/kernel/index.ts'
import { parseUser } from '../../../src/scim/resource/parse-user.ts'
import { enterprise, type Json, unwrap } from '../patch/patching.ts'

const other = 'urn:ietf:params:scim:schemas:extension:Contoso:2.0:User'
const core = 'urn:ietf:params:scim:schemas:core:2.0:User'

const longRole = JSON.stringify({ value: 'x'.repeat(5000) })

function viewOf(attributes: Json): Json {
  return unwrap(parseUser({ userName: 'ann', ...attributes })).view
}

describe('a user as a request states it', () => {
  it.each([
    [
      'names in any case',
      { DISPLAYNAME: 'Ann', Name: { GIVENNAME: 'A' } },
      { displayName: 'Ann', name: { givenName: 'A' } },
    ],
    [
      'an extension in any case',
      { [enterprise.toLowerCase()]: { DEPARTMENT: 'Ops' } },
      { [enterprise]: { department: 'Ops' } },
    ],
    ['the core schema as an object', { [core]: { title: 'VP' } }, { title: 'VP' }],
    [
      'dotted names',
      { 'name.givenName': 'A', 'name.familyName': 'B' },
      { name: { givenName: 'A', familyName: 'B' } },
    ],
    [
      'a name behind its URN',
      { [`${enterprise}:department`]: 'Ops' },
      { [enterprise]: { department: 'Ops' } },
    ],
    [
      'a name behind its URN and a dot',
      { [`${enterprise}.department`]: 'Ops' },
      { [enterprise]: { department: 'Ops' } },
    ],
    [
      'enterprise attributes at the top',
      { department: 'Ops' },
      { [enterprise]: { department: 'Ops' } },
    ],
    [
      'which give way',
      { [enterprise]: { department: 'Ops' }, department: null },
      { [enterprise]: { department: 'Ops' } },
    ],
    [
      'an extension that nobody knows',
      { [other]: { shoe: 42, hat: null } },
      { [other]: { shoe: 42 } },
    ],
    [
      'a URN that is no schema of a user',
      { 'urn:contoso:hr': { team: 'Red' } },
      { 'urn:contoso:hr': { team: 'Red' } },
    ],
    [
      'a misspelled URN, as one that nobody knows',
      { 'urn:ietf:params:scim:schemas:extension:entreprise:2.0:User': { department: 'Ops' } },
      { 'urn:ietf:params:scim:schemas:extension:entreprise:2.0:User': { department: 'Ops' } },
    ],
    [
      'an attribute that nobody knows',
      { shoe: { size: 42, colour: '' }, 'a b': 1 },
      { shoe: { size: 42 }, 'a b': 1 },
    ],
    [
      'an extension that is no object is left out',
      { [enterprise]: 'x', [other]: 1, title: 'VP' },
      { title: 'VP' },
    ],
    [
      'blanks are left out',
      { title: '', nickName: null, emails: [], roles: [null, ''], name: { givenName: '' } },
      {},
    ],
    [
      'what the server sets is left out',
      { id: 'x', meta: {}, groups: [{ value: 'g' }], schemas: [core], password: 'p' },
      {},
    ],
    [
      'numbers and booleans for texts',
      { title: 7, nickName: true },
      { title: '7', nickName: 'true' },
    ],
    ['a list for a single value', { title: ['', 'VP'] }, { title: 'VP' }],
    ['an object with a value for a text', { title: { value: 'VP' } }, { title: 'VP' }],
    ['what cannot be read stays as it is', { title: { a: 1 } }, { title: { a: 1 } }],
    ['a text for a name', { name: 'Ann A' }, { name: { formatted: 'Ann A' } }],
    ['a part of a text is nothing', { 'title.value': 'x' }, {}],
  ])('%s', (_name, attributes, view) => {
    expect(viewOf(attributes)).toEqual(view)
  })

  it.each([
    ['a text', 'usr_1', 'usr_1'],
    ['an object', { value: 'usr_1', $ref: '../Users/usr_1', displayName: 'B' }, 'usr_1'],
    ['a list', [{ value: 'usr_1' }], 'usr_1'],
    ['a number', 7, '7'],
    ['null', null, undefined],
    ['an empty text', '', undefined],
    ['an empty object', {}, undefined],
    ['an object without a value', { value: null }, undefined],
  ])('a manager: %s', (_name, manager, id) => {
    const view = id === undefined ? {} : { [enterprise]: { manager: { value: id } } }
    expect(viewOf({ [enterprise]: { manager } })).toEqual(view)
  })

  it.each([
    ['without a type', [{ value: 'a@b' }], [{ value: 'a@b' }]],
    ['texts', ['a@b', 'c@d'], [{ value: 'a@b' }, { value: 'c@d' }]],
    ['a text', 'a@b', [{ value: 'a@b' }]],
    ['one alone', { value: 'a@b' }, [{ value: 'a@b' }]],
    [
      'one type twice',
      [
        { type: 'work', value: 'a@b' },
        { type: 'work', value: 'c@d' },
      ],
      [
        { type: 'work', value: 'a@b' },
        { type: 'work', value: 'c@d' },
      ],
    ],
    [
      'the same twice',
      [
        { type: 'work', value: 'a@b' },
        { type: 'work', value: 'A@B', display: 'x' },
      ],
      [{ type: 'work', value: 'A@B', display: 'x' }],
    ],
    [
      'two primary',
      [
        { value: 'a@b', primary: 'True' },
        { value: 'c@d', primary: true },
      ],
      [
        { value: 'a@b', primary: true },
        { value: 'c@d', primary: false },
      ],
    ],
    ['without a value', [{ type: 'work', primary: true }, { value: 'a@b' }], [{ value: 'a@b' }]],
    [
      'names that nobody knows',
      [{ value: 'a@b', verified: true }],
      [{ value: 'a@b', verified: true }],
    ],
  ])('emails: %s', (_name, emails, list) => {
    expect(viewOf({ emails })['emails']).toEqual(list)
  })

  it.each([
    [
      'a role as JSON',
      [{ value: '{"id":"1","value":"Admin","displayName":"Adm"}' }],
      [{ id: '1', display: 'Adm', primary: false, value: 'Admin' }],
    ],
    [
      'primary as it says',
      [{ value: '{"value":"Admin","primary":true}' }],
      [{ primary: true, value: 'Admin' }],
    ],
    [
      'what stands beside it wins',
      [{ value: '{"value":"Admin"}', primary: 'True', type: 'x' }],
      [{ primary: true, type: 'x', value: 'Admin' }],
    ],
    [
      'as a bare text',
      ['{"value":"Admin","type":"t"}'],
      [{ type: 't', primary: false, value: 'Admin' }],
    ],
    ['only an id', ['{"id":"1"}'], [{ id: '1', primary: false, value: '1' }]],
    ['a long text', [longRole], [{ value: longRole }]],
    ['no JSON', ['{Admin'], [{ value: '{Admin' }]],
    ['JSON that names no role', ['{"a":1}'], [{ value: '{"a":1}' }]],
  ])('roles: %s', (_name, roles, list) => {
    expect(viewOf({ roles })['roles']).toEqual(list)
  })

  it.each([
    ['true', true],
    ['False', false],
    [[false], false],
    [null, undefined],
    ['', undefined],
    [undefined, undefined],
  ])('active %j', (active, read) => {
    expect(unwrap(parseUser({ userName: 'ann', active })).active).toBe(read)
  })

  it('has externalId and userName as they were sent, without space around the name', () => {
    const body = { USERNAME: ' Ann@Contoso.example ', externalID: 7 }
    expect(unwrap(parseUser(body))).toMatchObject({
      userName: 'Ann@Contoso.example',
      externalId: '7',
      sent: ['userName', 'externalId'],
    })
    expect(unwrap(parseUser({ userName: 'ann', externalId: '' })).externalId).toBe(null)
  })

  it('may have its values wrapped', () => {
    const wrap = (value: unknown) => [{ $ref: null, value }]
    const body = { userName: wrap('ann'), active: wrap('False'), title: wrap('VP') }
    expect(unwrap(parseUser(body))).toMatchObject({
      userName: 'ann',
      active: false,
      view: { title: 'VP' },
    })
  })

  it('names what it cleared', () => {
    const body = {
      userName: 'ann',
      title: '',
      name: null,
      roles: [],
      [enterprise]: { manager: null },
    }
    expect(unwrap(parseUser(body)).blanks).toEqual([
      'title',
      'name.formatted',
      'name.familyName',
      'name.givenName',
      'name.middleName',
      'name.honorificPrefix',
      'name.honorificSuffix',
      'roles.value',
      'roles[primary eq true].value',
      'roles.display',
      'roles[primary eq true].display',
      `${enterprise}:manager`,
    ])
  })
})

describe('a user who is refused', () => {
  it.each([
    ['no object', [], 'scim.invalid_syntax'],
    ['null', null, 'scim.invalid_syntax'],
    ['no userName', {}, 'scim.invalid_value'],
    ['an empty one', { userName: ' ' }, 'scim.invalid_value'],
    ['one that is null', { userName: null }, 'scim.invalid_value'],
    ['one that is no text', { userName: 7 }, 'scim.invalid_value'],
    ['an object as one', { userName: { name: 'ann' } }, 'scim.invalid_value'],
    ['active that is neither', { userName: 'ann', active: 'yes' }, 'scim.invalid_value'],
    [
      'a long photo',
      { userName: 'ann', photos: ['x'.repeat(limits.scimResourceLength)] },
      'scim.body_too_large',
    ],
    [
      'more emails than a user is found by',
      {
        userName: 'ann',
        emails: Array.from({ length: limits.scimLookupValues + 1 }, (_, i) => ({ value: `${i}` })),
      },
      'scim.too_many',
    ],
  ])('%s', (_name, body, code) => {
    expect(parseUser(body)).toMatchObject({ ok: false, failure: { code } })
  })

  it('is so in words for an admin', () => {
    expect(parseUser({ userName: ['', 7] })).toMatchObject({
      failure: {
        detail:
          'userName is 7, which is no text. Map userPrincipalName to userName in the provisioning job.',
      },
    })
  })
})

describe('the limits of a user', () => {
  it('leave out what nobody knows', () => {
    const many = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`a${i}`, i]))
    expect(viewOf({ ...many, title: 'VP' })).toEqual({ title: 'VP' })
    expect(
      viewOf({ blob: 'x'.repeat(70_000), [other]: { blob: 'x'.repeat(70_000) }, title: 'VP' }),
    ).toEqual({ title: 'VP' })
  })
})
