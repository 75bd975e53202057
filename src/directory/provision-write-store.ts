import { and, eq, sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, type Statement, tables } from '../db/index.ts'
import { foldCase } from '../kernel/index.ts'
import { blockedTombstone } from './admission-store.ts'
import type { HeldPerson } from './provision-people-store.ts'
import type { PlannedUser } from './provision-plan.ts'
import type { Provisioner, UserStatement } from './provisioning.ts'
import { movedKeys, type SearchKeys, searchKeys } from './search-keys.ts'

const { identities, people, personKeys, scimUsers, sourceViews } = tables

export type UserWrite = {
  readonly by: Provisioner
  readonly personId: string
  readonly statement: UserStatement
  readonly planned: PlannedUser
}

/** Stores a new person while the guard holds; answers with the id when it did. */
export function insertPerson(
  db: Database,
  { by, personId, statement, planned }: UserWrite,
  { isBlocked, guard }: { isBlocked: boolean; guard: Guard },
): Statement {
  return insertWhere(db, people, {
    row: {
      id: personId,
      organizationId: by.organizationId,
      connectionId: by.connectionId,
      ...nameOf(statement),
      ...profileOf(planned),
      ...keysOf(statement, planned),
      externalId: statement.externalId,
      deniedByScim: !statement.active,
      active: statement.active && !isBlocked,
      deniedByManual: isBlocked,
      createdBy: 'scim',
      scimAt: by.nowMs,
      createdAt: by.nowMs,
      updatedAt: by.nowMs,
    },
    guard,
    returning: sql`id`,
  })
}

/**
 * What SCIM says of a person from now on, while the guard holds; answers with the id when it did. The last of
 * its batch, since it moves the version that the guards of the others rest on.
 */
export function updatePerson(
  db: Database,
  { by, personId, statement, planned }: UserWrite,
  { held, bindTo, guard }: { held: HeldPerson; bindTo: string | null; guard: Guard },
): Statement {
  const isDeniedElsewhere = held.deniedByGraph || held.deniedByManual
  const isActive = statement.active && !isDeniedElsewhere
  const isBlocked = bindTo === null ? null : blockedTombstone(by.organizationId, bindTo)
  return db
    .update(people)
    .set({
      ...profileOf(planned),
      // A column that is set costs its index a write, though it stays what it was.
      ...movedKeys(held, keysOf(statement, planned)),
      ...(planned.changed.includes('userName') ? nameOf(statement) : {}),
      ...(planned.changed.includes('externalId') ? { externalId: statement.externalId } : {}),
      deniedByScim: !statement.active,
      active: isActive,
      // A block comes along with the identity: deleting somebody and making them anew does not lift it.
      ...(isBlocked === null
        ? {}
        : {
            deniedByManual: sql`(${people.deniedByManual} or ${isBlocked})`,
            active: sql`(${isActive ? 1 : 0} and not ${isBlocked})`,
          }),
      scimAt: sql`coalesce(${people.scimAt}, ${by.nowMs})`,
      version: sql`${people.version} + 1`,
      updatedAt: by.nowMs,
    })
    .where(and(eq(people.id, personId), eq(people.organizationId, by.organizationId), guard))
    .returning({ id: people.id })
}

function nameOf({ userName }: UserStatement) {
  return { userName, userNameKey: foldCase(userName) }
}

function keysOf({ userName }: UserStatement, { resolved }: PlannedUser): SearchKeys {
  return searchKeys(resolved.profile, foldCase(userName))
}

function profileOf({ resolved, mappingVersion }: PlannedUser) {
  return { profile: resolved.profile, provenance: resolved.provenance, mappingVersion }
}

/** The SCIM view with its version, while the guard holds. */
export function saveScimUser(
  db: Database,
  { by, personId, statement }: UserWrite,
  { version, guard }: { version: number; guard: Guard },
): Statement {
  return insertWhere(db, scimUsers, {
    row: {
      personId,
      organizationId: by.organizationId,
      view: statement.view,
      folded: statement.folded,
      version,
      modifiedAt: by.nowMs,
    },
    guard,
    conflict: sql`(person_id) do update set view = excluded.view, folded = excluded.folded, version = excluded.version, modified_at = excluded.modified_at`,
  })
}

/** What SCIM states, as a source among others, while the guard holds. */
export function saveScimView(
  db: Database,
  { by, personId, planned }: UserWrite,
  guard: Guard,
): Statement {
  return insertWhere(db, sourceViews, {
    row: {
      personId,
      source: 'scim',
      organizationId: by.organizationId,
      connectionId: by.connectionId,
      attributes: planned.view.attributes,
      sha256: planned.sha256,
      at: planned.view.at,
    },
    guard,
    conflict: sql`(person_id, source) do update set attributes = excluded.attributes, sha256 = excluded.sha256, at = excluded.at, connection_id = excluded.connection_id`,
  })
}

/** Removes the lookup values that the person no longer has. */
export function deleteKeys(
  db: Database,
  { personId, statement }: UserWrite,
  guard: Guard,
): Statement {
  return db.run(
    sql`delete from ${personKeys} where person_id = ${personId} and (attribute, value) not in (select json_extract(j.value, '$[0]'), json_extract(j.value, '$[1]') from json_each(${keyList(statement)}) j) and ${guard}`,
  )
}

/** Adds the lookup values that the person has and that are not there; one statement, however many. */
export function insertKeys(
  db: Database,
  { by, personId, statement }: UserWrite,
  guard: Guard,
): readonly Statement[] {
  if (statement.keys.length === 0) return []
  return [
    db.run(
      sql`insert into ${personKeys} (organization_id, attribute, value, person_id)
        select ${by.organizationId}, json_extract(j.value, '$[0]'), json_extract(j.value, '$[1]'), ${personId}
        from json_each(${keyList(statement)}) j where ${guard} on conflict do nothing`,
    ),
  ]
}

function keyList({ keys }: UserStatement): string {
  return JSON.stringify(keys.map(({ attribute, value }) => [attribute, value]))
}

/** Binds the person to an identity for good, while the guard holds. */
export function bindIdentity(
  db: Database,
  { by, personId, identityKey }: { by: Provisioner; personId: string; identityKey: string },
  guard: Guard,
): Statement {
  return insertWhere(db, identities, {
    row: {
      organizationId: by.organizationId,
      key: identityKey,
      personId,
      connectionId: by.connectionId ?? '',
      boundBy: 'scim',
      createdAt: by.nowMs,
    },
    guard,
  })
}

/** Deletes a person with everything that hangs on them, while the guard holds; answers with the id when it did. */
export function deletePerson(
  db: Database,
  { by, personId }: { by: Provisioner; personId: string },
  guard: Guard,
): Statement {
  return db
    .delete(people)
    .where(and(eq(people.id, personId), eq(people.organizationId, by.organizationId), guard))
    .returning({ id: people.id })
}
