import { and, eq, sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, type Statement, tables } from '../db/index.ts'
import type { Erased } from './provision-people-store.ts'
import type { Provisioner } from './provisioning.ts'

const { tombstones } = tables

/** Remembers an erased person under the key, while the guard holds; a newer one takes the key over. */
export function buryPerson(
  db: Database,
  { by, key, tombstone }: { by: Provisioner; key: string; tombstone: Erased },
  guard: Guard,
): Statement {
  return insertWhere(db, tombstones, {
    row: { organizationId: by.organizationId, key, ...tombstone, at: by.nowMs },
    guard,
    conflict: sql`(organization_id, key) do update set person_id = excluded.person_id, at = excluded.at, was_blocked = excluded.was_blocked, lifted_at = null`,
  })
}

/** Lifts what is remembered under the keys: provisioning made somebody of that name again. */
export function liftByKeys(
  db: Database,
  { by, keys }: { by: Provisioner; keys: readonly string[] },
  guard: Guard,
): Statement {
  return db.run(
    sql`update ${tombstones} set lifted_at = ${by.nowMs} where organization_id = ${by.organizationId} and key in (select value from json_each(${JSON.stringify(keys)})) and lifted_at is null and ${guard}`,
  )
}

/** Forgets that somebody was erased, while the guard holds; answers with the key when it did. */
export function exhumePerson(
  db: Database,
  { by, key, personId }: { by: Provisioner; key: string; personId: string },
  guard: Guard,
): Statement {
  return db
    .delete(tombstones)
    .where(
      and(
        eq(tombstones.organizationId, by.organizationId),
        eq(tombstones.key, key),
        eq(tombstones.personId, personId),
        guard,
      ),
    )
    .returning({ key: tombstones.key })
}

/**
 * Forgets who was erased with an identity that somebody else is bound to now, while the guard holds: one object id
 * has one id. What an operator blocked comes along before (`updatePerson`).
 */
export function forgetErased(
  db: Database,
  { organizationId, key }: { organizationId: string; key: string },
  guard: Guard,
): Statement {
  return db.run(
    sql`delete from ${tombstones} where organization_id = ${organizationId} and key = ${key} and ${guard}`,
  )
}
