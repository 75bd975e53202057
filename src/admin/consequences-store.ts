import { type SQL, sql } from 'drizzle-orm'
import type { EventType } from '../activity/index.ts'
import { type Database, runBatch, type Statement, tables } from '../db/index.ts'
import { limits } from '../kernel/index.ts'

const { connections, events, people, scimClients, scimTokens, sessions } = tables

/** Counts of people who are not retired, among the first `limits.peopleCounted`. */
export type PeopleCounts = {
  readonly counted: number
  readonly active: number
  /** Of those active. */
  readonly neverSignedIn: number
  /** Whom a sign-in made, and no other source stated since. */
  readonly onlyFirstLogin: number
  /** Whom SCIM made, and who never signed in. */
  readonly onlyScim: number
  /** Whom SCIM has written. */
  readonly provisioned: number
}

export type ConnectionCounts = {
  readonly people: PeopleCounts
  /** Signed in by the connection now. */
  readonly signedIn: { readonly people: number; readonly sessions: number }
  /** Active connections of the organization besides this one. */
  readonly otherActive: number
  /** When a test or a sign-in passed last, among the newest of the organization. */
  readonly testedAt: number | null
}

/** Events of a kind that are looked through for one that passed. */
const lookedBack = 200

type Key = { readonly organizationId: string; readonly connectionId: string }

/** What a change of a connection's status would meet, in one batch; rows: at most `limits.peopleCounted` of each kind. */
export async function countForConnection(
  db: Database,
  { organizationId, connectionId }: Key,
  nowMs: number,
): Promise<ConnectionCounts> {
  // Reports of test sign-ins are gone after a week, their events are not; a tester's own sign-in is a test, too.
  const passed = (type: EventType) =>
    sql`select * from (select at from
      (select at, outcome, connection_id from ${events} where organization_id = ${organizationId} and type = ${type} order by id desc limit ${lookedBack})
      where outcome = 'success' and connection_id = ${connectionId} limit 1)`
  const [counted, signedIn, rest] = (await runBatch(db, [
    peopleQuery(db, sql`organization_id = ${organizationId} and connection_id = ${connectionId}`),
    db.all(sql`select count(*) as sessions, count(distinct person_id) as people from
      (select person_id from ${sessions} where connection_id = ${connectionId} and organization_id = ${organizationId}
        and expires_at > ${nowMs} limit ${limits.peopleCounted})`),
    db.all(sql`select
      (select count(*) from ${connections} where organization_id = ${organizationId} and id <> ${connectionId} and status = 'active') as "otherActive",
      (select max(at) from (${passed('test_sign_in.finished')} union all ${passed('sign_in')})) as "testedAt"`),
  ])) as [
    readonly PeopleCounts[],
    readonly ConnectionCounts['signedIn'][],
    readonly Pick<ConnectionCounts, 'otherActive' | 'testedAt'>[],
  ]
  return {
    people: counted[0] ?? nobody,
    signedIn: signedIn[0] ?? { people: 0, sessions: 0 },
    otherActive: rest[0]?.otherActive ?? 0,
    testedAt: rest[0]?.testedAt ?? null,
  }
}

export type OrganizationCounts = {
  readonly people: PeopleCounts
  readonly activeConnections: number
  /** Tokens and clients by which SCIM can come in. */
  readonly scimCredentials: number
}

/** What a change of an organization's switches would meet, in one batch. */
export async function countForOrganization(
  db: Database,
  organizationId: string,
  nowMs: number,
): Promise<OrganizationCounts> {
  const [counted, rest] = (await runBatch(db, [
    peopleQuery(db, sql`organization_id = ${organizationId}`),
    db.all(sql`select
      (select count(*) from ${connections} where organization_id = ${organizationId} and status = 'active') as "activeConnections",
      (select count(*) from ${scimTokens} where organization_id = ${organizationId} and client_id is null and disabled_at is null
        and coalesce(expires_at, ${nowMs} + 1) > ${nowMs})
      + (select count(*) from ${scimClients} where organization_id = ${organizationId} and disabled_at is null) as "scimCredentials"`),
  ])) as [readonly PeopleCounts[], readonly Omit<OrganizationCounts, 'people'>[]]
  return {
    people: counted[0] ?? nobody,
    activeConnections: rest[0]?.activeConnections ?? 0,
    scimCredentials: rest[0]?.scimCredentials ?? 0,
  }
}

const nobody: PeopleCounts = {
  counted: 0,
  active: 0,
  neverSignedIn: 0,
  onlyFirstLogin: 0,
  onlyScim: 0,
  provisioned: 0,
}

/** One pass over an index, however many there are to tell apart. */
function peopleQuery(db: Database, whose: SQL): Statement {
  return db.all(sql`select count(*) as counted, coalesce(sum(active), 0) as active,
      coalesce(sum(active and last_sign_in_at is null), 0) as "neverSignedIn",
      coalesce(sum(created_by = 'saml' and scim_at is null), 0) as "onlyFirstLogin",
      coalesce(sum(scim_at is not null and last_sign_in_at is null), 0) as "onlyScim",
      coalesce(sum(scim_at is not null), 0) as provisioned
    from (select active, last_sign_in_at, created_by, scim_at from ${people}
      where ${whose} and retired_at is null order by id limit ${limits.peopleCounted})`)
}
