import { sql } from 'drizzle-orm'
import type { Database } from './client.ts'
import { connectionKeys } from './schema/connections.ts'
import { tombstones } from './schema/people.ts'
import { graphCredentials } from './schema/reconciliation.ts'
import { signingKeys } from './schema/sessions.ts'

/** What is stored under a master key. */
export const sealedKinds = [
  'connectionKeys',
  'signingKeys',
  'graphCredentials',
  'tombstones',
] as const

export type SealedCounts = Readonly<Record<(typeof sealedKinds)[number], number>>

/**
 * How much is stored under each master key, by its kid. Looks at every row, so it is for whoever asks and for the
 * time of a rotation. Names of erased people are digests, which nobody can make anew: they keep their key in use
 * until they are lifted.
 */
export async function countSealed(db: Database): Promise<ReadonlyMap<string, SealedCounts>> {
  const kid = (sealed: unknown) => sql`substr(${sealed}, 1, instr(${sealed}, '.') - 1)`
  const digest = sql`substr(${tombstones.key}, 6)`
  const rows = await db.all<{ kid: string; kind: keyof SealedCounts; count: number }>(
    sql`select kid, kind, count(*) as count from (
      select ${kid(connectionKeys.privateKeySealed)} as kid, 'connectionKeys' as kind from ${connectionKeys}
      union all select ${kid(signingKeys.privateKeySealed)}, 'signingKeys' from ${signingKeys}
      union all select ${kid(graphCredentials.secretSealed)}, 'graphCredentials' from ${graphCredentials}
      union all select substr(${digest}, 1, instr(${digest}, ':') - 1), 'tombstones' from ${tombstones}
        where substr(${tombstones.key}, 1, 5) = 'name:' and ${tombstones.liftedAt} is null
    ) group by kid, kind order by kid`,
  )
  const counts = new Map<string, SealedCounts>()
  for (const row of rows) {
    counts.set(row.kid, { ...(counts.get(row.kid) ?? nothingSealed), [row.kind]: row.count })
  }
  return counts
}

/** Nothing at all. */
export const nothingSealed: SealedCounts = {
  connectionKeys: 0,
  signingKeys: 0,
  graphCredentials: 0,
  tombstones: 0,
}
