import { describe, expect, it } from 'vitest'
import { patchedGroup, unwrap } from './patching.ts'

function stepsOf(...operations: readonly object[]) {
  return unwrap(patchedGroup(...operations)).memberSteps
}

describe('members of a group', () => {
  it.each([
    ['a list', [{ value: 'usr_1', $ref: null }, { value: 'usr_2' }], ['usr_1', 'usr_2']],
    ['one alone', { value: 'usr_1' }, ['usr_1']],
    ['texts', ['usr_1', 'usr_2'], ['usr_1', 'usr_2']],
    ['a text', 'usr_1', ['usr_1']],
    ['names in any case', [{ Value: 'usr_1', Display: 'Ann' }], ['usr_1']],
    ['an address instead of an id', [{ $ref: 'https://x.example/scim/v2/Users/usr_1' }], ['usr_1']],
    ['nulls among them', [null, { value: 'usr_1' }], ['usr_1']],
    ['a group', [{ value: 'grp_1', type: 'Group' }], ['grp_1']],
  ])('are read from %s', (_name, value, ids) => {
    expect(stepsOf({ op: 'Add', path: 'members', value })).toEqual([{ kind: 'add', ids }])
    expect(stepsOf({ op: 'add', value: { members: value } })).toEqual([{ kind: 'add', ids }])
    expect(stepsOf({ op: 'Remove', path: 'members', value })).toEqual([{ kind: 'remove', ids }])
  })

  it.each([
    ['several', 'members[value eq "a" or value eq "b"]', { kind: 'remove', ids: ['a', 'b'] }],
    [
      'several in brackets',
      'members[(value eq "a" or value eq "b") or value eq "a"]',
      { kind: 'remove', ids: ['a', 'b'] },
    ],
    ['in any case of names', 'MEMBERS[VALUE EQ "A"]', { kind: 'remove', ids: ['A'] }],
    ['all groups', 'members[type eq "Group"]', { kind: 'removeType', type: 'Group' }],
    ['all users', 'members[type eq "User"]', { kind: 'removeType', type: 'User' }],
  ])('are removed by a filter: %s', (_name, path, step) => {
    expect(stepsOf({ op: 'remove', path })).toEqual([step])
  })

  it.each([
    ['adding nobody', { op: 'add', path: 'members', value: [] }, []],
    ['removing nobody', { op: 'remove', path: 'members', value: [] }, []],
    [
      'replacing by nobody',
      { op: 'replace', path: 'members', value: [] },
      [{ kind: 'keep', ids: [] }],
    ],
    [
      'replacing by null',
      { op: 'replace', path: 'members', value: null },
      [{ kind: 'keep', ids: [] }],
    ],
    [
      'removing without a value',
      { op: 'remove', path: 'members', value: null },
      [{ kind: 'keep', ids: [] }],
    ],
  ])('%s', (_name, operation, steps) => {
    expect(stepsOf(operation)).toEqual(steps)
  })

  it('are one step where operations of one kind follow each other', () => {
    const removals = Array.from({ length: 10_000 }, (_, i) => ({
      op: 'remove',
      path: `members[value eq "usr_${i}"]`,
    }))
    const [step, ...others] = stepsOf(...removals)
    expect(others).toEqual([])
    expect(step?.kind === 'remove' && step.ids.length).toBe(10_000)
  })

  it('forget what happened before everybody was replaced', () => {
    const add = { op: 'add', path: 'members', value: ['usr_1'] }
    expect(stepsOf(add, { op: 'remove', path: 'members' }, add)).toEqual([
      { kind: 'keep', ids: [] },
      { kind: 'add', ids: ['usr_1'] },
    ])
  })

  it.each([
    [
      'a filter that would need a look',
      { op: 'remove', path: 'members[display co "A"]' },
      'scim.invalid_path',
    ],
    [
      'and',
      { op: 'remove', path: 'members[value eq "a" and type eq "User"]' },
      'scim.invalid_path',
    ],
    [
      'a filter to replace',
      { op: 'replace', path: 'members[value eq "a"]', value: 'b' },
      'scim.invalid_path',
    ],
    [
      'a part',
      { op: 'replace', path: 'members[value eq "a"].display', value: 'b' },
      'scim.mutability',
    ],
    ['the value itself', { op: 'replace', path: 'members.value', value: 'b' }, 'scim.mutability'],
    ['no id', { op: 'add', path: 'members', value: [{ display: 'Ann' }] }, 'scim.invalid_value'],
    ['no value', { op: 'add', path: 'members' }, 'scim.invalid_value'],
    ['no path', { op: 'remove', value: { members: ['a'] } }, 'scim.no_target'],
  ])('are refused: %s', (_name, operation, code) => {
    expect(
      patchedGroup({ op: 'replace', path: 'displayName', value: 'X' }, operation),
    ).toMatchObject({
      ok: false,
      failure: { code },
    })
  })

  it('say which filters there are', () => {
    expect(patchedGroup({ op: 'remove', path: 'members[display eq "A"]' })).toEqual({
      ok: false,
      failure: {
        code: 'scim.invalid_path',
        detail:
          'remove with the path "members[display eq "A"]" is not supported for members. Supported are members[value eq "<id>"], several of them joined by or, members[type eq "User"] and members[type eq "Group"], each with remove.',
      },
    })
  })
})

describe('a PATCH of a group', () => {
  it('changes its attributes beside its members', () => {
    const patched = patchedGroup(
      {
        op: 'Replace',
        value: { displayName: 'Ops2', id: 'grp_9', externalId: 'x', colour: 'red' },
      },
      { op: 'Add', path: 'members', value: ['usr_1'] },
    )
    expect(unwrap(patched)).toEqual({
      next: { displayName: 'Ops2', externalId: 'x', view: { colour: 'red' } },
      memberSteps: [{ kind: 'add', ids: ['usr_1'] }],
      sent: ['displayName', 'externalId', 'colour', 'members'],
      changed: true,
    })
  })

  it('changes nothing without operations', () => {
    expect(unwrap(patchedGroup())).toMatchObject({ memberSteps: [], sent: [], changed: false })
  })

  it.each([
    [{ op: 'remove', path: 'displayName' }, 'scim.mutability'],
    [{ op: 'replace', path: 'displayName', value: ' ' }, 'scim.invalid_value'],
    [{ op: 'replace', path: 'displayName', value: { a: 1 } }, 'scim.invalid_value'],
    [{ op: 'replace', path: 'id', value: 'x' }, 'scim.mutability'],
  ])('is refused: %j', (operation, code) => {
    expect(patchedGroup(operation)).toMatchObject({ ok: false, failure: { code } })
  })
})
