import { describe, expect, it } from 'vitest'
import { runScheduled } from '../../src/scheduled.ts'
import { claims, defaultAttributes, twinConnection } from '../support/saml-builder.ts'
import { at } from '../support/saml-context.ts'
import {
  answer,
  context,
  createContoso,
  dayMs,
  doorWorld,
  giveDecryptKey,
  leadsTo,
  browser as newBrowser,
  pin,
  tables,
} from './support/door-world.ts'

const {
  connections,
  events,
  eventDetails,
  identities,
  people,
  refusalCounts,
  sessions,
  sourceViews,
} = tables

/** The same form with every character of its value escaped. */
function escapeAll(form: string): string {
  const escaped = Array.from(
    new URLSearchParams(form).get('SAMLResponse') ?? '',
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  )
  return `SAMLResponse=${escaped.join('')}`
}

function attributes(change: Record<string, string | readonly string[]>) {
  return { assertion: { attributes: { ...defaultAttributes, ...change } } }
}

describe('a first sign-in', () => {
  it('creates the person, the session and an event, and says who it is', async () => {
    const { db } = await createContoso()
    const browser = doorWorld().browser()
    const response = await browser.signIn({ query: '?return_to=/welcome' })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe(`${context.publicUrl}/welcome`)
    const session = await browser.go('/session')
    expect(session.status).toBe(200)
    expect(await session.json()).toMatchObject({
      user: { userName: 'ann@contoso.example', active: true },
      profile: { email: 'ann@contoso.example', givenName: 'Ann', familyName: 'Example' },
      roles: ['member'],
      organization: { slug: 'contoso' },
      connection: context.connectionId,
    })
    expect(await db.select().from(people)).toHaveLength(1)
    expect(await db.select().from(identities)).toMatchObject([
      { key: `entra:${context.tenantId}:${context.objectId}`, boundBy: 'saml' },
    ])
    expect(await db.select().from(sourceViews)).toMatchObject([{ source: 'saml' }])
    expect(await db.select().from(events)).toMatchObject([
      { type: 'sign_in', outcome: 'success', facts: { admission: 'create' } },
    ])
  })

  it('stores the session token only hashed', async () => {
    const { db } = await createContoso()
    const browser = doorWorld().browser()
    await browser.signIn()
    const token = browser.jar.get('__Host-portico_session')?.value ?? ''
    expect(token).toHaveLength(43)
    expect(JSON.stringify(await db.select().from(sessions))).not.toContain(token)
    expect(JSON.stringify(await db.select().from(events))).not.toContain(token)
  })

  it('is refused plainly when first-login creation is off, with an event', async () => {
    const { db } = await createContoso({ organization: { firstLogin: false } })
    const response = await doorWorld().browser().signIn()
    expect(response.status).toBe(403)
    const page = await response.text()
    expect(page).toContain('You do not have access yet')
    const [event] = await db.select().from(events)
    expect(event).toMatchObject({ outcome: 'refused', code: 'directory.not_provisioned' })
    expect(page).toContain(event?.requestId)
    expect(await db.select().from(people)).toEqual([])
    expect(await db.select().from(sessions)).toEqual([])
  })

  it('keeps a second sign-in one person, and follows what changed', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    await world.browser().signIn()
    world.clock.ms += 60_000
    await world.browser().signIn(attributes({ department: 'Sales' }))
    const [person, another] = await db.select().from(people)
    expect(another).toBeUndefined()
    expect(person?.profile).toMatchObject({ department: 'Sales', givenName: 'Ann' })
    expect(person?.provenance).toMatchObject({
      givenName: { source: 'saml', at: context.nowMs },
      department: { source: 'saml', at: context.nowMs + 60_000 },
    })
    expect(await db.select().from(sessions)).toHaveLength(2)
  })
})

describe('several tabs', () => {
  it('finish in any order', async () => {
    await createContoso()
    const browser = doorWorld().browser()
    const first = await browser.start('?return_to=/one')
    const second = await browser.start('?return_to=/two')
    const two = await browser.post((await answer(second)).form)
    const one = await browser.post((await answer(first)).form)
    expect([one, two].map((response) => response.headers.get('location'))).toEqual([
      `${context.publicUrl}/one`,
      `${context.publicUrl}/two`,
    ])
  })

  it('keep the newest five', async () => {
    await createContoso()
    const world = doorWorld()
    const browser = world.browser()
    const ids: string[] = []
    for (let i = 0; i < 7; i++) {
      world.clock.ms += 1000
      ids.push(await browser.start())
    }
    expect([...browser.jar.keys()].filter((name) => name.includes('login'))).toHaveLength(5)
    expect((await browser.post((await answer(ids[0] ?? '')).form)).status).toBe(403)
    expect((await browser.post((await answer(ids[6] ?? '')).form)).status).toBe(303)
  })
})

describe('P12 a response and the browser that asked', () => {
  it('P12 refuses a response carried to a browser that started nothing', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    const requestId = await world.browser().start()
    const response = await world.browser().post((await answer(requestId)).form)
    expect(response.status).toBe(403)
    expect(await db.select().from(sessions)).toEqual([])
    expect(await db.select().from(events)).toMatchObject([{ code: 'saml.browser_binding' }])
  })

  it('P09 M03 refuses an answer to a request of another sign-in or connection', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    const victim = world.browser()
    const attacker = world.browser()
    const requestId = await attacker.start()
    await victim.start()
    expect((await victim.post((await answer(requestId)).form)).status).toBe(403)
    expect(await db.select().from(events)).toMatchObject([{ code: 'saml.in_response_to' }])
  })

  it('sets login cookies that travel with the cross-site POST, and a session cookie that does not', async () => {
    await createContoso()
    const browser = doorWorld().browser()
    await browser.signIn()
    expect(browser.jar.get('__Host-portico_session')?.sameSite).toBe('Lax')
    const again = doorWorld().browser()
    await again.start()
    const [login] = [...again.jar.values()]
    expect(login?.sameSite).toBe('None')
  })
})

describe('P11 replay', () => {
  it('P11 accepts one response once, however often it is posted', async () => {
    const { db } = await createContoso()
    const browser = doorWorld().browser()
    const { form } = await answer(await browser.start())
    const jar = new Map(browser.jar)
    expect((await browser.post(form)).status).toBe(303)
    for (const [name, cookie] of jar) browser.jar.set(name, cookie)
    expect((await browser.post(form)).status).not.toBe(303)
    expect(await db.select().from(sessions)).toHaveLength(1)
    const codes = (await db.select().from(events)).map((event) => event.code)
    expect(codes).toContain('saml.replayed')
  })

  it('P11 makes exactly one session of 50 copies posted at once', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    const browser = world.browser()
    const { form } = await answer(await browser.start())
    const cookies = [...browser.jar].map(([name, one]) => `${name}=${one.value}`).join('; ')
    const headers = { cookie: cookies, 'content-type': 'application/x-www-form-urlencoded' }
    const path = `/saml/${context.connectionId}/acs`
    const responses = await Promise.all(
      Array.from({ length: 50 }, () =>
        world.request(path, { method: 'POST', headers, body: form }),
      ),
    )
    expect(responses.filter((response) => response.status === 303)).toHaveLength(1)
    expect(await db.select().from(sessions)).toHaveLength(1)
    expect(await db.select().from(people)).toHaveLength(1)
  })

  it.each([
    ['written in lines', (form: string) => form.replace(/(SAMLResponse=.{60})/, '$1%0D%0A')],
    ['with every character escaped', escapeAll],
    ['with another RelayState', (form: string) => `${form}&RelayState=%2Felsewhere`],
  ])('P11 refuses the same response %s', async (_name, change) => {
    const { db } = await createContoso()
    const browser = doorWorld().browser()
    const { form } = await answer(await browser.start())
    const jar = new Map(browser.jar)
    const changed = change(form)
    expect(changed).not.toBe(form)
    expect((await browser.post(form)).status).toBe(303)
    for (const [name, cookie] of jar) browser.jar.set(name, cookie)
    expect((await browser.post(changed)).status).toBe(403)
    expect(await db.select().from(sessions)).toHaveLength(1)
    const codes = (await db.select().from(events)).map((event) => event.code)
    expect(codes).toContain('saml.replayed')
    // The other spelling is no defect by itself.
    const fresh = await answer(await browser.start())
    expect((await browser.post(change(fresh.form))).status).toBe(303)
  })

  it('P11 P19 remembers an unsolicited assertion until its time and the skew are over', async () => {
    const { db } = await createContoso({ connection: { acceptUnsolicited: true } })
    const world = doorWorld()
    const { form } = await answer(null, { assertion: { notOnOrAfter: at(4 * 60_000) } })
    expect((await world.browser().post(form)).status).toBe(303)
    const codesAfter = async (ms: number) => {
      world.clock.ms = context.nowMs + ms
      await runScheduled(world.deps, 15 * 60_000)
      expect((await world.browser().post(form)).status).toBe(403)
      const codes = (await db.select().from(events)).map((event) => event.code)
      return codes.filter((code) => code !== null)
    }
    expect(await codesAfter(9 * 60_000 - 1)).toEqual(['saml.replayed'])
    expect(await codesAfter(9 * 60_000)).toEqual(['saml.replayed', 'saml.expired'])
    expect(await db.select().from(sessions)).toHaveLength(1)
  })

  it('P11 refuses the same assertion in another unsigned Response, for another request', async () => {
    const { db } = await createContoso({ connection: { allowIdpInitiated: true } })
    const browser = doorWorld().browser()
    const requestId = await browser.start()
    const built = await answer(requestId)
    await browser.post(built.form)
    await browser.start()
    const xml = built.xml.replace(/ID="_5e[^"]+"/, 'ID="_fresh"')
    const form = new URLSearchParams({ SAMLResponse: btoa(xml) }).toString()
    expect((await browser.post(form)).status).not.toBe(303)
    expect(await db.select().from(sessions)).toHaveLength(1)
  })
})

describe('two at once', () => {
  it('make one person of two first sign-ins of the same person', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    const responses = await Promise.all([world.browser().signIn(), world.browser().signIn()])
    expect(responses.map((response) => response.status)).toEqual([303, 303])
    expect(await db.select().from(people)).toHaveLength(1)
    expect(await db.select().from(sessions)).toHaveLength(2)
  })

  it('bind the first sign-in to the person that provisioning made between its look and its write', async () => {
    const { db, organization } = await createContoso()
    const world = doorWorld()
    const browser = world.browser()
    const { form } = await answer(await browser.start())
    let raced = false
    world.counting.beforeEachCall(async (call) => {
      const isWrite = call.sql.some((sql) => sql.includes('insert into "consumed"'))
      if (raced || !isWrite) return
      raced = true
      await db.insert(people).values(scimPerson(organization.id))
    })
    expect((await browser.post(form)).status).toBe(303)
    expect(raced).toBe(true)
    expect(await db.select().from(people)).toMatchObject([{ id: 'usr_scim', createdBy: 'scim' }])
    expect(await db.select().from(identities)).toMatchObject([{ personId: 'usr_scim' }])
  })

  it('let nobody in who was blocked between the look and the write', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    await world.browser().signIn()
    await db.delete(sessions)
    const browser = world.browser()
    const { form } = await answer(await browser.start())
    world.counting.beforeEachCall(async (call) => {
      if (!call.sql.some((sql) => sql.includes('insert into "consumed"'))) return
      await db.update(people).set({ active: false, deniedByManual: true })
    })
    expect((await browser.post(form)).status).toBe(403)
    expect(await db.select().from(sessions)).toEqual([])
  })
})

function scimPerson(organizationId: string, change: Partial<typeof people.$inferInsert> = {}) {
  return {
    id: 'usr_scim',
    organizationId,
    connectionId: context.connectionId,
    userName: 'Ann@Contoso.example',
    userNameKey: 'ann@contoso.example',
    externalId: 'ann',
    createdBy: 'scim' as const,
    scimAt: context.nowMs,
    profile: {},
    provenance: {},
    mappingVersion: 1,
    createdAt: context.nowMs,
    updatedAt: context.nowMs,
    ...change,
  }
}

describe('M02 who is who', () => {
  it('binds to the person that provisioning made', async () => {
    const { db, organization } = await createContoso()
    await db.insert(people).values(scimPerson(organization.id))
    expect((await doorWorld().browser().signIn()).status).toBe(303)
    expect(await db.select().from(people)).toMatchObject([
      { id: 'usr_scim', userName: 'Ann@Contoso.example' },
    ])
    expect(await db.select().from(sourceViews)).toMatchObject([{ personId: 'usr_scim' }])
  })

  it.each([
    [
      'a guest whose mail and NameID are the CEO’s',
      {
        assertion: {
          attributes: {
            ...defaultAttributes,
            [claims.objectId]: '0b1ec700-9999-4999-8999-000000000009',
            [claims.identityProvider]:
              'https://sts.windows.net/c3c3c3c3-0000-4000-8000-00000000000c/',
          },
        },
      },
    ],
    [
      'the next owner of a reused UPN',
      attributes({ [claims.objectId]: '0b1ec700-9999-4999-8999-000000000009' }),
    ],
  ])('refuses %s, with the reason in the event', async (_, options) => {
    const { db } = await createContoso()
    const world = doorWorld()
    await world.browser().signIn()
    const response = await world.browser().signIn(options)
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('already belongs to another account')
    expect(await db.select().from(people)).toHaveLength(1)
    expect(await db.select().from(identities)).toHaveLength(1)
    expect((await db.select().from(events)).at(-1)).toMatchObject({
      code: 'directory.identity_conflict',
    })
  })

  it('M06 refuses another tenant’s id under this tenant’s issuer', async () => {
    const { db } = await createContoso()
    const tenant = 'b2b2b2b2-0000-4000-8000-00000000000b'
    const response = await doorWorld()
      .browser()
      .signIn(attributes({ [claims.tenantId]: tenant }))
    expect(response.status).toBe(403)
    expect(await db.select().from(events)).toMatchObject([{ code: 'saml.tenant_mismatch' }])
    expect(await db.select().from(people)).toEqual([])
  })

  it('knows the same Entra user through another connection of the same tenant', async () => {
    const { db, connection } = await createContoso()
    const world = doorWorld()
    await world.browser().signIn()
    await db.insert(connections).values({ ...connection, id: twinConnection.connectionId })
    await pin(twinConnection.connectionId, ['K'])
    const browser = world.browser()
    const requestId = await browser.start('', twinConnection.connectionId)
    const { form } = await answer(requestId, {
      response: { destination: twinConnection.acsUrl },
      assertion: {
        audiences: [twinConnection.spEntityId],
        confirmations: [{ inResponseTo: requestId, recipient: twinConnection.acsUrl }],
      },
    })
    expect((await browser.post(form, twinConnection.connectionId)).status).toBe(303)
    expect(await db.$count(people)).toBe(1)
    expect((await db.select().from(sessions)).map((row) => row.connectionId)).toEqual([
      context.connectionId,
      twinConnection.connectionId,
    ])
  })

  it('gives the name to its next owner once the old person is retired', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    await world.browser().signIn()
    await db.update(people).set({ active: false, retiredAt: context.nowMs })
    const next = attributes({ [claims.objectId]: '0b1ec700-9999-4999-8999-000000000009' })
    expect((await world.browser().signIn(next)).status).toBe(303)
    expect(await db.select().from(people)).toHaveLength(2)
    expect((await world.browser().signIn()).status).toBe(403)
  })

  it('refuses who was erased until that is lifted', async () => {
    const { db, organization } = await createContoso()
    const key = `entra:${context.tenantId}:${context.objectId}`
    const row = { organizationId: organization.id, key, personId: 'usr_gone', at: context.nowMs }
    await db.insert(tables.tombstones).values(row)
    expect((await doorWorld().browser().signIn()).status).toBe(403)
    await db.update(tables.tombstones).set({ liftedAt: context.nowMs })
    expect((await doorWorld().browser().signIn()).status).toBe(303)
  })
})

describe('the connection', () => {
  it.each([
    ['RelayState', (form: string) => `${form}&RelayState=%2Fsaml%2F${twinConnection.connectionId}`],
    ['Host', (form: string) => form],
  ])('M05 is not chosen by %s', async (what, change) => {
    const { db } = await createContoso()
    await db.insert(connections).values({
      id: twinConnection.connectionId,
      organizationId: 'org_00000000000000000000000001',
      name: 'Twin',
      status: 'active',
      idpEntityId: context.idpEntityId,
      ssoUrl: context.ssoUrl,
      tenantId: context.tenantId,
      createdAt: context.nowMs,
      updatedAt: context.nowMs,
    })
    const browser = doorWorld().browser()
    const { form } = await answer(await browser.start())
    const response = await browser.go(
      `${what === 'Host' ? 'https://evil.example' : context.publicUrl}/saml/${context.connectionId}/acs`,
      {
        method: 'POST',
        crossSite: true,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: change(form),
      },
    )
    expect(response.status).toBe(303)
    expect(new URL(response.headers.get('location') ?? '').origin).toBe(context.publicUrl)
    expect(await db.select().from(sessions)).toMatchObject([{ connectionId: context.connectionId }])
  })

  it.each(['', 'AAAA', 'not base64', btoa('junk')])(
    'K13 with the certificate %j in the database lets nobody in',
    async (der) => {
      const { db } = await createContoso()
      await db.update(tables.connectionCertificates).set({ der })
      const broken = doorWorld().browser()
      const started = await broken.go(`/saml/${context.connectionId}/login`)
      const finished = await broken.post((await answer(context.requestId)).form)
      expect([started.status, finished.status]).toEqual([403, 403])
      expect(await db.select().from(sessions)).toEqual([])
      expect(await db.select().from(events)).toMatchObject([{ code: 'saml.connection_unusable' }])
      await db.delete(tables.connectionCertificates)
      await pin(context.connectionId, ['K'])
      expect((await doorWorld().browser().signIn()).status).toBe(303)
    },
  )
})

describe('the status of a connection', () => {
  it.each(['draft', 'disabled'] as const)('P16 %s lets nobody start or finish', async (status) => {
    const { db } = await createContoso()
    const world = doorWorld()
    const browser = world.browser()
    const { form } = await answer(await browser.start())
    await db.update(connections).set({ status, version: 2 })
    expect((await browser.post(form)).status).toBe(403)
    world.clock.ms += 61_000
    expect((await browser.go(`/saml/${context.connectionId}/login`)).status).toBe(403)
    expect(await db.select().from(sessions)).toEqual([])
  })

  it('testing lets testers in, and tells everybody else that it is being tested', async () => {
    const { db, organization } = await createContoso({ connection: { status: 'testing' } })
    const world = doorWorld()
    const refused = await world.browser().signIn()
    expect(refused.status).toBe(403)
    expect(await refused.text()).toContain('being tested')
    expect(await db.select().from(events)).toMatchObject([{ code: 'saml.being_tested' }])
    // An admin who named the wrong person sees under what to name this one.
    expect(await db.select().from(tables.eventDetails)).toMatchObject([
      { detail: { 'tried.objectId': context.objectId, 'tried.nameId': expect.any(String) } },
    ])
    expect(await db.select().from(people)).toEqual([])
    await db.insert(tables.connectionTesters).values({
      connectionId: context.connectionId,
      organizationId: organization.id,
      kind: 'objectId',
      value: context.objectId,
      valueKey: context.objectId,
      createdAt: context.nowMs,
    })
    await db.update(connections).set({ version: 2 })
    expect((await world.browser().signIn()).status).toBe(303)
    // Of somebody who is known the evidence is theirs, and goes with them.
    await db.delete(tables.connectionTesters)
    await db.update(connections).set({ version: 3 })
    expect((await world.browser().signIn()).status).toBe(403)
    const [person] = await db.select().from(people)
    const told = await db.select().from(tables.eventDetails)
    expect(told.map(({ personId }) => personId)).toContain(person?.id)
  })

  it('K14 a key added or removed counts at once, though the isolate remembers the connection', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    expect((await world.browser().signIn()).status).toBe(303)
    await pin(context.connectionId, ['Knext'])
    await db.update(connections).set({ version: 2 })
    const next = { sign: { assertion: { key: 'Knext' as const } } }
    expect((await world.browser().signIn(next)).status).toBe(303)
    const [first] = await db.select().from(tables.connectionCertificates)
    await db.run(`delete from connection_certificates where sha256 = '${first?.sha256 ?? ''}'`)
    await db.update(connections).set({ version: 3 })
    const [kept] = await db.select().from(tables.connectionCertificates)
    const signedByRemoved = kept?.der === first?.der ? next : {}
    expect((await world.browser().signIn(signedByRemoved)).status).toBe(403)
  })

  it('ends sessions at the next request when it is disabled, or the person becomes inactive', async () => {
    const { db } = await createContoso()
    const browser = doorWorld().browser()
    await browser.signIn()
    expect((await browser.go('/session')).status).toBe(200)
    await db.update(people).set({ active: false })
    expect((await browser.go('/session')).status).toBe(401)
    await db.update(people).set({ active: true })
    await db.update(connections).set({ status: 'disabled' })
    expect((await browser.go('/session')).status).toBe(401)
  })
})

describe('unsolicited responses', () => {
  const unsolicited = () => answer(null)

  it('P10 are refused unless the connection allows them', async () => {
    const { db } = await createContoso()
    expect(
      (
        await doorWorld()
          .browser()
          .post((await unsolicited()).form)
      ).status,
    ).toBe(403)
    expect(await db.select().from(events)).toMatchObject([{ code: 'saml.unsolicited' }])
  })

  it('P10 are used up and answered by a sign-in that this browser starts itself', async () => {
    const { db } = await createContoso({ connection: { allowIdpInitiated: true } })
    const world = doorWorld()
    const browser = world.browser()
    const { form } = await unsolicited()
    const response = await browser.post(form)
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toContain('SAMLRequest=')
    expect(await db.select().from(sessions)).toEqual([])
    expect((await browser.post(form)).status).not.toBe(302)
  })

  it('accepted directly, they ask before they replace somebody else’s session', async () => {
    const { db } = await createContoso({
      organization: { appOrigins: ['https://app.contoso.example'] },
      connection: { acceptUnsolicited: true },
    })
    const world = doorWorld()
    const browser = world.browser()
    const bob = {
      relayState: 'https://app.contoso.example/tasks',
      assertion: {
        nameId: 'bob@contoso.example',
        attributes: {
          ...defaultAttributes,
          [claims.objectId]: '0b1ec700-9999-4999-8999-000000000009',
          [claims.name]: 'bob@contoso.example',
        },
      },
    }
    await browser.signIn()
    const ann = browser.jar.get('__Host-portico_session')?.value
    const posted = await browser.post((await answer(null, bob)).form)
    expect(posted.headers.get('location')).toBe('/saml/accept')
    const page = await (await browser.go('/saml/accept')).text()
    expect(page).toContain('bob@contoso.example')
    expect(browser.jar.get('__Host-portico_session')?.value).toBe(ann)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = 'choice=switch'
    const switched = await browser.go('/saml/accept', { method: 'POST', headers: form, body })
    expect((await leadsTo(switched)).href).toBe('https://app.contoso.example/tasks')
    expect(await (await browser.go('/session')).json()).toMatchObject({
      user: { userName: 'bob@contoso.example' },
    })
    expect(await db.select().from(sessions)).toHaveLength(1)
  })

  it('accepted directly, they sign in at once where nobody is signed in', async () => {
    await createContoso({ connection: { acceptUnsolicited: true } })
    const browser = doorWorld().browser()
    await browser.post((await unsolicited()).form)
    expect((await browser.go('/saml/accept')).status).toBe(303)
    expect((await browser.go('/session')).status).toBe(200)
  })
})

describe('encrypted assertions', () => {
  it('E10 sign in when the connection holds the key', async () => {
    await createContoso()
    await giveDecryptKey(context.connectionId, 'E')
    expect((await doorWorld().browser().signIn({ shape: 'FE' })).status).toBe(303)
  })

  it('E11 are refused when it does not', async () => {
    const { db } = await createContoso()
    expect((await doorWorld().browser().signIn({ shape: 'FE' })).status).toBe(403)
    expect(await db.select().from(events)).toMatchObject([{ code: 'saml.decrypt_failed' }])
  })
})

describe('P15 where a sign-in leads', () => {
  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    `https://portico.example@evil.example/`,
    '/%0d%0aSet-Cookie:x',
  ])('P15 is never %j', async (returnTo) => {
    await createContoso()
    const browser = doorWorld().browser()
    const response = await browser.signIn({ query: `?return_to=${encodeURIComponent(returnTo)}` })
    expect(response.status).toBe(303)
    const location = response.headers.get('location') ?? ''
    expect(new URL(location).origin).toBe(context.publicUrl)
  })

  it('may be an origin of the organization’s apps', async () => {
    await createContoso({ organization: { appOrigins: ['https://app.contoso.example'] } })
    const query = `?return_to=${encodeURIComponent('https://app.contoso.example/deep?x=1')}`
    const response = await doorWorld().browser().signIn({ query })
    expect(response.headers.get('location')).toBe('https://app.contoso.example/deep?x=1')
  })
})

describe('refusals', () => {
  it('P18 keep evidence escaped in the event and show a person one sentence and the reference', async () => {
    const { db } = await createContoso()
    const response = await doorWorld()
      .browser()
      .signIn({ assertion: { audiences: ['<script>alert(1)</script>\u202e'] } })
    const page = await response.text()
    expect(response.status).toBe(403)
    expect(page).not.toContain('<script>alert')
    expect(page).not.toContain('audience')
    const [event] = await db.select().from(events)
    expect(event).toMatchObject({ code: 'saml.audience', actor: 'identity-provider' })
    expect(page).toContain(event?.requestId)
    const [detail] = await db.select().from(eventDetails)
    expect(JSON.stringify(detail?.detail)).toContain('\\\\u{202e}')
  })

  it('explain an AADSTS code in our own words, and show nothing else of the message', async () => {
    const { db } = await createContoso()
    const correlationId = '11111111-2222-4333-8444-555555555555'
    const message = `AADSTS50105: <b>evil</b> Correlation ID: ${correlationId}`
    const response = await doorWorld()
      .browser()
      .signIn({
        shape: 'none',
        assertions: [],
        response: {
          status: 'urn:oasis:names:tc:SAML:2.0:status:Requester',
          statusMessage: message,
        },
      })
    const page = await response.text()
    expect(page).toContain('AADSTS50105')
    expect(page).toContain('not assigned')
    expect(page).toContain(correlationId)
    expect(page).not.toContain('evil')
    const [detail] = await db.select().from(eventDetails)
    expect(detail?.detail).toMatchObject({ aadsts: '50105', correlationId })
  })

  it('Q07 are summed beyond the evidence limit and cost no row each', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    world.limits.evidence = false
    const garbage = new URLSearchParams({ SAMLResponse: btoa('<x/>') }).toString()
    for (let i = 0; i < 20; i++) await world.browser().post(garbage)
    world.clock.ms += 61_000
    await world.browser().post(garbage)
    expect(await db.select().from(events)).toEqual([])
    const counted = await db.select().from(refusalCounts)
    expect(counted.reduce((sum, row) => sum + row.count, 0)).toBe(21)
    expect(counted.length).toBeLessThanOrEqual(2)
  })

  it('Q07 at a closed door come before anything is read', async () => {
    await createContoso()
    const world = doorWorld()
    world.limits.door = false
    expect((await world.browser().post('SAMLResponse=x')).status).toBe(429)
    expect(world.counting.calls).toEqual([])
  })

  it('of a signed message always become an event', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    world.limits.evidence = false
    await world.browser().signIn({ assertion: { audiences: ['https://other.example'] } })
    expect(await db.select().from(events)).toMatchObject([{ code: 'saml.audience' }])
  })

  it('M04 at a connection that nobody knows are a page (saml.connection_not_found)', async () => {
    await createContoso()
    const world = doorWorld()
    const unknown = 'con_0000000000000000000000000z'
    expect((await world.browser().post('SAMLResponse=QQ==', unknown)).status).toBe(404)
    expect((await world.browser().post('SAMLResponse=QQ==', 'nonsense')).status).toBe(404)
  })
})

describe('sessions', () => {
  it('end when their time is over', async () => {
    await createContoso({ organization: { sessionHours: 1 } })
    const world = doorWorld()
    const browser = world.browser()
    await browser.signIn()
    world.clock.ms += 3_599_000
    expect((await browser.go('/session')).status).toBe(200)
    world.clock.ms += 1000
    expect((await browser.go('/session')).status).toBe(401)
  })

  it('give a token that the published keys verify, for a listed audience only', async () => {
    await createContoso({ organization: { appOrigins: ['https://app.contoso.example'] } })
    const browser = doorWorld().browser()
    await browser.signIn()
    const { token } = (await (await browser.go('/session')).json()) as { token: string }
    const { keys } = (await (await browser.go('/.well-known/jwks.json')).json()) as {
      keys: JsonWebKey[]
    }
    const [header = '', payload = '', signature = ''] = token.split('.')
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const key = await crypto.subtle.importKey('jwk', keys[0] ?? {}, algorithm, false, ['verify'])
    const bytes = (text: string) =>
      Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
    const data = new TextEncoder().encode(`${header}.${payload}`)
    const params = { name: 'ECDSA', hash: 'SHA-256' }
    expect(await crypto.subtle.verify(params, key, bytes(signature), data)).toBe(true)
    expect(JSON.parse(new TextDecoder().decode(bytes(payload)))).toMatchObject({
      iss: context.publicUrl,
      aud: context.publicUrl,
      exp: context.nowMs / 1000 + 300,
    })
    expect((await browser.go('/session?audience=https://app.contoso.example')).status).toBe(200)
    const refused = await browser.go('/session?audience=https://evil.example')
    expect(await refused.json()).toMatchObject({ status: 400, code: 'session.audience_unknown' })
  })

  it('are readable by listed origins only', async () => {
    await createContoso({ organization: { appOrigins: ['https://app.contoso.example'] } })
    const browser = doorWorld().browser()
    await browser.signIn()
    const listed = await browser.go('/session', {
      headers: { origin: 'https://app.contoso.example' },
    })
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://app.contoso.example')
    const other = await browser.go('/session', { headers: { origin: 'https://evil.example' } })
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('of one person are not another’s', async () => {
    await createContoso()
    const world = doorWorld()
    const browser = world.browser()
    await browser.signIn()
    const stranger = newBrowser(world.request)
    expect((await stranger.go('/session')).status).toBe(401)
    stranger.jar.set('__Host-portico_session', { value: 'A'.repeat(43), sameSite: 'Lax' })
    expect((await stranger.go('/session')).status).toBe(401)
  })

  it('outlive no more than the cookie of the organization says', async () => {
    const { db } = await createContoso({ organization: { sessionHours: 8 } })
    await doorWorld().browser().signIn()
    const [row] = await db.select().from(sessions)
    expect((row?.expiresAt ?? 0) - context.nowMs).toBe(dayMs / 3)
  })
})
