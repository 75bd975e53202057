import { describe, expect, it } from 'vitest'
import { parseUser } from '../../../src/scim/resource/parse-user.ts'
import { namesGone } from '../../../src/scim/resource/stated-blanks.ts'
import { userStatement } from '../../../src/scim/resource/statement.ts'
import { enterprise, patched, unwrap } from '../patch/patching.ts'

const other = 'urn:ietf:params:scim:schemas:extension:Contoso:2.0:User'

const statement = userStatement(
  unwrap(
    parseUser({
      userName: 'Ann@Contoso.example',
      externalId: 'Ann',
      title: '',
      displayName: 'ÄNN',
      name: { givenName: 'Ann' },
      emails: [
        { type: 'Work', value: 'Ann@example.com', primary: true },
        { value: 'b@example.com', display: 'B' },
      ],
      addresses: [{ type: 'work', locality: 'Wien' }],
      tags: ['a', 'b'],
      size: { shoe: 42 },
      [enterprise]: { department: 'Ops', manager: 'usr_2' },
      [other]: { ids: [{ value: '1' }, { value: '2' }], remote: true },
    }),
  ),
)

describe('what the directory stores of a user', () => {
  it('states values by name, and blanks as empty lists', () => {
    expect(Object.fromEntries(statement.stated)).toEqual({
      title: [],
      userName: ['Ann@Contoso.example'],
      externalId: ['Ann'],
      displayName: ['ÄNN'],
      'name.givenName': ['Ann'],
      'emails.value': ['Ann@example.com', 'b@example.com'],
      'emails[type eq "work"].value': ['Ann@example.com'],
      'emails[primary eq true].value': ['Ann@example.com'],
      'emails.display': ['B'],
      'addresses.locality': ['Wien'],
      'addresses[type eq "work"].locality': ['Wien'],
      tags: ['a', 'b'],
      'size.shoe': ['42'],
      [`${enterprise}:department`]: ['Ops'],
      [`${enterprise}:manager`]: ['usr_2'],
      [`${other}:ids`]: ['1', '2'],
      [`${other}:ids.value`]: ['1', '2'],
      [`${other}:remote`]: ['true'],
    })
  })

  it('folds every text and no name', () => {
    expect(statement.folded).toMatchObject({
      displayName: 'änn',
      emails: [{ type: 'work', value: 'ann@example.com', primary: true }, {}],
      [enterprise]: { department: 'ops' },
      [other]: { remote: true },
    })
  })

  it('has the keys by which it is found', () => {
    expect(statement.keys).toContainEqual({
      attribute: 'emails[work].value',
      value: 'ann@example.com',
    })
    expect(statement.keys).toContainEqual({ attribute: 'displayname', value: 'änn' })
  })

  it('is active unless it says otherwise', () => {
    expect(statement.active).toBe(true)
    expect(userStatement(unwrap(parseUser({ userName: 'a', active: false }))).active).toBe(false)
  })

  it('takes a patched user', () => {
    const after = unwrap(patched({ title: 'VP' }, { op: 'remove', path: 'title' }))
    expect(userStatement(after)).toMatchObject({ view: {}, sent: ['title'] })
    expect(userStatement(after).stated.get('title')).toEqual([])
  })
})

describe('names that are gone', () => {
  it('are those that stood before and do not any more', () => {
    const before = { title: 'VP', emails: [{ type: 'work', value: 'a@b' }] }
    expect(namesGone(before, { emails: [{ value: 'a@b' }] })).toEqual([
      'title',
      'emails[type eq "work"].value',
    ])
  })
})
