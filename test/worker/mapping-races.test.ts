import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import './support/search-keys-hold.ts'
import {
  ann,
  annObjectId,
  bobObjectId,
  contosoId,
  outcomeOf,
  type PeopleWorld,
  peopleWorld,
  rows,
  statement,
} from './scim/people-world.ts'
import { answer, createContoso, doorWorld } from './support/door-world.ts'

/** A change of the mapping, as far as others see it. */
async function moveMapping(): Promise<void> {
  await rows(
    'update organizations set mapping_version = mapping_version + 1 where id = ?',
    contosoId,
  )
}

/** Lets the mapping change before the n-th call of what follows, once, or before every call that writes. */
function movesBefore({ counting }: Pick<PeopleWorld, 'counting'>, n: number | 'each write'): void {
  counting.restart()
  let isDone = false
  counting.beforeEachCall(async ({ sql }, index) => {
    const isWrite = sql.some((text) => /^(?:insert|update|delete)\b/i.test(text))
    if (n === 'each write' ? !isWrite : index !== n || isDone) return
    isDone = true
    await moveMapping()
  })
}

/** People whose profile was made by another version than the mapping has now. */
async function leftBehind(): Promise<number> {
  const [row] = await rows(
    'select count(*) as n from people p join organizations o on o.id = p.organization_id where p.mapping_version <> o.mapping_version',
  )
  return Number(row?.['n'])
}

const bob = 'bob@contoso.example'
const titled = statement(bob, { externalId: bobObjectId, stated: { title: ['CEO'] } })

describe('a change of the mapping', () => {
  it('before a create whose isolate remembers the old one', async () => {
    const world = await peopleWorld()
    movesBefore(world, 0)
    expect(outcomeOf(await world.create(bob, { externalId: bobObjectId }))).toBe('created')
    expect(await leftBehind()).toBe(0)
    // Once refused, once read again, once made; the next one goes by what was read.
    expect(world.counting.calls).toHaveLength(3)
    world.counting.restart()
    expect(outcomeOf(await world.create(ann))).toBe('created')
    expect(world.counting.calls).toHaveLength(1)
  })

  it.each([0, 1])('before call %i of an adoption', async (n) => {
    const world = await peopleWorld()
    await world.signIn()
    movesBefore(world, n)
    expect(outcomeOf(await world.create(ann, { externalId: annObjectId }))).toBe('adopted')
    expect(await leftBehind()).toBe(0)
  })

  it.each([0, 1])('before call %i of a revival', async (n) => {
    const world = await peopleWorld()
    const id = await world.made(bob, { externalId: bobObjectId })
    await world.erase(id)
    movesBefore(world, n)
    expect(outcomeOf(await world.create(bob, { externalId: bobObjectId }))).toBe('revived')
    expect(await leftBehind()).toBe(0)
  })

  it.each([0, 1])('before call %i of a PATCH', async (n) => {
    const world = await peopleWorld()
    const id = await world.made(bob, { externalId: bobObjectId })
    movesBefore(world, n)
    expect((await world.change(id, titled)).ok).toBe(true)
    expect(await leftBehind()).toBe(0)
    const [person] = await rows('select profile from people')
    expect(JSON.parse(String(person?.['profile']))).toMatchObject({ title: 'CEO' })
  })

  it('before every write ends in a refusal that may be repeated, with nothing stored', async () => {
    const world = await peopleWorld()
    movesBefore(world, 'each write')
    expect(outcomeOf(await world.create(bob))).toBe('directory.busy')
    world.counting.beforeEachCall(null)
    const id = await world.made(bob, { externalId: bobObjectId })
    movesBefore(world, 'each write')
    expect(outcomeOf(await world.change(id, titled))).toBe('directory.busy')
    world.counting.beforeEachCall(null)
    expect((await world.change(id, titled)).ok).toBe(true)
    expect(await leftBehind()).toBe(0)
  })

  it.each(['create', 'known'])('before call 0 or 1 of a sign-in (%s)', async (kind) => {
    for (const n of [0, 1]) {
      await createContoso()
      const world = doorWorld()
      if (kind === 'known') await world.browser().signIn()
      const browser = world.browser()
      const { form } = await answer(await browser.start())
      movesBefore(world, n)
      expect((await browser.post(form)).status).toBe(303)
      expect(await leftBehind()).toBe(0)
      world.counting.beforeEachCall(null)
      for (const table of ['people', 'connections', 'connection_certificates', 'organizations']) {
        await env.DB.prepare(`delete from ${table}`).run()
      }
    }
  })

  it('and fifty creates at once: nobody is left behind by a version that stood', async () => {
    const world = await peopleWorld()
    let calls = 0
    world.counting.beforeEachCall(async () => {
      calls++
      if (calls === 20) await moveMapping()
    })
    const names = Array.from({ length: 50 }, (_, i) => `p${i}@contoso.example`)
    const outcomes = await Promise.all(
      names.map(async (name) => outcomeOf(await world.create(name))),
    )
    expect(new Set(outcomes)).toEqual(new Set(['created']))
    // Whoever was made before the change is what the re-resolve finds; nobody after it is older.
    const [row] = await rows('select count(*) as n from people where mapping_version = 2')
    expect(Number(row?.['n'])).toBeGreaterThan(0)
    expect(await leftBehind()).toBe(50 - Number(row?.['n']))
  })
})
