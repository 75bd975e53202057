import { describe, expect, it } from 'vitest'
import '../support/search-keys-hold.ts'
import { listOf } from '../admin/admin-client.ts'
import { eventsOf, rows, runWorld } from './run-world.ts'

const department = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

describe('a run', () => {
  it('takes over what SCIM never sends: a cleared department, with an event that says why', async () => {
    const world = await runWorld()
    // One of one would be held by the brake.
    for (const name of ['LynneR', 'MeganB']) await world.provision(`${name}@contoso.com`)
    const adele = await world.provision('AdeleV@contoso.com', {
      [department]: { department: 'Retail' },
    })
    expect(await world.profile(adele)).toMatchObject({ department: 'Retail' })
    world.clock.ms += 60_000
    await world.tenant.api('PATCH', '/users/AdeleV@contoso.com', { department: null })
    const run = await world.start()
    expect(run).toMatchObject({ status: 'done', failure: null })
    expect(await world.profile(adele)).not.toHaveProperty('department')
    const events = await eventsOf(world.api, 'user.updated')
    expect(events.filter((event) => event['user'] === adele)).toMatchObject([
      {
        actor: 'reconciliation',
        detail: {
          run: run['id'],
          why: expect.arrayContaining([
            expect.objectContaining({ kind: 'attribute_cleared', attribute: 'department' }),
          ]),
        },
      },
    ])
    const drift = listOf(run, 'drift').filter((item) => item['user'] === adele)
    expect(drift).toContainEqual(
      expect.objectContaining({
        kind: 'attribute_cleared',
        attribute: 'department',
        stated: null,
        held: 'Retail',
        action: 'repaired',
        state: 'done',
      }),
    )
    expect(await rows('select * from reconcile_pages')).toEqual([])
  })
})
