import { type SQL, sql } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'
import { jsonChunks, type MemberPlan, type MemberType, memberTypes } from './groups-plan.ts'

const { groupMembers, groups, people } = tables

/** The people and groups that a credential can put into a group: its own, and nobody who is retired. */
export type MemberScope = {
  readonly organizationId: string
  readonly connectionId: string | null
}

const idRanges: Readonly<Record<MemberType, readonly [from: string, below: string]>> = {
  User: ['usr_', 'usr`'],
  Group: ['grp_', 'grp`'],
}

/**
 * Whether the plan would change the members as they are. Stops at the first id that would.
 * `json_each … cross join`: the list is the outer loop, whatever SQLite believes of its length (DESIGN 6).
 */
export function membersWouldChange(plan: MemberPlan, scope: MemberScope): Guard {
  const { groupId } = plan
  const added = memberTypes.flatMap((type) =>
    jsonChunks(plan.adds[type]).map(
      (chunk) =>
        sql`exists (select 1 ${known(type, chunk, scope)} and not exists (select 1 from ${groupMembers} m where m.group_id = ${groupId} and m.member_id = t.id))`,
    ),
  )
  const removed = jsonChunks(plan.removes).map(
    (chunk) =>
      sql`exists (select 1 from json_each(${chunk}) j cross join ${groupMembers} m where m.group_id = ${groupId} and m.member_id = j.value)`,
  )
  const left = leaving(plan).map(
    (condition) => sql`exists (select 1 from ${groupMembers} where ${condition})`,
  )
  const changes = [...added, ...removed, ...left]
  return changes.length === 0 ? sql`0 = 1` : sql`(${sql.join(changes, sql` or `)})`
}

/** Carries the plan out while the guard holds; whoever is in or out already stays so. */
export function memberStatements(
  db: Database,
  {
    plan,
    scope,
    nowMs,
    guard,
  }: { plan: MemberPlan; scope: MemberScope; nowMs: number; guard: Guard },
): readonly Statement[] {
  const { groupId } = plan
  const removed = jsonChunks(plan.removes).map((chunk) =>
    db.run(
      sql`delete from ${groupMembers} where group_id = ${groupId} and member_id in (select value from json_each(${chunk})) and ${guard}`,
    ),
  )
  const left = leaving(plan).map((condition) =>
    db.run(sql`delete from ${groupMembers} where ${condition} and ${guard}`),
  )
  const added = memberTypes.flatMap((type) =>
    jsonChunks(plan.adds[type]).map((chunk) =>
      db.run(
        sql`insert into ${groupMembers} (group_id, member_id, organization_id, source, at)
          select ${groupId}, t.id, ${scope.organizationId}, 'scim', ${nowMs} ${known(type, chunk, scope)} and ${guard}
          on conflict (group_id, member_id) do nothing`,
      ),
    ),
  )
  return [...removed, ...left, ...added]
}

/** Asks which ids of the plan's adds name nobody whom the credential could add: `readUnknown` reads it. */
export function unknownMembers(
  db: Database,
  plan: MemberPlan,
  scope: MemberScope,
): readonly Statement[] {
  return memberTypes.flatMap((type) =>
    jsonChunks(plan.adds[type]).map((chunk) =>
      db.all(
        sql`select j.value as id from json_each(${chunk}) j where not exists (select 1 from ${tableOf(type)} t where t.id = j.value and ${isOf(type, scope)})`,
      ),
    ),
  )
}

/** The ids that `unknownMembers` found. */
export function readUnknown(answers: readonly unknown[]): readonly string[] {
  return (answers as readonly (readonly { id: string }[])[]).flatMap((rows) =>
    rows.map(({ id }) => id),
  )
}

/** Conditions of the members who leave because the plan does not spare them: the only ones that read members. */
function leaving({ groupId, spared }: MemberPlan): readonly SQL[] {
  return memberTypes.flatMap((type) => {
    const kept = spared[type]
    if (kept === null) return []
    const [from, below] = idRanges[type]
    const isKept = jsonChunks(kept).map(
      (chunk) => sql` and member_id not in (select value from json_each(${chunk}))`,
    )
    return [
      sql`group_id = ${groupId} and member_id >= ${from} and member_id < ${below}${sql.join(isKept)}`,
    ]
  })
}

/** Those of a list of ids whom the credential knows, as `t`. */
function known(type: MemberType, chunk: string, scope: MemberScope): SQL {
  return sql`from json_each(${chunk}) j cross join ${tableOf(type)} t where t.id = j.value and ${isOf(type, scope)}`
}

function tableOf(type: MemberType) {
  return type === 'User' ? people : groups
}

function isOf(type: MemberType, { organizationId, connectionId }: MemberScope): SQL {
  return type === 'User'
    ? sql`t.organization_id = ${organizationId} and t.connection_id is ${connectionId} and t.retired_at is null`
    : sql`t.organization_id = ${organizationId} and t.connection_id = ${connectionId ?? ''}`
}
