import { and, desc, eq, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, type Statement, tables } from '../../db/index.ts'
import { limits } from '../../kernel/index.ts'
import type { ClientSecret, ScimClient } from './issue-store.ts'
import type { CredentialChange, NewestPage } from './tokens-store.ts'

const { scimClientSecrets, scimClients, scimTokens } = tables

export type ScimClientKey = { readonly organizationId: string; readonly clientId: string }
export type ScimSecretKey = ScimClientKey & { readonly secretId: string }

export type ScimClientWithSecrets = {
  readonly client: ScimClient
  /** The oldest first. */
  readonly secrets: readonly ClientSecret[]
}

/** Stores a client while the guard holds. */
export function insertScimClient(
  db: Database,
  row: typeof scimClients.$inferInsert,
  guard: Guard,
): Statement {
  return insertWhere(db, scimClients, { row, guard })
}

/** Stores a client's secret, which is only kept as a hash, while the guard holds. */
export function insertScimSecret(
  db: Database,
  row: typeof scimClientSecrets.$inferInsert,
  guard: Guard,
): Statement {
  return insertWhere(db, scimClientSecrets, { row, guard })
}

/** Whether the client is there. */
export function scimClientExists({ organizationId, clientId }: ScimClientKey): Guard {
  return sql`exists (select 1 from ${scimClients} where id = ${clientId} and organization_id = ${organizationId})`
}

/** Whether the secret is there. */
export function scimSecretExists({ organizationId, clientId, secretId }: ScimSecretKey): Guard {
  return sql`exists (select 1 from ${scimClientSecrets} where id = ${secretId} and client_id = ${clientId} and organization_id = ${organizationId})`
}

/** Whether the organization may have one client more. */
export function mayAddScimClient(organizationId: string): Guard {
  return sql`(select count(*) from ${scimClients} where organization_id = ${organizationId}) < ${limits.scimClientsPerOrganization}`
}

/** Whether the client, which is not federated, may have one secret more: the one in use and the next. */
export function mayAddScimSecret({ organizationId, clientId }: ScimClientKey): Guard {
  return sql`(exists (select 1 from ${scimClients} where id = ${clientId} and organization_id = ${organizationId} and federation is null)
    and (select count(*) from ${scimClientSecrets} where client_id = ${clientId}) < ${limits.scimSecretsPerClient})`
}

/** Asks what `readCount` reads: how many clients the organization has. */
export function scimClientsQuery(db: Database, organizationId: string): Statement {
  return db.all(
    sql`select count(*) as count from ${scimClients} where organization_id = ${organizationId}`,
  )
}

/** A client of an organization with its secrets, or null. */
export async function findScimClient(
  db: Database,
  key: ScimClientKey,
): Promise<ScimClientWithSecrets | null> {
  const [[client], secrets] = await db.batch([
    db.select().from(scimClients).where(isNamed(key)),
    db
      .select()
      .from(scimClientSecrets)
      .where(
        and(
          eq(scimClientSecrets.clientId, key.clientId),
          eq(scimClientSecrets.organizationId, key.organizationId),
        ),
      )
      .orderBy(scimClientSecrets.createdAt, scimClientSecrets.id),
  ])
  return client === undefined ? null : { client, secrets }
}

/** One page of an organization's clients with their secrets, newest first. */
export async function listScimClients(
  db: Database,
  organizationId: string,
  { limit, after }: NewestPage,
): Promise<readonly ScimClientWithSecrets[]> {
  const clients = await db
    .select()
    .from(scimClients)
    .where(
      and(
        eq(scimClients.organizationId, organizationId),
        after === null
          ? undefined
          : or(
              lt(scimClients.createdAt, after.createdAt),
              and(eq(scimClients.createdAt, after.createdAt), lt(scimClients.id, after.id)),
            ),
      ),
    )
    .orderBy(desc(scimClients.createdAt), desc(scimClients.id))
    .limit(limit)
  // An organization has twenty clients at most, so a page binds few ids.
  const ids = clients.map(({ id }) => id)
  const secrets =
    ids.length === 0
      ? []
      : await db
          .select()
          .from(scimClientSecrets)
          .where(inArray(scimClientSecrets.clientId, ids))
          .orderBy(scimClientSecrets.createdAt, scimClientSecrets.id)
  return clients.map((client) => ({
    client,
    secrets: secrets.filter(({ clientId }) => clientId === client.id),
  }))
}

/** Renames, disables or enables a client, and answers with it. */
export function changeScimClient(
  db: Database,
  key: ScimClientKey,
  change: CredentialChange & { readonly updatedAt: number },
): Statement {
  return db.update(scimClients).set(change).where(isNamed(key)).returning()
}

/** A secret of a client, or null. */
export async function findScimSecret(
  db: Database,
  { organizationId, clientId, secretId }: ScimSecretKey,
): Promise<ClientSecret | null> {
  const found = await findScimClient(db, { organizationId, clientId })
  return found?.secrets.find(({ id }) => id === secretId) ?? null
}

/** Deletes a client with its secrets and the tokens that it was given, and answers with its id. */
export function deleteScimClient(db: Database, key: ScimClientKey): readonly Statement[] {
  return [
    // By the organization's index; the foreign key alone would look at every token there is.
    db.delete(scimTokens).where(isTokenOf(key)),
    db.delete(scimClients).where(isNamed(key)).returning({ id: scimClients.id }),
  ]
}

/** Deletes a secret with the tokens that were given for it, and answers with its id. */
export function deleteScimSecret(db: Database, key: ScimSecretKey): readonly Statement[] {
  return [
    db.delete(scimTokens).where(and(isTokenOf(key), eq(scimTokens.name, key.secretId))),
    db
      .delete(scimClientSecrets)
      .where(
        and(
          eq(scimClientSecrets.id, key.secretId),
          eq(scimClientSecrets.clientId, key.clientId),
          eq(scimClientSecrets.organizationId, key.organizationId),
        ),
      )
      .returning({ id: scimClientSecrets.id }),
  ]
}

function isNamed({ organizationId, clientId }: ScimClientKey): SQL | undefined {
  return and(eq(scimClients.id, clientId), eq(scimClients.organizationId, organizationId))
}

function isTokenOf({ organizationId, clientId }: ScimClientKey): SQL | undefined {
  return and(eq(scimTokens.organizationId, organizationId), eq(scimTokens.clientId, clientId))
}
