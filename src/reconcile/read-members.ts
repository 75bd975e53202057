import { eventsStatement } from '../activity/index.ts'
import type { Statement } from '../db/index.ts'
import { foldCase, limits } from '../kernel/index.ts'
import type { RoleRule } from '../session/index.ts'
import { countTaken } from './brake-store.ts'
import { jsonChunks } from './chunks.ts'
import { saveDrift } from './drift-store.ts'
import { foundOne } from './found-drift.ts'
import {
  changeMembers,
  type ExtraMember,
  groupStands,
  type MemberChange,
  type MissingMember,
  memberDifferences,
  nextGroups,
} from './members-store.ts'
import { deleteKind, nextPage, readList, savePages } from './pages-store.ts'
import { planMembers } from './plan-members.ts'
import type { MembershipPlan } from './plan-types.ts'
import { addCounts, type MemberGroup } from './run.ts'
import { failed, goOn, passOn, type Step, type StepResult, written } from './step.ts'
import type { Work } from './work.ts'

/** Groups that are listed at once. */
const listed = 50

/** Somebody whose leaving a group waits for the brake, since it takes a role. */
type Leaving = {
  readonly personId: string
  readonly uses: readonly string[]
  readonly groupId: string
}

/** Reads a page of the direct members of a group that is held; with the last one the group is decided. */
export const readMembers: Step = async (work) => {
  if (!work.graph.ok) return failed(work.graph.failure)
  const { db, lease, scope } = work
  const { cursor, counts } = work.run()
  const [group, ...rest] = cursor.memberGroups
  if (group === undefined) return listGroups(work)
  const answer = await work.graph.value.client.groupMembersPage(group.objectId, cursor.link)
  const passed = { memberGroups: rest, after: group.id, link: null }
  if (!answer.ok) {
    // Not in the tenant any more: SCIM deletes it, and until then nothing is said of its members.
    if (answer.failure.code === 'graph.not_found') return goOn(work, { cursor: passed })
    return failed(answer.failure)
  }
  const { memberIds, nextLink } = answer.value
  const ids = JSON.stringify(memberIds)
  if (nextLink !== null) {
    const row = { kind: 'members' as const, subject: group.objectId, page: cursor.page, ids }
    return goOn(
      work,
      {
        counts: addCounts(counts, { pages: 1 }),
        cursor: { link: nextLink, page: cursor.page + 1 },
      },
      (guard) => savePages(db, lease, { rows: [row], guard }),
    )
  }
  const limit = limits.reconcileMembersSlice
  const [extra, missing] = (await work.read(
    memberDifferences(db, lease, { scope, group, last: ids, limit }),
  )) as [readonly ExtraMember[], readonly MissingMember[]]
  return writeMembers(work, {
    group,
    extra,
    missing,
    passed,
    roles: rolesOf(group, await work.roleRules()),
  })
}

async function listGroups(work: Work): Promise<StepResult> {
  const { after } = work.run().cursor
  const [rows] = await work.read([nextGroups(work.db, work.scope, { after, limit: listed })])
  const memberGroups = rows as readonly MemberGroup[]
  return passOn(
    work,
    memberGroups.length === 0
      ? { step: 'brake', cursor: { after: '', memberGroups: [] } }
      : { step: 'members', cursor: { memberGroups, link: null } },
  )
}

async function writeMembers(
  work: Work,
  {
    group,
    extra,
    missing,
    passed,
    roles,
  }: {
    group: MemberGroup
    extra: readonly ExtraMember[]
    missing: readonly MissingMember[]
    passed: { memberGroups: readonly MemberGroup[]; after: string; link: null }
    roles: readonly string[]
  },
): Promise<StepResult> {
  const { db, lease, scope } = work
  const run = work.run()
  const readStartedAt = run.readStartedAt ?? work.nowMs()
  const plan = planMembers({
    settings: work.reconciler.settings,
    group: { ...group, roles },
    held: extra,
    stated: missing.map(({ objectId }) => objectId),
    personOf: new Map(missing.map(({ objectId, personId }) => [objectId, personId])),
    readStartedAt,
  })
  const isLater = Object.keys(plan.brakeUse).length > 0
  const now = {
    groupId: group.id,
    readStartedAt,
    add: run.dryRun ? [] : plan.add,
    remove: run.dryRun || isLater ? [] : plan.remove,
  }
  const uses = roles.map((role) => `role:${role}`)
  const leaving = isLater
    ? plan.remove.map((personId): Leaving => ({ personId, uses, groupId: group.id }))
    : []
  const found = await foundMembers(work, plan, isLater)
  if (found.length + now.add.length + now.remove.length + leaving.length === 0) {
    // Most groups are as they are in the tenant: they cost a request and a read.
    return passOn(work, {
      step: 'members',
      counts: addCounts(run.counts, { pages: 1 }),
      cursor: passed,
    })
  }
  const rows = jsonChunks(leaving).map((ids, i) => ({
    kind: 'leaving' as const,
    page: run.cursor.page + i,
    ids,
  }))
  // As many differences as one page holds: the rest of a large change comes with another look at the group.
  const isWhole =
    extra.length + missing.length < limits.reconcileMembersSlice ||
    now.add.length + now.remove.length === 0
  const isWritten = await work.write({
    next: {
      counts: addCounts(run.counts, {
        pages: 1,
        memberships: now.add.length + now.remove.length,
        drift: found.length,
      }),
      cursor: { ...(isWhole ? passed : { link: null }), page: run.cursor.page + rows.length },
    },
    guard: groupStands(group),
    statements: (guard) => [
      ...savePages(db, lease, { rows, guard }),
      ...saveDrift(db, { ...scope, runId: lease.runId }, { found, nowMs: work.nowMs(), guard }),
      ...changeMembers(db, scope, { change: now, guard }),
      ...groupEvents(work, [now], guard),
      deleteKind(db, lease, { kind: 'members', subject: group.objectId, guard }),
    ],
  })
  if (isWritten !== null) return { kind: 'next' }
  if (!(await work.isHeld())) return written(false)
  // SCIM changed the group since it was listed: the next run decides.
  return goOn(work, { cursor: passed })
}

/** Roles that rules give for being in the group: by its id, by what the provider calls it, or by its name. */
function rolesOf(
  { id, objectId, nameKey }: MemberGroup,
  rules: readonly RoleRule[],
): readonly string[] {
  const names = [id, objectId, nameKey]
  const given = rules.filter((rule) => 'group' in rule && names.includes(foldCase(rule.group)))
  return [...new Set(given.map(({ role }) => role))]
}

async function foundMembers(work: Work, plan: MembershipPlan, isLater: boolean) {
  const { dryRun } = work.run()
  const told = plan.drift.filter(({ action }) => action !== 'ignored')
  return Promise.all(
    told.map((item) =>
      foundOne(item, work, dryRun, {
        isLater: dryRun || (isLater && item.kind === 'membership_extra'),
        version: null,
      }),
    ),
  )
}

/** An event for each group whose members change. */
function groupEvents(
  work: Work,
  changes: readonly MemberChange[],
  guard: Parameters<typeof changeMembers>[2]['guard'],
): readonly Statement[] {
  const { db, scope, lease, requestId } = work
  const told = changes.filter(({ add, remove }) => add.length + remove.length > 0)
  if (told.length === 0) return []
  const events = told.map(({ groupId, add, remove }) => ({
    type: 'group.updated' as const,
    outcome: 'success' as const,
    organizationId: scope.organizationId,
    ...(scope.connectionId === '' ? {} : { connectionId: scope.connectionId }),
    actor: 'reconciliation' as const,
    requestId,
    facts: { run: lease.runId, group: groupId, added: add.length, removed: remove.length },
  }))
  return [eventsStatement(db, events, { nowMs: work.nowMs(), guard })]
}

/** Takes out whose leaving waited for the brake, a row at a time. */
export const applyLeaving: Step = async (work) => {
  const { db, lease, scope } = work
  const run = work.run()
  const after = run.cursor.after === '' ? -1 : Number(run.cursor.after)
  const [rows] = await work.read([nextPage(db, lease, { kind: 'leaving', after })])
  const [row] = readList<Leaving>(rows)
  if (row === undefined) return passOn(work, { step: 'finish', cursor: { after: '' } })
  const readStartedAt = run.readStartedAt ?? work.nowMs()
  const byGroup = Map.groupBy(row.ids, ({ groupId }) => groupId)
  const changes = [...byGroup].map(([groupId, list]) => ({
    groupId,
    add: [],
    remove: list.map(({ personId }) => personId),
    readStartedAt,
  }))
  const counts = addCounts(run.counts, { memberships: row.ids.length })
  const uses = Object.entries(
    Object.groupBy(
      row.ids.flatMap(({ uses }) => uses),
      (one) => one,
    ),
  ).map(([what, list]) => ({ what, count: list?.length ?? 0 }))
  return goOn(work, { counts, cursor: { after: String(row.page) } }, (guard) => [
    ...(run.cursor.released ? [] : [countTaken(db, scope, { uses, nowMs: work.nowMs(), guard })]),
    ...changes.flatMap((change) => changeMembers(db, scope, { change, guard })),
    ...groupEvents(work, changes, guard),
  ])
}
