import { describe, expect, it } from 'vitest'
import { registry } from '../../src/errors.ts'
import { runScheduled } from '../../src/scheduled.ts'
import { answer, context, createContoso, dayMs, doorWorld, tables } from './support/door-world.ts'
import {
  admin,
  askAs,
  begin,
  expectNobody,
  makeTest,
  openLink,
  sameOrigin,
  storedTest,
  testsPath,
} from './support/test-sign-in-world.ts'

const { connections, connectionTesters, events, identities, people, sessions, testSignIns } = tables
const minuteMs = 60_000

type Status = 'draft' | 'testing' | 'active' | 'disabled'

async function contoso(status: Status = 'draft', organization = {}) {
  const { db } = await createContoso({ connection: { status }, organization })
  return { db, world: doorWorld() }
}

/** All that a wrong, old or used link is told. */
async function expectUnusable(response: Response): Promise<void> {
  expect(response.status).toBe(registry['saml.test_link_used'].status)
  expect(response.headers.getSetCookie()).toEqual([])
}

describe('the link of a test', () => {
  it('is shown once, has its secret in the fragment, and is stored as a hash', async () => {
    const { db, world } = await contoso()
    const created = await admin(world, 'POST', testsPath, { expiresInMinutes: 15 })
    const body = (await created.json()) as { id: string; url: string }
    expect(body).toMatchObject({
      status: 'waiting',
      secretShown: 'now',
      expiresAt: new Date(context.nowMs + 15 * minuteMs).toISOString(),
    })
    expect(body.url).toMatch(/^https:\/\/portico\.example\/saml\/con_\w+\/test#[\w-]{43}$/)
    const token = body.url.split('#')[1] ?? ''
    expect(JSON.stringify(await db.select().from(testSignIns))).not.toContain(token)
    expect(JSON.stringify(await db.select().from(events))).not.toContain(token)
    const shown = await admin(world, 'GET', `${testsPath}/${body.id}`)
    expect(await shown.json()).toMatchObject({ id: body.id, status: 'waiting', report: null })
  })

  it('opens a page that begins nothing by itself', async () => {
    const { world } = await contoso()
    const link = await makeTest(world)
    world.counting.restart()
    const page = await world.browser().go(new URL(link.url).pathname)
    expect(await page.text()).toContain('Start the test')
    expect(world.counting.calls).toEqual([])
    expect((await storedTest(link.id)).status).toBe('waiting')
  })

  it('begins one sign-in, of two at once', async () => {
    const { world } = await contoso()
    const { token } = await makeTest(world)
    const answers = await Promise.all([
      openLink(world.browser(), token),
      openLink(world.browser(), token),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410])
    await expectUnusable(await openLink(world.browser(), token))
  })

  it('leads to the end once there is one', async () => {
    const { world } = await contoso()
    const link = await makeTest(world)
    const browser = world.browser()
    await browser.post((await answer(await begin(browser, link))).form)
    const again = await openLink(world.browser(), link.token)
    expect(again.headers.get('location')).toMatch(new RegExp(`/test/${link.id}$`))
  })

  it('is worth nothing after its time, at another connection, or made up', async () => {
    const { db, world } = await contoso()
    const [connection] = await db.select().from(connections)
    if (connection === undefined) throw new Error('no connection')
    await db.insert(connections).values({ ...connection, id: 'con_0000000000000000000000000c' })
    const { token, id } = await makeTest(world, { expiresInMinutes: 1 })
    await expectUnusable(
      await openLink(world.browser(), token, { connectionId: 'con_0000000000000000000000000c' }),
    )
    await expectUnusable(await openLink(world.browser(), 'x'.repeat(43)))
    world.clock.ms += minuteMs
    await expectUnusable(await openLink(world.browser(), token))
    const listed = (await (await admin(world, 'GET', testsPath)).json()) as { items: unknown[] }
    expect(listed.items).toMatchObject([{ id, status: 'expired', code: null }])
  })

  it('is not opened by a form of another site, nor too often', async () => {
    const { world } = await contoso()
    const { token, id } = await makeTest(world)
    const crossSite = { ...sameOrigin, 'sec-fetch-site': 'cross-site' }
    expect((await openLink(world.browser(), token, { headers: crossSite })).status).toBe(403)
    world.limits.door = false
    expect((await openLink(world.browser(), token)).status).toBe(429)
    expect((await world.request(`/saml/${context.connectionId}/test/${id}`)).status).toBe(429)
    expect((await storedTest(id)).status).toBe('waiting')
  })

  it('is not made for a disabled connection, and not begun on one', async () => {
    const { db, world } = await contoso()
    const { token } = await makeTest(world)
    await db.update(connections).set({ status: 'disabled' })
    expect((await openLink(world.browser(), token)).status).toBe(403)
    const refused = await admin(world, 'POST', testsPath)
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { code: 'admin.connection_disabled' },
    ])
  })

  it('is made at most 200 times a week', async () => {
    const { db, world } = await contoso()
    const { id } = await makeTest(world)
    const row = await storedTest(id)
    for (let i = 1; i < 200; i++) {
      await db.insert(testSignIns).values({ ...row, id: `tst_${i}`, tokenSha256: `t${i}` })
    }
    const refused = await admin(world, 'POST', testsPath)
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { code: 'admin.limit_reached' },
    ])
  })
})

describe('the page of a test', () => {
  it('says that it is not finished, or that there is none', async () => {
    const { world } = await contoso()
    const { id } = await makeTest(world)
    const page = await world.request(`/saml/${context.connectionId}/test/${id}`)
    expect(await page.text()).toContain('The test is not finished')
    const none = await world.request(
      `/saml/${context.connectionId}/test/tst_00000000000000000000000000`,
    )
    expect(none.status).toBe(410)
    const known = await admin(world, 'GET', `${testsPath}/tst_00000000000000000000000000`)
    expect([known.status, await known.json()]).toMatchObject([
      404,
      { code: 'admin.test_sign_in_not_found' },
    ])
  })
})

describe('a test that may make the person', () => {
  const asked = { createPerson: true }

  async function take(status: Status, { organization = {}, isTester = false } = {}) {
    const { db, world } = await contoso(status, organization)
    if (isTester) {
      await db.insert(connectionTesters).values({
        connectionId: context.connectionId,
        organizationId: 'org_00000000000000000000000001',
        kind: 'nameId',
        value: context.nameId,
        valueKey: context.nameId,
        createdAt: 1,
      })
    }
    const link = await makeTest(world, asked)
    const browser = world.browser()
    await browser.post((await answer(await begin(browser, link))).form)
    return { db, world, browser, link, test: await storedTest(link.id) }
  }

  it.each([
    ['active', false],
    ['testing', true],
  ] as const)(
    'makes them on a connection that is %s, without a session',
    async (status, isTester) => {
      const { db, browser, test } = await take(status, { isTester })
      const [person] = await db.select().from(people)
      expect(person).toMatchObject({ userName: 'ann@contoso.example', createdBy: 'saml' })
      expect(await db.select().from(identities)).toHaveLength(1)
      expect(await db.select().from(sessions)).toEqual([])
      expect(browser.jar.size).toBe(0)
      expect([test.personId, test.report?.created]).toEqual([person?.id, true])
    },
  )

  it.each([
    ['a draft', 'draft', {}],
    ['somebody who is no tester', 'testing', {}],
    ['first login off', 'active', { organization: { firstLogin: false } }],
  ] as const)('makes nobody with %s', async (_what, status, options) => {
    const { test } = await take(status, options)
    expect(test.report?.created).toBe(false)
    await expectNobody()
  })
})

describe('a test that a setup link makes', () => {
  const organizationId = 'org_00000000000000000000000001'
  const link = { kind: 'setup-link', organizationId, linkId: 'lnk_x', parts: ['saml'] } as const
  const params = { org: organizationId, connection: context.connectionId }

  it('makes nobody, since it could be of a draft of their own', async () => {
    await createContoso({ connection: { status: 'draft' } })
    const ask = askAs(doorWorld())
    const refused = await ask(link, 'createTestSignIn', params, { createPerson: true })
    expect(refused.failure?.code).toBe('admin.forbidden')
    const made = await ask(link, 'createTestSignIn', params, {})
    expect(made).toMatchObject({ ok: true, value: { status: 'waiting', createPerson: false } })
  })

  it('tells it nothing of the directory, unless the link is for attributes too', async () => {
    await createContoso({ connection: { status: 'testing' } })
    const world = doorWorld()
    const ask = askAs(world)
    const made = await makeTest(world)
    const browser = world.browser()
    await browser.post((await answer(await begin(browser, made))).form)
    const test = { ...params, test: made.id }
    const shown = await ask(link, 'getTestSignIn', test, {})
    expect(shown.value).toMatchObject({
      status: 'passed',
      report: { directoryShown: false, person: null, attributes: [], groups: [], roles: [] },
    })
    const both = { ...link, parts: ['saml', 'attributes'] } as const
    const whole = await ask(both, 'getTestSignIn', test, {})
    expect(whole.value).toMatchObject({
      report: { directoryShown: true, person: { kind: 'create' }, roles: ['member'] },
    })
  })

  it('is made by a link for single sign-on only', async () => {
    await createContoso({ connection: { status: 'draft' } })
    const ask = askAs(doorWorld())
    const other = { ...link, parts: ['scim'] } as const
    const refused = await ask(other, 'createTestSignIn', params, {})
    expect(refused.failure?.code).toBe('admin.forbidden')
  })
})

describe('a report', () => {
  async function finished() {
    const { db, world } = await contoso('active')
    await world.browser().signIn()
    const link = await makeTest(world)
    const browser = world.browser()
    await browser.post((await answer(await begin(browser, link))).form)
    return { db, world, link }
  }

  it('is erased with the person whom it names', async () => {
    const { db } = await finished()
    await db.delete(people)
    expect(await db.select().from(testSignIns)).toEqual([])
  })

  it('is erased with the connection', async () => {
    const { db } = await finished()
    await db.delete(connections)
    expect(await db.select().from(testSignIns)).toEqual([])
  })

  it('is gone before it is 7 days old', async () => {
    const { db, world } = await finished()
    world.clock.ms += 6 * dayMs
    await runScheduled(world.deps, world.clock.ms)
    expect(await db.select().from(testSignIns)).toHaveLength(1)
    world.clock.ms += dayMs - 1
    await runScheduled(world.deps, world.clock.ms)
    expect(await db.select().from(testSignIns)).toEqual([])
  })

  it('is shown with the words of each check, of its own connection only', async () => {
    const { db, world, link } = await finished()
    const shown = await admin(world, 'GET', `${testsPath}/${link.id}`)
    expect(await shown.json()).toMatchObject({
      status: 'passed',
      report: {
        code: null,
        person: { kind: 'known', userName: 'ann@contoso.example' },
        roles: ['member'],
        checks: expect.arrayContaining([
          expect.objectContaining({ id: 'audience', label: 'Audience', state: 'pass' }),
        ]),
      },
    })
    const [connection] = await db.select().from(connections)
    if (connection === undefined) throw new Error('no connection')
    await db.insert(connections).values({ ...connection, id: 'con_0000000000000000000000000c' })
    const other = testsPath.replace(context.connectionId, 'con_0000000000000000000000000c')
    expect((await admin(world, 'GET', `${other}/${link.id}`)).status).toBe(404)
    expect(await (await admin(world, 'GET', other)).json()).toMatchObject({ items: [] })
  })
})
