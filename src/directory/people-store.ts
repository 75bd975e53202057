import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'
import { foldCase } from '../kernel/index.ts'
import type { Person } from './person.ts'
import type { SourceView } from './source-view.ts'

const { identities, people, sourceViews, tombstones } = tables

/** A person with the statements behind the profile. */
export type PersonWithViews = {
  readonly person: Person
  readonly identityKey: string | null
  readonly views: readonly SourceView[]
}

/** One page of an organization's people, ordered by id; ask for one more than shown to know if there is a next. */
export async function listPeople(
  db: Database,
  organizationId: string,
  page: { after: string; limit: number; userName?: string },
): Promise<readonly Person[]> {
  return db
    .select()
    .from(people)
    .where(
      and(
        eq(people.organizationId, organizationId),
        gt(people.id, page.after),
        page.userName === undefined ? undefined : eq(people.userNameKey, foldCase(page.userName)),
      ),
    )
    .orderBy(asc(people.id))
    .limit(page.limit)
}

/** A person of the organization with source views, or null: another organization's id finds nothing. */
export async function loadPerson(
  db: Database,
  organizationId: string,
  personId: string,
): Promise<PersonWithViews | null> {
  const ofPerson = and(eq(people.organizationId, organizationId), eq(people.id, personId))
  const [rows, views] = await db.batch([
    db
      .select({ person: people, identityKey: identities.key })
      .from(people)
      .leftJoin(identities, eq(identities.personId, people.id))
      .where(ofPerson),
    db
      .select()
      .from(sourceViews)
      .where(
        and(eq(sourceViews.organizationId, organizationId), eq(sourceViews.personId, personId)),
      ),
  ])
  const row = rows[0]
  if (row === undefined) return null
  return {
    ...row,
    views: views.map(({ source, at, attributes }) => ({
      source,
      at,
      attributes: attributes as SourceView['attributes'],
    })),
  }
}

/** Sets or lifts the manual block. `active` is derived in the same statement, so no source's denial is lost. */
export function setManualBlock(
  db: Database,
  input: { organizationId: string; personId: string; blocked: boolean; nowMs: number },
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
    .where(and(eq(people.organizationId, input.organizationId), eq(people.id, input.personId)))
}

/** Retires a person for good: inactive, and the userName is free for its next owner. */
export function retirePerson(
  db: Database,
  input: { organizationId: string; personId: string; nowMs: number },
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
  input: { organizationId: string; personId: string; nowMs: number },
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
