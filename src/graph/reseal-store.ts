import { and, eq, sql } from 'drizzle-orm'
import { type Database, type Statement, tables } from '../db/index.ts'
import { type KeyRing, type RandomBytes, seal, unseal } from '../kernel/index.ts'
import { graphSecretPlace } from './seal-credential.ts'

const { graphCredentials } = tables

export type Resealed = {
  /** Each replaces one secret, unless it was set anew meanwhile. */
  readonly statements: readonly Statement[]
  /** Secrets that no key of the ring opens: they keep their kid in use. */
  readonly lost: number
  /** Whether there may be more than this portion. */
  readonly isMore: boolean
}

/**
 * Encrypts secrets anew that another key than the ring's first one sealed, in portions: when none is left, that
 * key is free to go (DESIGN 2.2). What is remembered of tokens stays good, since the credential is the same.
 * @param limit how many at once: each is one statement
 */
export async function resealGraphSecrets(
  db: Database,
  ring: KeyRing,
  { limit, random }: { readonly limit: number; readonly random: RandomBytes },
): Promise<Resealed> {
  const prefix = `${ring[0].kid}.`
  const rows = await db
    .select()
    .from(graphCredentials)
    .where(sql`substr(${graphCredentials.secretSealed}, 1, ${prefix.length}) <> ${prefix}`)
    .limit(limit)
  const statements: Statement[] = []
  for (const row of rows) {
    const place = graphSecretPlace(row)
    const secret = await unseal(ring, place, row.secretSealed)
    if (secret === null) continue
    const secretSealed = await seal(ring, place, { secret, random })
    const { organizationId, connectionId } = row
    statements.push(
      db
        .update(graphCredentials)
        .set({ secretSealed })
        .where(
          and(
            eq(graphCredentials.organizationId, organizationId),
            eq(graphCredentials.connectionId, connectionId),
            eq(graphCredentials.secretSealed, row.secretSealed),
          ),
        ),
    )
  }
  return { statements, lost: rows.length - statements.length, isMore: rows.length === limit }
}
