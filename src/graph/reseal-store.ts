import { and, eq, sql } from 'drizzle-orm'
import { type Database, type Statement, tables } from '../db/index.ts'
import { type KeyRing, type RandomBytes, seal, unseal } from '../kernel/index.ts'
import { graphSecretPlace } from './seal-credential.ts'

const { graphCredentials } = tables

export type Resealed = {
  /** Each replaces one secret, unless it was set anew meanwhile. */
  readonly statements: readonly Statement[]
  /** Secrets that their key does not open: moved or altered. They keep their kid in use. */
  readonly lost: number
  /** Whether there may be more than this portion. */
  readonly isMore: boolean
}

/**
 * Encrypts secrets anew that an older key of the ring sealed, in portions: when none is left, that key is free to
 * go (DESIGN 2.2). Which ones a portion has is left to chance, so that those that do not open keep nobody waiting
 * for ever; what a key sealed that is not in the ring is left alone. What is remembered of tokens stays good, since the credential is the same.
 * @param limit how many at once: each is one statement
 */
export async function resealGraphSecrets(
  db: Database,
  ring: KeyRing,
  { limit, random }: { readonly limit: number; readonly random: RandomBytes },
): Promise<Resealed> {
  const [, ...older] = ring
  const kids = JSON.stringify(older.map(({ kid }) => kid))
  const { secretSealed: sealed } = graphCredentials
  const rows = await db
    .select()
    .from(graphCredentials)
    .where(
      sql`substr(${sealed}, 1, instr(${sealed}, '.') - 1) in (select value from json_each(${kids}))`,
    )
    .orderBy(sql`random()`)
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
