import { and, eq, isNull, sql } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'

const { groups, identities, people, scimClients, scimTokens, sourceViews, tombstones } = tables

type Adoption = {
  readonly organizationId: string
  readonly connectionId: string
  readonly guard: Guard
}

/**
 * Gives the groups, SCIM credentials and statements that were made before the organization's first connection to
 * it, as `adoptPeople` does with people: what a credential made stays within its reach. A statement that was made
 * under another connection stays that one's.
 */
export function adoptProvisioning(
  db: Database,
  { organizationId, connectionId, guard }: Adoption,
): readonly Statement[] {
  return [
    db
      .update(groups)
      .set({ connectionId })
      .where(and(eq(groups.organizationId, organizationId), eq(groups.connectionId, ''), guard)),
    ...[scimTokens, scimClients].map((table) =>
      db
        .update(table)
        .set({ connectionId })
        .where(and(eq(table.organizationId, organizationId), isNull(table.connectionId), guard)),
    ),
    db.run(
      sql`update ${sourceViews} set connection_id = ${connectionId} where connection_id is null and source = 'scim'
        and person_id in (select id from ${people} where organization_id = ${organizationId}) and ${guard}`,
    ),
  ]
}

/**
 * Binds the people whom SCIM made before the organization's first connection to the object ids that it stated:
 * only now is there a tenant that a GUID in externalId is trusted under (DESIGN 2.1, rule 1). Otherwise
 * somebody whose userName is not the UPN would sign in as a second person, whatever SCIM says of the first.
 * What two people state binds neither, nor what was stated under an earlier connection: its provider's GUIDs are
 * not this tenant's. Whoever was erased with an object id that binds is forgotten, unless an operator blocked them:
 * then it binds nobody. After `adoptProvisioning`.
 */
export function bindAdopted(
  db: Database,
  {
    organizationId,
    connectionId,
    tenantId,
    nowMs,
    guard,
  }: Adoption & { readonly tenantId: string; readonly nowMs: number },
): readonly Statement[] {
  const key = sql`'entra:' || ${tenantId} || ':' || lower(p.external_id)`
  // D1 takes no pattern over 50 bytes, so the form and the digits are checked one after the other.
  const isObjectId = sql`p.external_id like '________-____-____-____-____________' and length(replace(p.external_id, '-', '')) = 32 and replace(p.external_id, '-', '') not glob '*[^0-9a-fA-F]*'`
  const bind = sql`insert into ${identities} (organization_id, key, person_id, connection_id, bound_by, created_at)
      select ${organizationId}, ${key}, min(p.id), ${connectionId}, 'scim', ${nowMs}
      from ${people} p
      where p.organization_id = ${organizationId} and p.connection_id = ${connectionId} and p.retired_at is null
        and p.scim_at is not null and ${isObjectId} and ${guard}
        and not exists (select 1 from ${identities} i where i.person_id = p.id)
        and not exists (select 1 from ${identities} i where i.organization_id = ${organizationId} and i.key = ${key})
        and not exists (select 1 from ${sourceViews} v where v.person_id = p.id and v.source = 'scim' and v.connection_id <> ${connectionId})
        and not exists (select 1 from ${tombstones} t where t.organization_id = ${organizationId} and t.key = ${key} and t.was_blocked and t.lifted_at is null)
      group by lower(p.external_id) having count(*) = 1`
  const forget = sql`delete from ${tombstones} where organization_id = ${organizationId} and ${guard}
    and exists (select 1 from ${identities} i where i.organization_id = ${tombstones.organizationId} and i.key = ${tombstones.key} and i.connection_id = ${connectionId})`
  return [db.run(bind), db.run(forget)]
}

/** Takes groups and SCIM credentials from the last connection that goes, so that the next first one adopts them. */
export function releaseProvisioning(
  db: Database,
  { organizationId, connectionId, guard }: Adoption,
): readonly Statement[] {
  return [
    db
      .update(groups)
      .set({ connectionId: '' })
      .where(
        and(
          eq(groups.organizationId, organizationId),
          eq(groups.connectionId, connectionId),
          guard,
        ),
      ),
    ...[scimTokens, scimClients].map((table) =>
      db
        .update(table)
        .set({ connectionId: null })
        .where(
          and(
            eq(table.organizationId, organizationId),
            eq(table.connectionId, connectionId),
            guard,
          ),
        ),
    ),
  ]
}
