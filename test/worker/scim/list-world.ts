import { env } from 'cloudflare:workers'
import { openDatabase, tables } from '../../../src/db/index.ts'
import { foldCase, type Result } from '../../../src/kernel/index.ts'
import { indexKeys } from '../../../src/scim/filter/index-keys.ts'
import { type ListQuery, wholeList } from '../../../src/scim/list-query.ts'
import { listGroups, listUsers } from '../../../src/scim/list-store.ts'
import { countingD1 } from '../support/counting-d1.ts'

export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

export const scope = { organizationId: 'org_1', connectionId: 'con_1' } as const

export const startMs = 1_760_000_000_000

type Stated = {
  readonly id: string
  readonly userName?: string
  readonly externalId?: string | null
  readonly active?: boolean
  /** Null for somebody whom SCIM has not written. */
  readonly view?: Readonly<Record<string, unknown>> | null
  readonly organizationId?: string
  readonly connectionId?: string | null
  readonly retiredAt?: number | null
  readonly createdAt?: number
  readonly modifiedAt?: number
}

/** Two organizations, and lists of the first one's connection through a D1 that counts. */
export async function listWorld() {
  const plain = openDatabase(env.DB, 'primary')
  for (const id of ['org_1', 'org_2']) {
    await plain
      .insert(tables.organizations)
      .values({ id, slug: id.replace('_', '-'), name: id, createdAt: 1, updatedAt: 1 })
  }
  const counting = countingD1(env.DB)
  const db = openDatabase(counting.d1, 'primary')

  async function addUser(stated: Stated): Promise<void> {
    const { id, view = {}, userName = `${id}@contoso.example` } = stated
    const organizationId = stated.organizationId ?? scope.organizationId
    const connectionId =
      stated.connectionId === undefined ? scope.connectionId : stated.connectionId
    const createdAt = stated.createdAt ?? startMs
    await plain.insert(tables.people).values({
      id,
      organizationId,
      connectionId,
      userName,
      userNameKey: foldCase(userName),
      externalId: stated.externalId ?? null,
      active: stated.active ?? true,
      deniedByScim: stated.active === false,
      createdBy: 'scim',
      scimAt: view === null ? null : createdAt,
      profile: {},
      provenance: {},
      mappingVersion: 1,
      retiredAt: stated.retiredAt ?? null,
      createdAt,
      updatedAt: createdAt,
    })
    if (view === null) return
    await plain.insert(tables.scimUsers).values({
      personId: id,
      organizationId,
      view,
      folded: foldAll(view) as Record<string, unknown>,
      version: 3,
      modifiedAt: stated.modifiedAt ?? createdAt,
    })
    for (const key of indexKeys(view)) {
      await plain.insert(tables.personKeys).values({ organizationId, personId: id, ...key })
    }
  }

  async function addGroup(group: {
    readonly id: string
    readonly displayName?: string
    readonly externalId?: string
    readonly view?: Readonly<Record<string, unknown>>
    readonly members?: readonly string[]
    readonly organizationId?: string
    readonly connectionId?: string
  }): Promise<void> {
    const { id, displayName = id, view = {}, members = [] } = group
    const organizationId = group.organizationId ?? scope.organizationId
    await plain.insert(tables.groups).values({
      id,
      organizationId,
      connectionId: group.connectionId ?? scope.connectionId,
      displayName,
      displayNameKey: foldCase(displayName),
      externalId: group.externalId ?? null,
      view,
      folded: foldAll(view) as Record<string, unknown>,
      createdAt: startMs,
      modifiedAt: startMs,
    })
    await env.DB.prepare(
      "insert into group_members (group_id, member_id, organization_id, source, at) select ?, value, ?, 'scim', 1 from json_each(?)",
    )
      .bind(id, organizationId, JSON.stringify(members))
      .run()
  }

  const ask = (query: Partial<ListQuery>): ListQuery => ({ ...wholeList, ...query })

  return {
    db,
    plain,
    counting,
    addUser,
    addGroup,
    users: (query: Partial<ListQuery> = {}, withGroups = true) =>
      listUsers(db, scope, ask(query), { withGroups }),
    groups: (query: Partial<ListQuery> = {}, withMembers = false) =>
      listGroups(db, scope, ask(query), { withMembers }),
    /** Ids of the users that a filter finds. */
    async find(filter: string, query: Partial<ListQuery> = {}): Promise<readonly string[]> {
      const page = value(
        await listUsers(db, scope, ask({ filter, ...query }), { withGroups: false }),
      )
      return page.users.map(({ id }) => id)
    },
    /** Ids of the groups that a filter finds. */
    async findGroups(filter: string, query: Partial<ListQuery> = {}): Promise<readonly string[]> {
      const page = value(
        await listGroups(db, scope, ask({ filter, ...query }), { withMembers: false }),
      )
      return page.groups.map(({ id }) => id)
    },
  }
}

export type ListWorld = Awaited<ReturnType<typeof listWorld>>

/** The value of a result that must be one. */
export function value<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.failure)}`)
  return result.value
}

/** Every string of a value folded, as the directory stores it. */
export function foldAll(value: unknown): unknown {
  if (typeof value === 'string') return foldCase(value)
  if (Array.isArray(value)) return value.map(foldAll)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, foldAll(one)]))
}

/** Id of one of `fill`'s people. */
export const filledId = (n: number) => `usr_${String(n).padStart(6, '0')}`

/** Adds people from one number up to another, in chunks of one statement each. */
export async function fill(from: number, to: number): Promise<void> {
  const chunk = 25_000
  for (let start = from; start < to; start += chunk) {
    const numbers = Array.from({ length: Math.min(chunk, to - start) }, (_, i) => start + i)
    const bound = JSON.stringify(numbers)
    await env.DB.batch(fillStatements.map((sql) => env.DB.prepare(sql).bind(bound)))
  }
}

const filled = `printf('usr_%06d', value)`
const document = (name: string, work: string) =>
  `json_object('displayName', printf('${name} %d', value), 'title', printf('t%d', value % 10), 'emails', json_array(json_object('type', '${work}', 'value', printf('m%d@contoso.example', value))), '${enterprise}', json_object('employeeNumber', printf('%d', value)))`

const fillStatements = [
  `insert into people (id, organization_id, connection_id, user_name, user_name_key, external_id, created_by, scim_at, profile, provenance, mapping_version, created_at, updated_at)
   select ${filled}, 'org_1', 'con_1', printf('U%d@contoso.example', value), printf('u%d@contoso.example', value), printf('x%d', value), 'scim', 1, '{}', '{}', 1, ${startMs} + value, 1 from json_each(?)`,
  `insert into scim_users (person_id, organization_id, view, folded, modified_at)
   select ${filled}, 'org_1', ${document('Name', 'work')}, ${document('name', 'work')}, ${startMs} + value from json_each(?)`,
  ...[
    ["'displayname'", "printf('name %d', value)"],
    ["'emails.value'", "printf('m%d@contoso.example', value)"],
    ["'emails[work].value'", "printf('m%d@contoso.example', value)"],
    [`'${enterprise.toLowerCase()}:employeenumber'`, "printf('%d', value)"],
  ].map(
    ([attribute, text]) =>
      `insert into person_keys (organization_id, attribute, value, person_id) select 'org_1', ${attribute}, ${text}, ${filled} from json_each(?)`,
  ),
]
