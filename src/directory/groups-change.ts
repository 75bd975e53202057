import { allOf, always, type Database, type Guard, runBatch, type Statement } from '../db/index.ts'
import { err, newTimedId, ok, type Result } from '../kernel/index.ts'
import type { DirectoryFailure } from './errors.ts'
import {
  memberStatements,
  membersWouldChange,
  readUnknown,
  unknownMembers,
} from './groups-members-store.ts'
import { isEmptyPlan, type MemberPlan, planMembers } from './groups-plan.ts'
import {
  closeGroup,
  deleteGroup,
  type GroupKey,
  groupAt,
  groupExists,
  groupQuery,
  groupReads,
  insertGroup,
  isNameFree,
  isNameTaken,
  isOpen,
  nameOwnerQuery,
  openGroup,
  readGroup,
  scopeStands,
} from './groups-store.ts'
import { differingAttributes } from './provision-view.ts'
import type { GroupStatement, MemberStep, ProvisionedGroup, Provisioner } from './provisioning.ts'

/** How often a change is judged anew because another one came between. */
const attempts = 5

/** What happened to a group, for the caller's event. */
export type GroupEvent = {
  readonly type: 'group.created' | 'group.updated' | 'group.deleted'
  readonly groupId: string
  /** Names of the attributes that the request sent. */
  readonly sent: readonly string[]
  /** Names of the attributes that are different now, members aside. */
  readonly changed: readonly string[]
  /** How many members the request asked to add and to remove by their ids. */
  readonly added: number
  readonly removed: number
  /** Whether members left because the request did not name them. */
  readonly replaced: boolean
  /** What the group is called from now on, or was; for the event's short-lived detail. */
  readonly displayName: string
}

/** What else belongs into the batch of a change, under the guard that the change takes place. */
export type GroupConsequences = {
  events(event: GroupEvent, guard: Guard): readonly Statement[]
}

/** A group after a request, and the ids that were not added since nobody there has them. */
export type GroupOutcome = {
  readonly group: ProvisionedGroup
  readonly unknown: readonly string[]
}

export type GroupChange = {
  readonly statement: GroupStatement
  readonly steps: readonly MemberStep[]
  /** The request holds only for the version that was read (If-Match), also where it changes members only. */
  readonly onlyThisVersion?: boolean
}

/**
 * Creates a group with members, in one batch (RFC 7644 3.3).
 * @returns the group; `directory.group_name_taken` when the connection has one of this name,
 *   `directory.busy` when the connection came or went at this moment
 */
export async function createGroup(
  db: Database,
  by: Provisioner,
  { statement, memberIds }: { statement: GroupStatement; memberIds: readonly string[] },
  also: GroupConsequences,
): Promise<Result<GroupOutcome, DirectoryFailure>> {
  const { nowMs } = by
  const key = keyOf(by, newTimedId('grp', nowMs))
  const plan = planMembers(key.groupId, [{ kind: 'add', ids: memberIds }])
  const unknownAsked = unknownMembers(db, plan, by)
  const guard = groupExists(key)
  const results = await runBatch(db, [
    nameOwnerQuery(db, key, statement.displayName),
    ...unknownAsked,
    insertGroup(db, key, { statement, nowMs, guard: scopeStands(by) }),
    ...memberStatements(db, { plan, scope: by, nowMs, guard }),
    ...also.events(
      eventOf('group.created', { statement, plan, changed: changedNames(null, statement) }),
      guard,
    ),
    groupQuery(db, key),
  ])
  const group = readGroup(results.at(-1))
  if (group !== null) {
    const found = readUnknown(results.slice(1, 1 + unknownAsked.length))
    return ok({ group, unknown: [...plan.impossible, ...found] })
  }
  return isNameTaken(results[0])
    ? err({ code: 'directory.group_name_taken', displayName: statement.displayName })
    : err({ code: 'directory.busy' })
}

/**
 * Changes a group in a read and one batch. Changes of members only need the group to be there and nothing
 * else: for each id the later one wins, so overlapping ones do not disturb each other. A change of the group's
 * attributes holds for the version that was read, and is judged anew when another came between. One that states
 * attributes as they are already, and members beside them, holds only while they are so: else the members would
 * be changed by a request whose name for the group was lost. What is so already is not written: no new version,
 * no event.
 * @param change what the group shall be, given what it is; null when the request says nothing new
 * @returns what `change` refuses, `directory.group_not_found`, `directory.group_name_taken`, or
 *   `directory.busy` when others were quicker five times
 */
export async function changeGroup<F>(
  db: Database,
  by: Provisioner,
  id: string,
  change: (group: ProvisionedGroup) => Result<GroupChange | null, F>,
  also: GroupConsequences,
): Promise<Result<GroupOutcome, F | DirectoryFailure>> {
  const key = keyOf(by, id)
  for (let attempt = 0; attempt < attempts; attempt++) {
    const group = readGroup(await groupQuery(db, key))
    if (group === null) return err({ code: 'directory.group_not_found', group: id })
    const wanted = change(group)
    if (!wanted.ok) return wanted
    if (wanted.value === null) return ok({ group, unknown: [] })
    const written = await writeChange(db, by, { group, change: wanted.value, also })
    if (written !== 'lost') return written
  }
  return err({ code: 'directory.busy' })
}

async function writeChange(
  db: Database,
  by: Provisioner,
  {
    group,
    change,
    also,
  }: { group: ProvisionedGroup; change: GroupChange; also: GroupConsequences },
): Promise<Result<GroupOutcome, DirectoryFailure> | 'lost'> {
  const { nowMs } = by
  const key = keyOf(by, group.id)
  const { statement } = change
  const changed = changedNames(group, statement)
  const isRestated = changed.length > 0
  const plan = planMembers(group.id, change.steps)
  if (!isRestated && isEmptyPlan(plan)) return ok({ group, unknown: plan.impossible })
  const isBound = isRestated || change.onlyThisVersion === true
  const isStating = statement.sent.some((name) => name !== 'members')
  const guard = allOf(
    isBound ? groupAt(key, group.version) : isStating ? groupReads(key, group) : always,
    isRestated ? isNameFree(key, statement.displayName) : membersWouldChange(plan, by),
  )
  const unknownAsked = unknownMembers(db, plan, by)
  const opened = isOpen(key)
  const results = await runBatch(db, [
    groupQuery(db, key),
    nameOwnerQuery(db, key, statement.displayName),
    ...unknownAsked,
    openGroup(db, key, guard),
    ...memberStatements(db, { plan, scope: by, nowMs, guard: opened }),
    ...also.events(eventOf('group.updated', { statement, plan, changed }), opened),
    closeGroup(db, key, { statement: isRestated ? statement : null, nowMs }),
  ])
  const unknown = [...plan.impossible, ...readUnknown(results.slice(2, 2 + unknownAsked.length))]
  const after = readGroup(results.at(-1))
  if (after !== null) return ok({ group: after, unknown })
  const before = readGroup(results[0])
  if (before === null) return err({ code: 'directory.group_not_found', group: group.id })
  if ((isBound || isStating) && before.version !== group.version) return 'lost'
  return isRestated && isNameTaken(results[1])
    ? err({ code: 'directory.group_name_taken', displayName: statement.displayName })
    : ok({ group: before, unknown })
}

/**
 * Deletes a group with its memberships, in a read and one batch.
 * @param check whether the request may delete what was read (If-Match), and then no other version; null when
 *   any version will do
 * @returns what `check` refuses, `directory.group_not_found`, or `directory.busy`
 */
export async function eraseGroup<F>(
  db: Database,
  by: Provisioner,
  id: string,
  check: ((group: ProvisionedGroup) => Result<unknown, F>) | null,
  also: GroupConsequences,
): Promise<Result<null, F | DirectoryFailure>> {
  const key = keyOf(by, id)
  for (let attempt = 0; attempt < attempts; attempt++) {
    const group = readGroup(await groupQuery(db, key))
    if (group === null) return err({ code: 'directory.group_not_found', group: id })
    const checked = check === null ? ok(null) : check(group)
    if (!checked.ok) return checked
    const { displayName } = group
    const event: GroupEvent = { ...nothing, type: 'group.deleted', groupId: id, displayName }
    const guard = check === null ? groupExists(key) : groupAt(key, group.version)
    const results = await runBatch(db, [...also.events(event, guard), deleteGroup(db, key, guard)])
    if ((results.at(-1) as readonly unknown[]).length === 1) return ok(null)
  }
  return err({ code: 'directory.busy' })
}

const nothing = { sent: [], changed: [], added: 0, removed: 0, replaced: false } as const

function eventOf(
  type: GroupEvent['type'],
  {
    statement,
    plan,
    changed,
  }: { statement: GroupStatement; plan: MemberPlan; changed: readonly string[] },
): GroupEvent {
  return {
    type,
    groupId: plan.groupId,
    sent: statement.sent,
    changed,
    added: plan.adds.User.length + plan.adds.Group.length,
    removed: plan.removes.length,
    replaced: plan.spared.User !== null || plan.spared.Group !== null,
    displayName: statement.displayName,
  }
}

/** Names of what a statement says of a group that it is not yet. */
function changedNames(
  group: ProvisionedGroup | null,
  { displayName, externalId, view }: GroupStatement,
): readonly string[] {
  const before = group ?? { displayName: null, externalId: null, view: null }
  return [
    ...(before.displayName === displayName ? [] : ['displayName']),
    ...(before.externalId === externalId ? [] : ['externalId']),
    ...differingAttributes(before.view, view),
  ]
}

function keyOf({ organizationId, connectionId }: Provisioner, groupId: string): GroupKey {
  return { organizationId, connectionId, groupId }
}
