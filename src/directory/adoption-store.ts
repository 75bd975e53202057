import { and, eq, isNull } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'

const { groups, scimClients, scimTokens } = tables

type Adoption = {
  readonly organizationId: string
  readonly connectionId: string
  readonly guard: Guard
}

/**
 * Gives the groups and SCIM credentials that were made before the organization's first connection to it, as
 * `adoptPeople` does with people: what a credential made stays within its reach.
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
  ]
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
