import { sql } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'

const { driftItems, reconcilePages, reconcileRuns } = tables

/**
 * Erases what reconciliation noted of a person, in the batch that erases the person: it holds their values. So does
 * what a held run waits with, for as long as no admin decides; other runs end within days.
 */
export function erasePersonDrift(
  db: Database,
  { organizationId, personId, guard }: { organizationId: string; personId: string; guard: Guard },
): readonly Statement[] {
  const isTheirs = sql`j.value ->> '$.personId' = ${personId}`
  return [
    db.run(
      sql`delete from ${driftItems} where organization_id = ${organizationId} and person_id = ${personId} and ${guard}`,
    ),
    db.run(
      sql`update ${reconcilePages} set ids = (select json_group_array(json(j.value)) from json_each(ids) j where not ${isTheirs})
        where run_id in (select id from ${reconcileRuns} where organization_id = ${organizationId} and status = 'held')
          and kind in ('waiting', 'leaving') and exists (select 1 from json_each(ids) j where ${isTheirs}) and ${guard}`,
    ),
  ]
}
