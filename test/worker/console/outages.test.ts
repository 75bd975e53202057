import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { pages } from '../../../src/console/pages.ts'
import { adminKey, createContoso, textOf } from '../admin/admin-client.ts'
import { manual } from '../admin/connection-world.ts'
import { countingD1 } from '../support/counting-d1.ts'
import { openConsole } from './console-world.ts'

/** Every page that needs no id of its own, and the door. */
const paths = [
  '/console',
  ...pages
    .filter(({ method, path }) => method === 'get' && /^\/o\/\{org\}[^{]*$/.test(path))
    // Not there without a credential of Graph.
    .filter(({ path }) => !path.endsWith('/certificate.pem'))
    .map(({ path }) => `/console${path.replace('{org}', 'contoso')}`),
]

async function open() {
  const counting = countingD1(env.DB)
  const world = openConsole({ d1: counting.d1 })
  await createContoso(world.api)
  await world.api.post('/organizations/contoso/connections', { name: 'Entra', manual })
  return { counting, world, browser: await world.operator() }
}

describe('while D1 fails', () => {
  it('there are pages to look at', () => {
    expect(paths.length).toBeGreaterThan(20)
  })

  it.each(paths)('%s says so, at whichever call, and is whole again after', async (path) => {
    const { counting, browser } = await open()
    counting.restart()
    const good = await browser.get(path)
    const calls = counting.calls.length
    expect([good.status < 400, calls > 0]).toEqual([true, true])
    for (let call = 0; call < calls; call++) {
      counting.restart()
      counting.failAt([{ call, when: 'before' }])
      const page = await browser.get(path)
      expect([call, page.status, page.headers.get('retry-after')]).toEqual([call, 503, '5'])
      // A page for a person, with its reference, and nothing of the half that was read.
      expect(page.headers.get('content-type')).toContain('text/html')
      expect(page.text).toMatch(/Reference req_/)
    }
    counting.restart()
    counting.failAt([])
    expect((await browser.get(path)).status).toBe(good.status)
  })

  it('nobody gets in, and nothing is half stored', async () => {
    const { counting, world } = await open()
    counting.restart()
    counting.failAt([{ call: 0, when: 'before' }])
    const browser = world.browser()
    const page = await browser.post('/console/login', { key: adminKey })
    expect([page.status, browser.cookies.size]).toEqual([503, 0])
    const sessions = await env.DB.prepare('select count(*) as n from console_sessions').first('n')
    // The one that `open` made.
    expect(sessions).toBe(1)
  })

  it('a form that was sent stores all of it or nothing, and can be sent again', async () => {
    const { counting, world, browser } = await open()
    const path = '/console/o/contoso/settings/links/new'
    const { html } = await browser.get(path)
    const fieldOf = (name: string) => new RegExp(`name="${name}" value="([\\w-]+)"`).exec(html)?.[1]
    const body = new URLSearchParams({
      ...{ csrf: fieldOf('csrf') ?? '', once: fieldOf('once') ?? '' },
      ...{ name: 'IT', parts: 'saml', expiresInDays: '7' },
    }).toString()
    const send = () =>
      browser.send(path, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
    counting.restart()
    // Visitor, organization, organization again, then the batch, whose answer is lost.
    counting.failAt([{ call: 3, when: 'after' }])
    expect((await send()).status).toBe(503)
    counting.restart()
    counting.failAt([])
    const again = await send()
    expect([again.status, again.text]).toEqual([
      409,
      expect.stringContaining('console.sent_twice') as string,
    ])
    const links = await world.api.get('/organizations/contoso/setup-links')
    expect(links.body['items']).toHaveLength(1)
    expect(textOf((links.body['items'] as Record<string, unknown>[])[0], 'name')).toBe('IT')
  })
})
