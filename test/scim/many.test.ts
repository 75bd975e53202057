import { describe, expect, it } from 'vitest'
import { planMembers } from '../../src/directory/groups-plan.ts'
import { limits } from '../../src/kernel/index.ts'
import { findRoute } from '../../src/scim/dispatch.ts'
import { readOperations } from '../../src/scim/patch/operations.ts'
import { patchGroup } from '../../src/scim/patch/patch-group.ts'
import { patchUser } from '../../src/scim/patch/patch-user.ts'
import { readProjection } from '../../src/scim/projection.ts'
import { parseUser } from '../../src/scim/resource/parse-user.ts'

/**
 * Requests that are as large as they may be, each of which once took seconds to minutes, since something grew
 * with the square of it. What is left takes about a second at most; the bound is generous, for busy machines.
 */
const boundMs = 5000

function expectQuick(work: () => unknown): void {
  const start = performance.now()
  work()
  expect(performance.now() - start).toBeLessThan(boundMs)
}

function operationsOf(list: readonly object[]) {
  const operations = readOperations({ Operations: list })
  if (!operations.ok) throw new Error(operations.failure.detail)
  return operations.value
}

const list = <T>(length: number, item: (i: number) => T) =>
  Array.from({ length }, (_, i) => item(i))
const user = { userName: 'ann@contoso.example', externalId: null, active: true, view: {} }

describe('a request with many', () => {
  it('slashes in its path, which no token is needed for, is read at once', () => {
    expectQuick(() => expect(findRoute(`/a${'/'.repeat(32_000)}b`)).toBe(null))
    expect(findRoute('//Users//')?.resource).toBe('users')
    expect(findRoute('///')?.resource).toBe('')
  })

  it('values to remove from as many is applied at once', () => {
    const emails = list(3500, (i) => ({ value: `a${i}` }))
    const value = list(7000, (i) => `b${i}`)
    expectQuick(() => {
      const patched = patchUser(
        { ...user, view: { emails } },
        operationsOf([{ op: 'remove', path: 'emails', value }]),
      )
      expect(patched).toMatchObject({ ok: true, value: { changed: false } })
    })
  })

  it('filtered names is read at once', () => {
    const value = Object.fromEntries(list(40_000, (i) => [`x[a eq 1].c${i}`, 1]))
    expectQuick(() => patchUser(user, operationsOf([{ op: 'replace', value }])))
  })

  it('colons in the name of an attribute is read at once', () => {
    const name = `urn:${':1.0:User:'.repeat(100_000)}\n`
    expectQuick(() => expect(parseUser({ ...user, [name]: 1 }).ok).toBe(true))
  })

  it('changes of members by type is planned at once', () => {
    const groups = list(100_000, (i) => `grp_${i}`)
    const removal = { op: 'remove', path: 'members[type eq "User"]' }
    const operations = operationsOf([
      { op: 'add', path: 'members', value: groups },
      ...list(limits.scimPatchOperations - 1, () => removal),
    ])
    const patched = patchGroup({ displayName: 'All', externalId: null, view: {} }, operations)
    if (!patched.ok) throw new Error(patched.failure.detail)
    expectQuick(() => {
      const plan = planMembers('grp_all', patched.value.memberSteps)
      expect(plan.adds.Group).toHaveLength(100_000)
    })
  })

  it('names of attributes to answer with is refused: every resource is held against each', () => {
    const names = list(limits.scimProjectedNames + 1, (i) => `x${i}`)
    expect(readProjection(names, [])).toMatchObject({ failure: { code: 'scim.too_many' } })
    expect(readProjection([], names)).toMatchObject({ failure: { code: 'scim.too_many' } })
    expect(readProjection(names.slice(1), []).ok).toBe(true)
    expect(
      readProjection(
        names.map(() => 'userName'),
        [],
      ).ok,
    ).toBe(true)
  })
})
