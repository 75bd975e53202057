import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { limits } from '../../../src/kernel/index.ts'
import { textOf } from '../admin/admin-client.ts'
import { runWorld } from './run-world.ts'

const runs = '/organizations/contoso/reconcile-runs'

it('a run ends when it has read more pages than any tenant has', async () => {
  const world = await runWorld()
  const id = textOf((await world.api.post(runs)).body, 'id')
  await env.DB.prepare(
    `update reconcile_runs set status = 'paused', finished_at = null, continue_at = 0, step = 'users',
      counts = json_set(counts, '$.pages', ?) where id = ?`,
  )
    .bind(limits.reconcilePages + 1, id)
    .run()
  await world.tick()
  expect(await world.run(id)).toMatchObject({
    status: 'failed',
    failure: { code: 'reconcile.no_progress', detail: 'users' },
  })
})

it('a run ends when its connection reads another tenant from now on, and leaves no link behind', async () => {
  const world = await runWorld({ isConnected: false })
  await world.tenant.api('PUT', '/graph/faults', [{ kind: 'delta', status: 429, retryAfter: 60 }])
  const id = textOf((await world.api.post(runs)).body, 'id')
  await world.tick()
  expect(await world.run(id)).toMatchObject({ status: 'paused' })
  const same = { tenantId: '11111111-2222-4333-8444-555555555555', clientId: crypto.randomUUID() }
  const set = await world.api.put('/organizations/contoso/graph', {
    ...same,
    clientSecret: 's3cret',
  })
  expect(set.status).toBe(200)
  expect(await world.run(id)).toMatchObject({
    status: 'failed',
    failure: { code: 'reconcile.cancelled' },
  })
  await world.tenant.api('PUT', '/graph/faults', [])
  world.clock.ms += 2 * 60_000
  await world.tick()
  expect(await env.DB.prepare('select delta_link from reconcilers').first('delta_link')).toBeNull()
  expect(await env.DB.prepare('select count(*) n from reconcile_pages').first('n')).toBe(0)
})

it('a run goes on when only the secret is another one', async () => {
  const world = await runWorld()
  await world.tenant.api('PUT', '/graph/faults', [{ kind: 'delta', status: 429, retryAfter: 60 }])
  const id = textOf((await world.api.post(runs)).body, 'id')
  await world.tick()
  const { body } = await world.api.get('/organizations/contoso/graph')
  const { tenantId, clientId, appId } = body
  const again = { tenantId, clientId, appId, clientSecret: 'graph-secret' }
  expect((await world.api.put('/organizations/contoso/graph', again)).status).toBe(200)
  expect(await world.run(id)).toMatchObject({ status: 'paused' })
})
