import { describe, expect, it } from 'vitest'
import { parseGroup } from '../../../src/scim/resource/parse-group.ts'
import { groupStatement } from '../../../src/scim/resource/statement.ts'
import { unwrap } from '../patch/patching.ts'

describe('a group as a request states it', () => {
  it('has its name, its members and what nobody knows', () => {
    const body = {
      schemas: ['http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
      id: 'x',
      DisplayName: 'Ops',
      externalId: 'e',
      colour: 'Red',
      Members: [{ value: 'usr_1', $ref: null }, 'usr_2', { value: 'usr_1' }],
      meta: { resourceType: 'Group' },
    }
    const { memberIds, ...group } = unwrap(parseGroup(body))
    expect(memberIds).toEqual(['usr_1', 'usr_2'])
    expect(groupStatement(group)).toEqual({
      displayName: 'Ops',
      externalId: 'e',
      view: { colour: 'Red' },
      folded: { colour: 'red' },
      sent: ['displayName', 'externalId', 'colour', 'members'],
    })
  })

  it('has no enterprise attributes', () => {
    expect(unwrap(parseGroup({ displayName: 'Ops', department: 'X' })).view).toEqual({
      department: 'X',
    })
  })

  it.each([
    ['no mention', {}, null],
    ['null', { members: null }, []],
    ['an empty list', { members: [] }, []],
    ['one alone', { members: { value: 'usr_1' } }, ['usr_1']],
  ])('members: %s', (_name, members, ids) => {
    expect(unwrap(parseGroup({ displayName: 'Ops', ...members })).memberIds).toEqual(ids)
  })

  it.each([
    ['no object', 'x', 'scim.invalid_syntax'],
    ['no displayName', {}, 'scim.invalid_value'],
    ['an empty one', { displayName: '' }, 'scim.invalid_value'],
    ['one that is no text', { displayName: 7 }, 'scim.invalid_value'],
    [
      'a member without an id',
      { displayName: 'Ops', members: [{ display: 'Ann' }] },
      'scim.invalid_value',
    ],
  ])('is refused: %s', (_name, body, code) => {
    expect(parseGroup(body)).toMatchObject({ ok: false, failure: { code } })
  })

  it('is refused in words for an admin', () => {
    expect(parseGroup({ displayName: 7 })).toMatchObject({
      failure: {
        detail:
          'displayName is 7, which is no name. Map displayName to displayName for groups in the provisioning job.',
      },
    })
    expect(parseGroup({ displayName: 'Ops', members: [{ display: 'Ann' }] })).toMatchObject({
      failure: {
        detail:
          'members holds {"display":"Ann"}, which has no value. Send {"value": "<id of the user or group>"}.',
      },
    })
  })
})
