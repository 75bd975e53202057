import { asc, gt, type SQL, sql } from 'drizzle-orm'
import { type Database, runBatch, type Statement, tables } from '../db/index.ts'
import { limits } from '../kernel/index.ts'

const {
  connectionCertificates,
  connections,
  driftItems,
  events,
  graphCredentials,
  organizations,
  reconcileRuns,
  scimClients,
  scimClientSecrets,
  scimTokens,
} = tables

export type HealthConnection = {
  readonly id: string
  readonly name: string
  readonly status: 'draft' | 'testing' | 'active' | 'disabled'
  /** The ends of its trusted certificates: the first that has not come yet, and the last of all; null without any. */
  readonly nextExpiry: number | null
  readonly lastExpiry: number | null
}

/** A token or a secret that may be used; null for a credential that does not end. */
export type HealthCredential = {
  readonly kind: 'token' | 'secret'
  readonly id: string
  readonly name: string
  readonly expiresAt: number | null
  readonly lastUsedAt: number | null
}

/** What there is to know about an organization, of which health is judged. */
export type HealthFacts = {
  readonly organizationId: string
  readonly connections: readonly HealthConnection[]
  readonly credentials: readonly HealthCredential[]
  /** Of clients that prove themselves without a secret. */
  readonly federatedClients: number
  readonly lastScimCallAt: number | null
  readonly graph: { readonly expiresAt: number | null } | null
  readonly run: {
    readonly id: string
    readonly status: 'queued' | 'running' | 'paused' | 'held' | 'done' | 'failed'
    readonly at: number
  } | null
  /** At most `limits.openDriftCounted`. */
  readonly openDrift: number
  /** The last one that succeeded, among the newest thousand attempts. */
  readonly lastSignInAt: number | null
}

type Of<T> = T & { readonly organizationId: string }

/**
 * Reads the facts of some organizations in one batch, by index. Rows: a few for each organization.
 * @param ids at most a page of organizations; the facts come in their order
 */
export async function loadHealth(
  db: Database,
  ids: readonly string[],
  nowMs: number,
): Promise<readonly HealthFacts[]> {
  const of = sql`json_each(${JSON.stringify(ids)}) o`
  const [cons, creds, scim, graph, runs, rest] = (await runBatch(db, [
    connectionsQuery(db, of, nowMs),
    credentialsQuery(db, of),
    db.all(sql`select o.value as "organizationId",
      (select count(*) from ${scimClients} c where c.organization_id = o.value and c.federation is not null and c.disabled_at is null) as federated,
      (select max(t.last_used_at) from ${scimTokens} t where t.organization_id = o.value) as "lastCallAt" from ${of}`),
    db.all(sql`select organization_id as "organizationId", min(expires_at) as "expiresAt"
      from ${of} cross join ${graphCredentials} g where g.organization_id = o.value group by g.organization_id`),
    db.all(sql`select r.organization_id as "organizationId", r.id, r.status, coalesce(r.finished_at, r.started_at, r.created_at) as at
      from ${of} cross join ${reconcileRuns} r where r.id =
        (select x.id from ${reconcileRuns} x where x.organization_id = o.value and x.kind = 'reconcile' order by x.id desc limit 1)`),
    db.all(sql`select o.value as "organizationId",
      (select count(*) from (select 1 from ${driftItems} d where d.organization_id = o.value and d.state = 'open' limit ${limits.openDriftCounted})) as "openDrift",
      (select s.at from (select e.at, e.outcome from ${events} e where e.organization_id = o.value and e.type = 'sign_in'
        order by e.id desc limit 1000) s where s.outcome = 'success' limit 1) as "lastSignInAt" from ${of}`),
  ])) as [
    readonly Of<HealthConnection>[],
    readonly Of<HealthCredential>[],
    readonly Of<{ federated: number; lastCallAt: number | null }>[],
    readonly Of<{ expiresAt: number | null }>[],
    readonly Of<NonNullable<HealthFacts['run']>>[],
    readonly Of<{ openDrift: number; lastSignInAt: number | null }>[],
  ]
  return ids.map((organizationId) => {
    const own = <T>(rows: readonly Of<T>[]) =>
      rows.filter((row) => row.organizationId === organizationId)
    const [{ federated, lastCallAt } = { federated: 0, lastCallAt: null }] = own(scim)
    const [{ openDrift, lastSignInAt } = { openDrift: 0, lastSignInAt: null }] = own(rest)
    return {
      organizationId,
      connections: own(cons),
      credentials: own(creds),
      federatedClients: federated,
      lastScimCallAt: lastCallAt,
      graph: own(graph)[0] ?? null,
      run: own(runs)[0] ?? null,
      openDrift,
      lastSignInAt,
    }
  })
}

/** `cross join`: SQLite would turn the loops around and read whole tables. */
function connectionsQuery(db: Database, of: SQL, nowMs: number): Statement {
  const trusted = sql`from ${connectionCertificates} k where k.connection_id = c.id and k.retired_at is null`
  return db.all(sql`select c.organization_id as "organizationId", c.id, c.name, c.status,
      (select min(k.not_after) ${trusted} and k.not_after >= ${nowMs}) as "nextExpiry",
      (select max(k.not_after) ${trusted}) as "lastExpiry"
    from ${of} cross join ${connections} c where c.organization_id = o.value order by c.id`)
}

/** Tokens that admins made and secrets of clients, without what is disabled. */
function credentialsQuery(db: Database, of: SQL): Statement {
  return db.all(sql`select t.organization_id as "organizationId", 'token' as kind, t.id, t.name, t.expires_at as "expiresAt", t.last_used_at as "lastUsedAt"
      from ${of} cross join ${scimTokens} t where t.organization_id = o.value and t.client_id is null and t.disabled_at is null
    union all
    select c.organization_id, 'secret', s.id, c.name, s.expires_at, s.last_used_at
      from ${of} cross join ${scimClients} c cross join ${scimClientSecrets} s
      where c.organization_id = o.value and s.client_id = c.id and c.disabled_at is null`)
}

export type NamedOrganization = {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly scim: boolean
}

/** The next organizations in the order of their ids; a bounded number, whatever is looked for. */
export async function nextOrganizations(
  db: Database,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly NamedOrganization[]> {
  const { id, slug, name, scim } = organizations
  return db
    .select({ id, slug, name, scim })
    .from(organizations)
    .where(gt(id, page.after))
    .orderBy(asc(id))
    .limit(page.limit)
}
