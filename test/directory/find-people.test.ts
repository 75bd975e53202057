import { describe, expect, it } from 'vitest'
import { choosePeople, type FoundRow, rowsPerArm } from '../../src/directory/index.ts'

function row(id: string, key: string, more: Partial<FoundRow> = {}): FoundRow {
  return {
    id,
    key,
    externalId: null,
    active: 1,
    blocked: 0,
    retiredAt: null,
    createdBy: 'scim',
    connectionId: 'con_x',
    keys: [`${id}@x.example`, 'ann', 'example', ''],
    ...more,
  }
}

const all = { filter: {}, prefix: null, exact: '', limit: 10 }

function choose(
  rows: readonly FoundRow[],
  asked: Partial<Parameters<typeof choosePeople>[1]> = {},
) {
  return choosePeople([{ rows, isFull: false }], { ...all, ...asked }).ids
}

describe('the page of a list of people', () => {
  const people = [
    row('usr_a', ''),
    row('usr_b', '', { active: 0, connectionId: null }),
    row('usr_c', '', { active: 0, blocked: 1, createdBy: 'saml' }),
    row('usr_d', '', { active: 0, retiredAt: 5 }),
  ]

  it.each([
    [{}, ['usr_a', 'usr_b', 'usr_c', 'usr_d']],
    [{ status: 'active' }, ['usr_a']],
    [{ status: 'inactive' }, ['usr_b', 'usr_c']],
    [{ status: 'blocked' }, ['usr_c']],
    [{ status: 'retired' }, ['usr_d']],
    [{ source: 'saml' }, ['usr_c']],
    [{ source: 'scim', status: 'inactive' }, ['usr_b']],
    [{ connectionId: 'con_x' }, ['usr_a', 'usr_c', 'usr_d']],
    [{ connectionId: 'con_x', status: 'retired', source: 'graph' }, []],
  ] as const)('of %j has %j', (filter, ids) => {
    expect(choose(people, { filter })).toEqual(ids)
  })
})

describe('the page of a search', () => {
  const keys = ['ann@x.example', 'ann example', 'annson', '']

  it('has somebody once, where the first of their names stands', () => {
    const asked = { prefix: 'ann', exact: 'ann' }
    const rows = ['ann example', 'ann@x.example', 'annson'].map((key) =>
      row('usr_a', key, { keys }),
    )
    expect(choose(rows, asked)).toEqual(['usr_a'])
    // On a later page than that name's, nothing is left to show.
    expect(choose(rows.slice(1), asked)).toEqual([])
  })

  it('has whoever is called exactly so before all others, and not again', () => {
    const asked = { prefix: 'ann', exact: 'ann' }
    const exact = row('usr_z', '', { externalId: 'ann', keys })
    const again = row('usr_z', 'ann example', { externalId: 'ann', keys })
    const other = row('usr_a', 'ann example', { keys })
    expect(choose([exact, other, again], asked)).toEqual(['usr_z', 'usr_a'])
    expect(choose([other, again], asked)).toEqual(['usr_a'])
  })

  it('reads no more than it shows where every row counts, and a bounded number else', () => {
    expect(rowsPerArm(1, { filter: {}, limit: 50 })).toBe(51)
    expect(rowsPerArm(1, { filter: { status: 'active' }, limit: 50 })).toBe(1000)
    expect(rowsPerArm(5, { filter: {}, limit: 50 })).toBe(200)
    expect(rowsPerArm(5, { filter: {}, limit: 200 })).toBe(201)
  })
})
