import { and, eq } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'

const { connectionCertificates, connectionKeys, connections, connectionTesters, organizations } =
  tables

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
  const [rows, certificates, keys, testers] = await db.batch([
    db
      .select({ connection: connections, organization: organizations })
      .from(connections)
      .innerJoin(organizations, eq(organizations.id, connections.organizationId))
      .where(
        and(
          eq(connections.id, connectionId),
          organizationId === undefined ? undefined : eq(connections.organizationId, organizationId),
        ),
      ),
    db
      .select()
      .from(connectionCertificates)
      .where(eq(connectionCertificates.connectionId, connectionId)),
    db.select().from(connectionKeys).where(eq(connectionKeys.connectionId, connectionId)),
    db.select().from(connectionTesters).where(eq(connectionTesters.connectionId, connectionId)),
  ])
  const row = rows[0]
  return row === undefined ? null : { ...row, certificates, keys, testers }
}

/** The versions that a decision about a sign-in rests on. */
export type Versions = {
  readonly connection: number
  readonly organization: number
  readonly status: ConnectionRow['status']
}

/** Reads only the versions, together with other reads of the same trip. */
export function versionsQuery(db: Database, connectionId: string) {
  return db
    .select({
      connection: connections.version,
      organization: organizations.version,
      status: connections.status,
    })
    .from(connections)
    .innerJoin(organizations, eq(organizations.id, connections.organizationId))
    .where(eq(connections.id, connectionId))
}

/** Notes that a certificate verified a sign-in, while the guard holds. */
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
        guard,
      ),
    )
}
