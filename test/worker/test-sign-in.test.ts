import { describe, expect, it } from 'vitest'
import { defaultAttributes, posted, twinConnection } from '../support/saml-builder.ts'
import {
  answer,
  context,
  createContoso,
  dayMs,
  doorWorld,
  giveDecryptKey,
  pin,
  tables,
} from './support/door-world.ts'
import {
  begin,
  expectNobody,
  makeTest,
  statesOf,
  storedTest,
} from './support/test-sign-in-world.ts'

const { consumed, events, people, sessions } = tables

/** What an ordinary sign-in of somebody who is no tester would be refused with for now. */
const notes = {
  draft: 'saml.connection_unusable',
  testing: 'saml.being_tested',
  active: undefined,
}

const sessionCookie = '__Host-portico_session'

/** Contoso with a connection of this status, and a test that a browser has begun. */
async function begunTest(
  status: 'draft' | 'testing' | 'active' = 'draft',
  body: unknown = {},
  change: Parameters<typeof createContoso>[0] = {},
) {
  const { db } = await createContoso({ ...change, connection: { status, ...change?.connection } })
  const world = doorWorld()
  const link = await makeTest(world, body)
  const browser = world.browser()
  const requestId = await begin(browser, link)
  return { db, world, link, browser, requestId }
}

describe('a test sign-in', () => {
  it.each(['draft', 'testing', 'active'] as const)(
    'of a %s connection ends in a report and in no session',
    async (status) => {
      const { db, link, browser, requestId } = await begunTest(status)
      const response = await browser.post((await answer(requestId)).form)
      expect(response.status).toBe(303)
      const url = response.headers.get('location') ?? ''
      expect(url).toBe(`${context.publicUrl}/saml/${context.connectionId}/test/${link.id}`)
      const page = await (await browser.go(url)).text()
      expect(page).toContain('The test passed')
      expect(page).not.toContain('ann@contoso.example')
      expect([...browser.jar.keys()]).toEqual([])
      await expectNobody()
      const test = await storedTest(link.id)
      expect(test.status).toBe('passed')
      expect(page).toContain(test.report?.request)
      const states = statesOf(test.report)
      expect(Object.values(states)).not.toContain('fail')
      expect(Object.values(states)).not.toContain('not_reached')
      const note = test.report?.checks.find(({ state }) => state === 'note')
      expect(note?.code).toBe(notes[status])
      expect(test.report).toMatchObject({
        code: null,
        created: false,
        nameId: { value: 'ann@contoso.example' },
        foreseen: {
          person: { kind: 'create', personId: null, userName: 'ann@contoso.example' },
          roles: ['member'],
        },
      })
      expect(await db.select().from(consumed)).toHaveLength(2)
      expect(await db.select().from(events)).toMatchObject([
        { type: 'test_sign_in.created', actor: 'operator', facts: { test: link.id } },
        { type: 'test_sign_in.finished', outcome: 'success', facts: { test: link.id } },
      ])
    },
  )

  it('shows what arrived, what the mapping makes of it and by which rule', async () => {
    const { link, browser, requestId } = await begunTest()
    await browser.post((await answer(requestId)).form)
    const { report } = await storedTest(link.id)
    expect(report?.claims.map(({ name }) => name)).toEqual(Object.keys(defaultAttributes))
    expect(report?.foreseen?.attributes).toContainEqual({
      key: 'givenName',
      value: 'Ann',
      source: 'saml',
      rule: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname',
    })
    const evidence = Object.fromEntries(
      report?.checks.map((check) => [check.id, check.evidence]) ?? [],
    )
    expect(evidence['audience']).toMatchObject({
      expected: context.spEntityId,
      Audience: context.spEntityId,
    })
    expect(evidence['signature']).toMatchObject({
      algorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    })
    expect(evidence['validity']?.['NotOnOrAfter']).toMatch(/\(in \d+ s\)$/)
    expect(evidence['identity']).toMatchObject({ 'object id': context.objectId, guest: 'no' })
  })

  it('opens the connection to nobody else', async () => {
    const { db, world } = await begunTest('draft')
    const other = world.browser()
    expect((await other.go(`/saml/${context.connectionId}/login`)).status).toBe(403)
    const response = await other.post((await answer(null)).form)
    expect(response.status).toBe(403)
    expect(await db.select().from(sessions)).toEqual([])
  })

  it('leaves nothing in the cache that serves ordinary sign-ins', async () => {
    const { world, browser, requestId } = await begunTest('active')
    await browser.post((await answer(requestId)).form)
    world.counting.restart()
    await world.browser().start()
    expect(world.counting.calls).toHaveLength(1)
  })

  it('tells a tester from others while the connection is being tested', async () => {
    const { db, link, world, browser, requestId } = await begunTest('testing')
    await browser.post((await answer(requestId)).form)
    expect(statesOf((await storedTest(link.id)).report)['tester']).toBe('note')
    await db.insert(tables.connectionTesters).values({
      connectionId: context.connectionId,
      organizationId: 'org_00000000000000000000000001',
      kind: 'objectId',
      value: context.objectId,
      valueKey: context.objectId,
      createdAt: 1,
    })
    const next = await makeTest(world)
    await browser.post((await answer(await begin(browser, next))).form)
    expect(statesOf((await storedTest(next.id)).report)['tester']).toBe('pass')
  })

  it('says whom it would be, of somebody known, and changes nothing of them', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    await world.browser().signIn()
    const before = await db.select().from(people)
    const link = await makeTest(world)
    const browser = world.browser()
    world.clock.ms += 1000
    const changed = { attributes: { ...defaultAttributes, department: 'Sales' } }
    await browser.post((await answer(await begin(browser, link), { assertion: changed })).form)
    const test = await storedTest(link.id)
    expect(test.personId).toBe(before[0]?.id)
    expect(test.report?.foreseen?.person).toMatchObject({ kind: 'known', personId: before[0]?.id })
    expect(test.report?.foreseen?.attributes).toContainEqual(
      expect.objectContaining({ key: 'department', value: 'Sales' }),
    )
    expect(await db.select().from(people)).toEqual(before)
    expect(await db.select().from(sessions)).toHaveLength(1)
  })
})

describe('a response to a test', () => {
  it('is no sign-in, also in a browser that has begun one', async () => {
    const { link, browser, requestId } = await begunTest('active')
    await browser.start()
    await browser.post((await answer(requestId)).form)
    expect((await storedTest(link.id)).status).toBe('passed')
    expect(browser.jar.has(sessionCookie)).toBe(false)
    await expectNobody()
  })

  it('is refused in another browser, and the test stays open', async () => {
    const { db, world, link, requestId } = await begunTest('active')
    const other = world.browser()
    await other.start()
    const response = await other.post((await answer(requestId)).form)
    expect(response.status).toBe(403)
    expect(await db.select().from(events)).toContainEqual(
      expect.objectContaining({ type: 'sign_in', code: 'saml.in_response_to' }),
    )
    expect((await storedTest(link.id)).status).toBe('started')
    await expectNobody()
  })

  it('is refused the second time', async () => {
    const { link, browser, requestId } = await begunTest('active')
    const { form } = await answer(requestId)
    await browser.post(form)
    await browser.start()
    expect((await browser.post(form)).status).toBe(403)
    expect((await storedTest(link.id)).status).toBe('passed')
    await expectNobody()
  })

  it.each(['FA', 'FR'] as const)(
    'W25 is no sign-in by another InResponseTo, signed as %s',
    async (shape) => {
      const { link, browser, requestId } = await begunTest('active')
      const ordinary = await browser.start()
      const { form } = await answer(requestId, {
        shape,
        afterSigning: (xml) =>
          xml.replace(`InResponseTo="${requestId}"`, `InResponseTo="${ordinary}"`),
      })
      expect((await browser.post(form)).status).toBe(403)
      expect((await storedTest(link.id)).status).toBe('started')
      await expectNobody()
    },
  )

  it('W25 is no sign-in without an InResponseTo of the Response', async () => {
    const { link, browser, requestId } = await begunTest('active')
    await browser.start()
    const { form } = await answer(requestId, { response: { inResponseTo: null } })
    await browser.post(form)
    expect((await storedTest(link.id)).status).toBe('passed')
    await expectNobody()
  })

  it('W25 is no sign-in where only what is encrypted says which request it answers', async () => {
    const { world, link, browser, requestId } = await begunTest('active')
    await giveDecryptKey(context.connectionId, 'E')
    world.clock.ms += 1
    await browser.start()
    const { form } = await answer(requestId, { shape: 'FU', response: { inResponseTo: null } })
    expect((await browser.post(form)).status).toBe(403)
    expect((await storedTest(link.id)).status).toBe('started')
    await expectNobody()
  })

  it('M04 is none at another connection of the same provider', async () => {
    const { db, link, browser, requestId } = await begunTest('active')
    const [row] = await db.select().from(tables.connections)
    if (row === undefined) throw new Error('no connection')
    await db.insert(tables.connections).values({ ...row, id: twinConnection.connectionId })
    await pin(twinConnection.connectionId, ['K'])
    const { form } = await answer(requestId)
    expect((await browser.post(form, twinConnection.connectionId)).status).toBe(403)
    expect((await storedTest(link.id)).status).toBe('started')
    await expectNobody()
  })

  it('is expected to answer it, also where the provider may begin by itself', async () => {
    const { link, browser } = await begunTest(
      'active',
      {},
      { connection: { allowIdpInitiated: true, acceptUnsolicited: true } },
    )
    const response = await browser.post((await answer(null)).form)
    expect(response.status).toBe(303)
    expect((await storedTest(link.id)).report?.code).toBe('saml.unsolicited')
    await expectNobody()
  })

  it('is none where the browser began something else last', async () => {
    const { world, link, browser } = await begunTest('active')
    world.clock.ms += 1
    await browser.start()
    expect((await browser.post('SAMLResponse=%3F%3F')).status).toBe(400)
    expect((await storedTest(link.id)).status).toBe('started')
  })

  it('ends it once, of 50 copies', async () => {
    const { db, browser, requestId, link } = await begunTest('active')
    const { form } = await answer(requestId)
    const jar = new Map(browser.jar)
    await Promise.all(
      Array.from({ length: 50 }, () => {
        for (const [name, value] of jar) browser.jar.set(name, value)
        return browser.post(form)
      }),
    )
    const finished = (await db.select().from(events)).filter(
      ({ type }) => type === 'test_sign_in.finished',
    )
    expect(finished).toHaveLength(1)
    expect((await storedTest(link.id)).status).toBe('passed')
    await expectNobody()
  })

  it('P11 fails when its assertion was used before', async () => {
    const { db, browser, requestId, link } = await begunTest('active')
    const built = await answer(requestId, {
      assertion: { id: '_used', confirmations: [{ inResponseTo: requestId }] },
    })
    await db.insert(consumed).values({
      key: `a:${context.connectionId}:_used`,
      nonce: 'other',
      expiresAt: context.nowMs + dayMs,
    })
    await browser.post(built.form)
    const test = await storedTest(link.id)
    expect(test.status).toBe('failed')
    expect(test.report?.code).toBe('saml.replayed')
    expect(statesOf(test.report)['replay']).toBe('fail')
  })
})

describe('a response to an ordinary sign-in', () => {
  it('ends in a session, also in a browser that has begun a test, which stays open', async () => {
    const { db, browser, link } = await begunTest('active')
    const response = await browser.post((await answer(await browser.start())).form)
    expect(response.headers.get('location')).toBe(`${context.publicUrl}/`)
    expect(browser.jar.has(sessionCookie)).toBe(true)
    expect(await db.select().from(sessions)).toHaveLength(1)
    expect((await storedTest(link.id)).status).toBe('started')
  })

  it('of another browser ends in no test', async () => {
    const { world, browser, link } = await begunTest('active')
    const stolen = await answer(await world.browser().start())
    expect((await browser.post(stolen.form)).status).toBe(403)
    expect((await storedTest(link.id)).status).toBe('started')
    await expectNobody()
  })
})

const refusals: readonly (readonly [
  code: string,
  check: string,
  form: (id: string) => Promise<string>,
])[] = [
  ['saml.bad_base64', 'form', async () => 'SAMLResponse=%3F%3F'],
  ['saml.bad_binding', 'form', async () => 'SAMLart=x'],
  ['xml.doctype', 'xml', async () => posted('<!DOCTYPE r><r/>').form],
  ['saml.assertion_count', 'structure', async (id) => (await answer(id, { assertions: [] })).form],
  ['saml.unsigned', 'signature', async (id) => (await answer(id, { shape: 'none' })).form],
  [
    'xmldsig.signature_invalid',
    'signature',
    async (id) => (await answer(id, { sign: { assertion: { key: 'Kprime' } } })).form,
  ],
  [
    'saml.status',
    'status',
    async (id) =>
      (
        await answer(id, {
          assertions: [],
          response: {
            status: 'urn:oasis:names:tc:SAML:2.0:status:Responder',
            statusMessage: 'AADSTS50105: <b>evil</b> says no',
          },
        })
      ).form,
  ],
  [
    'saml.audience',
    'audience',
    async (id) => (await answer(id, { assertion: { audiences: ['https://other.example'] } })).form,
  ],
  ['saml.unsolicited', 'request', async () => (await answer(null)).form],
]

describe('a test that fails', () => {
  it.each(refusals)(
    '%s is a report in which %s failed and nothing after it was reached',
    async (code, check, form) => {
      const { db, browser, requestId, link } = await begunTest('draft')
      const response = await browser.post(await form(requestId))
      expect(response.status).toBe(303)
      const page = await (await browser.go(response.headers.get('location') ?? '')).text()
      expect(page).toContain('The test failed')
      expect(page).toContain(code)
      expect(page).not.toContain('evil')
      const test = await storedTest(link.id)
      expect([test.status, test.report?.code]).toEqual(['failed', code])
      const states = Object.entries(statesOf(test.report))
      const at = states.findIndex(([, state]) => state === 'fail')
      expect(states[at]?.[0]).toBe(check)
      expect(new Set(states.slice(at + 1).map(([, state]) => state))).toEqual(
        new Set(['not_reached']),
      )
      expect(new Set(states.slice(0, at).map(([, state]) => state)).has('not_reached')).toBe(false)
      const types = (await db.select().from(events)).map(({ type, code: of }) => [type, of])
      expect(types).toEqual([
        ['test_sign_in.created', null],
        ['test_sign_in.finished', code],
      ])
      await expectNobody()
    },
  )

  it('explains a number of Entra on the page, in our own words', async () => {
    const { browser, requestId } = await begunTest('draft')
    const form = await refusals.find(([code]) => code === 'saml.status')?.[2](requestId)
    const response = await browser.post(form ?? '')
    const page = await (await browser.go(response.headers.get('location') ?? '')).text()
    expect(page).toContain('AADSTS50105')
    expect(page).toContain('You are not assigned to this application.')
  })

  it('says why nobody is made where first login is off', async () => {
    const { link, browser, requestId } = await begunTest(
      'active',
      {},
      { organization: { firstLogin: false } },
    )
    await browser.post((await answer(requestId)).form)
    const { report } = await storedTest(link.id)
    expect(report?.code).toBe('directory.not_provisioned')
    expect(statesOf(report)).toMatchObject({
      person: 'pass',
      active: 'not_needed',
      first_login: 'fail',
      replay: 'not_reached',
    })
    expect(report?.foreseen?.attributes.length).toBeGreaterThan(0)
  })
})
