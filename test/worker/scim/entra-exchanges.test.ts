import { describe, expect, it } from 'vitest'
import type { MemberStep } from '../../../src/directory/index.ts'
import { scimErrors } from '../../../src/scim/errors.ts'
import { addFabrikam, type Json, type Resource, rfcWorld } from './rfc/rfc-world.ts'
import { dialectFlag, stampOf, stated, type Wire, wireOf } from './wire-world.ts'

declare global {
  interface ImportMeta {
    /** Vite's import of many files at once; the pattern is read when the test is built. */
    glob(pattern: string, options: { eager: true; import: 'default' }): Record<string, unknown>
  }
}

type Fixture = {
  readonly source: string
  readonly request: {
    readonly method: string
    readonly path: string
    readonly filter?: string
    readonly body?: Json
  }
  readonly before?: Json | readonly Json[]
  readonly expect: Json
}

const files = import.meta.glob('../../fixtures/scim/*/*.json', { eager: true, import: 'default' })
const fixtures = Object.entries(files).map(([path, fixture]) => ({
  name: path.replace(/^.*\/scim\/|\.json$/g, ''),
  fixture: fixture as Fixture,
}))

/** The fixture with the ids that the server gave in place of those that stand for them. */
function named(fixture: Fixture, ids: Readonly<Record<string, string>>): Fixture {
  const text = JSON.stringify(fixture).replace(/\b(?:usr|grp)_[a-z0-9]+\b/g, (id) => ids[id] ?? id)
  return JSON.parse(text) as Fixture
}

/** The request with the address of what it is about. */
function sendOne(scim: Wire, { request }: Fixture, id: string) {
  return scim.send(request.method, request.path.replace('{id}', id), request.body)
}

/** Ann, Bob and Cleo, under the ids that fixtures name members by. */
async function addMembers(scim: Wire) {
  const ids: Record<string, string> = {}
  for (const name of ['ann', 'bob', 'cleo']) {
    ids[`usr_${name}`] = (await scim.made('/Users', { userName: `${name}@contoso.com` })).id
  }
  return ids
}

const replay: Readonly<Record<string, (scim: Wire, fixture: Fixture) => Promise<void>>> = {
  'GET Users': found,
  'GET Groups': found,

  async 'POST Users'(scim, fixture) {
    const created = await scim.must(201, sendOne(scim, fixture, ''))
    const wanted: Json = { active: true, ...(fixture.expect['user'] as Json) }
    expect(stated(created.body)).toEqual(wanted)
    const { id } = created.body as Resource
    expect(created.headers.get('location')).toMatch(new RegExp(`/scim/v2/Users/${id}$`))
    expect(await scim.read(`/Users/${id}`)).toEqual(created.body)
    // Entra asks for what it made before it makes it again.
    expect(await scim.find('Users', `userName eq "${wanted['userName']}"`)).toEqual([id])
    const again = await scim.must(409, sendOne(scim, fixture, ''))
    expect(again.body['scimType']).toBe('uniqueness')
    expect(await scim.read(`/Users/${id}`)).toEqual(created.body)
  },

  async 'PUT Users'(scim, raw) {
    const before = { userName: 'ann@contoso.com', active: false, title: 'Goes with the PUT' }
    const { id } = await scim.made('/Users', before)
    const fixture = named(raw, { usr_ann: id })
    const wanted = { active: false, ...(fixture.expect['user'] as Json) }
    const put = await scim.must(200, sendOne(scim, fixture, id))
    expect([put.body['id'], stated(put.body)]).toEqual([id, wanted])
    const again = await scim.must(200, sendOne(scim, fixture, id))
    expect(again.body).toEqual(put.body)
    expect(await scim.read(`/Users/${id}`)).toEqual(put.body)
  },

  async 'PATCH Users'(scim, fixture) {
    const before = await scim.made('/Users', fixture.before as Json)
    expect(stated(before)).toEqual(fixture.before)
    const { user, failure, changed } = fixture.expect
    if (failure !== undefined) {
      const { status, scimType } = scimErrors[failure as 'scim.mutability']
      const refused = await scim.must(status, sendOne(scim, fixture, before.id))
      expect(refused.body['scimType']).toBe(scimType)
      expect(await scim.read(`/Users/${before.id}`)).toEqual(before)
      return
    }
    const patched = await scim.must(200, sendOne(scim, fixture, before.id))
    expect(stated(patched.body)).toEqual(user)
    if (changed === false) expect(patched.body).toEqual(before)
    else expect(stampOf(patched.body)).not.toEqual(stampOf(before))
    // The answer may get lost, and the request is sent again.
    const again = await scim.must(200, sendOne(scim, fixture, before.id))
    expect(again.body).toEqual(patched.body)
    expect(await scim.read(`/Users/${before.id}`)).toEqual(patched.body)
  },

  async 'POST Groups'(scim, raw) {
    const fixture = named(raw, await addMembers(scim))
    const created = await scim.must(201, sendOne(scim, fixture, ''))
    const { id } = created.body as Resource
    const { members, ...rest } = stated(created.body)
    expect(rest).toEqual(fixture.expect['group'])
    const wanted = (fixture.expect['memberIds'] as readonly string[] | null) ?? []
    expect((members as readonly Json[]).map((one) => one['value'])).toEqual(wanted)
    expect(await scim.read(`/Groups/${id}`)).toEqual(created.body)
    const again = await scim.must(409, sendOne(scim, fixture, ''))
    expect(again.body['scimType']).toBe('uniqueness')
  },

  async 'PATCH Groups'(scim, raw) {
    const ids = await addMembers(scim)
    const fixture = named(raw, ids)
    const { group, steps, changed } = fixture.expect
    for (const start of [[], [ids['usr_cleo']], Object.values(ids)]) {
      const members = start.map((value) => ({ value }))
      const { id } = await scim.made('/Groups', { ...(fixture.before as Json), members })
      const before = await scim.read(`/Groups/${id}`)
      await scim.must(204, sendOne(scim, named(fixture, { grp_ops: id }), id))
      const left = (steps as readonly MemberStep[]).reduce(afterStep, new Set(start as string[]))
      expect(await scim.members(id)).toEqual([...left].sort())
      const after = await scim.read(`/Groups/${id}`)
      const { members: _, ...rest } = stated(after)
      expect(rest).toEqual(group)
      const isOther = changed === true || [...left].sort().join() !== [...start].sort().join()
      expect(JSON.stringify(stampOf(after)) !== JSON.stringify(stampOf(before))).toBe(isOther)
      await scim.must(204, sendOne(scim, named(fixture, { grp_ops: id }), id))
      expect(await scim.read(`/Groups/${id}`)).toEqual(after)
      await scim.must(204, scim.delete(`/Groups/${id}`))
    }
  },
}

async function found(scim: Wire, raw: Fixture): Promise<void> {
  const kind = raw.request.path === '/Users' ? 'Users' : 'Groups'
  const ids: Record<string, string> = {}
  for (const { id, ...body } of raw.before as readonly Json[]) {
    // Some fixtures tell two of the same name apart, which only one of them can have here.
    const isNamesake = body['userName'] !== undefined && Object.keys(ids).length > 0
    const own = isNamesake ? { ...body, userName: `${id}@contoso.com` } : body
    ids[String(id)] = (await scim.made(`/${kind}`, own)).id
  }
  const { request, expect: wanted } = named(raw, ids)
  expect(await scim.find(kind, request.filter ?? '')).toEqual(wanted['found'])
  // Some clients write %20 for a blank, and Entra a slash before the question mark.
  const { body } = await scim.get(`/${kind}/?filter=${encodeURIComponent(request.filter ?? '')}`)
  expect(body['totalResults']).toBe((wanted['found'] as readonly unknown[]).length)
}

function afterStep(members: ReadonlySet<string>, step: MemberStep): Set<string> {
  if (step.kind === 'add') return new Set([...members, ...step.ids])
  if (step.kind === 'keep') return new Set([...members].filter((id) => step.ids.includes(id)))
  if (step.kind === 'remove') return new Set([...members].filter((id) => !step.ids.includes(id)))
  return new Set([...members].filter((id) => id.startsWith('grp_') !== (step.type === 'Group')))
}

describe('what providers send, and once more with the flag in the tenant URL', () => {
  it.each(fixtures)('$name', async ({ fixture }) => {
    const [, resource] = fixture.request.path.split('/')
    const check = replay[`${fixture.request.method} ${resource}`]
    if (check === undefined) throw new Error(`nothing replays ${fixture.request.method}`)
    const world = await rfcWorld()
    await check(wireOf(world), fixture)
    // Another customer, so that nobody is there yet.
    await addFabrikam()
    await check(wireOf(world, { flag: dialectFlag, token: 'fabrikam' }), fixture)
  })
})
