import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { context } from '../support/door-world.ts'
import { type Json, type RfcWorld, rfcWorld } from './rfc/rfc-world.ts'

const organizationId = 'org_00000000000000000000000001'
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

type Cost = { readonly calls: number; readonly read: number; readonly written: number }

/** What a request costs in a warm isolate: the credential is known, as it is for 30 seconds. */
async function costOf(scim: RfcWorld, work: () => Promise<{ status: number }>, status: number) {
  await scim.get('/Users?count=0')
  scim.counting.restart()
  const answer = await work()
  expect(answer.status).toBe(status)
  return { calls: scim.counting.calls.length, ...scim.counting.rows() } satisfies Cost
}

/** People as SCIM wrote them, without going through HTTP 100,000 times. */
async function addPeople(from: number, count: number): Promise<void> {
  for (let start = from; start < from + count; start += 20_000) {
    const size = Math.min(20_000, from + count - start)
    const ids = Array.from({ length: size }, (_, i) => `usr_${String(start + i).padStart(26, '0')}`)
    const bound = JSON.stringify(ids)
    await env.DB.batch([
      env.DB.prepare(
        `insert into people (id, organization_id, connection_id, user_name, user_name_key, external_id, created_by, scim_at, profile, provenance, mapping_version, created_at, updated_at)
         select value, ?, ?, value || '@contoso.example', value || '@contoso.example', value, 'scim', 1, '{}', '{}', 1, 1, 1 from json_each(?)`,
      ).bind(organizationId, context.connectionId, bound),
      env.DB.prepare(
        `insert into scim_users (person_id, organization_id, view, folded, version, modified_at)
         select value, ?, json_object('displayName', value), json_object('displayName', value), 1, 1 from json_each(?)`,
      ).bind(organizationId, bound),
      env.DB.prepare(
        `insert into person_keys (organization_id, attribute, value, person_id) select ?, 'displayname', value, value from json_each(?)`,
      ).bind(organizationId, bound),
    ])
  }
}

/**
 * Somebody and a group whose ids come after all others. A lookup by part of a key reads the row after the last one
 * that it finds, to see that there are no more, and where nothing comes after it reads one less: with these, one
 * always comes, wherever the random ids of the others fall.
 */
async function addLast(): Promise<void> {
  const [user, group] = [`usr_${'z'.repeat(26)}`, `grp_${'z'.repeat(26)}`]
  const statements = [
    `insert into people (id, organization_id, connection_id, user_name, user_name_key, created_by, scim_at, profile, provenance, mapping_version, created_at, updated_at) values ('${user}', ?1, ?2, 'zz', 'zz', 'scim', 1, '{}', '{}', 1, 1, 1)`,
    `insert into scim_users (person_id, organization_id, view, folded, version, modified_at) values ('${user}', ?1, '{}', '{}', 1, 1)`,
    `insert into source_views (person_id, source, organization_id, connection_id, attributes, sha256, at) values ('${user}', 'scim', ?1, ?2, '{}', '', 1)`,
    `insert into person_keys (organization_id, attribute, value, person_id) values (?1, 'zz', ?2, '${user}')`,
    `insert into groups (id, organization_id, connection_id, display_name, display_name_key, external_id, view, folded, created_at, modified_at) values ('${group}', ?1, ?2, 'zz', 'zz', 'zz', '{}', '{}', 1, 1)`,
    `insert into group_members (group_id, member_id, organization_id, source, at) values ('${group}', '${user}', ?1, 'scim', 1)`,
  ]
  await env.DB.batch(
    statements.map((sql) => {
      return sql.includes('?2')
        ? env.DB.prepare(sql).bind(organizationId, context.connectionId)
        : env.DB.prepare(sql).bind(organizationId)
    }),
  )
}

async function addMembers(groupId: string, count: number): Promise<void> {
  await env.DB.prepare(
    `insert into group_members (group_id, member_id, organization_id, source, at)
     select ?, id, ?, 'scim', 1 from people where id like 'usr_0000%' order by id limit ?`,
  )
    .bind(groupId, organizationId, count)
    .run()
}

let serial = 0
function newUser(): Json {
  serial++
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise],
    userName: `new${serial}@contoso.example`,
    externalId: `5a000000-0000-4000-8000-${String(serial).padStart(12, '0')}`,
    active: true,
    displayName: `New ${serial}`,
    emails: [{ type: 'work', primary: true, value: `new${serial}@contoso.example` }],
    [enterprise]: { department: 'Operations' },
  }
}

/** One of each of DESIGN 6, among as many people as there are. */
async function costs(scim: RfcWorld): Promise<Readonly<Record<string, Cost>>> {
  const user = await scim.post('/Users', newUser())
  const id = String(user.body['id'])
  const named = encodeURIComponent(`userName eq "${user.body['userName']}"`)
  const worded = encodeURIComponent(`displayName eq "${user.body['displayName']}"`)
  const cursor = String((await scim.get('/Users?cursor=&count=10')).body['nextCursor'])
  const title = [{ op: 'Replace', path: 'title', value: `Engineer ${serial}` }]
  const off = [{ op: 'Replace', path: 'active', value: 'False' }]
  return {
    create: await costOf(scim, () => scim.post('/Users', newUser()), 201),
    'refused create': await costOf(scim, () => scim.post('/Users', user.body), 409),
    get: await costOf(scim, () => scim.get(`/Users/${id}`), 200),
    'filter userName': await costOf(scim, () => scim.get(`/Users?filter=${named}`), 200),
    'filter displayName': await costOf(scim, () => scim.get(`/Users?filter=${worded}`), 200),
    'first page': await costOf(scim, () => scim.get('/Users?startIndex=1&count=10'), 200),
    'page by cursor': await costOf(scim, () => scim.get(`/Users?cursor=${cursor}&count=10`), 200),
    patch: await costOf(scim, () => scim.patch(`/Users/${id}`, title), 200),
    'patch that changes nothing': await costOf(scim, () => scim.patch(`/Users/${id}`, title), 200),
    deactivate: await costOf(scim, () => scim.patch(`/Users/${id}`, off), 200),
    delete: await costOf(scim, () => scim.send('DELETE', `/Users/${id}`), 204),
  }
}

/** A change of three members, in a group of this size; and reading it without its members. */
async function groupCosts(scim: RfcWorld, name: string, size: number) {
  const group = await scim.group(name)
  await addMembers(group.id, size)
  const people = await Promise.all(
    [1, 2, 3].map(async () => ({
      value: String((await scim.post('/Users', newUser())).body['id']),
    })),
  )
  const path = `/Groups/${group.id}`
  const add = [{ op: 'Add', path: 'members', value: people }]
  const remove = [{ op: 'Remove', path: 'members', value: people }]
  const rename = [{ op: 'Replace', path: 'displayName', value: `${name} again` }]
  const named = encodeURIComponent(`displayName eq "${name}"`)
  const bare = 'excludedAttributes=members'
  return {
    get: await costOf(scim, () => scim.get(`${path}?${bare}`), 200),
    filter: await costOf(scim, () => scim.get(`/Groups?${bare}&filter=${named}`), 200),
    add: await costOf(scim, () => scim.patch(path, add), 204),
    'add again': await costOf(scim, () => scim.patch(path, add), 204),
    remove: await costOf(scim, () => scim.patch(path, remove), 204),
    rename: await costOf(scim, () => scim.patch(path, rename), 204),
  }
}

/** Calls, as DESIGN 6 allows them, rows read and rows written. */
const most: Readonly<Record<string, readonly [calls: number, read: number, written: number]>> = {
  create: [1, 20, 27],
  // The refusal itself is one; its event is written after the answer has gone out.
  'refused create': [2, 16, 8],
  get: [1, 3, 0],
  'filter userName': [1, 2, 0],
  'filter displayName': [1, 13, 0],
  'first page': [1, 31, 0],
  'page by cursor': [1, 34, 0],
  patch: [2, 35, 9],
  'patch that changes nothing': [1, 7, 0],
  deactivate: [2, 32, 9],
  delete: [2, 41, 16],
}

describe('what provisioning costs', () => {
  it('is a constant number of calls and rows, at 1,000 and at 100,000 people', async () => {
    const scim = await rfcWorld()
    await addLast()
    await addPeople(0, 1000)
    const few = await costs(scim)
    await addPeople(1000, 99_000)
    expect(await costs(scim)).toEqual(few)
    for (const [what, { calls, read, written }] of Object.entries(few)) {
      const [mostCalls = 0, mostRead = 0, mostWritten = 0] = most[what] ?? []
      const isWithin = calls <= mostCalls && read <= mostRead && written <= mostWritten
      expect([what, calls, read, written, isWithin]).toEqual([what, calls, read, written, true])
    }
  })

  it('of a change of members does not depend on the group, of 10 or of 100,000', async () => {
    const scim = await rfcWorld()
    await addLast()
    await addPeople(0, 100_000)
    const small = await groupCosts(scim, 'Small', 10)
    const large = await groupCosts(scim, 'Large', 100_000)
    for (const [what, cost] of Object.entries(small)) {
      const got = large[what as keyof typeof large]
      expect([what, got.calls <= 2, got.calls]).toEqual([what, true, cost.calls])
      expect([what, got.read, got.written]).toEqual([what, cost.read, cost.written])
      expect([what, got.read <= 40, got.written <= 20]).toEqual([what, true, true])
    }
  })

  it('of a first call is one more for the credential, and one after the answer for its use', async () => {
    const scim = await rfcWorld()
    scim.counting.restart()
    expect((await scim.get('/Users?count=1')).status).toBe(200)
    const tables = scim.counting.calls.map(
      ({ sql }) => /set last_used_at|token_sha256|resource_counts/.exec(sql.join())?.[0],
    )
    expect(tables.sort()).toEqual(['resource_counts', 'set last_used_at', 'token_sha256'])
  })
})
