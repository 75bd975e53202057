import { describe, expect, it } from 'vitest'
import { err, ok } from '../../../src/kernel/index.ts'
import { context } from '../support/door-world.ts'
import {
  ann,
  annObjectId,
  block,
  bobObjectId,
  broken,
  countOf,
  dump,
  eventTypes,
  outcomeOf,
  peopleWorld,
  personRow,
  retire,
  rows,
  statement,
} from './people-world.ts'

const annIdentity = `entra:${context.tenantId}:${annObjectId}`

describe('erasing', () => {
  it('leaves nothing personal and a tombstone of the identity, in two calls', async () => {
    const { counting, by, made, erase, signIn } = await peopleWorld()
    const id = await made(
      ann,
      { externalId: annObjectId, stated: { displayName: ['Ann Lee'] } },
      { ...by, keepsValues: true },
    )
    await signIn()
    counting.restart()
    expect(outcomeOf(await erase(id, { ...by, keepsValues: true }))).toBe('done')
    expect(counting.calls).toHaveLength(2)
    const tables = ['people', 'identities', 'source_views', 'scim_users', 'person_keys', 'sessions']
    for (const table of [...tables, 'event_details']) {
      expect([table, await countOf(table)]).toEqual([table, 0])
    }
    expect(await rows('select key, person_id, lifted_at, was_blocked from tombstones')).toEqual([
      { key: annIdentity, person_id: id, lifted_at: null, was_blocked: 0 },
    ])
    const everything = (await dump()).toLowerCase()
    for (const personal of [ann, 'ann lee']) expect(everything).not.toContain(personal)
    expect(await eventTypes()).toEqual(['user.created', 'user.erased'])
    expect(await broken()).toEqual([])
    expect(outcomeOf(await erase(id))).toBe('directory.resource_not_found')
  })

  it('remembers somebody who was not bound by an HMAC of the name', async () => {
    const { made, erase } = await peopleWorld()
    const id = await made('Ann@contoso.example', { externalId: 'ann' })
    await erase(id)
    const [tombstone] = await rows('select key, person_id from tombstones')
    expect(tombstone?.['person_id']).toBe(id)
    expect(String(tombstone?.['key'])).toMatch(/^name:[^:]+:[0-9a-f]{64}$/)
    expect((await dump()).toLowerCase()).not.toContain(ann)
  })

  it('reaches nobody of another connection or organization, and nobody retired', async () => {
    const { made, erase, by } = await peopleWorld()
    const id = await made(ann)
    const elsewhere = { ...by, connectionId: 'con_0000000000000000000000000b' }
    expect(outcomeOf(await erase(id, elsewhere))).toBe('directory.resource_not_found')
    const another = { ...by, organizationId: 'org_00000000000000000000000002' }
    expect(outcomeOf(await erase(id, another))).toBe('directory.resource_not_found')
    await retire(id)
    expect(outcomeOf(await erase(id))).toBe('directory.resource_not_found')
    expect(await countOf('people')).toBe(1)
  })

  it('is refused under If-Match for another version', async () => {
    const { made, erase, by } = await peopleWorld()
    const id = await made(ann)
    const refuse = () => err({ code: 'stale' as const })
    expect(outcomeOf(await erase(id, by, refuse))).toBe('stale')
    expect(await countOf('people')).toBe(1)
    expect(outcomeOf(await erase(id, by, () => ok(null)))).toBe('done')
  })
})

describe('after somebody was erased', () => {
  it('a first sign-in makes nobody, of the identity or of the name', async () => {
    const { made, erase, signIn } = await peopleWorld()
    await erase(await made(ann, { externalId: annObjectId }))
    expect(await signIn({ nameId: 'renamed@contoso.example' })).toBe(403)
    // Another object id is somebody else, who may have the name.
    expect(await signIn({ objectId: bobObjectId })).toBe(303)
  })

  it('a create with the same object id revives the id, in two calls, and sign-in works again', async () => {
    const { counting, made, erase, create, signIn } = await peopleWorld()
    const id = await made(ann, { externalId: annObjectId, stated: { title: ['Engineer'] } })
    await erase(id)
    counting.restart()
    const revived = await create('ann.fox@contoso.example', {
      externalId: annObjectId,
      stated: { displayName: ['Ann Fox'] },
    })
    expect(counting.calls).toHaveLength(2)
    expect(revived).toMatchObject({
      ok: true,
      value: { outcome: 'revived', user: { id, version: 1, view: { displayName: 'Ann Fox' } } },
    })
    expect(await countOf('tombstones')).toBe(0)
    expect(await signIn()).toBe(303)
    expect((await rows('select person_id from sessions'))[0]?.['person_id']).toBe(id)
    expect(await eventTypes()).toEqual(['user.created', 'user.erased', 'user.revived'])
    expect(await broken()).toEqual([])
  })

  it('a block comes back with the id', async () => {
    const { made, erase, create, signIn } = await peopleWorld()
    const id = await made(ann, { externalId: annObjectId })
    await block(id)
    await erase(id)
    expect(await rows('select was_blocked from tombstones')).toEqual([{ was_blocked: 1 }])
    const revived = await create(ann, { externalId: annObjectId })
    expect(revived).toMatchObject({
      ok: true,
      value: { outcome: 'revived', user: { active: true } },
    })
    expect(await personRow(id)).toMatchObject({ active: 0, denied_by_manual: 1 })
    expect(await signIn()).toBe(403)
  })

  it('the same mailNickname and userName make a new person, who may sign in', async () => {
    const { made, erase, signIn } = await peopleWorld()
    const old = await made(ann, { externalId: 'ann' })
    await erase(old)
    expect(await signIn()).toBe(403)
    const fresh = await made(ann, { externalId: 'ann' })
    expect(fresh).not.toBe(old)
    const [tombstone] = await rows('select person_id, lifted_at from tombstones')
    expect(tombstone).toEqual({ person_id: old, lifted_at: context.nowMs })
    expect(await signIn()).toBe(303)
    expect((await rows('select person_id from sessions'))[0]?.['person_id']).toBe(fresh)
  })

  it('a name that was lifted stays so when its next owner is renamed', async () => {
    const { made, erase, change, signIn } = await peopleWorld()
    await erase(await made(ann, { externalId: 'ann' }))
    const fresh = await made(ann, { externalId: 'ann' })
    await change(fresh, statement('fox@contoso.example', { externalId: 'ann' }))
    expect(await signIn()).toBe(303)
    expect(await countOf('people')).toBe(2)
  })

  it('a name that was lifted is remembered anew when its next owner is erased', async () => {
    const { made, erase, signIn } = await peopleWorld()
    await erase(await made(ann, { externalId: 'ann' }))
    const fresh = await made(ann, { externalId: 'ann' })
    await erase(fresh)
    expect(await rows('select person_id, lifted_at from tombstones')).toEqual([
      { person_id: fresh, lifted_at: null },
    ])
    expect(await signIn()).toBe(403)
  })

  it('a name is lifted by an adoption too', async () => {
    const { made, erase, create, signIn } = await peopleWorld()
    await erase(await made('bob@contoso.example', { externalId: 'bob' }))
    await signIn()
    expect(outcomeOf(await create('bob@contoso.example', { externalId: annObjectId }))).toBe(
      'adopted',
    )
    expect(await rows('select lifted_at from tombstones')).toEqual([{ lifted_at: context.nowMs }])
  })

  it('the old object id under another tenant or from another provider revives nobody', async () => {
    const { made, erase, create, by } = await peopleWorld()
    const id = await made(ann, { externalId: annObjectId })
    await erase(id)
    const notEntra = { ...by, entraTenantId: null }
    const other = await create(ann, { externalId: annObjectId }, notEntra)
    expect(other).toMatchObject({ ok: true, value: { outcome: 'created' } })
    expect(other.ok && other.value.user.id).not.toBe(id)
  })

  it('nobody is revived under a name that somebody else has by now', async () => {
    const { made, erase, create } = await peopleWorld()
    await erase(await made(ann, { externalId: annObjectId }))
    await made(ann, { externalId: bobObjectId })
    expect(outcomeOf(await create(ann, { externalId: annObjectId }))).toBe(
      'directory.user_name_taken',
    )
    expect(await countOf('tombstones')).toBe(1)
    expect(outcomeOf(await create('a@contoso.example', { externalId: annObjectId }))).toBe(
      'revived',
    )
  })

  it('an operator’s block outlives being made anew without the object id, until the tombstone is lifted', async () => {
    const { made, erase, signIn } = await peopleWorld()
    const id = await made(ann, { externalId: 'ann' })
    expect(await signIn()).toBe(303)
    await block(id)
    expect(await signIn()).toBe(403)
    await erase(id)
    expect(await made(ann, { externalId: 'ann' })).not.toBe(id)
    expect(await signIn()).toBe(403)
    expect(await countOf('sessions')).toBe(0)
    await rows('update tombstones set lifted_at = 1 returning key')
    expect(await signIn()).toBe(303)
  })

  it('an operator’s block comes along when SCIM gives the object id to whom it made anew', async () => {
    const { made, erase, change, signIn } = await peopleWorld()
    const old = await made(ann, { externalId: annObjectId })
    await block(old)
    await erase(old)
    const id = await made(ann, { externalId: 'ann' })
    expect(outcomeOf(await change(id, statement(ann, { externalId: annObjectId })))).toBe('done')
    expect(await personRow(id)).toMatchObject({ denied_by_manual: 1, denied_by_scim: 0, active: 0 })
    expect(await signIn()).toBe(403)
    expect(await broken()).toEqual([])
  })

  it('an object id that SCIM gives to whom it made anew, or who signs in as such, has no second id', async () => {
    const { made, erase, change, create, signIn } = await peopleWorld()
    await erase(await made(ann, { externalId: annObjectId }))
    const id = await made(ann, { externalId: 'ann' })
    expect(outcomeOf(await change(id, statement(ann, { externalId: annObjectId })))).toBe('done')
    const keys = "select person_id from tombstones where key like 'entra:%'"
    expect(await rows(keys)).toEqual([])
    // Erased once more and made anew with the object id, it is the second id that comes back.
    await erase(id)
    expect(await create(ann, { externalId: annObjectId })).toMatchObject({
      ok: true,
      value: { outcome: 'revived', user: { id } },
    })
    await erase(id)
    const third = await made(ann, { externalId: 'ann' })
    expect(await signIn()).toBe(303)
    expect(await rows(keys)).toEqual([])
    expect(await rows('select person_id from identities')).toEqual([{ person_id: third }])
    expect(await broken()).toEqual([])
  })

  it('a change that does not take place forgets nobody', async () => {
    const { made, erase, change } = await peopleWorld()
    await erase(await made(ann, { externalId: annObjectId }))
    const id = await made(ann, { externalId: 'ann' })
    await made('bob@contoso.example')
    const wanted = statement('bob@contoso.example', { externalId: annObjectId })
    expect(outcomeOf(await change(id, wanted))).toBe('directory.user_name_taken')
    expect(await rows("select 1 from tombstones where key like 'entra:%'")).toHaveLength(1)
  })

  it('a second erasure of the id takes the tombstone over', async () => {
    const { made, erase, create } = await peopleWorld()
    const id = await made(ann, { externalId: annObjectId })
    for (let round = 0; round < 3; round++) {
      expect(outcomeOf(await erase(id))).toBe('done')
      expect(await create(ann, { externalId: annObjectId })).toMatchObject({
        ok: true,
        value: { outcome: 'revived', user: { id } },
      })
    }
    expect(await broken()).toEqual([])
  })

  it('a lifted tombstone lets a sign-in make somebody new, whom a create then adopts', async () => {
    const { made, erase, create, signIn } = await peopleWorld()
    const old = await made(ann, { externalId: annObjectId })
    await erase(old)
    await rows('update tombstones set lifted_at = 1 returning key')
    expect(await signIn()).toBe(303)
    const adopted = await create(ann, { externalId: annObjectId })
    expect(adopted).toMatchObject({ ok: true, value: { outcome: 'adopted' } })
    expect(adopted.ok && adopted.value.user.id).not.toBe(old)
    // And without such a sign-in the id comes back, lifted or not.
    expect(adopted.ok && outcomeOf(await erase(adopted.value.user.id))).toBe('done')
    await rows('update tombstones set lifted_at = 1 returning key')
    expect(outcomeOf(await create(ann, { externalId: annObjectId }))).toBe('revived')
  })
})
