import { beforeEach, describe, expect, it } from 'vitest'
import { pages } from '../../../src/console/pages.ts'
import { adminKey, createContoso, nextAdminKey } from '../admin/admin-client.ts'
import { type ConsoleWorld, openConsole } from './console-world.ts'

const minuteMs = 60_000

let world: ConsoleWorld

beforeEach(async () => {
  world = openConsole()
  await createContoso(world.api)
})

/** Pages of one organization that ask again, with their parameters filled somehow. */
const asking = pages
  .filter(({ confirms }) => confirms === true)
  .map(({ method, path }) => {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
      name === 'org' ? 'contoso' : 'x',
    )
    return [method, `/console${filled}`] as const
  })

describe('before secrets', () => {
  it('there are pages that ask', () => {
    expect(asking.length).toBeGreaterThan(5)
  })

  it.each(asking)(
    '%s %s asks again who it is, a quarter of an hour after',
    async (method, path) => {
      const browser = await world.operator()
      world.clock.ms += 15 * minuteMs + 1
      const before = await world.api.get('/organizations/contoso/events')
      const page =
        method === 'get'
          ? await browser.get(path)
          : await browser.post(path, { name: 'Secret' }, '/console')
      expect([page.status, page.location]).toEqual([
        303,
        expect.stringMatching(/^\/console\/confirm\?next=%2Fconsole/) as string,
      ])
      // Nothing happened meanwhile.
      const after = await world.api.get('/organizations/contoso/events')
      expect(after.body['items']).toEqual(before.body['items'])
    },
  )

  it('an operator confirms with an admin key and goes on', async () => {
    const browser = await world.operator()
    world.clock.ms += 16 * minuteMs
    const [method = 'get', path = ''] = asking.find(([one]) => one === 'get') ?? []
    const asked = await browser.get(path)
    expect([method, (await browser.get(asked.location)).text]).toEqual([
      'get',
      expect.stringContaining('Confirm that it is you') as string,
    ])
    const wrong = await browser.post('/console/confirm', { key: 'wrong', next: path })
    expect([wrong.status, wrong.text]).toEqual([
      401,
      expect.stringContaining('console.key_wrong') as string,
    ])
    expect((await browser.get(path)).status).toBe(303)
    const right = await browser.post('/console/confirm', { key: nextAdminKey, next: path })
    expect([right.status, right.location]).toEqual([303, path])
    expect((await browser.get(path)).location).not.toContain('/console/confirm')
  })

  it('another site’s form confirms nothing', async () => {
    const browser = await world.operator()
    world.clock.ms += 16 * minuteMs
    const page = await browser.send('/console/confirm', {
      method: 'POST',
      body: new URLSearchParams({ key: adminKey }).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'cross-site',
      },
    })
    expect(page.status).toBe(403)
  })

  it('the holder of a setup link opens the link again', async () => {
    const browser = await world.visitor('contoso', ['scim'])
    world.clock.ms += 16 * minuteMs
    const page = await browser.get('/console/confirm?next=/console')
    expect(page.text).toContain('Open your setup link once more')
    // Nor does an admin key help: this is not an operator's session.
    const sent = await browser.post(
      '/console/confirm',
      { key: adminKey, next: '/console' },
      '/console/confirm',
    )
    expect(sent.status).toBe(401)
  })

  it('nobody is led out of the console', async () => {
    const browser = await world.operator()
    const sent = await browser.post('/console/confirm', {
      key: adminKey,
      next: 'https://evil.example/console',
    })
    expect(sent.location).toBe('/console')
  })
})

describe('a form that makes a secret', () => {
  it('and is sent twice makes one, which is shown once', async () => {
    const browser = await world.operator()
    const path = '/console/o/contoso/settings/scim/tokens/new'
    const { html } = await browser.get(path)
    const once = /name="once" value="([\w-]+)"/.exec(html)?.[1] ?? ''
    expect(once.length).toBeGreaterThan(19)
    const send = () => browser.post(path, { name: 'Entra', once }, path)
    const [first, second] = [await send(), await send()]
    expect([first.status, /portico_scim_/.test(first.text)]).toEqual([200, true])
    expect([/portico_scim_/.test(second.text), second.text]).toEqual([
      false,
      expect.stringContaining('console.sent_twice') as string,
    ])
    const tokens = await world.api.get('/organizations/contoso/scim-tokens')
    expect(tokens.body['items']).toHaveLength(1)
    // Another showing of the form is another token.
    const again = await browser.get(path)
    const other = /name="once" value="([\w-]+)"/.exec(again.html)?.[1] ?? ''
    expect(other).not.toBe(once)
    const third = await browser.post(path, { name: 'Entra', once: other }, path)
    expect(/portico_scim_/.test(third.text)).toBe(true)
  })
})
