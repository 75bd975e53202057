import { describe, expect, it } from 'vitest'
import '../support/search-keys-hold.ts'
import { changeUser } from '../../../src/directory/index.ts'
import {
  ann,
  annObjectId,
  block,
  bobObjectId,
  broken,
  countOf,
  detailOf,
  dump,
  eventTypes,
  outcomeOf,
  peopleWorld,
  personRow,
  profileOf,
  retire,
  rows,
  statement,
} from './people-world.ts'

const bob = 'bob@contoso.example'

async function lastFacts(): Promise<unknown> {
  const [event] = await rows(
    "select facts from events where actor = 'provisioning' order by rowid desc limit 1",
  )
  return JSON.parse(String(event?.['facts']))
}

describe('a change', () => {
  it('is written in two calls, with a new version, lookup values and the names of what is new', async () => {
    const { counting, by, made, change } = await peopleWorld()
    const id = await made(ann, {
      externalId: annObjectId,
      stated: { displayName: ['Ann Lee'], title: ['Engineer'] },
    })
    counting.restart()
    const later = { ...by, nowMs: by.nowMs + 5 }
    const stated = { displayName: ['Ann Fox'], title: ['Engineer'] }
    const changed = await change(id, statement(ann, { externalId: annObjectId, stated }), later)
    expect(counting.calls).toHaveLength(2)
    expect(changed).toMatchObject({
      ok: true,
      value: { id, version: 2, modifiedAt: later.nowMs, createdAt: by.nowMs },
    })
    expect(await rows('select attribute, value from person_keys')).toEqual([
      { attribute: 'displayname', value: 'ann fox' },
    ])
    expect(await profileOf(id)).toMatchObject({ displayName: 'Ann Fox', title: 'Engineer' })
    expect(await lastFacts()).toEqual({
      credential: 'tok_1',
      sent: ['userName', 'displayName', 'title'],
      changed: ['displayName'],
    })
    expect(await broken()).toEqual([])
  })

  it('to what is so already writes nothing, in one call, whatever the order of names', async () => {
    const { counting, by, made, change } = await peopleWorld()
    const name = { givenName: 'Ann', familyName: 'Lee' }
    const emails = [{ value: ann, type: 'work' }]
    const id = await made(ann, { externalId: annObjectId, view: { name, emails } })
    const before = await dump()
    counting.restart()
    const same = statement(ann, {
      externalId: annObjectId,
      view: {
        emails: [{ type: 'work', value: ann }],
        name: { familyName: 'Lee', givenName: 'Ann' },
      },
    })
    const later = { ...by, nowMs: by.nowMs + 5 }
    expect(await change(id, same, later)).toMatchObject({ ok: true, value: { version: 1 } })
    expect(await change(id, null, later)).toMatchObject({ ok: true, value: { version: 1 } })
    expect(counting.calls).toHaveLength(2)
    expect(counting.rows().written).toBe(0)
    expect(await dump()).toBe(before)
  })

  it('names an attribute that has no flat form as a whole', async () => {
    const { made, change } = await peopleWorld()
    const id = await made(ann, { view: { 'urn:x:User': { a: [{ b: 1 }] } } })
    await change(id, statement(ann, { view: { 'urn:x:User': { a: [{ b: 2 }] } } }))
    expect(await lastFacts()).toMatchObject({ changed: ['urn:x:User'] })
  })

  it('blanks what vanished, though a sign-in states it, and lets the sign-in fill what SCIM never said', async () => {
    const { made, change, signIn } = await peopleWorld()
    const id = await made(ann, { externalId: annObjectId, stated: { 'name.givenName': ['Anna'] } })
    await signIn()
    expect(await profileOf(id)).toMatchObject({ givenName: 'Anna', familyName: 'Example' })
    await change(id, statement(ann, { externalId: annObjectId }))
    expect(await profileOf(id)).toEqual({
      userName: ann,
      email: expect.any(String),
      displayName: expect.any(String),
      familyName: 'Example',
    })
    // The next sign-in does not bring it back.
    await signIn()
    expect(await profileOf(id)).not.toHaveProperty('givenName')
  })

  it('states a blank of what SCIM never said without a new version of what SCIM reads', async () => {
    const { made, change, signIn } = await peopleWorld()
    const id = await made(ann, { externalId: annObjectId })
    await signIn()
    expect(await profileOf(id)).toHaveProperty('familyName')
    const blank = statement(ann, { externalId: annObjectId, stated: { 'name.familyName': [] } })
    expect(await change(id, blank)).toMatchObject({ ok: true, value: { version: 1 } })
    expect(await profileOf(id)).not.toHaveProperty('familyName')
    expect(await eventTypes()).toEqual(['user.created', 'user.updated'])
    const before = await dump()
    await change(id, blank)
    expect(await dump()).toBe(before)
  })

  it('uses the claim names of the connection when it resolves anew', async () => {
    const { made, change, signIn } = await peopleWorld({
      connection: {
        claimNames: { title: ['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname'] },
      },
    })
    const id = await made(ann, { externalId: annObjectId })
    await signIn()
    await change(
      id,
      statement(ann, { externalId: annObjectId, stated: { 'name.givenName': ['A'] } }),
    )
    expect(await profileOf(id)).toMatchObject({ title: 'Example', givenName: 'A' })
  })

  it('of somebody whom SCIM has not written adopts them', async () => {
    const { made, change, signIn } = await peopleWorld()
    await signIn()
    const id = String((await rows('select id from people'))[0]?.['id'])
    const stated = { title: ['Engineer'] }
    const changed = await change(id, statement(ann, { externalId: annObjectId, stated }))
    expect(changed).toMatchObject({
      ok: true,
      value: { id, version: 1, view: { title: 'Engineer' } },
    })
    expect(await eventTypes()).toEqual(['user.adopted'])
    expect(await broken()).toEqual([])
    await expect(made(ann)).rejects.toThrow('directory.provisioned_already')
  })

  it('reads somebody whom SCIM has not written as no more than what Entra matches by', async () => {
    const { db, by, alsoOf, signIn } = await peopleWorld()
    await signIn()
    const id = String((await rows('select id from people'))[0]?.['id'])
    const read = await changeUser(
      db,
      by,
      id,
      (user) => ({ ok: false, failure: { code: 'seen', user } }) as const,
      alsoOf(by),
    )
    expect(read).toEqual({
      ok: false,
      failure: {
        code: 'seen',
        user: {
          id,
          userName: ann,
          externalId: annObjectId,
          active: true,
          view: null,
          version: 0,
          createdAt: by.nowMs,
          modifiedAt: by.nowMs,
          groups: [],
        },
      },
    })
  })

  it('answers with the groups of the connection that the person is in', async () => {
    const { made, change, by } = await peopleWorld()
    const id = await made(ann)
    await rows(
      `insert into groups (id, organization_id, connection_id, display_name, display_name_key, view, folded, created_at, modified_at)
       values ('grp_1', ?, ?, 'Ops', 'ops', '{}', '{}', 1, 1), ('grp_2', ?, 'con_other', 'Elsewhere', 'elsewhere', '{}', '{}', 1, 1) returning id`,
      by.organizationId,
      by.connectionId,
      by.organizationId,
    )
    await rows(
      `insert into group_members (group_id, member_id, organization_id, source, at) values ('grp_1', ?, ?, 'scim', 1), ('grp_2', ?, ?, 'scim', 1) returning group_id`,
      id,
      by.organizationId,
      id,
      by.organizationId,
    )
    const changed = await change(id, statement(ann, { stated: { title: ['Engineer'] } }))
    expect(changed).toMatchObject({
      ok: true,
      value: { groups: [{ id: 'grp_1', displayName: 'Ops' }] },
    })
  })

  it('finds nobody beyond the connection, nobody retired and nobody unknown', async () => {
    const { made, change, by } = await peopleWorld()
    const id = await made(ann)
    const wanted = statement(ann, { stated: { title: ['CEO'] } })
    const strangers = [
      { ...by, connectionId: 'con_0000000000000000000000000b' },
      { ...by, connectionId: null },
      { ...by, organizationId: 'org_00000000000000000000000002' },
    ]
    for (const stranger of strangers) {
      expect(outcomeOf(await change(id, wanted, stranger))).toBe('directory.resource_not_found')
    }
    expect(outcomeOf(await change('usr_nobody', wanted))).toBe('directory.resource_not_found')
    await retire(id)
    expect(outcomeOf(await change(id, wanted))).toBe('directory.resource_not_found')
    expect(await profileOf(id)).not.toHaveProperty('title')
  })

  it('passes on what the request itself refuses, having written nothing', async () => {
    const { made, changeIf } = await peopleWorld()
    const id = await made(ann)
    const before = await dump()
    expect(outcomeOf(await changeIf(7, id, statement(bob)))).toBe('stale')
    expect(await dump()).toBe(before)
  })
})

describe('deactivation', () => {
  it('ends the sessions in the batch that denies, and sign-in until SCIM says otherwise', async () => {
    const { made, change, signIn } = await peopleWorld()
    const id = await made(ann, { externalId: annObjectId })
    await signIn()
    expect(await countOf('sessions')).toBe(1)
    const off = statement(ann, { externalId: annObjectId, active: false })
    expect(await change(id, off)).toMatchObject({ ok: true, value: { active: false, version: 2 } })
    expect([await countOf('sessions'), await signIn()]).toEqual([0, 403])
    expect(await personRow(id)).toMatchObject({ active: 0, denied_by_scim: 1 })
    const on = statement(ann, { externalId: annObjectId })
    expect(await change(id, on)).toMatchObject({ ok: true, value: { active: true, version: 3 } })
    expect(await signIn()).toBe(303)
    expect(await eventTypes()).toEqual(['user.created', 'user.deactivated', 'user.reactivated'])
    expect(await lastFacts()).toMatchObject({ changed: ['active'] })
  })

  it('is told apart from the denials of others, none of which SCIM lifts', async () => {
    const { made, change, signIn } = await peopleWorld()
    const id = await made(ann, { externalId: annObjectId, active: false })
    await block(id)
    const on = statement(ann, { externalId: annObjectId })
    expect(await change(id, on)).toMatchObject({ ok: true, value: { active: true } })
    expect(await personRow(id)).toMatchObject({
      active: 0,
      denied_by_scim: 0,
      denied_by_manual: 1,
    })
    expect(await signIn()).toBe(403)
    await rows('update people set denied_by_manual = 0, denied_by_graph = 1 returning id')
    await change(id, statement(ann, { externalId: annObjectId, stated: { title: ['CEO'] } }))
    expect(await personRow(id)).toMatchObject({ active: 0 })
  })
})

describe('a new userName', () => {
  it('is taken over, in another case too, and gives the old one free', async () => {
    const { made, change, create } = await peopleWorld()
    const id = await made(ann)
    expect(await change(id, statement('ANN@contoso.example'))).toMatchObject({
      ok: true,
      value: { userName: 'ANN@contoso.example', version: 2 },
    })
    await change(id, statement(bob))
    expect(await personRow(id)).toMatchObject({ user_name: bob, user_name_key: bob })
    expect(await profileOf(id)).toMatchObject({ userName: bob })
    expect(outcomeOf(await create(ann))).toBe('created')
  })

  it('is refused where somebody has it, with who that is', async () => {
    const { made, change, signIn } = await peopleWorld()
    const id = await made('cy@contoso.example')
    const bobId = await made(bob)
    const before = await dump()
    const ofProvisioned = await change(id, statement(bob.toUpperCase()))
    expect(outcomeOf(ofProvisioned)).toBe('directory.user_name_taken')
    expect(detailOf(ofProvisioned)).toContain(`${bobId}, who is provisioned already`)
    expect(await dump()).toBe(before)
    await signIn()
    expect(detailOf(await change(id, statement(ann)))).toContain('whom a first sign-in made')
    await rows("update people set connection_id = 'con_x' where user_name = ? returning id", bob)
    expect(detailOf(await change(id, statement(bob)))).toContain('of another connection')
    await retire(bobId)
    expect(outcomeOf(await change(id, statement(bob)))).toBe('done')
  })
})

describe('a new externalId', () => {
  it('that is an object id binds whoever is not bound', async () => {
    const { made, change, signIn } = await peopleWorld()
    const id = await made(ann, { externalId: 'ann' })
    await change(id, statement(ann, { externalId: annObjectId }))
    expect(await rows('select person_id, bound_by from identities')).toEqual([
      { person_id: id, bound_by: 'scim' },
    ])
    expect(await signIn({ nameId: 'renamed@contoso.example' })).toBe(303)
    expect(await broken()).toEqual([])
  })

  it('that is another object id is refused, whoever bound the first one', async () => {
    const { made, change, signIn } = await peopleWorld()
    const id = await made(ann, { externalId: 'ann' })
    await signIn()
    const before = await dump()
    const other = await change(id, statement(ann, { externalId: bobObjectId }))
    expect(outcomeOf(other)).toBe('directory.object_id_fixed')
    expect(detailOf(other)).toContain(`retire user ${id} in Portico`)
    expect(await dump()).toBe(before)
    // The one that is bound may be said, and what is no object id says nothing of who it is.
    expect(outcomeOf(await change(id, statement(ann, { externalId: annObjectId })))).toBe('done')
    expect(outcomeOf(await change(id, statement(ann, { externalId: 'annie' })))).toBe('done')
    expect(outcomeOf(await change(id, statement(ann, { externalId: bobObjectId })))).toBe(
      'directory.object_id_fixed',
    )
    expect(await countOf('identities')).toBe(1)
  })

  it('that is the object id of somebody else is refused', async () => {
    const { made, change } = await peopleWorld()
    const bobId = await made(bob, { externalId: bobObjectId })
    const id = await made(ann, { externalId: 'ann' })
    const taken = await change(id, statement(ann, { externalId: bobObjectId }))
    expect(outcomeOf(taken)).toBe('directory.object_id_taken')
    expect(detailOf(taken)).toContain(bobId)
    await retire(bobId)
    const retired = await change(id, statement(ann, { externalId: bobObjectId }))
    expect(detailOf(retired)).toContain('retired in Portico')
    expect(await rows('select person_id from identities')).toEqual([{ person_id: bobId }])
  })

  it('that another provider states is a text like any other', async () => {
    const { made, change, by } = await peopleWorld()
    const notEntra = { ...by, entraTenantId: null }
    const id = await made(ann, { externalId: annObjectId }, notEntra)
    expect(outcomeOf(await change(id, statement(ann, { externalId: bobObjectId }), notEntra))).toBe(
      'done',
    )
    expect(await countOf('identities')).toBe(0)
  })

  it('that another provider stated binds with the next change under Entra, which leaves it as it is', async () => {
    const { made, change, by, counting, signIn } = await peopleWorld()
    const id = await made(
      'elsewhere@contoso.example',
      { externalId: annObjectId },
      {
        ...by,
        entraTenantId: null,
      },
    )
    const same = statement('elsewhere@contoso.example', { externalId: annObjectId })
    expect(outcomeOf(await change(id, same))).toBe('done')
    expect(await countOf('identities')).toBe(0)
    const titled = { ...same, view: { title: 'CEO' }, stated: new Map([['title', ['CEO']]]) }
    counting.restart()
    expect(outcomeOf(await change(id, titled))).toBe('done')
    expect(counting.calls).toHaveLength(2)
    expect(await rows('select person_id, bound_by from identities')).toEqual([
      { person_id: id, bound_by: 'scim' },
    ])
    expect(await signIn({ nameId: 'renamed@contoso.example' })).toBe(303)
    expect(await countOf('people')).toBe(1)
    expect(await broken()).toEqual([])
  })

  it('that another provider stated and somebody else is bound to by now refuses no change', async () => {
    const { made, change, by } = await peopleWorld()
    const id = await made(ann, { externalId: bobObjectId }, { ...by, entraTenantId: null })
    const bobId = await made(bob, { externalId: bobObjectId })
    const off = statement(ann, { externalId: bobObjectId, active: false })
    expect(outcomeOf(await change(id, off))).toBe('done')
    expect(await personRow(id)).toMatchObject({ active: 0 })
    expect(await rows('select person_id from identities')).toEqual([{ person_id: bobId }])
  })
})
