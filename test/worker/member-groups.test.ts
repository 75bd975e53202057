import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { always, openDatabase, runBatch } from '../../src/db/index.ts'
import { createMemberGroups, saveGraphCredential, sealGraphProof } from '../../src/graph/index.ts'
import { systemRandom } from '../../src/kernel/index.ts'
import { createContoso, testConfig } from './support/door-world.ts'
import { graphTenantId, graphUrl, openGraphTenant } from './support/graph-tenant.ts'

const clock = { nowMs: () => Date.parse('2026-11-24T09:00:00.000Z') }

/** Contoso with a credential for the simulator's tenant, and what asks it. */
async function asking() {
  const { organization, connection } = await createContoso({
    connection: { tenantId: graphTenantId },
  })
  const tenant = openGraphTenant(clock)
  const { clientId, appId, clientSecret } = await tenant.register()
  const key = { organizationId: organization.id, connectionId: connection.id }
  const place = { ...key, tenantId: graphTenantId, clientId }
  const proof = { kind: 'secret', secret: clientSecret } as const
  const secretSealed = await sealGraphProof(testConfig.keyRing, place, {
    proof,
    random: systemRandom,
  })
  const credential = { appId, kind: 'secret', certificate: null, expiresAt: null } as const
  const db = openDatabase(env.DB, 'primary')
  const set = { ...place, ...credential, secretSealed }
  await runBatch(db, [saveGraphCredential(db, { set, nowMs: clock.nowMs(), guard: always })])
  const ask = createMemberGroups(
    {
      fetch: tenant.fetch,
      clock,
      random: systemRandom,
      loginUrl: graphUrl,
      graphUrl,
      keyRing: testConfig.keyRing,
    },
    () => db,
  )
  const adele = await tenant.api<{ id: string }>('GET', '/users/AdeleV@contoso.com')
  return { tenant, key, ask, objectId: adele.id }
}

describe('the groups of somebody at the tenant', () => {
  it('are told by object id', async () => {
    const { ask, key, objectId } = await asking()
    const groups = await ask({ ...key, objectId })
    expect(groups?.length).toBeGreaterThan(0)
    for (const id of groups ?? []) expect(id).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('stay unknown without a credential, for nobody, and where Graph does not answer', async () => {
    const { tenant, ask, key, objectId } = await asking()
    expect(await ask({ ...key, connectionId: 'con_other', objectId })).toBeNull()
    expect(await ask({ ...key, objectId: '00000000-0000-4000-8000-000000000000' })).toBeNull()
    await tenant.api('PUT', '/graph/faults', [{ kind: 'getMemberGroups', status: 503 }])
    expect(await ask({ ...key, objectId })).toBeNull()
  })
})
