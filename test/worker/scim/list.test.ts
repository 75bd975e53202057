import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/kernel/index.ts'
import { getGroup, getUser, readMembers, type UserPage } from '../../../src/scim/list-store.ts'
import { enterprise, fill, filledId, listWorld, scope, startMs, value } from './list-world.ts'

describe('a list of users', () => {
  it('holds what SCIM stated, and of somebody it has not written only what is known', async () => {
    const { addUser, addGroup, users } = await listWorld()
    const view = { displayName: 'Ann', emails: [{ value: 'ann@contoso.example', type: 'work' }] }
    await addUser({ id: 'usr_1', userName: 'Ann', externalId: 'x', view, modifiedAt: startMs + 9 })
    await addUser({ id: 'usr_2', userName: 'Bob', active: false, view: null })
    await addGroup({ id: 'grp_1', displayName: 'Ops', members: ['usr_1', 'usr_2'] })
    await addGroup({ id: 'grp_2', displayName: 'Dev', members: ['usr_1'] })
    expect(value(await users())).toEqual({
      totalResults: 2,
      nextCursor: null,
      users: [
        {
          id: 'usr_1',
          userName: 'Ann',
          externalId: 'x',
          active: true,
          view,
          version: 3,
          createdAt: startMs,
          modifiedAt: startMs + 9,
          groups: [
            { id: 'grp_1', displayName: 'Ops' },
            { id: 'grp_2', displayName: 'Dev' },
          ],
        },
        {
          id: 'usr_2',
          userName: 'Bob',
          externalId: null,
          active: false,
          view: null,
          version: 0,
          createdAt: startMs,
          modifiedAt: startMs,
          groups: [{ id: 'grp_1', displayName: 'Ops' }],
        },
      ],
    })
    const withoutGroups = value(await users({}, false)).users
    expect(withoutGroups.map(({ groups }) => groups)).toEqual([[], []])
  })

  it('never shows retired people, other connections or other organizations, whatever the filter', async () => {
    const world = await listWorld()
    const { addUser, addGroup, users, find, db } = world
    const view = { displayName: 'Same', emails: [{ value: 'same@contoso.example', type: 'work' }] }
    const same = { externalId: 'same', view }
    await addUser({ id: 'usr_mine', ...same })
    await addUser({ id: 'usr_retired', ...same, retiredAt: 1 })
    await addUser({ id: 'usr_other', ...same, connectionId: 'con_2' })
    await addUser({ id: 'usr_none', ...same, connectionId: null })
    await addUser({ id: 'usr_theirs', ...same, organizationId: 'org_2' })
    const members = ['usr_mine', 'usr_other', 'usr_none', 'usr_theirs']
    await addGroup({ id: 'grp_1', displayName: 'Mine', members })
    await addGroup({ id: 'grp_2', displayName: 'Other', members, connectionId: 'con_2' })
    await addGroup({ id: 'grp_3', displayName: 'Theirs', members, organizationId: 'org_2' })
    const filters = [
      'externalId eq "same"',
      'displayName eq "same"',
      'displayName sw "same"',
      'emails.value eq "same@contoso.example"',
      'emails[type eq "work"].value eq "same@contoso.example"',
      'groups.value eq "grp_1"',
      'userName pr',
      'active eq true or active eq false',
      'id sw "usr_"',
    ]
    for (const filter of filters)
      expect([filter, await find(filter)]).toEqual([filter, ['usr_mine']])
    for (const id of ['usr_retired', 'usr_other', 'usr_none', 'usr_theirs', 'usr_nobody']) {
      expect(await find(`id eq "${id}"`)).toEqual([])
      expect(await find(`userName eq "${id}@contoso.example"`)).toEqual([])
      expect(await getUser(db, scope, id)).toBeNull()
    }
    for (const group of ['grp_2', 'grp_3'])
      expect(await find(`groups.value eq "${group}"`)).toEqual([])
    const page = value(await users())
    expect([page.totalResults, page.users.map(({ id }) => id)]).toEqual([1, ['usr_mine']])
    expect(page.users[0]?.groups).toEqual([{ id: 'grp_1', displayName: 'Mine' }])
    expect(await getUser(db, scope, 'usr_mine')).toEqual(page.users[0])
    expect((await getUser(db, { ...scope, connectionId: null }, 'usr_none'))?.groups).toEqual([])
  })

  it('compares letters of every alphabet without case, and externalId with it', async () => {
    const { addUser, find } = await listWorld()
    const view = { displayName: 'ÅSA', emails: [{ value: 'ÅSA@bücher.example', type: 'Work' }] }
    await addUser({ id: 'usr_1', userName: 'Ärger@Bücher.example', externalId: 'Ab', view })
    for (const filter of [
      'userName eq "äRGER@BÜCHER.example"',
      // Composed of a letter and two dots.
      'userName eq "a\u0308rger@bu\u0308cher.example"',
      'userName co "BÜCHER"',
      'displayName eq "åsa"',
      'emails[type eq "WORK"].value eq "åsa@BÜCHER.example"',
      'EMAILS.VALUE ew "@BÜCHER.EXAMPLE"',
      'externalid EQ "Ab"',
    ]) {
      expect([filter, await find(filter)]).toEqual([filter, ['usr_1']])
    }
    expect(await find('externalId eq "ab"')).toEqual([])
  })

  it("takes active for SCIM's own word, whatever other sources deny", async () => {
    const { addUser, find, users } = await listWorld()
    await addUser({ id: 'usr_1' })
    await addUser({ id: 'usr_2', active: false })
    await env.DB.exec("update people set active = 0, denied_by_manual = 1 where id = 'usr_1'")
    expect(await find('active eq "True"')).toEqual(['usr_1'])
    expect(await find('active eq false')).toEqual(['usr_2'])
    expect(value(await users()).users.map(({ active }) => active)).toEqual([true, false])
  })

  it('takes every text for a value, never for a command', async () => {
    const { addUser, find } = await listWorld()
    const names = [
      "O'Hara",
      'a%',
      '_',
      '?',
      '"; drop table people; --',
      '\u0000',
      '\ud800',
      '𝒳',
      '\\',
    ]
    for (const [i, name] of names.entries()) await addUser({ id: `usr_${i}`, userName: name })
    for (const name of ["O'Hara", 'a%', '_', '?', '"; drop table people; --', '𝒳', '\\']) {
      expect(await find(`userName eq ${JSON.stringify(name)}`)).toEqual([
        `usr_${names.indexOf(name)}`,
      ])
      expect(await find(`userName ew ${JSON.stringify(name)}`)).toContain(
        `usr_${names.indexOf(name)}`,
      )
    }
    expect(await find('userName co "%"')).toEqual(['usr_1'])
    for (const operator of ['eq', 'co', 'sw', 'ew', 'gt']) {
      for (const name of ['\u0000', '\ud800', '\ud800\udc00\udc00']) {
        await find(`userName ${operator} ${JSON.stringify(name)}`)
      }
    }
  })

  it('finds by time', async () => {
    const { find } = await listWorld()
    await fill(0, 10)
    const at = (ms: number) => new Date(startMs + ms).toISOString()
    expect(await find(`meta.lastModified gt "${at(7)}"`)).toEqual([filledId(8), filledId(9)])
    expect(await find(`meta.created ge "${at(8)}"`)).toEqual([filledId(8), filledId(9)])
    expect(await find(`meta.created lt "${at(1)}"`)).toEqual([filledId(0)])
    expect(await find(`meta.created le "${at(1)}"`)).toEqual([filledId(0), filledId(1)])
    expect(await find(`meta.created eq "${at(4)}"`)).toEqual([filledId(4)])
  })
})

describe('custom attributes', () => {
  const custom = 'urn:ietf:params:scim:schemas:extension:portico:2.0:User'

  it('are found by their values, single or in a list, before anybody has described them', async () => {
    const { addUser, find } = await listWorld()
    await addUser({ id: 'usr_1', view: { [custom]: { badge: 'B7', ids: [{ value: 'X' }, 'y'] } } })
    for (const filter of [
      `${custom}:badge eq "b7"`,
      `${custom}:ids eq "x"`,
      `${custom}:ids sw "Y"`,
    ]) {
      expect([filter, await find(filter)]).toEqual([filter, ['usr_1']])
    }
    expect(await find(`${custom}:badge ne "b7"`)).toEqual([])
    expect(await find(`${custom}:other pr`)).toEqual([])
  })
})

describe('pages by index', () => {
  it('tell the total on every page and past the end, filtered or not', async () => {
    const { users } = await listWorld()
    await fill(0, 25)
    for (const filter of [null, 'title pr']) {
      const page = value(await users({ filter, startIndex: 21, count: 10 }))
      expect(page.totalResults).toBe(25)
      expect(page.users.map(({ id }) => id)).toEqual([20, 21, 22, 23, 24].map(filledId))
      const past = value(await users({ filter, startIndex: 26, count: 10 }))
      expect([past.totalResults, past.users, past.nextCursor]).toEqual([25, [], null])
      const none = value(await users({ filter, count: 0 }))
      expect([none.totalResults, none.users]).toEqual([25, []])
    }
    expect(value(await users({ filter: 'title eq "t3"', count: 1 })).totalResults).toBe(3)
  })

  it('are empty where there is nobody', async () => {
    const { users, groups } = await listWorld()
    expect(value(await users())).toEqual({ totalResults: 0, users: [], nextCursor: null })
    expect(value(await groups({}, true))).toEqual({
      totalResults: 0,
      groups: [],
      members: new Map(),
      nextCursor: null,
    })
  })

  it('are sorted as asked, without case, who has no value last or, descending, first', async () => {
    const { addUser, users } = await listWorld()
    const named = (displayName: string, email: string, extra = {}) => ({
      displayName,
      emails: [{ value: 'zzz' }, { value: email, primary: true }],
      ...extra,
    })
    await addUser({ id: 'usr_1', userName: 'C', view: named('ärger', 'b') })
    await addUser({ id: 'usr_2', userName: 'a', view: named('Bob', 'c', { title: 'x' }) })
    await addUser({ id: 'usr_3', userName: 'B', view: null })
    await addUser({ id: 'usr_4', userName: 'd', view: named('ann', 'A', { title: 'X' }) })
    const order = async (sortBy: string, sortOrder: 'ascending' | 'descending' = 'ascending') =>
      value(await users({ sortBy, sortOrder })).users.map(({ id }) => Number(id.slice(-1)))
    expect(await order('userName')).toEqual([2, 3, 1, 4])
    expect(await order('USERNAME', 'descending')).toEqual([4, 1, 3, 2])
    expect(await order('displayName')).toEqual([4, 2, 1, 3])
    expect(await order('displayName', 'descending')).toEqual([3, 1, 2, 4])
    expect(await order('emails')).toEqual([4, 1, 2, 3])
    expect(await order('emails.value')).toEqual([4, 1, 2, 3])
    expect(await order('title')).toEqual([2, 4, 1, 3])
    expect(await order('id', 'descending')).toEqual([4, 3, 2, 1])
    expect(await order('meta.lastModified')).toEqual([1, 2, 3, 4])
    expect(await order('active')).toEqual([1, 2, 3, 4])
  })

  it('are refused an order that there is not', async () => {
    const { users } = await listWorld()
    const long = 'x'.repeat(5000)
    for (const sortBy of [
      long,
      'shoe',
      'name',
      'password',
      'groups',
      'meta.location',
      'schemas',
      '"',
    ]) {
      const page = await users({ sortBy })
      expect([sortBy, page.ok ? null : page.failure.code]).toEqual([sortBy, 'scim.invalid_value'])
    }
  })

  it('are refused a filter that cannot be read', async () => {
    const { users } = await listWorld()
    expect(await users({ filter: 'shoe eq "44"' })).toEqual({
      ok: false,
      failure: {
        code: 'scim.invalid_filter',
        detail: 'The filter cannot be read at character 1: there is no attribute shoe to compare.',
      },
    })
  })
})

describe('pages by cursor', () => {
  const orders = [
    [null, 'ascending'],
    ['userName', 'descending'],
    ['title', 'ascending'],
    ['title', 'descending'],
    ['nickName', 'ascending'],
    ['nickName', 'descending'],
    ['meta.created', 'descending'],
    ['id', 'descending'],
  ] as const

  it.each(orders)('show everybody exactly once, sorted by %s %s', async (sortBy, sortOrder) => {
    const { users, addUser } = await listWorld()
    await fill(0, 23)
    await addUser({ id: 'usr_a', view: { nickName: 'x' } })
    await addUser({ id: 'usr_b', view: null })
    const whole = value(await users({ sortBy, sortOrder, count: 100 })).users
    const seen: string[] = []
    let cursor: string | null = ''
    let pages = 0
    while (cursor !== null && pages < 20) {
      const page: UserPage = value(await users({ sortBy, sortOrder, cursor, count: 4 }))
      expect(page.totalResults).toBe(25)
      seen.push(...page.users.map(({ id }) => id))
      cursor = page.nextCursor
      pages++
    }
    expect(seen).toEqual(whole.map(({ id }) => id))
    expect([seen.length, pages]).toEqual([25, 7])
  })

  it('show everybody who was there exactly once while people are added and erased', async () => {
    const { users } = await listWorld()
    await fill(100, 160)
    const seen: string[] = []
    let cursor: string | null = ''
    for (let step = 0; cursor !== null && step < 40; step++) {
      const page: UserPage = value(await users({ cursor, count: 7, filter: 'userName pr' }))
      seen.push(...page.users.map(({ id }) => id))
      cursor = page.nextCursor
      // One before the place that was reached, one after it; and whoever was shown last is erased.
      if (step < 5) await fill(step, step + 1)
      if (step < 5) await fill(500 + step, 501 + step)
      const last = page.users.at(-1)?.id ?? ''
      await env.DB.prepare('delete from people where id = ?').bind(last).run()
    }
    const stayed = Array.from({ length: 60 }, (_, i) => filledId(100 + i))
    expect(seen.filter((id) => stayed.includes(id))).toEqual(stayed)
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('end without a cursor when the last page is exactly full', async () => {
    const { users } = await listWorld()
    await fill(0, 6)
    const first = value(await users({ cursor: '', count: 3 }))
    expect(first.nextCursor).not.toBeNull()
    const second = value(await users({ cursor: first.nextCursor, count: 3 }))
    expect([second.users.length, second.nextCursor]).toEqual([3, null])
  })

  it('are refused a cursor of another question, or one that nobody made', async () => {
    const { users, groups } = await listWorld()
    await fill(0, 6)
    const made = value(await users({ cursor: '', count: 3 })).nextCursor ?? ''
    const encode = (text: string) => btoa(text).replaceAll('=', '')
    const refusals = [
      await users({ cursor: made, filter: 'title pr' }),
      await users({ cursor: made, sortBy: 'title' }),
      await groups({ cursor: made }),
      await users({ cursor: 'x' }),
      await users({ cursor: '%%' }),
      await users({ cursor: encode('[]') }),
      await users({ cursor: encode('{"a":1}') }),
      await users({ cursor: encode('["x",1,null]') }),
      await users({ cursor: encode('["x","usr_1",{}]') }),
      await users({ cursor: encode('\u00ff') }),
    ]
    for (const one of refusals) expect(one.ok || one.failure.code).toBe('scim.invalid_cursor')
  })

  it('go past one whole organization no further than its own people', async () => {
    const { users, addUser } = await listWorld()
    await fill(0, 3)
    await addUser({ id: 'usr_x', organizationId: 'org_2' })
    const made = value(await users({ cursor: '', count: 2 })).nextCursor ?? ''
    const [hash] = JSON.parse(atob(made)) as readonly string[]
    const forged = btoa(JSON.stringify([hash, 'usr_', null])).replaceAll('=', '')
    const page = value(await users({ cursor: forged, count: 9 }))
    expect(page.users.map(({ id }) => id)).toEqual([0, 1, 2].map(filledId))
  })
})

describe('groups', () => {
  it('are listed with or without members, and never with those of other connections', async () => {
    const { addUser, addGroup, groups, counting } = await listWorld()
    await addUser({ id: 'usr_1', userName: 'Ann' })
    await addUser({ id: 'usr_2', userName: 'Bob', connectionId: 'con_2' })
    const view = { [enterprise]: { a: 'b' } }
    await addGroup({
      id: 'grp_1',
      displayName: 'Ops',
      externalId: 'x',
      view,
      members: ['usr_1', 'usr_2'],
    })
    await addGroup({ id: 'grp_2', displayName: 'All', members: ['grp_1', 'usr_gone'] })
    await addGroup({ id: 'grp_3', displayName: 'Other', connectionId: 'con_2', members: ['usr_2'] })
    await addGroup({
      id: 'grp_4',
      displayName: 'Theirs',
      organizationId: 'org_2',
      members: ['usr_1'],
    })
    const page = value(await groups({}, true))
    expect([page.totalResults, page.groups.map(({ id }) => id)]).toEqual([2, ['grp_1', 'grp_2']])
    expect(page.groups[0]).toEqual({
      id: 'grp_1',
      displayName: 'Ops',
      externalId: 'x',
      view,
      memberCount: 2,
      version: 1,
      createdAt: startMs,
      modifiedAt: startMs,
    })
    expect([...page.members]).toEqual([
      ['grp_1', [{ id: 'usr_1', type: 'User', display: 'Ann' }]],
      ['grp_2', [{ id: 'grp_1', type: 'Group', display: 'Ops' }]],
    ])
    counting.restart()
    const sorted = value(await groups({ sortBy: 'displayName', cursor: '', count: 1 }))
    expect([sorted.groups[0]?.id, sorted.members.size]).toEqual(['grp_2', 0])
    expect(counting.calls.flatMap(({ sql }) => sql).join()).not.toContain('group_members')
    const next = value(await groups({ sortBy: 'displayName', cursor: sorted.nextCursor, count: 1 }))
    expect([next.groups[0]?.id, next.nextCursor]).toEqual(['grp_1', null])
  })

  it('refuse to list more members than an answer may hold, and say how to ask', async () => {
    const { addGroup, groups, counting } = await listWorld()
    await fill(0, limits.scimListMembers + 5)
    const ids = Array.from({ length: limits.scimListMembers }, (_, i) => filledId(i))
    await addGroup({ id: 'grp_1', members: ids })
    expect(value(await groups({}, true)).members.get('grp_1')).toHaveLength(ids.length)
    await addGroup({ id: 'grp_2', members: [filledId(1)] })
    counting.restart()
    const page = await groups({}, true)
    expect(page.ok || page.failure.code).toBe('scim.too_many')
    expect(page.ok || page.failure.detail).toContain('excludedAttributes=members')
    expect(value(await groups({ count: 1 }, true)).groups).toHaveLength(1)
    // The members of the group after the page are nobody's business.
    const query = { sortBy: 'displayName', sortOrder: 'descending', count: 1, cursor: '' } as const
    const byCursor = value(await groups(query, true))
    expect([...byCursor.members.keys()]).toEqual(['grp_2'])
    expect(value(await groups({ filter: 'displayName eq "grp_2"' }, true)).members.size).toBe(1)
  })

  it('are read one at a time, their members in chunks', async () => {
    const { addGroup, db, counting } = await listWorld()
    await fill(0, 7)
    await addGroup({ id: 'grp_1', members: [0, 1, 2, 3, 4, 5, 6].map(filledId) })
    await addGroup({ id: 'grp_2', connectionId: 'con_2', members: [filledId(1)] })
    counting.restart()
    expect((await getGroup(db, scope, 'grp_1'))?.members).toEqual([])
    expect(counting.calls.flatMap(({ sql }) => sql).join()).not.toContain('group_members')
    const found = await getGroup(db, scope, 'grp_1', { members: 3 })
    expect(counting.calls).toHaveLength(2)
    expect(found?.group.memberCount).toBe(7)
    expect(found?.members.map(({ id }) => id)).toEqual([0, 1, 2].map(filledId))
    const next = await readMembers(db, scope, 'grp_1', { after: filledId(2), limit: 10 })
    expect(next.map(({ id }) => id)).toEqual([3, 4, 5, 6].map(filledId))
    expect(next[0]).toEqual({ id: filledId(3), type: 'User', display: 'U3@contoso.example' })
    for (const id of ['grp_2', 'grp_none']) {
      expect(await getGroup(db, scope, id, { members: 3 })).toBeNull()
      expect(await readMembers(db, scope, id, { after: '', limit: 9 })).toEqual([])
    }
    expect(await getGroup(db, { ...scope, organizationId: 'org_2' }, 'grp_1')).toBeNull()
  })

  it('before the first connection belong to a credential without one', async () => {
    const { addGroup, addUser, db } = await listWorld()
    await addUser({ id: 'usr_1', connectionId: null })
    await addGroup({ id: 'grp_1', connectionId: '', members: ['usr_1'] })
    const none = { ...scope, connectionId: null }
    expect((await getGroup(db, none, 'grp_1', { members: 5 }))?.members).toHaveLength(1)
    expect((await getUser(db, none, 'usr_1'))?.groups).toHaveLength(1)
    expect(await getGroup(db, scope, 'grp_1')).toBeNull()
  })
})
