import type { AdminApi } from './admin-api.ts'
import { demoAppId } from './demo.ts'
import type { Simulator } from './simulator-api.ts'

/** What became of reading Microsoft Graph at a start, or why it cannot be read. */
export type GraphConnected =
  | { readonly ok: true; readonly pageUrl: string }
  | { readonly ok: false; readonly problem: string }

export type GraphPlaces = {
  readonly simulator: Simulator
  readonly simulatorUrl: string
  readonly api: AdminApi
  readonly organizationId: string
  readonly nowMs: number
}

type Registration = {
  readonly permissions: readonly string[]
  readonly secrets: readonly { readonly secret: string; readonly expiresAt: string }[]
}
type Tenant = { readonly tenantId: string }
type Credential = { readonly clientId: string; readonly kind: string }
type Check = { readonly ok: boolean; readonly problems: readonly { readonly message: string }[] }

const permissions = ['User.Read.All', 'Application.Read.All', 'GroupMember.Read.All']
const registrationPath = `/apps/${demoAppId}/registration`

/**
 * Lets the demo organization read the simulator's Graph: the demo application gets a secret and permissions
 * there, which Portico is told. What a person has changed about either stays.
 * @returns why not, where it cannot be done: the rest of the stack works without
 */
export async function connectGraph(places: GraphPlaces): Promise<GraphConnected> {
  const { api, simulator, organizationId } = places
  const path = `/organizations/${organizationId}/graph`
  try {
    const { secret, isNew } = await registeredSecret(places)
    const stored = await api.get<Credential>(path)
    const isOurs = stored?.clientId === demoAppId && stored.kind === 'secret'
    if (stored === null || (isOurs && isNew)) {
      const tenant = await simulator.get<Tenant>('/tenant')
      await api.put(path, {
        tenantId: tenant?.tenantId,
        clientId: demoAppId,
        appId: demoAppId,
        clientSecret: secret,
      })
    }
    const { ok, problems } = await api.post<Check>(`${path}/check`, {})
    return ok
      ? { ok, pageUrl: `${places.simulatorUrl}/graph` }
      : { ok, problem: problems.map(({ message }) => message).join(' ') }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const isMissing = /\/graph answered 404/.test(message)
    return { ok: false, problem: isMissing ? 'This Portico cannot read Graph yet.' : message }
  }
}

/** The application's secret that is good now; made with its permissions when there is none. */
async function registeredSecret({ simulator, nowMs }: GraphPlaces) {
  const before = await simulator.get<Registration>(registrationPath)
  const good = before?.secrets.find(({ expiresAt }) => new Date(expiresAt).getTime() > nowMs)
  if (good !== undefined) return { secret: good.secret, isNew: false }
  const isFresh = before?.secrets.length === 0 && before.permissions.length === 0
  if (isFresh) await simulator.patch(registrationPath, { permissions })
  const made = await simulator.post<{ readonly secret: string }>(`${registrationPath}/secrets`)
  if (made === null) throw new Error('The simulator made no secret.')
  return { secret: made.secret, isNew: true }
}
