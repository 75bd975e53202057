import { and, eq, sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, type Statement, tables } from '../db/index.ts'
import type { PermissionCheck } from './types.ts'

const { connections, graphCredentials } = tables

export type GraphCredentialRow = typeof graphCredentials.$inferSelect

/** A credential belongs to one connection of an organization; an empty one before there is any (DESIGN 2.1). */
export type GraphCredentialKey = {
  readonly organizationId: string
  readonly connectionId: string
}

function isAt({ organizationId, connectionId }: GraphCredentialKey) {
  return and(
    eq(graphCredentials.organizationId, organizationId),
    eq(graphCredentials.connectionId, connectionId),
  )
}

/** A credential as it is stored, and the tenant that its connection has now; null where that is not Entra's. */
export type StoredGraphCredential = GraphCredentialRow & {
  readonly connectionTenantId: string | null
}

/** The stored credential, still sealed; null when there is none. */
export async function loadGraphCredential(
  db: Database,
  key: GraphCredentialKey,
): Promise<StoredGraphCredential | null> {
  const [found] = await db
    .select({ row: graphCredentials, connectionTenantId: connections.tenantId })
    .from(graphCredentials)
    .leftJoin(
      connections,
      and(
        eq(connections.id, graphCredentials.connectionId),
        eq(connections.organizationId, graphCredentials.organizationId),
      ),
    )
    .where(isAt(key))
  if (found === undefined) return null
  return { ...found.row, connectionTenantId: found.connectionTenantId?.toLowerCase() ?? null }
}

/** The row alone, as a statement of a batch. */
export function graphCredentialQuery(db: Database, key: GraphCredentialKey): Statement {
  return db.select().from(graphCredentials).where(isAt(key))
}

/**
 * Whether the connection leaves the tenant free or is of this one: object ids of another tenant would be taken
 * for people of this one (DESIGN 2.1, rule 1).
 */
export function connectionIsOfTenant(connectionId: string, tenantId: string): Guard {
  return sql`not exists (select 1 from ${connections} where id = ${connectionId} and tenant_id is not null and lower(tenant_id) <> ${tenantId})`
}

/** Whether the credential is there as it was read. */
export function graphCredentialAt(row: GraphCredentialRow): Guard {
  return sql`exists (select 1 from ${graphCredentials} where organization_id = ${row.organizationId} and connection_id = ${row.connectionId} and secret_sealed = ${row.secretSealed})`
}

/** Whether nothing of the credential was changed since it was read: what is kept of it is not older than what is there. */
export function graphCredentialUnchanged(row: GraphCredentialRow): Guard {
  return sql`(${graphCredentialAt(row)} and (select version from ${graphCredentials} where organization_id = ${row.organizationId} and connection_id = ${row.connectionId}) = ${row.version})`
}

/** What an admin sets; the rest of a row is about its history. */
export type NewGraphCredential = GraphCredentialKey &
  Pick<
    GraphCredentialRow,
    'tenantId' | 'clientId' | 'appId' | 'kind' | 'secretSealed' | 'certificate' | 'expiresAt'
  >

/** Stores a credential in place of the one before, whose warnings and check it forgets, while the guard holds. */
export function saveGraphCredential(
  db: Database,
  { set, nowMs, guard }: { set: NewGraphCredential; nowMs: number; guard: Guard },
): Statement {
  return insertWhere(db, graphCredentials, {
    row: { ...set, createdAt: nowMs, updatedAt: nowMs },
    guard,
    conflict: sql`(organization_id, connection_id) do update set tenant_id = excluded.tenant_id,
      client_id = excluded.client_id, app_id = excluded.app_id, kind = excluded.kind,
      secret_sealed = excluded.secret_sealed, certificate = excluded.certificate, expires_at = excluded.expires_at,
      warned_days = null, checked_at = null, checked = null,
      version = ${graphCredentials.version} + 1, updated_at = excluded.updated_at`,
  })
}

/** Deletes a credential with its secret; answers with its connection when there was one. */
export function deleteGraphCredential(db: Database, row: GraphCredentialRow): Statement {
  return db
    .delete(graphCredentials)
    .where(and(isAt(row), eq(graphCredentials.secretSealed, row.secretSealed)))
    .returning({ connectionId: graphCredentials.connectionId })
}

/** What a check found, to be shown until the next one. */
export type StoredCheck = {
  readonly check: PermissionCheck | null
  /** Why nothing could be checked: a code of the registry with what it says. */
  readonly failure: { readonly code: string; readonly explanation: string } | null
}

/** Keeps what a check found, if the credential still is the one that was checked. */
export function saveGraphCheck(
  db: Database,
  { row, checked, nowMs }: { row: GraphCredentialRow; checked: StoredCheck; nowMs: number },
): Statement {
  return db
    .update(graphCredentials)
    .set({ checkedAt: nowMs, checked })
    .where(and(isAt(row), eq(graphCredentials.secretSealed, row.secretSealed)))
}

type Move = GraphCredentialKey & { readonly guard: Guard }

/** Whether a credential without connection would come to a connection of another tenant. */
export function strandedByTenant(organizationId: string, tenantId: string | null): Guard {
  return sql`exists (select 1 from ${graphCredentials} where organization_id = ${organizationId} and connection_id = '' and ${tenantId} is not null and tenant_id <> lower(${tenantId}))`
}

/**
 * Gives the credential that was set before the organization's first connection to it, or deletes it when it is
 * of another tenant: it could never be used there, and nobody would see it any more.
 */
export function adoptGraphCredential(
  db: Database,
  { organizationId, connectionId, guard, tenantId }: Move & { readonly tenantId: string | null },
): readonly Statement[] {
  const isUnbound = isAt({ organizationId, connectionId: '' })
  return [
    db
      .delete(graphCredentials)
      .where(and(isUnbound, guard, strandedByTenant(organizationId, tenantId))),
    db.update(graphCredentials).set({ connectionId }).where(and(isUnbound, guard)),
  ]
}

/** Takes the credential from the last connection that goes. */
export function releaseGraphCredential(db: Database, { guard, ...key }: Move): Statement {
  return db
    .update(graphCredentials)
    .set({ connectionId: '' })
    .where(and(isAt(key), guard))
}

/** Deletes the credential of a connection that goes while others stay. */
export function dropGraphCredential(db: Database, { guard, ...key }: Move): Statement {
  return db.delete(graphCredentials).where(and(isAt(key), guard))
}
