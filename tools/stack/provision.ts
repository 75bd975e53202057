import type { AdminApi } from './admin-api.ts'
import { demoAppId } from './demo.ts'
import type { Simulator } from './simulator-api.ts'
import { openState, type StackState } from './state.ts'

/** What became of provisioning at a start: who is there now, or why nobody is. */
export type Provisioned =
  | {
      readonly ok: true
      /** Objects that could not be provisioned; they are tried again by themselves. */
      readonly failed: number
      readonly people: number
      readonly groups: number
      readonly pageUrl: string
    }
  | { readonly ok: false; readonly problem: string }

export type ProvisionPlaces = {
  readonly simulator: Simulator
  readonly simulatorUrl: string
  readonly api: AdminApi
  /** Where Portico listens on this machine. */
  readonly localUrl: string
  readonly organizationId: string
  /** What is kept between starts. */
  readonly statePath: string
}

type Job = { readonly status: string; readonly credentials: { readonly kind: string } }
type Tested = { readonly ok: boolean; readonly code?: string; readonly detail?: string }
type Cycle = { readonly failed: number; readonly quarantine: { readonly detail: string } | null }
type Connections = { readonly users: readonly unknown[]; readonly groups: readonly unknown[] }

const base = `/apps/${demoAppId}/provisioning`

/**
 * Lets the simulator provision the demo organization by SCIM, and runs a cycle, so that people are there
 * before anybody signs in. The token is made once and kept in the stack's state. What a person has changed
 * about the job stays, but for where Portico is now.
 * @returns why not, where it cannot be done: the rest of the stack works without
 */
export async function provisionDemo(places: ProvisionPlaces): Promise<Provisioned> {
  const { simulator, api, simulatorUrl, localUrl } = places
  const state = openState(places.statePath)
  try {
    const tokens = `/organizations/${places.organizationId}/scim-tokens`
    const problem = await connect(simulator, {
      api,
      state,
      tokens,
      tenantUrl: `${localUrl}/scim/v2`,
    })
    if (problem !== null) return { ok: false, problem }
    const job = await simulator.get<Job>(base)
    if (job?.status === 'Quarantine') await simulator.post(`${base}/clear-quarantine`)
    let failed = 0
    if (job?.status !== 'Paused') {
      await simulator.post(`${base}/start`)
      const cycle = await simulator.post<Cycle>(`${base}/cycle`)
      failed = cycle?.failed ?? 0
      if (cycle?.quarantine) return { ok: false, problem: cycle.quarantine.detail }
    }
    const linked = await simulator.get<Connections>(`${base}/connections`)
    return {
      ok: true,
      failed,
      people: linked?.users.length ?? 0,
      groups: linked?.groups.length ?? 0,
      pageUrl: `${simulatorUrl}/apps/${demoAppId}/provisioning`,
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const isMissing = /scim-tokens answered 404/.test(message)
    return { ok: false, problem: isMissing ? 'This Portico has no SCIM tokens yet.' : message }
  }
}

/** Sets the job up and tests it; a token that is refused is replaced once. @returns what is wrong, or null */
async function connect(
  simulator: Simulator,
  use: {
    readonly api: AdminApi
    readonly state: StackState
    readonly tokens: string
    readonly tenantUrl: string
  },
): Promise<string | null> {
  const existing = await simulator.get<Job>(base)
  const isOurs = existing === null || existing.credentials.kind === 'token'
  const register = async (token: string) => {
    await simulator.put(base, {
      tenantUrl: use.tenantUrl,
      ...(isOurs ? { credentials: { kind: 'token', token } } : {}),
      ...(existing === null ? { externalIdSource: 'objectId' } : {}),
    })
    return simulator.post<Tested>(`${base}/test-connection`)
  }
  const kept = use.state.read().scimToken
  let tested = await register(kept ?? (await createToken(use)))
  if (kept !== undefined && isOurs && tested?.code?.endsWith('CredentialValidationFailure')) {
    tested = await register(await createToken(use))
  }
  return tested?.ok === true ? null : (tested?.detail ?? 'The connection test gave no answer.')
}

async function createToken(use: {
  readonly api: AdminApi
  readonly state: StackState
  readonly tokens: string
}): Promise<string> {
  const { token } = await use.api.post<{ readonly token: string }>(use.tokens, {
    name: 'Simulator',
  })
  use.state.write({ ...use.state.read(), scimToken: token })
  return token
}
