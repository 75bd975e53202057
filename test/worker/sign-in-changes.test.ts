import { describe, expect, it } from 'vitest'
import './support/search-keys-hold.ts'
import { claims, defaultAttributes } from '../support/saml-builder.ts'
import { answer, context, createContoso, doorWorld, tables } from './support/door-world.ts'

const {
  connectionCertificates,
  connections,
  events,
  eventDetails,
  organizations,
  people,
  sessions,
} = tables

const dayMs = 24 * 60 * 60 * 1000

function stating(change: Record<string, string | readonly string[]>) {
  return { assertion: { attributes: { ...defaultAttributes, ...change } } }
}

describe('what a sign-in changes is written', () => {
  it('when the last group is gone and nothing else changed', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    await world.browser().signIn(stating({ [claims.groups]: ['g-admins'] }))
    expect(await db.select().from(people)).toMatchObject([{ groups: ['g-admins'] }])
    const browser = world.browser()
    await browser.signIn()
    expect(await db.select().from(people)).toMatchObject([{ groups: [] }])
    expect(await (await browser.go('/session')).json()).toMatchObject({ groups: [] })
    expect((await db.select().from(events)).at(-1)?.facts).toMatchObject({ changed: ['#groups'] })
  })

  it('but groups stay when there are too many to say', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    await world.browser().signIn(stating({ [claims.groups]: ['g-admins'] }))
    await world.browser().signIn(stating({ [claims.groupsLink]: 'https://graph.example/dead' }))
    expect(await db.select().from(people)).toMatchObject([{ groups: ['g-admins'] }])
  })

  it('when an admin maps another claim, or the default role changes', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    await world.browser().signIn(stating({ costCenter: 'CC-7' }))
    await db.update(connections).set({ claimNames: { department: ['costCenter'] }, version: 2 })
    await db.update(organizations).set({ defaultRole: 'guest', version: 2 })
    await world.browser().signIn(stating({ costCenter: 'CC-7' }))
    expect(await db.select().from(people)).toMatchObject([
      { profile: { department: 'CC-7' }, roles: ['guest'] },
    ])
  })

  it('when a name becomes free that the person was called by before', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    await world.browser().signIn()
    const [ann] = await db.select().from(people)
    if (ann === undefined) throw new Error('the person must be there')
    await db.insert(people).values({
      ...ann,
      searchName: null,
      id: 'usr_other',
      userName: 'lee@x.example',
      userNameKey: 'lee@x.example',
    })
    const renamed = stating({ [claims.name]: 'lee@x.example' })
    await world.browser().signIn(renamed)
    const nameOf = async () =>
      (await db.select().from(people)).find(({ id }) => id === ann.id)?.userName
    expect(await nameOf()).toBe('ann@contoso.example')
    await db.run("update people set retired_at = 1, active = 0 where id = 'usr_other'")
    await world.browser().signIn(renamed)
    expect(await nameOf()).toBe('lee@x.example')
  })

  it('and judged again when somebody takes the new name in between', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    await world.browser().signIn()
    const [ann] = await db.select().from(people)
    if (ann === undefined) throw new Error('the person must be there')
    const browser = world.browser()
    const requestId = await browser.start()
    const { form } = await answer(requestId, stating({ [claims.name]: 'lee@x.example' }))
    let raced = false
    world.counting.beforeEachCall(async (call) => {
      if (raced || !call.sql.some((sql) => sql.includes('insert into "consumed"'))) return
      raced = true
      const lee = { userName: 'lee@x.example', userNameKey: 'lee@x.example' }
      await db.insert(people).values({ ...ann, searchName: null, id: 'usr_other', ...lee })
    })
    expect((await browser.post(form)).status).toBe(303)
    expect(raced).toBe(true)
    expect(await db.$count(people)).toBe(2)
  })

  it('and a sign-in that changes nothing leaves the version alone', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    await world.browser().signIn(stating({ [claims.groups]: ['g1'] }))
    await world.browser().signIn(stating({ [claims.groups]: ['g1'] }))
    expect(await db.select().from(people)).toMatchObject([{ version: 1 }])
  })
})

describe('a certificate', () => {
  it('is noted as used once a day, not at every sign-in', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    const noted = async () => (await db.select().from(connectionCertificates))[0]?.lastVerifiedAt
    await world.browser().signIn()
    world.clock.ms += 1000
    await world.browser().signIn()
    expect(await noted()).toBe(context.nowMs)
    world.clock.ms = context.nowMs + dayMs + 1
    await world.browser().start()
    expect(await noted()).toBe(context.nowMs)
  })
})

describe('what a stranger may write', () => {
  it('Q07 is one event for one old signed response, however often it is posted', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    const browser = world.browser()
    const { form } = await answer(await browser.start(), {
      assertion: { audiences: ['https://other.example'] },
    })
    for (let i = 0; i < 5; i++) expect((await browser.post(form)).status).toBe(403)
    expect(await db.$count(events)).toBe(1)
    expect(await db.$count(eventDetails)).toBe(1)
  })

  it('Q07 keeps no NameID of a refused sign-in, which no erasure would find', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    await world.browser().signIn({ assertion: { audiences: ['https://other.example'] } })
    const [detail] = await db.select().from(eventDetails)
    expect(JSON.stringify(detail?.detail)).not.toContain(context.nameId)
  })
})

describe('P10 an unsolicited response', () => {
  it('P10 leads to one fresh sign-in, and not round and round', async () => {
    await createContoso({ connection: { allowIdpInitiated: true } })
    const browser = doorWorld().browser()
    expect((await browser.post((await answer(null)).form)).status).toBe(302)
    expect((await browser.post((await answer(null)).form)).status).toBe(403)
  })

  it('P12 never replaces a session by a form of another page', async () => {
    const { db } = await createContoso({ connection: { acceptUnsolicited: true } })
    const browser = doorWorld().browser()
    await browser.signIn()
    const bob = stating({
      [claims.objectId]: '0b1ec700-9999-4999-8999-000000000009',
      [claims.name]: 'bob@contoso.example',
    })
    await browser.post(
      (await answer(null, { assertion: { ...bob.assertion, nameId: 'bob@contoso.example' } })).form,
    )
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-site',
    }
    const response = await browser.go('/saml/accept', {
      method: 'POST',
      headers,
      body: 'choice=switch',
    })
    expect(response.status).toBe(403)
    expect(await db.$count(sessions)).toBe(2)
    expect(await (await browser.go('/session')).json()).toMatchObject({
      user: { userName: 'ann@contoso.example' },
    })
  })
})

describe('signing out', () => {
  it('works from a page of the app after the session has ended by itself', async () => {
    await createContoso({ organization: { appOrigins: ['https://app.contoso.example'] } })
    const world = doorWorld()
    const browser = world.browser()
    await browser.signIn()
    world.clock.ms += 25 * 60 * 60 * 1000
    const headers = { origin: 'https://app.contoso.example' }
    const response = await browser.go('/logout', { method: 'POST', headers })
    expect(response.status).toBe(303)
    expect(browser.jar.has('__Host-portico_session')).toBe(false)
  })
})

describe('the keys of session tokens', () => {
  it('are published at once after the first, though nobody had any before', async () => {
    await createContoso()
    const world = doorWorld()
    const empty = await world.request('/.well-known/jwks.json')
    expect(empty.headers.get('cache-control')).toBe('no-store')
    const browser = world.browser()
    await browser.signIn()
    await browser.go('/session')
    const { keys } = (await (await world.request('/.well-known/jwks.json')).json()) as {
      keys: unknown[]
    }
    expect(keys).toHaveLength(1)
  })
})
