import { env } from 'cloudflare:workers'
import { openDatabase } from '../../../src/db/index.ts'
import {
  changeUser,
  createUser,
  eraseUser,
  holdRules,
  loadRules,
  type ProvisionedUser,
  type Provisioner,
  type UserStatement,
} from '../../../src/directory/index.ts'
import { err, foldCase, ok, type Result } from '../../../src/kernel/index.ts'
import { userConsequences } from '../../../src/scim/consequences.ts'
import type { ScimRequest } from '../../../src/scim/request.ts'
import { countingD1 } from '../support/counting-d1.ts'
import { context, createContoso, doorWorld, testConfig } from '../support/door-world.ts'

export const contosoId = 'org_00000000000000000000000001'
export const ann = 'ann@contoso.example'
/** The object id with which the test's own identity provider lets Ann sign in. */
export const annObjectId: string = context.objectId
export const bobObjectId = '0b1ec700-1111-4111-8111-000000000002'

export type Wish = {
  readonly externalId?: string | null
  readonly active?: boolean
  /** Flat names and values; an empty list is a blank. */
  readonly stated?: Readonly<Record<string, readonly string[]>>
  /** Attributes of the view, where they are not the flat ones. */
  readonly view?: Readonly<Record<string, unknown>>
}

/** A statement as `scim` makes it, of attributes that are flat anyway. */
export function statement(userName: string, wish: Wish = {}): UserStatement {
  const stated = Object.entries(wish.stated ?? {})
  const flat = Object.fromEntries(
    stated.flatMap(([name, [value]]) => (value ? [[name, value]] : [])),
  )
  const view = wish.view ?? flat
  const displayName = view['displayName']
  return {
    userName,
    externalId: wish.externalId ?? null,
    active: wish.active ?? true,
    view,
    folded: JSON.parse(foldCase(JSON.stringify(view))),
    keys:
      typeof displayName === 'string'
        ? [{ attribute: 'displayname', value: foldCase(displayName) }]
        : [],
    stated: new Map(stated),
    sent: ['userName', ...stated.map(([name]) => name)],
  }
}

/** Contoso with Entra and SCIM, a counting D1 for what SCIM asks, and browsers that sign in. */
export async function peopleWorld(setup: Parameters<typeof createContoso>[0] = {}) {
  const { db: plain } = await createContoso(setup)
  const door = doorWorld()
  const counting = countingD1(env.DB)
  const db = openDatabase(counting.d1, 'primary')
  const stored = await loadRules(plain, contosoId)
  if (stored === null) throw new Error('no organization')
  const by: Provisioner = {
    organizationId: contosoId,
    connectionId: context.connectionId,
    entraTenantId: context.tenantId,
    credentialId: 'tok_1',
    requestId: 'req_1',
    nowMs: context.nowMs,
    keyRing: testConfig.keyRing,
    keepsValues: false,
    rules: holdRules({ organizationId: contosoId, connectionId: context.connectionId }, stored),
  }
  const alsoOf = (as: Provisioner) => userConsequences({ db, by: as } as unknown as ScimRequest)

  /** A POST. */
  function create(userName: string, wish: Wish = {}, as: Provisioner = by) {
    return createUser(db, as, statement(userName, wish), alsoOf(as))
  }

  /** A POST that must succeed; the id. */
  async function made(userName: string, wish: Wish = {}, as: Provisioner = by): Promise<string> {
    const created = await create(userName, wish, as)
    if (!created.ok) throw new Error(JSON.stringify(created.failure))
    return created.value.user.id
  }

  /** A PATCH or PUT to what the statement says. */
  function change(id: string, wanted: UserStatement | null, as: Provisioner = by) {
    return changeUser<never>(db, as, id, () => ok(wanted), alsoOf(as))
  }

  /** The same under If-Match. */
  function changeIf(version: number, id: string, wanted: UserStatement) {
    return changeUser(
      db,
      by,
      id,
      (user): Result<UserStatement, { code: 'stale' }> =>
        user.version === version ? ok(wanted) : err({ code: 'stale' }),
      alsoOf(by),
    )
  }

  function erase(
    id: string,
    as: Provisioner = by,
    check: ((user: ProvisionedUser) => Result<unknown, { code: 'stale' }>) | null = null,
  ) {
    return eraseUser(db, as, id, check, alsoOf(as))
  }

  /** A sign-in by the test's own identity provider: Ann with her object id, unless told otherwise. */
  async function signIn(who: { nameId?: string; objectId?: string } = {}): Promise<number> {
    const { nameId = ann, objectId = annObjectId } = who
    const rename = (xml: string) => xml.replaceAll(ann, nameId).replaceAll(annObjectId, objectId)
    const response = await door.browser().signIn({ beforeSigning: rename })
    return response.status
  }

  return {
    plain,
    db,
    by,
    counting,
    door,
    alsoOf,
    create,
    made,
    change,
    changeIf,
    erase,
    signIn,
  }
}

export type PeopleWorld = Awaited<ReturnType<typeof peopleWorld>>

/** What a request came to, in short: its outcome or the code of its failure. */
export function outcomeOf(
  answer: Result<{ readonly outcome: string } | object | null, { readonly code: string }>,
): string {
  if (!answer.ok) return answer.failure.code
  return answer.value !== null && 'outcome' in answer.value ? String(answer.value.outcome) : 'done'
}

/** The sentence that Entra shows. */
export function detailOf(answer: Result<unknown, object>): string {
  return !answer.ok && 'detail' in answer.failure ? String(answer.failure.detail) : ''
}

type Row = Record<string, unknown>

/** Rows of a query, without Drizzle and the counting D1. */
export async function rows(sql: string, ...values: unknown[]): Promise<Row[]> {
  return (
    await env.DB.prepare(sql)
      .bind(...values)
      .all<Row>()
  ).results
}

/** A person as the table has them. */
export async function personRow(id: string): Promise<Row | undefined> {
  return (await rows('select * from people where id = ?', id))[0]
}

export async function profileOf(id: string): Promise<Row> {
  return JSON.parse(String((await personRow(id))?.['profile'] ?? '{}')) as Row
}

export async function countOf(table: string): Promise<number> {
  return Number((await rows(`select count(*) n from ${table}`))[0]?.['n'])
}

/** Types of the organization's events of provisioning, oldest first. */
export async function eventTypes(): Promise<readonly unknown[]> {
  const found = await rows("select type from events where actor = 'provisioning' order by rowid")
  return found.map(({ type }) => type)
}

/** Sets a manual block, as an operator does. */
export async function block(id: string): Promise<void> {
  await deny(id, 'denied_by_manual = 1')
}

/** Retires somebody, as an operator does. */
export async function retire(id: string): Promise<void> {
  await deny(id, 'retired_at = 5')
}

async function deny(id: string, set: string): Promise<void> {
  await env.DB.batch([
    env.DB.prepare(
      `update people set ${set}, active = 0, version = version + 1 where id = ? and retired_at is null`,
    ).bind(id),
    env.DB.prepare('delete from sessions where person_id = ?').bind(id),
  ])
}

const written = [
  'people',
  'identities',
  'source_views',
  'scim_users',
  'person_keys',
  'tombstones',
  'sessions',
  'events',
  'event_details',
  'resource_counts',
]

/** Everything that requests write about people. */
export async function dump(): Promise<string> {
  return JSON.stringify(await Promise.all(written.map((table) => rows(`select * from ${table}`))))
}

const neverHolds = [
  `select 'two of one name', user_name_key from people where retired_at is null group by organization_id, user_name_key having count(*) > 1`,
  `select 'active in spite of a denial', id from people where active <> (not denied_by_scim and not denied_by_graph and not denied_by_manual and retired_at is null)`,
  `select 'written without a view', p.id from people p left join scim_users s on s.person_id = p.id where (p.scim_at is null) <> (s.person_id is null)`,
  `select 'written without a statement', s.person_id from scim_users s where not exists (select 1 from source_views v where v.person_id = s.person_id and v.source = 'scim')`,
  `select 'denied with a session', p.id from people p join sessions s on s.person_id = p.id where not p.active`,
  `select 'alive and buried', t.person_id from tombstones t join people p on p.id = t.person_id`,
  `select 'two ids of one identity', t.key from tombstones t join identities i on i.organization_id = t.organization_id and i.key = t.key`,
  `select 'an orphan', person_id from identities where person_id not in (select id from people)`,
  `select 'a wrong sum', connection_id from resource_counts r where kind = 'users' and count <> (select count(*) from people p where p.organization_id = r.organization_id and coalesce(p.connection_id, '') = r.connection_id and p.retired_at is null)`,
]

/** What never holds: halves of people, doubles, and sums that are wrong. */
export async function broken(): Promise<readonly unknown[]> {
  return (await Promise.all(neverHolds.map((sql) => rows(sql)))).flat()
}
