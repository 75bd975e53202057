import { and, eq } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'

const { driftItems } = tables

/** Erases what reconciliation noted of a person, in the batch that erases the person: it holds their values. */
export function erasePersonDrift(
  db: Database,
  { organizationId, personId, guard }: { organizationId: string; personId: string; guard: Guard },
): Statement {
  return db
    .delete(driftItems)
    .where(
      and(eq(driftItems.organizationId, organizationId), eq(driftItems.personId, personId), guard),
    )
}
