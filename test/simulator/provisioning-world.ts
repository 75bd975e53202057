/** A tenant with an application whose provisioning goes to a SCIM stand-in. */
import { scimUrl, startStandIn } from './scim-stand-in.ts'
import { appId, registerApp, startSimulator } from './simulator.ts'

export const flagUrl = `${scimUrl}?aadOptscim062020`
export const megan = 'a0000000-0000-4000-8000-000000000003'
export const patti = 'a0000000-0000-4000-8000-000000000005'
export const delia = 'a0000000-0000-4000-8000-000000000018'
export const raul = 'a0000000-0000-4000-8000-000000000020'

export type ProvisioningWorld = Awaited<ReturnType<typeof startProvisioning>>

/** @param assigned users and groups that the application is assigned to */
export async function startProvisioning(
  settings: Record<string, unknown> = {},
  assigned: readonly string[] = ['Retail'],
) {
  const target = startStandIn()
  const simulator = startSimulator(() => '', target.fetch)
  await registerApp(simulator, { assignments: assigned.map((principal) => ({ principal })) })
  const call = async (method: string, path: string, body?: unknown) => {
    const { status, json } = await simulator.api(method, path, body)
    if (status > 299) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`)
    return json
  }
  const base = `/apps/${appId}/provisioning`
  await call('PUT', base, {
    tenantUrl: scimUrl,
    credentials: { kind: 'token', token: 'secret' },
    parallel: 1,
    ...settings,
  })
  return {
    target,
    simulator,
    /** A call of the JSON API that must succeed. */
    call,
    set: (more: Record<string, unknown>) => call('PUT', base, more),
    job: () => call('GET', base),
    cycle: () => call('POST', `${base}/cycle`),
    /** Runs a cycle, and forgets its requests. */
    settle: async () => {
      const ran = await call('POST', `${base}/cycle`)
      target.requests.length = 0
      return ran
    },
    post: (path: string, body?: unknown) => call('POST', `${base}/${path}`, body),
    get: (path: string) => call('GET', `${base}/${path}`),
    assign: (principal: string) => call('POST', `/apps/${appId}/assignments`, { principal }),
    unassign: (principal: string) => call('DELETE', `/apps/${appId}/assignments/${principal}`),
  }
}
