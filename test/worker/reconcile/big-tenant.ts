/** A tenant of any size that costs nothing: Graph's answers made up as they are asked for. */
import { env } from 'cloudflare:workers'
import { always, runBatch } from '../../../src/db/index.ts'
import {
  builtInAttributes,
  defaultMapping,
  resolve,
  type SourceView,
} from '../../../src/directory/index.ts'
import { saveGraphCredential, sealGraphProof } from '../../../src/graph/index.ts'
import { newTimedId, systemRandom } from '../../../src/kernel/index.ts'
import { advance, findRun, insertRun, type ReconcileDeps } from '../../../src/reconcile/index.ts'
import { countingD1 } from '../support/counting-d1.ts'
import { context, createContoso, testConfig } from '../support/door-world.ts'

const graphUrl = 'https://graph.example'
const tenantId = context.tenantId as string
const startMs = Date.UTC(2026, 10, 24, 9)
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

export const usersPerPage = 200
const assignmentsPerPage = 999

function objectId(i: number): string {
  return `aaaaaaaa-0000-4000-8000-${i.toString(16).padStart(12, '0')}`
}

type User = Readonly<Record<string, unknown>>

function userOf(i: number, department: string | null): User {
  return {
    id: objectId(i),
    userPrincipalName: `u${i}@contoso.example`,
    accountEnabled: true,
    userType: 'Member',
    createdDateTime: '2020-01-01T00:00:00Z',
    displayName: `Name ${i}`,
    jobTitle: 'Clerk',
    department,
  }
}

/** An organization whose people are all in the tenant and assigned, as SCIM left them. */
export async function bigTenant(size: number) {
  const { db, organization, connection } = await createContoso()
  const key = { organizationId: organization.id, connectionId: connection.id }
  await fill(size, key)
  const place = { ...key, tenantId, clientId: objectId(0) }
  const secretSealed = await sealGraphProof(testConfig.keyRing, place, {
    proof: { kind: 'secret', secret: 's' },
    random: systemRandom,
  })
  const credential = { kind: 'secret', certificate: null, expiresAt: null } as const
  const set = { ...place, ...credential, appId: objectId(0), secretSealed }
  await runBatch(db, [saveGraphCredential(db, { set, nowMs: startMs, guard: always })])

  const clock = { ms: startMs, nowMs: () => clock.ms }
  const counting = countingD1(env.DB)
  let changes: readonly User[] = []
  const deps: ReconcileDeps = {
    d1: counting.d1,
    clock,
    random: systemRandom,
    log: (_level, message, fields) => {
      throw new Error(`${message} ${JSON.stringify(fields)}`)
    },
    fetch: async (url) => Response.json(answer(new URL(url))),
    config: { graphUrl, entraLoginUrl: graphUrl, keyRing: testConfig.keyRing },
  }

  function answer({ pathname, searchParams }: URL): unknown {
    if (pathname.endsWith('/token')) {
      return { token_type: 'Bearer', expires_in: 3599, access_token: 'token' }
    }
    const from = Number(searchParams.get('from') ?? 0)
    if (pathname.endsWith('/appRoleAssignedTo')) {
      const value = range(from, Math.min(size, from + assignmentsPerPage)).map((i) => ({
        principalId: objectId(i),
        principalType: 'User',
        appRoleId: '00000000-0000-0000-0000-000000000000',
      }))
      return page(value, pathname, from + assignmentsPerPage)
    }
    if (pathname.includes('/servicePrincipals')) {
      return { id: objectId(0), appRoles: [], appRoleAssignmentRequired: true }
    }
    const token = { '@odata.deltaLink': `${graphUrl}/v1.0/users/delta?changes=1` }
    if (searchParams.has('changes')) return { value: changes, ...token }
    const users = range(from, Math.min(size, from + usersPerPage)).map((i) => userOf(i, 'Retail'))
    const next = from + usersPerPage
    return next < size ? page(users, pathname, next) : { value: users, ...token }
  }

  function page(value: readonly unknown[], pathname: string, next: number) {
    return {
      value,
      ...(next < size ? { '@odata.nextLink': `${graphUrl}${pathname}?from=${next}` } : {}),
    }
  }

  /** A whole run, and what it cost. */
  async function run(plan: 'free' | 'paid', { full = false } = {}) {
    const runId = newTimedId('run', clock.ms, systemRandom)
    await runBatch(db, [
      insertRun(
        db,
        {
          ...key,
          id: runId,
          kind: 'reconcile',
          trigger: 'api',
          dryRun: false,
          isFull: full,
          nowMs: clock.ms,
        },
        { step: 'application', guard: always },
      ),
    ])
    counting.restart()
    const costs = { invocations: 0, subrequests: 0, statements: 0, mostStatements: 0 }
    for (;;) {
      const before = counting.calls.length
      const spent = await advance(deps, {
        plan,
        wallMs: 45_000,
        only: { organizationId: key.organizationId, runId },
      })
      const statements = counting.calls.slice(before).reduce((sum, { sql }) => sum + sql.length, 0)
      costs.invocations++
      costs.subrequests += spent.subrequests
      costs.statements += statements
      costs.mostStatements = Math.max(costs.mostStatements, statements)
      const found = await findRun(db, { organizationId: key.organizationId, runId })
      clock.ms += 60_000
      if (found?.status !== 'running') {
        const calls = counting.calls.length
        return { ...costs, calls, ...counting.rows(), status: found?.status, counts: found?.counts }
      }
    }
  }

  return {
    counting,
    clock,
    run,
    /** What the next delta tells: so many users have another department. */
    change(count: number, department: string | null): void {
      changes = range(0, count).map((i) => userOf(i * Math.floor(size / count), department))
    },
  }
}

function range(from: number, below: number): readonly number[] {
  return Array.from({ length: Math.max(0, below - from) }, (_, i) => from + i)
}

/** People as SCIM and a first read of nobody left them. */
async function fill(size: number, key: { organizationId: string; connectionId: string }) {
  const { organizationId, connectionId } = key
  for (let from = 0; from < size; from += 2000) {
    const people = range(from, Math.min(size, from + 2000)).map((i) => {
      const statement = (value: string) => ({ values: [value], changedAt: startMs - 10_000_000 })
      const view: SourceView = {
        source: 'scim',
        at: startMs - 10_000_000,
        attributes: {
          userName: statement(`u${i}@contoso.example`),
          displayName: statement(`Name ${i}`),
          title: statement('Clerk'),
          [`${enterprise}:department`]: statement('Retail'),
        },
      }
      const { profile, provenance } = resolve(builtInAttributes, defaultMapping, [view])
      const name = `u${i}@contoso.example`
      const id = `usr_${i.toString().padStart(8, '0')}`
      const { attributes } = view
      const searchName = `name ${i}`
      return {
        id,
        name,
        searchName,
        key: `entra:${tenantId}:${objectId(i)}`,
        profile,
        provenance,
        attributes,
      }
    })
    const rows = JSON.stringify(people)
    const at = startMs - 10_000_000
    await env.DB.batch([
      env.DB.prepare(
        `insert into people (id, organization_id, connection_id, user_name, user_name_key, created_by, scim_at, search_name, search_family, search_email, profile, provenance, mapping_version, created_at, updated_at)
         select value ->> 'id', ?2, ?3, value ->> 'name', value ->> 'name', 'scim', ?4, value ->> 'searchName', '', '', value -> 'profile', value -> 'provenance', 1, ?4, ?4 from json_each(?1)`,
      ).bind(rows, organizationId, connectionId, at),
      env.DB.prepare(
        `insert into identities (organization_id, key, person_id, connection_id, bound_by, created_at)
         select ?2, value ->> 'key', value ->> 'id', ?3, 'scim', ?4 from json_each(?1)`,
      ).bind(rows, organizationId, connectionId, at),
      env.DB.prepare(
        `insert into source_views (person_id, source, organization_id, connection_id, attributes, sha256, at)
         select value ->> 'id', 'scim', ?2, ?3, value -> 'attributes', '', ?4 from json_each(?1)`,
      ).bind(rows, organizationId, connectionId, at),
      env.DB.prepare(
        `insert into scim_users (person_id, organization_id, view, folded, modified_at)
         select value ->> 'id', ?2, '{}', '{}', ?3 from json_each(?1)`,
      ).bind(rows, organizationId, at),
    ])
  }
}
