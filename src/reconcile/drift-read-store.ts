import { and, desc, eq, getTableColumns, lt } from 'drizzle-orm'
import { type Database, tables } from '../db/index.ts'
import type { DriftRow } from './drift-store.ts'

const { driftItems, people } = tables

/** A difference with the name of whom it is about, while there is somebody. */
export type NamedDrift = DriftRow & { readonly userName: string | null }

function named(db: Database) {
  return db
    .select({ ...getTableColumns(driftItems), userName: people.userName })
    .from(driftItems)
    .leftJoin(
      people,
      and(eq(people.id, driftItems.personId), eq(people.organizationId, driftItems.organizationId)),
    )
}

/** A difference of the organization, or null. */
export async function findDrift(
  db: Database,
  { organizationId, driftId }: { organizationId: string; driftId: string },
): Promise<NamedDrift | null> {
  const [row] = await named(db).where(
    and(eq(driftItems.id, driftId), eq(driftItems.organizationId, organizationId)),
  )
  return row ?? null
}

/** Differences, newest first; ask for one more than shown. */
export async function listDrift(
  db: Database,
  organizationId: string,
  filter: {
    readonly runId?: string
    readonly state?: DriftRow['state']
    readonly before: string | null
    readonly limit: number
  },
): Promise<readonly NamedDrift[]> {
  return named(db)
    .where(
      and(
        eq(driftItems.organizationId, organizationId),
        filter.runId === undefined ? undefined : eq(driftItems.runId, filter.runId),
        filter.state === undefined ? undefined : eq(driftItems.state, filter.state),
        filter.before === null ? undefined : lt(driftItems.id, filter.before),
      ),
    )
    .orderBy(desc(driftItems.id))
    .limit(filter.limit)
}
