import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { openDatabase, runBatch } from '../../src/db/index.ts'
import { resolvePage } from '../../src/directory/index.ts'
import { contosoId, rows } from './scim/people-world.ts'
import { countingD1 } from './support/counting-d1.ts'
import { context, createContoso, tables } from './support/door-world.ts'

const nowMs = 5000

/** People whom sign-ins made, as the mapping of version 1 would: half of them state a cost center. */
async function fill(count: number): Promise<void> {
  const numbers = JSON.stringify(Array.from({ length: count }, (_, i) => i))
  await env.DB.batch([
    env.DB.prepare(
      `insert into people (id, organization_id, connection_id, user_name, user_name_key, created_by, profile, provenance, mapping_version, created_at, updated_at)
       select printf('usr_%07d', value), ?, ?, printf('p%07d', value), printf('p%07d', value), 'saml',
         json_object('title', 'T' || value), json_object('title', json_object('source', 'saml', 'at', 1, 'rule', 'title')), 1, 1, 1 from json_each(?)`,
    ).bind(contosoId, context.connectionId, numbers),
    env.DB.prepare(
      `insert into source_views (person_id, source, organization_id, attributes, sha256, at)
       select printf('usr_%07d', value), 'saml', ?, iif(value % 2,
         json_object('title', json_object('values', json_array('T' || value), 'changedAt', 1)),
         json_object('title', json_object('values', json_array('T' || value), 'changedAt', 1), 'cc', json_object('values', json_array('CC' || value), 'changedAt', 2))), 'x', 1 from json_each(?)`,
    ).bind(contosoId, numbers),
  ])
}

async function resolving(count: number) {
  const { db: plain } = await createContoso()
  await fill(count)
  await plain.update(tables.connections).set({ claimNames: { department: ['cc'] } })
  await plain.update(tables.organizations).set({ mappingVersion: 2 })
  const counting = countingD1(env.DB)
  const db = openDatabase(counting.d1, 'primary')

  async function next(after: string, limit = 200) {
    const page = await resolvePage(db, contosoId, { after, limit, nowMs })
    if (page === null) throw new Error('no organization')
    return page
  }

  /** All pages until nobody is left, and what they came to. */
  async function all(limit: number) {
    const sum = { pages: 0, people: 0, changed: 0 }
    let after = ''
    for (;;) {
      const page = await next(after, limit)
      if (page.kind === 'done') return sum
      await runBatch(db, page.statements)
      sum.pages++
      sum.people += page.people
      sum.changed += page.changed
      after = page.after
    }
  }

  return { plain, counting, db, next, all }
}

describe('a re-resolve', () => {
  it('makes every older profile anew, and counts up only whose it changes', async () => {
    const { all } = await resolving(10)
    // Three pages of people, one that comes to the end, and a round that finds nobody.
    expect(await all(4)).toEqual({ pages: 4, people: 10, changed: 5 })
    const people = await rows('select * from people order by id')
    expect(people.map((row) => JSON.parse(String(row['profile'])))).toEqual(
      people.map((_, i) => (i % 2 ? { title: `T${i}` } : { title: `T${i}`, department: `CC${i}` })),
    )
    expect(JSON.parse(String(people[0]?.['provenance']))).toMatchObject({
      department: { source: 'saml', at: 2, rule: 'cc' },
    })
    const state = people.map((row) => [row['mapping_version'], row['version'], row['updated_at']])
    expect(state).toEqual(people.map((_, i) => (i % 2 ? [2, 1, 1] : [2, 2, nowMs])))
  })

  it('is done where nothing is older, and of nobody where there is no such organization', async () => {
    const { db, all, next } = await resolving(3)
    await all(10)
    expect(await next('')).toEqual({ kind: 'done', version: 2 })
    expect(await resolvePage(db, 'org_x', { after: '', limit: 9, nowMs })).toBeNull()
  })

  it('leaves whoever changed in between to a later page', async () => {
    const { db, next, all } = await resolving(4)
    const page = await next('')
    if (page.kind === 'done') throw new Error('nothing to do')
    await rows("update people set version = 7, denied_by_manual = 1 where id = 'usr_0000002'")
    await runBatch(db, page.statements)
    const left = 'select id from people where mapping_version < 2'
    expect(await rows(left)).toEqual([{ id: 'usr_0000002' }])
    // Past the last of them the pages begin again, and find who was left.
    expect(await next(page.after)).toMatchObject({ kind: 'page', after: '', people: 0 })
    expect(await all(10)).toMatchObject({ people: 1, changed: 1 })
    const [person] = await rows("select * from people where id = 'usr_0000002'")
    expect([person?.['version'], person?.['denied_by_manual']]).toEqual([8, 1])
  })

  it('writes nothing by a mapping that moved in between, and is repeated by the new one', async () => {
    const { plain, db, next, all } = await resolving(4)
    const page = await next('')
    if (page.kind === 'done') throw new Error('nothing to do')
    await plain.update(tables.organizations).set({ mappingVersion: 3 })
    await runBatch(db, page.statements)
    expect(await rows('select id from people where mapping_version <> 1')).toEqual([])
    await all(10)
    expect(await rows('select id from people where mapping_version <> 3')).toEqual([])
  })

  it('changes nothing when a page is written twice', async () => {
    const { db, next } = await resolving(4)
    const page = await next('')
    if (page.kind === 'done') throw new Error('nothing to do')
    await runBatch(db, page.statements)
    const once = await rows('select * from people')
    await runBatch(db, page.statements)
    expect(await rows('select * from people')).toEqual(once)
  })

  it('of another organization is none of this one', async () => {
    const { plain, next, db } = await resolving(4)
    const [contoso] = await plain.select().from(tables.organizations)
    if (contoso === undefined) throw new Error('no organization')
    await plain
      .insert(tables.organizations)
      .values({ ...contoso, id: 'org_other', slug: 'other', mappingVersion: 9 })
    await rows("update people set organization_id = 'org_other' where id = 'usr_0000001'")
    const page = await next('')
    expect(page).toMatchObject({ people: 3 })
    await rows("update people set organization_id = 'org_other' where id = 'usr_0000003'")
    if (page.kind === 'page') await runBatch(db, page.statements)
    const others = await rows(
      "select mapping_version as v from people where organization_id = 'org_other'",
    )
    expect(others).toEqual([{ v: 1 }, { v: 1 }])
  })

  it('costs two calls a page, reads its people and writes a row for each, whatever their number', async () => {
    const { counting, db, next } = await resolving(20_000)
    const page = await next('usr_0009999')
    if (page.kind === 'done') throw new Error('nothing to do')
    await runBatch(db, page.statements)
    expect(counting.calls).toHaveLength(2)
    const { read, written } = counting.rows()
    expect(read).toBeLessThanOrEqual(200 * 8)
    expect(written).toBe(200)
  })

  it('looks at a bounded number of people where it finds few', async () => {
    const { counting, all, next, plain } = await resolving(25_000)
    await plain.update(tables.people).set({ mappingVersion: 2 })
    await rows("update people set mapping_version = 1 where id in ('usr_0011110', 'usr_0024999')")
    counting.restart()
    const first = await next('')
    expect(first).toMatchObject({ kind: 'page', people: 0, after: 'usr_0009999' })
    expect(counting.rows().read).toBeLessThanOrEqual(10_000 * 3 + 10)
    expect(await all(200)).toMatchObject({ people: 2, changed: 1 })
    expect(await next('')).toMatchObject({ kind: 'page', people: 0 })
    const left = await rows('select id from people where mapping_version < 2')
    expect(left).toEqual([])
  })

  it('cuts a page where its profiles would be too much for one value of D1', async () => {
    const { next, all } = await resolving(30)
    const long = JSON.stringify({ title: { values: ['x'.repeat(60_000)], changedAt: 1 } })
    await rows('update source_views set attributes = ?', long)
    const page = await next('')
    if (page.kind === 'done') throw new Error('nothing to do')
    expect(page.people).toBeGreaterThan(3)
    expect(page.people).toBeLessThan(30)
    expect(await all(200)).toMatchObject({ people: 30, changed: 30 })
  })
})
