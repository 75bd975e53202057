import { env } from 'cloudflare:workers'
import { eventStatements } from '../../../src/activity/index.ts'
import { openDatabase } from '../../../src/db/index.ts'
import type {
  GroupChange,
  GroupConsequences,
  GroupStatement,
  MemberStep,
  Provisioner,
} from '../../../src/directory/index.ts'
import { changeGroup, createGroup, holdRules } from '../../../src/directory/index.ts'
import { foldCase, ok } from '../../../src/kernel/index.ts'
import { countingD1 } from '../support/counting-d1.ts'
import { createContoso, testConfig } from '../support/door-world.ts'

export const contosoId = 'org_00000000000000000000000001'
export const connectionId = 'con_00000000000000000000000001'

/** Contoso with one connection, a counting D1, and a credential of that connection. */
export async function groupsWorld() {
  await createContoso({ connection: { id: connectionId } })
  const counting = countingD1(env.DB)
  const db = openDatabase(counting.d1, 'primary')
  const by: Provisioner = {
    organizationId: contosoId,
    connectionId,
    entraTenantId: null,
    credentialId: 'tok_1',
    requestId: 'req_1',
    nowMs: 1000,
    keyRing: testConfig.keyRing,
    keepsValues: false,
    rules: holdRules(
      { organizationId: contosoId, connectionId },
      { version: 1, custom: [], rules: null, claimNames: {} },
    ),
  }
  const also: GroupConsequences = {
    events: ({ type, groupId, displayName, ...facts }, guard) =>
      eventStatements(
        db,
        {
          type,
          outcome: 'success',
          organizationId: by.organizationId,
          actor: 'provisioning',
          requestId: by.requestId,
          facts: { group: groupId, ...facts },
          detail: { displayName },
        },
        { nowMs: by.nowMs, guard },
      ),
  }

  async function create(displayName: string, memberIds: readonly string[] = []) {
    return createGroup(db, by, { statement: groupStatement(displayName), memberIds }, also)
  }

  /** A group that must be made; its id. */
  async function made(displayName: string, memberIds: readonly string[] = []): Promise<string> {
    const created = await create(displayName, memberIds)
    if (!created.ok) throw new Error(created.failure.code)
    return created.value.group.id
  }

  async function change(
    id: string,
    wanted: Partial<GroupStatement> & { steps?: readonly MemberStep[]; onlyThisVersion?: boolean },
    as: Provisioner = by,
  ) {
    const { steps = [], onlyThisVersion, ...stated } = wanted
    return changeGroup<never>(
      db,
      as,
      id,
      (group) => {
        const next: GroupChange = {
          statement: groupStatement(stated.displayName ?? group.displayName, {
            externalId: group.externalId,
            sent: [...Object.keys(stated), ...(steps.length === 0 ? [] : ['members'])],
            ...stated,
          }),
          steps,
          ...(onlyThisVersion === undefined ? {} : { onlyThisVersion }),
        }
        return ok(next)
      },
      also,
    )
  }

  return { counting, db, by, also, create, made, change }
}

export type GroupsWorld = Awaited<ReturnType<typeof groupsWorld>>

export function groupStatement(
  displayName: string,
  more: Partial<GroupStatement> = {},
): GroupStatement {
  return { externalId: null, view: {}, folded: {}, sent: ['displayName'], displayName, ...more }
}

export function add(...ids: string[]): MemberStep {
  return { kind: 'add', ids }
}

export function remove(...ids: string[]): MemberStep {
  return { kind: 'remove', ids }
}

/** People of an organization and a connection, whatever their number. */
export async function addPeople(
  ids: readonly string[],
  place: { organizationId?: string; connection?: string | null } = {},
): Promise<void> {
  const { organizationId = contosoId, connection = connectionId } = place
  for (let i = 0; i < ids.length; i += 20_000) {
    await env.DB.prepare(
      `insert into people (id, organization_id, connection_id, user_name, user_name_key, created_by, profile, provenance, mapping_version, created_at, updated_at)
       select value, ?, ?, value, value, 'scim', '{}', '{}', 1, 1, 1 from json_each(?)`,
    )
      .bind(organizationId, connection, JSON.stringify(ids.slice(i, i + 20_000)))
      .run()
  }
}

/** A group as it stands in the database, without its history. */
export async function addGroupRow(
  id: string,
  values: {
    organizationId?: string
    connection?: string
    displayName?: string
    externalId?: string | null
  } = {},
): Promise<string> {
  const displayName = values.displayName ?? id
  await env.DB.prepare(
    `insert into groups (id, organization_id, connection_id, display_name, display_name_key, external_id, view, folded, created_at, modified_at)
     values (?, ?, ?, ?, ?, ?, '{}', '{}', 1, 1)`,
  )
    .bind(
      id,
      values.organizationId ?? contosoId,
      values.connection ?? connectionId,
      displayName,
      foldCase(displayName),
      values.externalId ?? null,
    )
    .run()
  return id
}

export async function addMemberRows(groupId: string, ids: readonly string[]): Promise<void> {
  for (let i = 0; i < ids.length; i += 20_000) {
    await env.DB.prepare(
      `insert into group_members (group_id, member_id, organization_id, source, at)
       select g.id, j.value, g.organization_id, 'scim', 1 from json_each(?) j cross join groups g where g.id = ?`,
    )
      .bind(JSON.stringify(ids.slice(i, i + 20_000)), groupId)
      .run()
  }
}

/** The members of a group, sorted. */
export async function membersOf(groupId: string): Promise<readonly string[]> {
  const { results } = await env.DB.prepare(
    'select member_id from group_members where group_id = ? order by member_id',
  )
    .bind(groupId)
    .all<{ member_id: string }>()
  return results.map((row) => row.member_id)
}

/** Groups whose maintained count is wrong, and sums that are: none, always. */
export async function wrongCounts(): Promise<readonly unknown[]> {
  const groups = await env.DB.prepare(
    `select g.id from groups g where g.member_count <> (select count(*) from group_members m where m.group_id = g.id) or g.version < 1`,
  ).all()
  const sums = await env.DB.prepare(
    `select * from resource_counts r where kind = 'groups' and count <> (select count(*) from groups g
      where g.organization_id = r.organization_id and g.connection_id = r.connection_id)`,
  ).all()
  return [...groups.results, ...sums.results]
}

/** How many rows a table has. */
export async function countOf(table: 'events' | 'groups' | 'group_members' | 'event_details') {
  return env.DB.prepare(`select count(*) as n from ${table}`).first<number>('n')
}

export async function versionOf(groupId: string): Promise<number | null> {
  return env.DB.prepare('select version from groups where id = ?').bind(groupId).first('version')
}

/** `usr_0001` and so on. */
export function userIds(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => `usr_${String(from + i).padStart(6, '0')}`)
}
