import { describe, expect, it } from 'vitest'
import { type Json, listOf, textOf } from '../admin/admin-client.ts'
import { type RunWorld, rows, runWorld } from './run-world.ts'

const own = 'urn:ietf:params:scim:schemas:extension:portico:2.0:User'

async function driftOf({ api }: RunWorld, user: string): Promise<readonly Json[]> {
  const { body } = await api.get('/organizations/contoso/drift?state=open')
  return listOf(body, 'items').filter((item) => item['user'] === user)
}

/** Three people, one of whom SCIM gives a level that is no number. */
async function levelWorld() {
  const world = await runWorld()
  const { api, provision } = world
  await api.post('/organizations/contoso/attributes', {
    ...{ key: 'level', label: 'Level', type: 'number' },
  })
  for (const name of ['LynneR', 'MeganB']) {
    await provision(`${name}@contoso.com`, { [own]: { level: '3' } })
  }
  const adele = await provision('AdeleV@contoso.com', { [own]: { level: 'three' } })
  return { ...world, adele }
}

describe('a value of the wrong type', () => {
  it('is told by a run with what is stated, and closed by one that finds it mended', async () => {
    const world = await levelWorld()
    const { adele, clock, scim, start } = world
    await start({ full: true })
    expect(await driftOf(world, adele)).toEqual([
      expect.objectContaining({
        kind: 'value_unusable',
        userName: 'AdeleV@contoso.com',
        attribute: 'level',
        stated: { source: 'scim', rule: `${own}:level`, values: ['three'] },
        held: null,
        rule: expect.stringContaining('not of the attribute’s type'),
        action: 'reported',
        state: 'open',
      }),
    ])
    expect(await world.profile(adele)).not.toHaveProperty('level')
    // Found again it is the same one, not another; and nobody unchanged is written.
    const before = await rows('select * from drift_items order by id')
    const people = await rows('select * from people order by id')
    clock.ms += 60_000
    await start({ full: true })
    expect(await rows('select * from drift_items order by id')).toEqual(before)
    expect(await rows('select * from people order by id')).toEqual(people)
    await scim('PATCH', `/Users/${adele}`, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'Replace', path: `${own}:level`, value: '3' }],
    })
    clock.ms += 2 * 24 * 60 * 60_000
    await start({ full: true })
    expect(await driftOf(world, adele)).toEqual([])
    const [closed] = await rows("select * from drift_items where kind = 'value_unusable'")
    expect(closed).toMatchObject({ state: 'done', action: 'reported' })
  })

  it('cannot be accepted, since only the source can mend it, and can be dismissed', async () => {
    const world = await levelWorld()
    const { api, adele, start, clock } = world
    await start({ full: true })
    const [item] = await driftOf(world, adele)
    const path = `/organizations/contoso/drift/${textOf(item ?? {}, 'id')}`
    const accepted = await api.post(`${path}/accept`, {})
    expect(accepted.body['code']).toBe('reconcile.drift_not_repairable')
    expect((await api.post(`${path}/dismiss`, {})).body['state']).toBe('dismissed')
    clock.ms += 60_000
    await start({ full: true })
    expect(await driftOf(world, adele)).toEqual([])
  })

  it('is not told where the policy ignores it', async () => {
    const world = await levelWorld()
    const ignore = { policies: { value_unusable: 'ignore' } }
    const set = await world.api.patch('/organizations/contoso/reconcile-settings', ignore)
    expect([set.status, set.body['code']]).toEqual([200, undefined])
    await world.start({ full: true })
    expect(await driftOf(world, world.adele)).toEqual([])
  })
})

describe('a change of the rules', () => {
  it('tells of everybody who lacks what is required from then on, and closes what it mends', async () => {
    const world = await levelWorld()
    const { api, adele } = world
    await api.patch('/organizations/contoso/attributes/level', { required: true })
    // What was stated says more than that nothing is there.
    expect(await driftOf(world, adele)).toMatchObject([{ kind: 'value_unusable' }])
    await api.post('/organizations/contoso/attributes', {
      ...{ key: 'site', label: 'Site', type: 'string', required: true },
    })
    const missing = (item: Json) => item['kind'] === 'required_missing'
    const { body } = await api.get('/organizations/contoso/drift?state=open')
    expect(listOf(body, 'items').filter(missing)).toHaveLength(3)
    expect((await driftOf(world, adele)).filter(missing)).toMatchObject([
      { attribute: 'site', stated: null, rule: expect.stringContaining('required') },
    ])
    await api.patch('/organizations/contoso/attributes/site', { default: 'Zurich' })
    await api.patch('/organizations/contoso/attributes/level', { type: 'string' })
    expect(await driftOf(world, adele)).toEqual([])
  })
})
