import { eq, sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, runBatch, tables } from '../../db/index.ts'
import { limits } from '../../kernel/index.ts'
import type { Scope } from './credential.ts'

const { organizations, scimClientSecrets, scimClients, scimTokens } = tables

export type ScimClient = typeof scimClients.$inferSelect
export type ClientSecret = typeof scimClientSecrets.$inferSelect

export type KnownClient = {
  readonly client: ScimClient
  readonly secrets: readonly ClientSecret[]
  /** Whether the organization lets SCIM provision. */
  readonly scim: boolean
}

/** A client with its secrets, in one trip; null when nobody has the id. */
export async function findKnownClient(db: Database, clientId: string): Promise<KnownClient | null> {
  const [[client], secrets, [organization]] = await db.batch([
    db.select().from(scimClients).where(eq(scimClients.id, clientId)),
    db.select().from(scimClientSecrets).where(eq(scimClientSecrets.clientId, clientId)),
    db
      .select({ scim: organizations.scim })
      .from(organizations)
      .where(
        eq(
          organizations.id,
          sql`(select organization_id from ${scimClients} where id = ${clientId})`,
        ),
      ),
  ])
  return client === undefined || organization === undefined
    ? null
    : { client, secrets, scim: organization.scim }
}

/** What a token of a federated client is called; one by a secret is called after the secret, and ends with it. */
export const federatedName = 'federated'

export type AccessToken = {
  readonly id: string
  readonly tokenSha256: string
  readonly scopes: readonly Scope[]
  /** The secret that it was given for; null for an assertion. */
  readonly secret: ClientSecret | null
}

/**
 * Stores an access token, if the client and its secret still are what they were judged to be.
 * @returns whether it was stored
 */
export async function storeAccessToken(
  db: Database,
  client: ScimClient,
  { token, nowMs }: { readonly token: AccessToken; readonly nowMs: number },
): Promise<boolean> {
  const { secret } = token
  const end = nowMs + limits.scimAccessTokenSeconds * 1000
  const row = {
    id: token.id,
    organizationId: client.organizationId,
    connectionId: client.connectionId,
    clientId: client.id,
    name: secret?.id ?? federatedName,
    tokenSha256: token.tokenSha256,
    scopes: token.scopes,
    expiresAt: Math.min(end, secret?.expiresAt ?? end),
    createdAt: nowMs,
  }
  const guard = secret === null ? clientWorks(client) : secretWorks(client, secret.id)
  const results = await runBatch(db, [
    insertWhere(db, scimTokens, { row, guard }),
    ...(secret === null
      ? []
      : [
          db
            .update(scimClientSecrets)
            .set({ lastUsedAt: nowMs })
            .where(eq(scimClientSecrets.id, secret.id)),
        ]),
    db.all(sql`select 1 as made from ${scimTokens} where id = ${token.id}`),
  ])
  return (results.at(-1) as readonly unknown[]).length === 1
}

function clientWorks({ id, organizationId, connectionId }: ScimClient): Guard {
  return sql`exists (select 1 from ${scimClients} where id = ${id} and organization_id = ${organizationId}
    and connection_id is ${connectionId} and disabled_at is null)`
}

function secretWorks(client: ScimClient, secretId: string): Guard {
  return sql`(${clientWorks(client)} and exists (select 1 from ${scimClientSecrets} where id = ${secretId} and client_id = ${client.id}))`
}
