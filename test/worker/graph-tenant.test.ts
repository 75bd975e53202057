import { describe, expect, it } from 'vitest'
import { createGraphClient, createTokenCache } from '../../src/graph/index.ts'
import { graphUrl, openGraphTenant } from './support/graph-tenant.ts'

const clock = { nowMs: () => Date.parse('2026-11-24T09:00:00.000Z') }

async function startClient() {
  const tenant = openGraphTenant(clock)
  const { tenantId, clientId, appId, clientSecret } = await tenant.register(['Retail'])
  const client = createGraphClient(
    {
      fetch: tenant.fetch,
      clock,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      loginUrl: graphUrl,
      graphUrl,
      tokens: createTokenCache(),
    },
    { cacheKey: '1', tenantId, clientId, proof: { kind: 'secret', secret: clientSecret } },
  )
  return { tenant, client, appId }
}

describe('Microsoft Graph inside workerd', () => {
  it('is there for Portico, and each test has a tenant of its own', async () => {
    const { tenant, client, appId } = await startClient()
    const other = await startClient()
    await tenant.api('DELETE', '/users/AdeleV@contoso.com')
    const counts = await Promise.all(
      [client, other.client].map(async (one) => {
        const page = await one.usersDeltaPage({ select: ['department'] })
        return page.ok ? page.value.users.length : page.failure
      }),
    )
    expect(counts).toEqual([20, 21])
    expect(await client.assignmentsPage(appId)).toMatchObject({
      ok: true,
      value: { assignments: [{ principalType: 'group' }] },
    })
  })

  it('fails as it is told to', async () => {
    const { tenant, client } = await startClient()
    const faults = [{ status: 429, retryAfter: 5 }, { effect: 'cut' }, { effect: 'garbage' }]
    const codes: string[] = []
    for (const fault of faults) {
      await tenant.api('PUT', '/graph/faults', [{ kind: 'delta', ...fault }])
      const page = await client.usersDeltaPage({ select: [] })
      codes.push(page.ok ? 'ok' : page.failure.code)
    }
    expect(codes[0]).toBe('graph.throttled')
    expect(codes.slice(1).every((code) => /unavailable|bad_answer/.test(code))).toBe(true)
    expect(await tenant.api('GET', '/graph/requests')).toMatchObject({ counts: { delta: 3 } })
  })
})
