import { allOf, type Database, runBatch } from '../db/index.ts'
import { foldCase } from '../kernel/index.ts'
import type { UserConsequences, UserEvent } from './provision-event.ts'
import {
  type Candidate,
  identityBound,
  identityFree,
  namedQuery,
  personAt,
  readCandidates,
  unwrittenVersion,
  userNameFree,
} from './provision-people-store.ts'
import { type PlannedUser, userEvent } from './provision-plan.ts'
import {
  bindIdentity,
  deleteKeys,
  insertKeys,
  saveScimUser,
  saveScimView,
  updatePerson,
} from './provision-write-store.ts'
import type { ProvisionedUser, Provisioner, UserStatement } from './provisioning.ts'
import { mappingStands } from './ruleset-store.ts'
import { forgetErased, liftByKeys } from './tombstones-store.ts'

export type UserChange = {
  readonly before: Candidate
  readonly statement: UserStatement
  readonly planned: PlannedUser
  /** The identity that the statement binds, or null. */
  readonly bindTo: string | null
  readonly eventType: UserEvent['type']
  /** Keys of tombstones that a create lifts. */
  readonly lifts: readonly string[]
}

/** What became of a change: written, or not, and then whoever else has the name or the identity it needs. */
export type Written =
  | { readonly isWritten: true; readonly user: ProvisionedUser }
  | { readonly isWritten: false; readonly owners: readonly Candidate[] }

/**
 * Writes what a statement makes of somebody who is there, in one batch: all of it, or nothing when the person
 * changed since they were read, the mapping is another one, or the name or identity is another's.
 */
export async function writeUser(
  db: Database,
  by: Provisioner,
  change: UserChange,
  also: UserConsequences,
): Promise<Written> {
  const { before, statement, planned, bindTo } = change
  const { person, scim } = before
  const { userName } = statement
  const personId = person.id
  const needsName = foldCase(userName) !== person.userNameKey
  const stands = allOf(
    personAt(by, person),
    mappingStands(by.organizationId, planned.mappingVersion),
    ...(needsName ? [userNameFree(by, userName, personId)] : []),
  )
  const guard = bindTo === null ? stands : allOf(stands, identityFree(by, bindTo))
  const write = { by, personId, statement, planned }
  const version = (scim?.version ?? unwrittenVersion) + (planned.isSeen ? 1 : 0)
  const statements = [
    ...(needsName || bindTo !== null
      ? [namedQuery(db, by, { userName, identityKey: bindTo }, personId)]
      : []),
    ...(planned.isSeen
      ? [
          saveScimUser(db, write, { version, guard }),
          ...(scim === null ? [] : [deleteKeys(db, write, guard)]),
          ...insertKeys(db, write, guard),
        ]
      : []),
    ...(planned.isStated ? [saveScimView(db, write, guard)] : []),
    ...(change.lifts.length > 0 ? [liftByKeys(db, { by, keys: change.lifts }, guard)] : []),
    ...(statement.active ? [] : also.onDenied(personId, guard)),
    ...also.events(userEvent(change.eventType, write), guard),
    ...(bindTo === null ? [] : [bindIdentity(db, { by, personId, identityKey: bindTo }, guard)]),
  ]
  const results = await runBatch(db, [
    ...statements,
    updatePerson(db, write, {
      held: person,
      bindTo,
      // By now the identity is bound, to this person, if the guard held.
      guard: bindTo === null ? stands : allOf(stands, identityBound(by, bindTo, personId)),
    }),
    // After the person took over the block that the tombstone remembers.
    ...(bindTo === null
      ? []
      : [forgetErased(db, { ...by, key: bindTo }, identityBound(by, bindTo, personId))]),
  ])
  if ((results[statements.length] as readonly unknown[]).length === 0) {
    const owners = needsName || bindTo !== null ? readCandidates(results[0]) : []
    return { isWritten: false, owners }
  }
  const user: ProvisionedUser = {
    id: personId,
    userName,
    externalId: statement.externalId,
    active: statement.active,
    view: statement.view,
    version,
    createdAt: person.createdAt,
    modifiedAt: planned.isSeen ? by.nowMs : (scim?.modifiedAt ?? person.createdAt),
    groups: before.groups,
  }
  return { isWritten: true, user }
}
