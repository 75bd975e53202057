import { describe, expect, it } from 'vitest'
import { type Json, textOf } from '../admin/admin-client.ts'
import { type RunWorld, rows, runWorld } from './run-world.ts'

/** Somebody whom SCIM makes by a mailNickname as externalId, which is Entra's default. */
async function provisionByName({ scim }: RunWorld, userName: string, more: Json = {}) {
  const made = await scim('POST', '/Users', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    ...{ userName, externalId: userName.split('@')[0], active: true, ...more },
  })
  return textOf(made, 'id')
}

async function identityOf(id: string): Promise<unknown> {
  const [row] = await rows('select key, bound_by from identities where person_id = ?', id)
  return row ?? null
}

/** A world whose tenant was read, so that every assigned account is known and no delta tells of it again. */
async function readWorld() {
  const world = await runWorld()
  await world.start({ full: true })
  world.clock.ms += 60_000
  return world
}

const asked = (world: RunWorld) =>
  world.counting.calls.flatMap(({ sql }) => sql).filter((text) => text.includes("'#EXT#'"))

describe('whom SCIM makes between two runs', () => {
  it('is bound by the next one, though Graph knew the account before and tells nothing of it', async () => {
    const world = await readWorld()
    const adele = await provisionByName(world, 'AdeleV@contoso.com')
    expect(await identityOf(adele)).toBeNull()
    world.clock.ms += 60_000
    const run = await world.start()
    expect(run).toMatchObject({ status: 'done', full: false })
    const user = await world.tenant.api<Json>('GET', '/users/AdeleV@contoso.com')
    expect(await identityOf(adele)).toMatchObject({ key: expect.stringContaining(`${user['id']}`) })
    expect(await world.profile(adele)).toHaveProperty('displayName')
    // Whoever was bound meanwhile is read by id once more; then there is nobody to ask about.
    for (const people of [1, 0]) {
      world.clock.ms += 60_000
      expect((await world.start())['counts']).toMatchObject({ people, changed: 0 })
    }
  })

  it('is nobody where no account is called so, and no name ends the run', async () => {
    const world = await readWorld()
    const names = ['nobody@contoso.com', "$select'x@contoso.com", 'a b@contoso.com', 'plain']
    const ids: string[] = []
    for (const name of names) ids.push(await provisionByName(world, name))
    world.clock.ms += 60_000
    expect(await world.start()).toMatchObject({ status: 'done', failure: null })
    for (const id of ids) expect(await identityOf(id)).toBeNull()
  })

  it('is never bound as a guest, nor while inactive', async () => {
    const world = await readWorld()
    const guest = 'brianj_fabrikam.com#EXT#@contoso.onmicrosoft.com'
    const ids = [
      await provisionByName(world, guest),
      await provisionByName(world, 'LynneR@contoso.com', { active: false }),
    ]
    world.clock.ms += 60_000
    await world.start()
    for (const id of ids) expect(await identityOf(id)).toBeNull()
  })

  it('is asked for in one read by the organization’s index', async () => {
    const world = await readWorld()
    world.counting.calls.length = 0
    await world.start()
    const [query = ''] = asked(world)
    expect(asked(world)).toHaveLength(1)
    const plan = await rows(
      `explain query plan ${query}`,
      ...Array(query.split('?').length - 1).fill(''),
    )
    const details = plan.map(({ detail }) => String(detail))
    expect(details.filter((detail) => detail.includes('SCAN'))).toEqual([])
    expect(details).toContainEqual(expect.stringMatching(/p USING INDEX people_(listed|org)/))
  })

  it('is asked for again when Graph is busy, and bound then', async () => {
    const world = await readWorld()
    const adele = await provisionByName(world, 'AdeleV@contoso.com')
    const fault = { kind: 'inner', status: 429, retryAfter: 30, count: 1 }
    await world.tenant.api('PUT', '/graph/faults', [fault])
    const run = await world.start()
    expect(run['status']).toBe('paused')
    world.clock.ms += 60_000
    await world.tick()
    expect((await world.run(textOf(run, 'id')))['status']).toBe('done')
    expect(await identityOf(adele)).not.toBeNull()
  })
})
