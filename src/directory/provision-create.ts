import { allOf, type Database, type Guard, runBatch, type Statement } from '../db/index.ts'
import { err, newTimedId, ok, type Result } from '../kernel/index.ts'
import type { DirectoryFailure } from './errors.ts'
import { scopeStands } from './groups-store.ts'
import { provisionAttempts } from './provision-change.ts'
import type { UserConsequences, UserEvent } from './provision-event.ts'
import { nameTombstones, statedIdentityKey } from './provision-identity.ts'
import { type Found, judgeCreate, type Return } from './provision-judge.ts'
import {
  identityFree,
  namedQuery,
  neverErased,
  personExists,
  readCandidates,
  readTombstone,
  tombstoneQuery,
  userNameFree,
  wasErased,
} from './provision-people-store.ts'
import { type PlannedUser, planUser, userEvent } from './provision-plan.ts'
import { writeUser } from './provision-write.ts'
import {
  bindIdentity,
  insertKeys,
  insertPerson,
  saveScimUser,
  saveScimView,
} from './provision-write-store.ts'
import type { ProvisionedUser, Provisioner, UserStatement } from './provisioning.ts'
import { mappingStands } from './ruleset-store.ts'
import { exhumePerson, liftByKeys } from './tombstones-store.ts'

export type CreatedUser = {
  readonly user: ProvisionedUser
  readonly outcome: 'created' | 'adopted' | 'revived'
}

/**
 * Creates a person (DESIGN 2.1, rules 1 to 5). One batch tries to make somebody new and reads who is in the
 * way; only where that is somebody whom a sign-in made, or who was erased with the same object id, a second
 * batch adopts or revives them, and the attempt is repeated when another request came between.
 * @returns the person and what became of the request; `directory.provisioned_already`,
 *   `directory.user_name_taken`, `directory.object_id_taken`, or `directory.busy` when others were quicker five
 *   times or the connection came or went at this moment
 */
export async function createUser(
  db: Database,
  by: Provisioner,
  statement: UserStatement,
  also: UserConsequences,
): Promise<Result<CreatedUser, DirectoryFailure>> {
  const identityKey = statedIdentityKey(by, statement.externalId)
  const lifts = await nameTombstones(by.keyRing, statement.userName)
  const personId = newTimedId('usr', by.nowMs)
  for (let attempt = 0; attempt < provisionAttempts; attempt++) {
    const ruleset = by.rules.current
    const planned = await planUser(by, { statement, before: null, ruleset })
    const creation: Creation = { by, statement, identityKey, planned, lifts }
    const found = await tryToCreate(db, creation, { personId, also })
    if (found === null) return ok({ user: madeUser(creation, personId), outcome: 'created' })
    const judged = judgeCreate(by, statement, found)
    if (!judged.ok) return judged
    if (judged.value?.kind === 'adopt') {
      const adopted = await adopt(db, creation, { ...judged.value, also })
      if (adopted !== null) return ok(adopted)
      continue
    }
    if (judged.value?.kind === 'revive') {
      const revived = await revive(db, creation, { ...judged.value, also })
      if (revived !== null) return ok(revived)
    }
    const { version } = await by.rules.renew(db)
    // Nobody was in the way and the mapping stood: the connection came or went.
    if (judged.value === null && version === ruleset.version) break
  }
  return err({ code: 'directory.busy' })
}

type Creation = {
  readonly by: Provisioner
  readonly statement: UserStatement
  readonly identityKey: string | null
  readonly planned: PlannedUser
  /** Tombstones that the create lifts, by their keys. */
  readonly lifts: readonly string[]
}

type Making = {
  readonly personId: string
  readonly isBlocked: boolean
  readonly eventType: UserEvent['type']
  /** Whether the person may be made. */
  readonly mayBe: Guard
  /** Whether this batch has made the person. */
  readonly isMade: Guard
  readonly also: UserConsequences
}

/** Everything that makes a person: the first statement decides, the others follow it. */
function makePerson(db: Database, creation: Creation, making: Making): readonly Statement[] {
  const { by, statement, identityKey, planned } = creation
  const { personId, isMade, also } = making
  const write = { by, personId, statement, planned }
  return [
    insertPerson(db, write, { isBlocked: making.isBlocked, guard: making.mayBe }),
    saveScimUser(db, write, { version: 1, guard: isMade }),
    saveScimView(db, write, isMade),
    ...insertKeys(db, write, isMade),
    ...(identityKey === null ? [] : [bindIdentity(db, { by, personId, identityKey }, isMade)]),
    liftByKeys(db, { by, keys: creation.lifts }, isMade),
    ...also.events(userEvent(making.eventType, write), isMade),
  ]
}

/** Somebody as `makePerson` made them: in no group yet. */
function madeUser({ by, statement }: Creation, personId: string): ProvisionedUser {
  const { userName, externalId, active, view } = statement
  const at = { createdAt: by.nowMs, modifiedAt: by.nowMs }
  return { id: personId, userName, externalId, active, view, version: 1, ...at, groups: [] }
}

/** @returns null when the person is made, or else who is in the way */
async function tryToCreate(
  db: Database,
  creation: Creation,
  { personId, also }: { personId: string; also: UserConsequences },
): Promise<Found | null> {
  const { by, statement, identityKey } = creation
  const { userName } = statement
  const mayBe = allOf(
    scopeStands(by),
    mappingStands(by.organizationId, creation.planned.mappingVersion),
    userNameFree(by, userName),
    ...(identityKey === null ? [] : [identityFree(by, identityKey), neverErased(by, identityKey)]),
  )
  const statements = makePerson(db, creation, {
    personId,
    isBlocked: false,
    eventType: 'user.created',
    mayBe,
    isMade: personExists(personId),
    also,
  })
  const results = await runBatch(db, [
    ...statements,
    namedQuery(db, by, { userName, identityKey }, personId),
    ...(identityKey === null ? [] : [tombstoneQuery(db, by, identityKey)]),
  ])
  if (isAnswered(results[0])) return null
  return {
    candidates: readCandidates(results[statements.length]),
    erased: identityKey === null ? null : readTombstone(results[statements.length + 1]),
  }
}

async function adopt(
  db: Database,
  { by, statement, lifts }: Creation,
  { candidate, bindTo, also }: Extract<Return, { kind: 'adopt' }> & { also: UserConsequences },
): Promise<CreatedUser | null> {
  const ruleset = await by.rules.at(db, candidate.mappingVersion)
  const planned = await planUser(by, { statement, before: candidate, ruleset })
  const eventType = 'user.adopted'
  const change = { before: candidate, statement, planned, bindTo, eventType, lifts } as const
  const written = await writeUser(db, by, change, also)
  return written.isWritten ? { user: written.user, outcome: 'adopted' } : null
}

/** Brings back whom the same object id was erased with, under the old id and with the block that stood. */
async function revive(
  db: Database,
  creation: Creation,
  { erased, identityKey, also }: Extract<Return, { kind: 'revive' }> & { also: UserConsequences },
): Promise<CreatedUser | null> {
  const { by, statement } = creation
  const { userName } = statement
  const { personId, wasBlocked } = erased
  const stillErased = wasErased(by, identityKey, personId)
  const mayBe = allOf(
    scopeStands(by),
    mappingStands(by.organizationId, creation.planned.mappingVersion),
    stillErased,
    userNameFree(by, userName),
    identityFree(by, identityKey),
  )
  // Together only in this batch: whoever revives somebody removes the tombstone at its end.
  const isMade = allOf(stillErased, personExists(personId))
  const statements = makePerson(db, creation, {
    personId,
    isBlocked: wasBlocked,
    eventType: 'user.revived',
    mayBe,
    isMade,
    also,
  })
  const results = await runBatch(db, [
    ...statements,
    exhumePerson(db, { by, key: identityKey, personId }, personExists(personId)),
  ])
  return isAnswered(results[0]) && isAnswered(results.at(-1))
    ? { user: madeUser(creation, personId), outcome: 'revived' }
    : null
}

/** Whether a statement wrote something: it answers with what it wrote. */
function isAnswered(rows: unknown): boolean {
  return (rows as readonly unknown[]).length > 0
}
