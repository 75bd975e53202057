import { and, eq, sql } from 'drizzle-orm'
import { type Database, tables } from '../../db/index.ts'
import { holdRules, readRules, rulesColumn } from '../../directory/index.ts'
import type { StoredCredential } from './credential.ts'

const { connections, organizations, scimClients, scimTokens } = tables

/**
 * The token with this hash, joined with everything that its use depends on: one indexed read.
 * @returns null when nobody has it
 */
export async function findCredential(
  db: Database,
  tokenSha256: string,
): Promise<StoredCredential | null> {
  const rows = await db
    .select({
      organizationId: scimTokens.organizationId,
      connectionId: scimTokens.connectionId,
      entraTenantId: connections.tenantId,
      tokenId: scimTokens.id,
      clientId: scimTokens.clientId,
      scopes: scimTokens.scopes,
      expiresAt: scimTokens.expiresAt,
      keepsValues: organizations.keepProvisionedValues,
      scim: organizations.scim,
      rules: rulesColumn(sql`${organizations.id}`).as('rules'),
      isDisabled: sql<number>`${scimTokens.disabledAt} is not null`,
      isUnused: sql<number>`${scimTokens.lastUsedAt} is null`,
      isClientDisabled: sql<number>`${scimClients.disabledAt} is not null`,
      isStranded: sql<number>`${scimTokens.connectionId} is not null and ${connections.id} is null`,
    })
    .from(scimTokens)
    .innerJoin(organizations, eq(organizations.id, scimTokens.organizationId))
    .leftJoin(
      connections,
      and(
        eq(connections.id, scimTokens.connectionId),
        eq(connections.organizationId, scimTokens.organizationId),
      ),
    )
    .leftJoin(scimClients, eq(scimClients.id, scimTokens.clientId))
    .where(eq(scimTokens.tokenSha256, tokenSha256))
  const [row] = rows
  if (row === undefined || row.rules === null) return null
  return {
    ...row,
    rules: holdRules(row, readRules(row.rules)),
    isDisabled: row.isDisabled === 1,
    isClientDisabled: row.isClientDisabled === 1,
    isStranded: row.isStranded === 1,
    isUnused: row.isUnused === 1,
  }
}
