import { and, desc, eq, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, type Statement, tables } from '../../db/index.ts'
import { limits } from '../../kernel/index.ts'

const { scimTokens } = tables

/** A token that an admin made; those of /oauth/token belong to their client and are listed nowhere. */
export type ScimToken = typeof scimTokens.$inferSelect
export type ScimTokenKey = { readonly organizationId: string; readonly tokenId: string }

/** One page of a list that begins with the newest; ask for one more than shown. */
export type NewestPage = {
  readonly limit: number
  /** The last one of the page before. */
  readonly after: { readonly createdAt: number; readonly id: string } | null
}

/** Stores a token, which is only kept as a hash, while the guard holds. */
export function insertScimToken(
  db: Database,
  row: typeof scimTokens.$inferInsert,
  guard: Guard,
): Statement {
  return insertWhere(db, scimTokens, { row, guard })
}

/** Whether an admin's token is there. */
export function scimTokenExists({ organizationId, tokenId }: ScimTokenKey): Guard {
  return sql`exists (select 1 from ${scimTokens} where id = ${tokenId} and organization_id = ${organizationId} and client_id is null)`
}

/** Whether the organization may have one token more. */
export function mayAddScimToken(organizationId: string): Guard {
  return sql`(select count(*) from ${scimTokens} where organization_id = ${organizationId} and client_id is null) < ${limits.scimTokensPerOrganization}`
}

/** Asks what `readCount` reads: how many tokens the organization has. */
export function scimTokensQuery(db: Database, organizationId: string): Statement {
  return db.all(
    sql`select count(*) as count from ${scimTokens} where organization_id = ${organizationId} and client_id is null`,
  )
}

/** The answer to a question of how many there are. */
export function readCount(answer: unknown): number {
  return (answer as readonly { count: number }[])[0]?.count ?? 0
}

/** A token of an organization, or null. */
export async function findScimToken(db: Database, key: ScimTokenKey): Promise<ScimToken | null> {
  const [row] = await db.select().from(scimTokens).where(isNamed(key))
  return row ?? null
}

/** One page of an organization's tokens, newest first. */
export async function listScimTokens(
  db: Database,
  organizationId: string,
  { limit, after }: NewestPage,
): Promise<readonly ScimToken[]> {
  return db
    .select()
    .from(scimTokens)
    .where(
      and(
        eq(scimTokens.organizationId, organizationId),
        isNull(scimTokens.clientId),
        after === null
          ? undefined
          : or(
              lt(scimTokens.createdAt, after.createdAt),
              and(eq(scimTokens.createdAt, after.createdAt), lt(scimTokens.id, after.id)),
            ),
      ),
    )
    .orderBy(desc(scimTokens.createdAt), desc(scimTokens.id))
    .limit(limit)
}

/** What changes of a token or a client; what is left out stays. */
export type CredentialChange = { readonly name?: string; readonly disabledAt?: number | null }

/** Renames, disables or enables a token, and answers with it. */
export function changeScimToken(
  db: Database,
  key: ScimTokenKey,
  change: CredentialChange,
): Statement {
  return db.update(scimTokens).set(change).where(isNamed(key)).returning()
}

/** Revokes a token for good, and answers with its id. */
export function deleteScimToken(db: Database, key: ScimTokenKey): Statement {
  return db.delete(scimTokens).where(isNamed(key)).returning({ id: scimTokens.id })
}

function isNamed({ organizationId, tokenId }: ScimTokenKey): SQL | undefined {
  return and(
    eq(scimTokens.id, tokenId),
    eq(scimTokens.organizationId, organizationId),
    isNull(scimTokens.clientId),
  )
}
