import { describe, expect, it } from 'vitest'
import '../support/search-keys-hold.ts'
import type { Provisioner } from '../../../src/directory/index.ts'
import { otherConnection } from '../../support/saml-context.ts'
import { context, tables } from '../support/door-world.ts'
import {
  ann,
  annObjectId,
  block,
  bobObjectId,
  broken,
  countOf,
  detailOf,
  eventTypes,
  outcomeOf,
  type PeopleWorld,
  peopleWorld,
  personRow,
  profileOf,
  retire,
  rows,
} from './people-world.ts'

/** A credential of a second connection of the organization, to another tenant. */
async function ofOtherConnection({ plain, by }: PeopleWorld): Promise<Provisioner> {
  await plain.insert(tables.connections).values({
    id: otherConnection.connectionId,
    organizationId: by.organizationId,
    name: 'Other',
    status: 'active',
    idpEntityId: otherConnection.idpEntityId,
    ssoUrl: otherConnection.ssoUrl,
    tenantId: otherConnection.tenantId,
    createdAt: 1,
    updatedAt: 1,
  })
  return {
    ...by,
    connectionId: otherConnection.connectionId,
    entraTenantId: otherConnection.tenantId,
  }
}

async function onlyId(): Promise<string> {
  return String((await rows('select id from people'))[0]?.['id'])
}

describe('a create', () => {
  it('makes a person with view, profile, lookup values, binding and event in one call', async () => {
    const { counting, create, by } = await peopleWorld()
    const created = await create('Ann@Contoso.example', {
      externalId: annObjectId.toUpperCase(),
      stated: { displayName: ['Ann Lee'], title: ['Engineer'] },
    })
    expect(counting.calls).toHaveLength(1)
    if (!created.ok) throw new Error(created.failure.code)
    const { user, outcome } = created.value
    expect(outcome).toBe('created')
    expect(user).toEqual({
      id: user.id,
      userName: 'Ann@Contoso.example',
      externalId: annObjectId.toUpperCase(),
      active: true,
      view: { displayName: 'Ann Lee', title: 'Engineer' },
      version: 1,
      createdAt: by.nowMs,
      modifiedAt: by.nowMs,
      groups: [],
    })
    expect(await personRow(user.id)).toMatchObject({
      user_name_key: ann,
      active: 1,
      created_by: 'scim',
      connection_id: context.connectionId,
      scim_at: by.nowMs,
    })
    expect(await profileOf(user.id)).toEqual({
      userName: 'Ann@Contoso.example',
      displayName: 'Ann Lee',
      title: 'Engineer',
    })
    expect(await rows('select key, person_id, bound_by from identities')).toEqual([
      { key: `entra:${context.tenantId}:${annObjectId}`, person_id: user.id, bound_by: 'scim' },
    ])
    expect(await rows('select attribute, value from person_keys')).toEqual([
      { attribute: 'displayname', value: 'ann lee' },
    ])
    const [event] = await rows('select * from events')
    expect(event).toMatchObject({ type: 'user.created', person_id: user.id, request_id: 'req_1' })
    expect(JSON.parse(String(event?.['facts']))).toEqual({
      credential: 'tok_1',
      sent: ['userName', 'displayName', 'title'],
      changed: ['userName', 'externalId', 'displayName', 'title'],
    })
    expect([await countOf('event_details'), await broken()]).toEqual([0, []])
  })

  it('keeps values in the detail of its event only where the organization wants it', async () => {
    const { create, by } = await peopleWorld()
    await create(ann, { stated: { title: ['Engineer'] } }, { ...by, keepsValues: true })
    const [detail] = await rows('select detail from event_details')
    expect(JSON.parse(String(detail?.['detail']))).toEqual({ userName: [ann], title: ['Engineer'] })
  })

  it('makes somebody inactive who may not sign in', async () => {
    const { made, signIn } = await peopleWorld()
    const id = await made(ann, { externalId: annObjectId, active: false })
    expect(await personRow(id)).toMatchObject({ active: 0, denied_by_scim: 1 })
    expect(await signIn()).toBe(403)
  })

  it('binds nobody by an externalId that is no object id, however often it is used', async () => {
    const { made, create } = await peopleWorld()
    const first = await made(ann, { externalId: 'ann' })
    const second = await create('ann2@contoso.example', { externalId: 'ann' })
    expect(outcomeOf(second)).toBe('created')
    expect([await countOf('identities'), await countOf('people')]).toEqual([0, 2])
    expect((await personRow(first))?.['external_id']).toBe('ann')
  })

  it('trusts object ids under the tenant of its own connection only', async () => {
    const world = await peopleWorld()
    const other = await ofOtherConnection(world)
    await world.made(ann, { externalId: annObjectId })
    // The same GUID in another tenant is somebody else.
    expect(
      outcomeOf(await world.create('ann@fabrikam.example', { externalId: annObjectId }, other)),
    ).toBe('created')
    const notEntra = { ...world.by, entraTenantId: null }
    expect(
      outcomeOf(await world.create('bob@contoso.example', { externalId: bobObjectId }, notEntra)),
    ).toBe('created')
    expect((await rows('select key from identities order by key')).map(({ key }) => key)).toEqual([
      `entra:${context.tenantId}:${annObjectId}`,
      `entra:${otherConnection.tenantId}:${annObjectId}`,
    ])
  })

  it('is busy, and makes nobody, once its connection is gone', async () => {
    const { create, by } = await peopleWorld()
    const gone = { ...by, connectionId: otherConnection.connectionId }
    expect(outcomeOf(await create(ann, {}, gone))).toBe('directory.busy')
    const before = { ...by, connectionId: null, entraTenantId: null }
    expect(outcomeOf(await create(ann, {}, before))).toBe('directory.busy')
    expect(await countOf('people')).toBe(0)
  })
})

describe('a create of somebody who is there', () => {
  it('is refused where SCIM knows them, active or not', async () => {
    const { made, create } = await peopleWorld()
    const id = await made(ann, { externalId: 'ann' })
    const again = await create(ann.toUpperCase(), { externalId: 'other' })
    expect(outcomeOf(again)).toBe('directory.provisioned_already')
    expect(detailOf(again)).toContain(id)
    expect(detailOf(again)).toContain('match users by userName')
    await made('bob@contoso.example', { externalId: bobObjectId, active: false })
    const bob = await create('bob@contoso.example', { externalId: bobObjectId })
    expect(outcomeOf(bob)).toBe('directory.provisioned_already')
    expect(detailOf(bob)).toContain('inactive')
    expect([await countOf('people'), await countOf('events')]).toEqual([2, 2])
  })

  it('adopts whom a first sign-in made: same id, renamed as SCIM says, in two calls', async () => {
    const { counting, signIn, create, made } = await peopleWorld()
    expect(await signIn()).toBe(303)
    const id = await onlyId()
    counting.restart()
    const adopted = await create('ann.lee@contoso.example', {
      externalId: annObjectId,
      stated: { title: ['Engineer'] },
    })
    expect(counting.calls).toHaveLength(2)
    if (!adopted.ok) throw new Error(adopted.failure.code)
    expect(adopted.value.outcome).toBe('adopted')
    expect(adopted.value.user).toMatchObject({ id, version: 1, view: { title: 'Engineer' } })
    expect(await personRow(id)).toMatchObject({
      user_name_key: 'ann.lee@contoso.example',
      created_by: 'saml',
    })
    expect(await profileOf(id)).toMatchObject({ title: 'Engineer', givenName: 'Ann' })
    // Signing in goes on with the same person and session, and SCIM's name stays.
    expect(await signIn()).toBe(303)
    expect(await personRow(id)).toMatchObject({ user_name_key: 'ann.lee@contoso.example' })
    expect([await countOf('people'), await countOf('sessions')]).toEqual([1, 2])
    expect(await eventTypes()).toEqual(['user.adopted'])
    await expect(made('ann.lee@contoso.example')).rejects.toThrow('directory.provisioned_already')
    expect(await broken()).toEqual([])
  })

  it('adopts by userName where externalId is no object id, and keeps the binding', async () => {
    const { signIn, create } = await peopleWorld()
    await signIn()
    const id = await onlyId()
    expect(outcomeOf(await create(ann, { externalId: 'ann' }))).toBe('adopted')
    expect((await personRow(id))?.['external_id']).toBe('ann')
    expect(await signIn()).toBe(303)
    expect(await countOf('people')).toBe(1)
  })

  it('ends the sessions of whom it adopts as inactive, in the same batch', async () => {
    const { signIn, create } = await peopleWorld()
    await signIn()
    expect(outcomeOf(await create(ann, { active: false }))).toBe('adopted')
    expect(await countOf('sessions')).toBe(0)
    expect(await signIn()).toBe(403)
  })

  it('does not lift a manual block by adopting', async () => {
    const { signIn, create } = await peopleWorld()
    await signIn()
    await block(await onlyId())
    const adopted = await create(ann)
    expect(adopted).toMatchObject({
      ok: true,
      value: { outcome: 'adopted', user: { active: true } },
    })
    expect(await signIn()).toBe(403)
  })

  it('never takes a reused UPN for the person who had it before', async () => {
    const { signIn, create, made } = await peopleWorld()
    await signIn()
    const old = await onlyId()
    const reused = await create(ann, { externalId: bobObjectId })
    expect(outcomeOf(reused)).toBe('directory.user_name_taken')
    expect(detailOf(reused)).toContain(`${old}, whom a first sign-in made`)
    expect(detailOf(reused)).toContain('retire that user in Portico')
    // The remedy: the old person is retired, then provisioning runs again.
    await retire(old)
    const fresh = await made(ann, { externalId: bobObjectId })
    expect(fresh).not.toBe(old)
    expect(await signIn({ objectId: bobObjectId })).toBe(303)
    expect(await signIn()).toBe(403)
    expect(await broken()).toEqual([])
  })

  it('says that the person with the object id was retired, which is for good', async () => {
    const { made, create } = await peopleWorld()
    await retire(await made(ann, { externalId: annObjectId }))
    const again = await create(ann, { externalId: annObjectId })
    expect(outcomeOf(again)).toBe('directory.object_id_taken')
    expect(detailOf(again)).toContain('retired in Portico')
    expect(outcomeOf(await create(ann, { externalId: 'ann' }))).toBe('created')
  })

  it('refuses the object id of somebody else whom SCIM knows', async () => {
    const { made, create } = await peopleWorld()
    const id = await made(ann, { externalId: annObjectId })
    const other = await create('bob@contoso.example', { externalId: annObjectId })
    expect(outcomeOf(other)).toBe('directory.object_id_taken')
    expect(detailOf(other)).toContain(id)
  })

  it('refuses a name that another person has, though the object id would adopt', async () => {
    const { made, create, signIn } = await peopleWorld()
    await signIn()
    const bob = await made('bob@contoso.example', { externalId: bobObjectId })
    const clash = await create('bob@contoso.example', { externalId: annObjectId })
    expect(outcomeOf(clash)).toBe('directory.user_name_taken')
    expect(detailOf(clash)).toContain(`${bob}, who is provisioned already`)
  })

  it('refuses what belongs to another connection', async () => {
    const world = await peopleWorld()
    const other = await ofOtherConnection(world)
    await world.signIn()
    const byName = await world.create(ann, { externalId: 'ann' }, other)
    expect(outcomeOf(byName)).toBe('directory.user_name_taken')
    expect(detailOf(byName)).toContain('of another connection')
    const sameTenant = { ...other, entraTenantId: context.tenantId }
    const byObjectId = await world.create(
      'a@contoso.example',
      { externalId: annObjectId },
      sameTenant,
    )
    expect(outcomeOf(byObjectId)).toBe('directory.object_id_taken')
    expect(await countOf('people')).toBe(1)
  })
})

describe('a sign-in after a create', () => {
  it('finds the person by object id, whatever the name is', async () => {
    const { made, signIn } = await peopleWorld()
    const id = await made('someone@contoso.example', { externalId: annObjectId })
    expect(await signIn()).toBe(303)
    expect((await rows('select person_id from sessions'))[0]?.['person_id']).toBe(id)
    expect(await countOf('people')).toBe(1)
  })

  it('binds once by name, and the name of a bound person lets nobody else in', async () => {
    const { made, signIn } = await peopleWorld()
    const id = await made(ann, { externalId: 'ann' })
    expect(await signIn()).toBe(303)
    expect(await rows('select person_id, bound_by from identities')).toEqual([
      { person_id: id, bound_by: 'saml' },
    ])
    expect(await signIn({ objectId: bobObjectId })).toBe(403)
    expect([await countOf('people'), await countOf('sessions')]).toEqual([1, 1])
  })

  it('never binds a person whose externalId is another object id', async () => {
    const { made, signIn, by } = await peopleWorld()
    // Written before the connection was Entra's, so that nothing is bound.
    await made(ann, { externalId: bobObjectId }, { ...by, entraTenantId: null })
    expect(await signIn()).toBe(403)
    expect(await countOf('identities')).toBe(0)
  })

  it('never binds a guest by name', async () => {
    const guest = 'ann_fabrikam.example#EXT#@contoso.example'
    const { made, signIn } = await peopleWorld()
    await made(guest, { externalId: 'ann' })
    expect(await signIn({ nameId: guest })).toBe(403)
    expect(await countOf('identities')).toBe(0)
    // By object id a guest is as sure as anybody.
    await made('g@contoso.example', { externalId: annObjectId })
    expect(await signIn({ nameId: guest })).toBe(303)
  })
})
