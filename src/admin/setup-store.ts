import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm'
import {
  always,
  type Database,
  type Guard,
  insertWhere,
  runBatch,
  type Statement,
  tables,
} from '../db/index.ts'
import {
  type CustomAttributeRow,
  customAttributesQuery,
  customUserUrn,
} from '../directory/index.ts'
import type { GraphCredentialRow } from '../graph/index.ts'
import type { CertificateRow, ConnectionRow, RefreshRow } from '../saml/index.ts'

const { connectionCertificates, connections, events, graphCredentials, metadataRefreshes } = tables
const { people, scimTokens, scimUsers, setupSteps, testSignIns } = tables

/** How many rows of a kind are looked at: enough to tell, and a bound on what the question costs. */
const looked = 50

export type SetupStepRow = typeof setupSteps.$inferSelect

type SignInRow = Pick<typeof events.$inferSelect, 'at' | 'outcome' | 'code' | 'actor'>
type TestRow = Pick<
  typeof testSignIns.$inferSelect,
  'id' | 'status' | 'createdAt' | 'expiresAt' | 'finishedAt'
> & {
  /** What it failed with. */
  readonly code: string | null
}
type TokenRow = Pick<
  typeof scimTokens.$inferSelect,
  'clientId' | 'expiresAt' | 'disabledAt' | 'lastUsedAt'
>
type SampleRow = {
  readonly externalId: string | null
  readonly scimAt: number
  /** Keys that SCIM sent under the organization's own URN, as JSON. */
  readonly keys: string | null
}

/** What the set-up guide judges, as stored. */
export type SetupRows = {
  readonly connections: readonly ConnectionRow[]
  readonly certificates: readonly CertificateRow[]
  readonly refresh: RefreshRow | null
  readonly signIns: readonly SignInRow[]
  readonly tests: readonly TestRow[]
  readonly tokens: readonly TokenRow[]
  readonly refused: SignInRow | null
  readonly sample: readonly SampleRow[]
  readonly attributes: readonly CustomAttributeRow[]
  readonly graph: GraphCredentialRow | null
  readonly marked: readonly SetupStepRow[]
}

/**
 * Reads all of it in one trip; rows read do not grow with the directory or the log.
 * @param connectionId the connection that is set up; null for the newest one
 */
export async function loadSetup(
  db: Database,
  { organizationId, connectionId }: { organizationId: string; connectionId: string | null },
): Promise<SetupRows> {
  const chosen = sql`(select id from ${connections} where organization_id = ${organizationId}
    and ${connectionId === null ? sql`1 = 1` : sql`id = ${connectionId}`} order by created_at desc, id desc limit 1)`
  const results = await runBatch(db, [
    db
      .select()
      .from(connections)
      .where(eq(connections.organizationId, organizationId))
      .orderBy(desc(connections.createdAt), desc(connections.id))
      .limit(looked),
    db
      .select()
      .from(connectionCertificates)
      .where(
        and(
          eq(connectionCertificates.connectionId, chosen),
          eq(connectionCertificates.organizationId, organizationId),
        ),
      ),
    db
      .select()
      .from(metadataRefreshes)
      .where(
        and(
          eq(metadataRefreshes.connectionId, chosen),
          eq(metadataRefreshes.organizationId, organizationId),
        ),
      ),
    newestEvents(db, { organizationId, type: 'sign_in', where: sql`connection_id = ${chosen}` }),
    db
      .select({
        id: testSignIns.id,
        status: testSignIns.status,
        createdAt: testSignIns.createdAt,
        expiresAt: testSignIns.expiresAt,
        finishedAt: testSignIns.finishedAt,
        code: sql<string | null>`${testSignIns.report} ->> '$.code'`.as('code'),
      })
      .from(testSignIns)
      .where(
        and(eq(testSignIns.organizationId, organizationId), eq(testSignIns.connectionId, chosen)),
      )
      .orderBy(desc(testSignIns.createdAt))
      .limit(looked),
    db
      .select({
        clientId: scimTokens.clientId,
        expiresAt: scimTokens.expiresAt,
        disabledAt: scimTokens.disabledAt,
        lastUsedAt: scimTokens.lastUsedAt,
      })
      .from(scimTokens)
      .where(
        and(
          eq(scimTokens.organizationId, organizationId),
          sql`ifnull(${scimTokens.connectionId}, ${chosen}) is ${chosen}`,
        ),
      )
      .orderBy(desc(scimTokens.createdAt))
      .limit(looked),
    newestEvents(db, {
      organizationId,
      type: 'provisioning.refused',
      where: sql`ifnull(connection_id, ${chosen}) is ${chosen}`,
    }),
    samplePeople(db, { organizationId, chosen }),
    customAttributesQuery(db, organizationId),
    db
      .select()
      .from(graphCredentials)
      .where(
        and(
          eq(graphCredentials.organizationId, organizationId),
          sql`${graphCredentials.connectionId} = ifnull(${chosen}, '')`,
        ),
      ),
    db
      .select()
      .from(setupSteps)
      .where(eq(setupSteps.organizationId, organizationId))
      .orderBy(asc(setupSteps.doneAt)),
  ])
  return {
    connections: results[0] as readonly ConnectionRow[],
    certificates: results[1] as readonly CertificateRow[],
    refresh: (results[2] as readonly RefreshRow[])[0] ?? null,
    signIns: results[3] as readonly SignInRow[],
    tests: results[4] as readonly TestRow[],
    tokens: results[5] as readonly TokenRow[],
    refused: (results[6] as readonly SignInRow[])[0] ?? null,
    sample: results[7] as readonly SampleRow[],
    attributes: results[8] as readonly CustomAttributeRow[],
    graph: (results[9] as readonly GraphCredentialRow[])[0] ?? null,
    marked: results[10] as readonly SetupStepRow[],
  }
}

/** The newest events of a type, and of those the ones that the condition is true of. */
function newestEvents(
  db: Database,
  { organizationId, type, where }: { organizationId: string; type: string; where: SQL },
): Statement {
  return db.all(
    sql`select at, outcome, code, actor from (select at, outcome, code, actor, connection_id, id from ${events}
      where organization_id = ${organizationId} and type = ${type} order by id desc limit ${looked})
      where ${where} order by id desc`,
  )
}

/**
 * People of the connection whom SCIM wrote: the newest that it made or took over, by the log, and some of the rest,
 * in case the log is older than that.
 */
function samplePeople(
  db: Database,
  { organizationId, chosen }: { organizationId: string; chosen: SQL },
): Statement {
  const told = (type: string) =>
    sql`select person_id as id from (select person_id from ${events}
      where organization_id = ${organizationId} and type = ${type} order by id desc limit ${looked})`
  return db.all(
    sql`select p.external_id as externalId, p.scim_at as scimAt,
        (select json_group_array(key) from json_each(u.view, ${`$."${customUserUrn}"`})) as keys
      from (select id from (select id from ${people} where organization_id = ${organizationId}
          and connection_id is ${chosen} and retired_at is null order by id limit ${looked * 2})
        union ${told('user.created')} union ${told('user.adopted')}) s
      cross join ${people} p on p.id = s.id and p.organization_id = ${organizationId}
      cross join ${scimUsers} u on u.person_id = p.id
      where p.connection_id is ${chosen} and p.scim_at is not null`,
  )
}

/** Marks a step as done while it is not; answers with the step when it was not. */
export function markStep(db: Database, row: SetupStepRow): Statement {
  return insertWhere(db, setupSteps, {
    row,
    guard: always,
    conflict: sql`do nothing`,
    returning: sql`step`,
  })
}

type StepKey = Pick<SetupStepRow, 'organizationId' | 'step'>

/** Whether the step is marked. */
export function stepIsMarked({ organizationId, step }: StepKey): Guard {
  return sql`exists (select 1 from ${setupSteps} where organization_id = ${organizationId} and step = ${step})`
}

/** Whether it is not. */
export function stepIsUnmarked(key: StepKey): Guard {
  return sql`not ${stepIsMarked(key)}`
}

/** The mark of a step. */
export function stepQuery(db: Database, key: StepKey) {
  return db.select().from(setupSteps).where(isStep(key))
}

/** Takes the mark of a step away. */
export function unmarkStep(db: Database, key: StepKey): Statement {
  return db.delete(setupSteps).where(isStep(key))
}

function isStep({ organizationId, step }: StepKey) {
  return and(eq(setupSteps.organizationId, organizationId), eq(setupSteps.step, step))
}
