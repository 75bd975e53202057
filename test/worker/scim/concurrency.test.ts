import { beforeEach, describe, expect, it } from 'vitest'
import { answer, context } from '../support/door-world.ts'
import { wrongCounts } from './groups-world.ts'
import { broken, countOf, rows } from './people-world.ts'
import { type Answer, coreUser, type Json, patchOf, type Resource } from './rfc/rfc-world.ts'
import { stampOf, type Wire, wireWorld } from './wire-world.ts'

let scim: Wire
beforeEach(async () => {
  scim = await wireWorld()
})

const ann = { schemas: [coreUser], userName: 'ann@contoso.example', externalId: context.objectId }

/** How many answers had which status. */
async function tally(answers: readonly Promise<Answer>[]): Promise<Record<number, number>> {
  const counts: Record<number, number> = {}
  for (const { status } of await Promise.all(answers)) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i))
}

async function people(count: number): Promise<readonly Resource[]> {
  return Promise.all(times(count, (i) => scim.made('/Users', { userName: `p${i}@x.example` })))
}

/** A client that repeats what it is told to repeat, as Entra does in its next cycle. */
async function untilDone(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const answer = await ask()
    if (answer.status !== 503) return answer
    expect(answer.headers.get('retry-after')).toBe('5')
  }
  throw new Error('busy twenty times')
}

describe('creates at once', () => {
  it.each([
    ['by object id', ann],
    ['by userName', { ...ann, externalId: 'ann' }],
    ['in other letters', { schemas: [coreUser], userName: 'ANN@contoso.example' }],
  ])('fifty identical ones %s are one 201 and forty-nine 409', async (_, body) => {
    const answers = times(50, () => scim.post('/Users', body))
    expect(await tally(answers)).toEqual({ 201: 1, 409: 49 })
    const [id] = await scim.find('Users', `userName eq "${ann.userName}"`)
    for (const { status, body: told } of await Promise.all(answers)) {
      if (status === 201) expect(told['id']).toBe(id)
      else expect(told).toMatchObject({ scimType: 'uniqueness' })
    }
    expect([await countOf('people'), await broken()]).toEqual([1, []])
  })

  it('fifty identical groups are one 201 and forty-nine 409', async () => {
    const group = { displayName: 'Ops', externalId: 'ops' }
    expect(await tally(times(50, () => scim.post('/Groups', group)))).toEqual({ 201: 1, 409: 49 })
    expect([await countOf('groups'), await wrongCounts()]).toEqual([1, []])
  })

  it('of the same person by their first sign-in make one person', async () => {
    for (const externalId of [context.objectId, 'ann', undefined]) {
      const browser = scim.browser()
      const requestId = await browser.start()
      const { form } = await answer(requestId)
      const body = externalId === undefined ? { userName: ann.userName } : { ...ann, externalId }
      const [created, response] = await Promise.all([scim.post('/Users', body), browser.post(form)])
      expect([created.status, created.body['userName']]).toEqual([201, ann.userName])
      expect([303, 503]).toContain(response.status)
      const again = scim.browser()
      expect((await again.signIn()).status).toBe(303)
      const session = (await (await again.go('/session')).json()) as { user: Json }
      expect(session.user['id']).toBe(created.body['id'])
      expect([await countOf('people'), await countOf('identities'), await broken()]).toEqual([
        1,
        1,
        [],
      ])
      await scim.must(204, scim.delete(`/Users/${created.body['id']}`))
      await rows('delete from tombstones returning person_id')
    }
  })
})

describe('PATCHes at once', () => {
  it('fifty that overlap lose no member, whatever the dialect', async () => {
    const all = await people(60)
    const { id } = await scim.made('/Groups', {
      displayName: 'Ops',
      members: all.slice(50).map(({ id: value }) => ({ value })),
    })
    const path = `/Groups/${id}`
    const answers = times(50, (i) => {
      // Two requests add each of the first fifty; several take out each of the next nine; the last one stays.
      const value = [all[i], all[(i + 1) % 50]].map((one) => ({ value: one?.id }))
      const gone = all[50 + (i % 9)]?.id
      return untilDone(() =>
        scim.patch(path, [
          { op: 'Add', path: 'members', value },
          i % 2 === 0
            ? { op: 'Remove', path: 'members', value: [{ value: gone }] }
            : { op: 'remove', path: `members[value eq "${gone}"]` },
        ]),
      )
    })
    expect(await tally(answers)).toEqual({ 204: 50 })
    const left = [...all.slice(0, 50), ...all.slice(59)].map((one) => one.id)
    expect(await scim.members(id)).toEqual([...left].sort())
    expect(await wrongCounts()).toEqual([])
  })

  it('of different attributes of a person all take place', async () => {
    const { id } = await scim.made('/Users', ann)
    const names = ['title', 'nickName', 'locale', 'timezone', 'userType', 'preferredLanguage']
    const answers = names.map((path) =>
      untilDone(() => scim.patch(`/Users/${id}`, [{ op: 'Add', path, value: path }])),
    )
    expect(await tally(answers)).toEqual({ 200: 6 })
    const read = await scim.read(`/Users/${id}`)
    expect(names.map((name) => read[name])).toEqual(names)
    expect(await broken()).toEqual([])
  })

  it.each(['/Users', '/Groups'] as const)(
    'of %s under one If-Match are one that is done and 412',
    async (path) => {
      const made = await scim.made(path, { userName: 'ann@x.example', displayName: 'One' })
      const version = String(stampOf(made)['version'])
      const rename = (name: string) =>
        scim.world.send('PATCH', `${path}/${made.id}`, {
          body: patchOf([{ op: 'replace', path: 'displayName', value: name }]),
          headers: { 'if-match': version },
        })
      const answers = await Promise.all(['Two', 'Three'].map(rename))
      const done = path === '/Users' ? 200 : 204
      expect(answers.map(({ status }) => status).sort()).toEqual([done, 412].sort())
      const read = await scim.read(`${path}/${made.id}`)
      expect(read['displayName']).toBe(answers[0]?.status === done ? 'Two' : 'Three')
      expect((await rename('Four')).status).toBe(412)
      expect(await scim.read(`${path}/${made.id}`)).toEqual(read)
    },
  )

  it.each(['/Users', '/Groups'] as const)('against a DELETE of %s leave nobody', async (path) => {
    for (let round = 0; round < 5; round++) {
      const made = await scim.made(path, { userName: 'ann@x.example', displayName: 'Ops' })
      const member =
        path === '/Groups' ? await scim.made('/Users', { userName: `m${round}@x.example` }) : made
      const change =
        path === '/Groups'
          ? { op: 'Add', path: 'members', value: [{ value: member.id }] }
          : { op: 'Replace', path: 'title', value: 'x' }
      const [patched, deleted] = await Promise.all([
        scim.patch(`${path}/${made.id}`, [change]),
        scim.delete(`${path}/${made.id}`),
      ])
      expect([200, 204, 404]).toContain(patched.status)
      expect(deleted.status).toBe(204)
      await scim.must(404, scim.get(`${path}/${made.id}`))
    }
    expect([await countOf('group_members'), await wrongCounts(), await broken()]).toEqual([
      0,
      [],
      [],
    ])
  })
})

describe('a deactivation', () => {
  it.each([
    [
      'PATCH, default dialect',
      (): unknown => patchOf([{ op: 'Replace', path: 'active', value: 'False' }]),
    ],
    [
      'PATCH, flag dialect',
      (): unknown => patchOf([{ op: 'replace', path: 'active', value: false }]),
    ],
    ['PATCH without a path', (): unknown => patchOf([{ op: 'replace', value: { active: false } }])],
    ['PUT', (): unknown => ({ ...ann, active: false })],
    ['DELETE', (): unknown => undefined],
  ] as const)('by %s ends every session in its own batch', async (how, bodyOf) => {
    const { id } = await scim.made('/Users', ann)
    const browsers = [scim.browser(), scim.browser()]
    for (const browser of browsers) {
      expect((await browser.signIn()).status).toBe(303)
      expect((await browser.go('/session')).status).toBe(200)
    }
    scim.counting.restart()
    const method = how.split(/[ ,]/)[0] ?? ''
    await scim.must(how === 'DELETE' ? 204 : 200, scim.send(method, `/Users/${id}`, bodyOf()))
    const write = scim.counting.calls.find(({ sql }) =>
      sql.some((one) => /^(update|delete).*people/.test(one)),
    )
    expect(write?.kind).toBe('batch')
    if (how !== 'DELETE')
      expect(write?.sql.some((one) => /^delete from "sessions"/.test(one))).toBe(true)
    expect(await countOf('sessions')).toBe(0)
    for (const browser of browsers) {
      expect((await browser.go('/session')).status).toBe(401)
      expect((await browser.signIn()).status).toBe(403)
    }
    expect(await countOf('sessions')).toBe(0)
    if (how === 'DELETE') return
    await scim.must(
      200,
      scim.patch(`/Users/${id}`, [{ op: 'Replace', path: 'active', value: 'True' }]),
    )
    for (const browser of browsers) {
      // Being let in again brings no old session back.
      expect((await browser.go('/session')).status).toBe(401)
      expect((await browser.signIn()).status).toBe(303)
    }
  })

  it('against sign-ins at the same moment leaves no session', async () => {
    const { id } = await scim.made('/Users', ann)
    for (const active of [false, true, false, true, false]) {
      const change = [{ op: 'Replace', path: 'active', value: active ? 'True' : 'False' }]
      const [patched] = await Promise.all([
        untilDone(() => scim.patch(`/Users/${id}`, change)),
        scim.browser().signIn(),
        scim.browser().signIn(),
      ])
      expect([patched.status, patched.body['active']]).toEqual([200, active])
      if (!active) expect(await countOf('sessions')).toBe(0)
      expect(await broken()).toEqual([])
    }
  })
})
