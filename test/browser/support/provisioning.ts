import { randomBytes } from 'node:crypto'
import { type Joined, joinOrganization } from './organization.ts'
import { simulator } from './simulator.ts'
import { api, places } from './world.ts'

export type Cycle = {
  readonly kind: string
  readonly created: number
  readonly updated: number
  readonly disabled: number
  readonly deleted: number
  readonly membersAdded: number
  readonly membersRemoved: number
  readonly failed: number
}

export type ScimUser = {
  readonly id: string
  readonly userName: string
  readonly active: boolean
  readonly [name: string]: unknown
}

/**
 * An organization whose people the simulator provisions, with nobody assigned at first.
 * @param credentials of the job; a token is made when none are given
 */
export async function joinProvisioned(
  name: string,
  settings: Readonly<Record<string, unknown>> = {},
  credentials?: (joined: Joined) => Promise<unknown>,
) {
  const joined = await joinOrganization(name, { app: { assignments: [] } })
  const path = `/organizations/${joined.slug}/scim-tokens`
  const { token } = await api.post<{ readonly token: string }>(path, { name: 'Tests' })
  const job = `/apps/${joined.app.appId}/provisioning`
  await simulator('PUT', job, {
    tenantUrl: `${places.publicUrl}/scim/v2`,
    credentials: (await credentials?.(joined)) ?? { kind: 'token', token },
    externalIdSource: 'objectId',
    ...settings,
  })
  /** Asks Portico itself; null when there is nothing. */
  async function scim<T>(resource: string): Promise<T | null> {
    const response = await fetch(`${places.publicUrl}/scim/v2${resource}`, {
      headers: { Authorization: `Bearer ${token}` },
    })
    if (response.status === 404) return null
    if (!response.ok) throw new Error(`${resource} answered ${response.status}`)
    return (await response.json()) as T
  }
  const find = async <T>(kind: 'Users' | 'Groups', externalId: string) => {
    const filter = encodeURIComponent(`externalId eq "${externalId}"`)
    const found = await scim<{ readonly Resources: readonly T[] }>(`/${kind}?filter=${filter}`)
    return found?.Resources[0] ?? null
  }
  return {
    ...joined,
    job,
    scim,
    user: (objectId: string) => find<ScimUser>('Users', objectId),
    group: (objectId: string) =>
      find<{ readonly displayName: string; readonly members?: readonly { value: string }[] }>(
        'Groups',
        objectId,
      ),
    assign: (principal: string) =>
      simulator('POST', `/apps/${joined.app.appId}/assignments`, { principal }),
    unassign: (principal: string) =>
      simulator('DELETE', `/apps/${joined.app.appId}/assignments/${principal}`),
    /** Runs a cycle in which nothing may fail. */
    async cycle(): Promise<Cycle> {
      const ran = await simulator<Cycle>('POST', `${job}/cycle`)
      if (ran.failed > 0) {
        const { items } = await simulator<{ readonly items: unknown[] }>(
          'GET',
          `${job}/log?failures`,
        )
        throw new Error(JSON.stringify(items.slice(0, 3), null, 1))
      }
      return ran
    },
    post: <T>(what: string, body?: unknown) => simulator<T>('POST', `${job}/${what}`, body),
  }
}

export type TenantUser = {
  readonly id: string
  readonly userPrincipalName: string
  readonly displayName: string
}

/** People of the tenant for one test; nobody else's test sees them. */
export async function newPeople(
  count: number,
  more: Readonly<Record<string, unknown>> = {},
): Promise<readonly TenantUser[]> {
  const tag = randomBytes(4).toString('hex')
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      simulator<TenantUser>('POST', '/users', {
        displayName: `Person ${index + 1} ${tag}`,
        givenName: 'Person',
        surname: `${index + 1} ${tag}`,
        mail: `person${index + 1}-${tag}@contoso.com`,
        userPrincipalName: `person${index + 1}-${tag}@contoso.com`,
        department: 'Retail',
        ...more,
      }),
    ),
  )
}

/** A group of the tenant with members. */
export async function newGroup(members: readonly { readonly id: string }[]) {
  const displayName = `Group ${randomBytes(4).toString('hex')} "a" & b`
  const group = await simulator<{ readonly id: string }>('POST', '/groups', { displayName })
  for (const { id } of members) {
    await simulator('POST', `/groups/${group.id}/members`, { member: id })
  }
  return { id: group.id, displayName }
}
