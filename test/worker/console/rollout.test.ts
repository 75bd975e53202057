import { describe, expect, it } from 'vitest'
import { createContoso, listOf, textOf } from '../admin/admin-client.ts'
import { addPerson, addSession, createConnection, pathOf } from '../admin/connection-world.ts'
import { openConsole } from './console-world.ts'

const base = '/console/o/contoso/rollout'

async function contosoWithConnection() {
  const world = openConsole()
  await createContoso(world.api)
  const connection = await createConnection(world.api)
  const id = textOf(connection, 'id')
  const status = async () => (await world.get(pathOf(connection))).body['status']
  return { world, connection, id, status, browser: await world.operator() }
}

describe('rolling out', () => {
  it('leads to the guide while there is nothing to roll out', async () => {
    const world = openConsole()
    await createContoso(world.api)
    const page = await (await world.operator()).get(base)
    expect(page.text).toContain('Nothing to roll out yet')
    expect(page.html).toContain('href="/console/o/contoso/setup"')
  })

  it('shows where each connection is, and where it can go', async () => {
    const { browser, id } = await contosoWithConnection()
    const page = await browser.get(base)
    expect(page.html).toContain('aria-current="step"')
    expect(page.html).toContain(`href="${base}/${id}/testing"`)
    expect(page.html).toContain(`href="${base}/${id}/active"`)
    expect(page.html).not.toContain(`href="${base}/${id}/disabled"`)
  })

  it('counts the consequences before anything is changed', async () => {
    const { world, browser, connection, id, status } = await contosoWithConnection()
    await world.patch(pathOf(connection), { status: 'active' })
    await addPerson('usr_ann', { connectionId: id })
    await addPerson('usr_bob', { connectionId: id })
    await addSession('ses_1', { personId: 'usr_ann', connectionId: id })
    const page = await browser.get(`${base}/${id}/disabled`)
    expect(page.text).toContain(
      '1 person signed in by this connection now would be signed out at once.',
    )
    expect(page.text).toContain('People of the connection 2 people')
    expect(await status()).toBe('active')
  })

  it('goes from draft to everybody and back, with events that say who did it', async () => {
    const { world, browser, id, status } = await contosoWithConnection()
    const warned = await browser.get(`${base}/${id}/testing`)
    expect(warned.text).toContain('There are no testers yet')
    const step = async (to: string) => {
      const place = `${base}/${id}/${to}`
      world.clock.ms += 1000
      return browser.post(place, {}, place)
    }
    const testing = await step('testing')
    expect([testing.status, await status()]).toEqual([303, 'testing'])
    const after = await browser.get(testing.location)
    expect(after.text).toContain('Not what you wanted? Entra: back to draft')
    expect(after.html).toContain(`href="${base}/${id}/draft"`)
    await step('active')
    expect(await status()).toBe('active')
    const undo = await browser.get((await step('disabled')).location)
    expect(undo.html).toContain(`Not what you wanted? <a href="${base}/${id}/active">`)
    const { body } = await world.get('/organizations/contoso/events?type=connection.updated')
    expect(listOf(body, 'items')[0]).toMatchObject({
      actor: 'operator',
      detail: { status: { from: 'active', to: 'disabled' } },
    })
  })

  it('undoes the way from draft to everybody by disabling', async () => {
    const { browser, id } = await contosoWithConnection()
    const place = `${base}/${id}/active`
    const after = await browser.get((await browser.post(place, {}, place)).location)
    expect(after.html).toContain(`Not what you wanted? <a href="${base}/${id}/disabled">`)
  })

  it('says why a step is not possible, and a form that comes too late changes nothing', async () => {
    const { browser, id, status } = await contosoWithConnection()
    const page = await browser.get(`${base}/${id}/disabled`)
    expect(page.text).toContain('It is so already, or cannot become so from here.')
    const late = await browser.post(`${base}/${id}/disabled`, {}, `${base}/${id}/testing`)
    expect([late.status, late.text]).toEqual([
      409,
      expect.stringContaining('admin.connection_status'),
    ])
    expect(await status()).toBe('draft')
    expect((await browser.get(`${base}/${id}/gone`)).status).toBe(400)
    expect((await browser.get(`${base}/con_x/active`)).status).toBe(404)
  })

  it('believes no address about what to undo', async () => {
    const { browser, id } = await contosoWithConnection()
    for (const query of ['connection=con_x&before=active', `connection=${id}&before=<b>`]) {
      const page = await browser.get(`${base}?${query}`)
      expect([page.status, page.text.includes('Not what you wanted')]).toEqual([200, false])
    }
    expect((await browser.get(`${base}?setting=__proto__`)).text).not.toContain('Not what you')
  })

  it('switches first sign-in, SCIM and the requirement, counted first, and back', async () => {
    const { world, browser, id } = await contosoWithConnection()
    await addPerson('usr_ann', { connectionId: id })
    const cases = [
      ['firstLogin', 'false', 'Known only by a first sign-in: 1 person.'],
      ['scim', 'false', 'Provisioned by SCIM: 0 people.'],
      ['signIn', 'required', 'Active, and never signed in here: 1 person.'],
    ] as const
    for (const [setting, value, sentence] of cases) {
      const place = `${base}/switch/${setting}/${value}`
      expect((await browser.get(place)).text).toContain(sentence)
      const turned = await browser.post(place, {}, place)
      expect([turned.status, turned.location]).toEqual([
        303,
        `${base}?setting=${setting}&done=saved`,
      ])
      expect((await browser.get(turned.location)).html).toContain(`${base}/switch/${setting}/`)
    }
    const { body } = await world.get('/organizations/contoso')
    expect(body).toMatchObject({
      signIn: 'required',
      provisioning: { firstLogin: false, scim: false },
    })
    const warned = await browser.get(`${base}/switch/signIn/required`)
    expect(warned.text).toContain('It is so already')
    const back = `${base}/switch/firstLogin/true`
    await browser.post(back, {}, back)
    expect((await world.get('/organizations/contoso')).body).toMatchObject({
      provisioning: { firstLogin: true },
    })
    expect((await browser.get(`${base}/switch/constructor/true`)).status).toBe(404)
    expect((await browser.get(`${base}/switch/scim/maybe`)).status).toBe(400)
  })

  it('is not for setup links, which sign nobody in and out', async () => {
    const { world, id, status } = await contosoWithConnection()
    const link = await world.visitor('contoso')
    expect((await link.get(base)).status).toBe(404)
    const tried = await link.post(`${base}/${id}/active`, {}, '/console/o/contoso/setup')
    expect([tried.status, await status()]).toEqual([404, 'draft'])
    const turned = await link.post(
      `${base}/switch/firstLogin/false`,
      {},
      '/console/o/contoso/setup',
    )
    expect(turned.status).toBe(404)
  })

  it('of another organization is not found', async () => {
    const { world, id } = await contosoWithConnection()
    await createContoso(world.api, 'fabrikam')
    const browser = await world.operator()
    expect((await browser.get(`/console/o/fabrikam/rollout/${id}/active`)).status).toBe(404)
  })
})
