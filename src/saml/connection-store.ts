import { and, asc, eq, gt, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'
import { type OrganizationRules, readRules, rulesColumn } from '../directory/index.ts'

const { connectionCertificates, connectionKeys, connections, connectionTesters, organizations } =
  tables

const dayMs = 24 * 60 * 60 * 1000

export type ConnectionRow = typeof connections.$inferSelect
export type CertificateRow = typeof connectionCertificates.$inferSelect
export type ConnectionKeyRow = typeof connectionKeys.$inferSelect
export type TesterRow = typeof connectionTesters.$inferSelect

/** A connection with all that a sign-in needs of it, read in one trip. */
export type ConnectionRecord = {
  readonly connection: ConnectionRow
  readonly organization: typeof organizations.$inferSelect
  readonly certificates: readonly CertificateRow[]
  readonly keys: readonly ConnectionKeyRow[]
  readonly testers: readonly TesterRow[]
  /** By which the organization's profiles are made. */
  readonly rules: OrganizationRules
}

/**
 * Reads a connection by the id in the path; null when there is none.
 * @param organizationId given where the caller speaks for one organization: another's id finds nothing
 */
export async function loadConnection(
  db: Database,
  connectionId: string,
  organizationId?: string,
): Promise<ConnectionRecord | null> {
  const isWanted = and(
    eq(connections.id, connectionId),
    organizationId === undefined ? undefined : eq(connections.organizationId, organizationId),
  )
  const owner = db.select({ id: connections.organizationId }).from(connections).where(isWanted)
  const [[connection], [organization], certificates, keys, testers, [ruled]] = await db.batch([
    db.select().from(connections).where(isWanted),
    db.select().from(organizations).where(inArray(organizations.id, owner)),
    db
      .select()
      .from(connectionCertificates)
      .where(eq(connectionCertificates.connectionId, connectionId)),
    db.select().from(connectionKeys).where(eq(connectionKeys.connectionId, connectionId)),
    db.select().from(connectionTesters).where(eq(connectionTesters.connectionId, connectionId)),
    db
      .select({ rules: rulesColumn(sql`connections.organization_id`).as('rules') })
      .from(connections)
      .where(isWanted),
  ])
  const rules = ruled?.rules ?? null
  if (connection === undefined || organization === undefined || rules === null) return null
  return { connection, organization, certificates, keys, testers, rules: readRules(rules) }
}

/** The versions that a decision about a sign-in rests on. */
export type Versions = {
  readonly connection: number
  readonly organization: number
  readonly mapping: number
  readonly status: ConnectionRow['status']
}

/** Reads only the versions, together with other reads of the same trip. */
export function versionsQuery(db: Database, connectionId: string) {
  return db
    .select({
      connection: connections.version,
      // Aliased, since a batch keeps only one column of a name.
      organization: sql<number>`${organizations.version}`.as('organization_version'),
      mapping: organizations.mappingVersion,
      status: connections.status,
    })
    .from(connections)
    .innerJoin(organizations, eq(organizations.id, connections.organizationId))
    .where(eq(connections.id, connectionId))
}

/** Notes once a day that a certificate verified a sign-in, while the guard holds. */
export function markCertificateUsed(
  db: Database,
  { row, nowMs, guard }: { row: CertificateRow; nowMs: number; guard: Guard },
): Statement {
  return db
    .update(connectionCertificates)
    .set({ lastVerifiedAt: nowMs })
    .where(
      and(
        eq(connectionCertificates.connectionId, row.connectionId),
        eq(connectionCertificates.sha256, row.sha256),
        or(
          isNull(connectionCertificates.lastVerifiedAt),
          lte(connectionCertificates.lastVerifiedAt, nowMs - dayMs),
        ),
        guard,
      ),
    )
}

/** A connection of a list, without what only sign-ins need. */
export type ListedConnection = Pick<ConnectionRecord, 'connection' | 'certificates' | 'keys'>

/** One page of an organization's connections in the order of their ids; ask for one more than shown. */
export async function listConnections(
  db: Database,
  organizationId: string,
  page: { after: string; limit: number },
): Promise<readonly ListedConnection[]> {
  const isListed = and(
    eq(connections.organizationId, organizationId),
    gt(connections.id, page.after),
  )
  const ids = db
    .select({ id: connections.id })
    .from(connections)
    .where(isListed)
    .orderBy(asc(connections.id))
    .limit(page.limit)
  const [rows, certificates, keys] = await db.batch([
    db.select().from(connections).where(isListed).orderBy(asc(connections.id)).limit(page.limit),
    db
      .select()
      .from(connectionCertificates)
      .where(inArray(connectionCertificates.connectionId, ids)),
    db.select().from(connectionKeys).where(inArray(connectionKeys.connectionId, ids)),
  ])
  return rows.map((connection) => ({
    connection,
    certificates: certificates.filter((row) => row.connectionId === connection.id),
    keys: keys.filter((row) => row.connectionId === connection.id),
  }))
}
