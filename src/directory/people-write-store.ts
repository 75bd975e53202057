import { and, eq, isNull, sql } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'

const { people, tombstones } = tables

/** A person of one organization, by which every statement here is bound. */
export type PersonKey = { readonly organizationId: string; readonly personId: string }

/** Whether the person is there, not retired, and blocked by hand or not. */
export function personIsBlocked({ organizationId, personId }: PersonKey, blocked: boolean): Guard {
  return sql`exists (select 1 from ${people} where id = ${personId} and organization_id = ${organizationId} and retired_at is null and denied_by_manual = ${blocked ? 1 : 0})`
}

/** Whether the person is there and not retired. */
export function personIsCurrent({ organizationId, personId }: PersonKey): Guard {
  return sql`exists (select 1 from ${people} where id = ${personId} and organization_id = ${organizationId} and retired_at is null)`
}

/** Whether the person is there and may sign in. */
export function personIsActive({ organizationId, personId }: PersonKey): Guard {
  return sql`exists (select 1 from ${people} where id = ${personId} and organization_id = ${organizationId} and retired_at is null and active = 1)`
}

/** Whether a tombstone of this person is in force. */
export function tombstoneStands({ organizationId, personId }: PersonKey): Guard {
  return sql`exists (select 1 from ${tombstones} where person_id = ${personId} and organization_id = ${organizationId} and lifted_at is null)`
}

/** Sets or lifts the manual block. `active` is derived in the same statement, so no source's denial is lost. */
export function setManualBlock(
  db: Database,
  input: PersonKey & { readonly blocked: boolean; readonly nowMs: number },
): Statement {
  return db
    .update(people)
    .set({
      deniedByManual: input.blocked,
      active: input.blocked
        ? false
        : sql`(not ${people.deniedByScim} and not ${people.deniedByGraph} and ${people.retiredAt} is null)`,
      version: sql`${people.version} + 1`,
      updatedAt: input.nowMs,
    })
    .where(
      and(
        eq(people.organizationId, input.organizationId),
        eq(people.id, input.personId),
        isNull(people.retiredAt),
        eq(people.deniedByManual, !input.blocked),
      ),
    )
}

/** Retires a person for good: inactive, and the userName is free for its next owner. */
export function retirePerson(
  db: Database,
  input: PersonKey & { readonly nowMs: number },
): Statement {
  return db
    .update(people)
    .set({
      retiredAt: input.nowMs,
      active: false,
      version: sql`${people.version} + 1`,
      updatedAt: input.nowMs,
    })
    .where(
      and(
        eq(people.organizationId, input.organizationId),
        eq(people.id, input.personId),
        isNull(people.retiredAt),
      ),
    )
}

/** Lets a first sign-in create over an erased person again. */
export function liftTombstones(
  db: Database,
  input: PersonKey & { readonly nowMs: number },
): Statement {
  return db
    .update(tombstones)
    .set({ liftedAt: input.nowMs })
    .where(
      and(
        eq(tombstones.organizationId, input.organizationId),
        eq(tombstones.personId, input.personId),
        isNull(tombstones.liftedAt),
      ),
    )
    .returning({ key: tombstones.key })
}

/**
 * Gives the people who belong to no connection yet to one: what was made before the organization's first
 * connection belongs to it.
 */
export function adoptPeople(
  db: Database,
  {
    organizationId,
    connectionId,
    guard,
  }: {
    organizationId: string
    connectionId: string
    guard: Guard
  },
): Statement {
  return db
    .update(people)
    .set({ connectionId })
    .where(and(eq(people.organizationId, organizationId), isNull(people.connectionId), guard))
}

/** Takes people from a connection that goes, so that the organization's next first one adopts them. */
export function releasePeople(
  db: Database,
  {
    organizationId,
    connectionId,
    guard,
  }: {
    organizationId: string
    connectionId: string
    guard: Guard
  },
): Statement {
  return db
    .update(people)
    .set({ connectionId: null })
    .where(
      and(eq(people.organizationId, organizationId), eq(people.connectionId, connectionId), guard),
    )
}
