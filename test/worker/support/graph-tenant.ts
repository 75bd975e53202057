import { env } from 'cloudflare:workers'

export const graphUrl = 'http://127.0.0.1:8788'
export const graphTenantId = 'c0470500-0000-4000-8000-000000000001'

export type GraphTenant = ReturnType<typeof openGraphTenant>

/**
 * A fresh tenant of the simulator (`simulator/README.md`), without applications, for one test.
 * @param clock what the tenant takes for the time
 */
export function openGraphTenant(clock: { readonly nowMs: () => number }) {
  const tenant = crypto.randomUUID()
  /** What Portico is given as its `fetch`: token endpoint and Graph answer under {@link graphUrl}. */
  const fetch = (url: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    headers.set('x-simulator-tenant', tenant)
    headers.set('x-simulator-now-ms', String(clock.nowMs()))
    return env.SIMULATOR.fetch(new Request(url, { ...init, headers }))
  }
  /** A call of the simulator's API that must succeed. @returns the answer; null when there is none */
  const api = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${graphUrl}/api${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return (text === '' ? null : JSON.parse(text)) as T
  }
  return {
    fetch,
    api,
    /** An application with all permissions, a secret, and who is assigned. @returns what Portico must know */
    async register(assigned: readonly string[] = ['All Contoso']) {
      const appId = crypto.randomUUID()
      const clientSecret = 'graph-secret'
      await api('PUT', `/apps/${appId}`, {
        displayName: 'Portico',
        assignments: assigned.map((principal) => ({ principal })),
      })
      await api('PATCH', `/apps/${appId}/registration`, {
        permissions: ['User.Read.All', 'Application.Read.All', 'GroupMember.Read.All'],
        secrets: [{ secret: clientSecret }],
      })
      return { tenantId: graphTenantId, clientId: appId, appId, clientSecret }
    },
  }
}
