import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { tables } from '../../src/db/index.ts'
import worker from '../../src/index.ts'
import { context, createContoso, doorWorld } from './support/door-world.ts'

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { code: string }).code
}

/** A request as the platform hands it in. */
function asIncoming(url: string) {
  return new Request(url) as Parameters<typeof worker.fetch>[0]
}

describe('failures of no domain', () => {
  it('are an outage when D1 does not answer: 503 and try again', async () => {
    await createContoso()
    const world = doorWorld()
    const browser = world.browser()
    await browser.signIn()
    world.counting.restart()
    world.counting.failAt([{ call: 0, when: 'before' }])
    const response = await browser.go('/session')
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await codeOf(response)).toBe('store.unavailable')
  })

  it('name the remedy when the key that sealed the signing key is gone: 503, and not a mistake of ours', async () => {
    const { db } = await createContoso()
    const before = doorWorld()
    const browser = before.browser()
    await browser.signIn()
    expect((await browser.go('/session')).status).toBe(200)
    const [row] = await db.select().from(tables.signingKeys)
    const lost = row?.privateKeySealed.replace(/^[^.]+/, 'k0') ?? ''
    await db.update(tables.signingKeys).set({ privateKeySealed: lost })
    const [[name, { value }] = ['', { value: '' }]] = browser.jar
    const headers = { cookie: `${name}=${value}` }
    const response = await doorWorld().request('/session', { headers })
    expect(response.status).toBe(503)
    expect(await codeOf(response)).toBe('session.signing_key_sealed')
  })

  it('are our mistake when anything else throws: 500, logged, and nothing told', async () => {
    const world = doorWorld()
    world.counting.beforeEachCall(() => Promise.reject(new TypeError('secret detail')))
    const cookie = `__Host-portico_session=${'A'.repeat(43)}`
    const response = await world.request('/session', { headers: { cookie } })
    expect(response.status).toBe(500)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ code: 'http.internal' })
    expect(text).not.toContain('secret detail')
    expect(world.logged).toMatchObject([{ level: 'error', message: 'secret detail' }])
  })

  it('leave what a query was about out of the log', async () => {
    const world = doorWorld()
    world.counting.failAt([{ call: 0, when: 'before' }])
    const headers = { authorization: `Bearer ${env.ADMIN_KEY}` }
    const response = await world.request('/api/v1/organizations/ann@contoso.com', { headers })
    expect(response.status).toBe(503)
    expect(world.logged).toMatchObject([
      { message: 'D1_ERROR: Network connection lost.', fields: { code: 'store.unavailable' } },
    ])
    const text = JSON.stringify(world.logged)
    expect(text).toContain('    at ')
    expect(text).not.toMatch(/ann@contoso|params|Failed query/)
  })

  it('let a person try the same again, with all that the address says', async () => {
    const world = doorWorld()
    world.counting.failAt([{ call: 0, when: 'before' }])
    const path = `/saml/${context.connectionId}/login?return_to=%2Fdeep%3Fa%3D1&login_hint=ann%40x`
    const response = await world.request(path)
    expect(response.status).toBe(503)
    const again = `${context.publicUrl}${path}`.replaceAll('&', '&amp;')
    expect(await response.text()).toContain(`href="${again}"`)
  })

  it('answer programs with problem details and people with a page', async () => {
    const world = doorWorld()
    const program = await world.request('/api/v1/nothing')
    expect(program.status).toBeGreaterThanOrEqual(401)
    expect(program.headers.get('content-type')).toContain('application/problem+json')
    const page = await world.request('/nothing')
    expect(page.status).toBe(404)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(await page.text()).toContain(page.headers.get('x-request-id'))
    const scim = await world.request('/scim/v2/nothing')
    expect(scim.headers.get('content-type')).toContain('application/scim+json')
  })

  it('serve nothing while the configuration is wrong, and say where to look', async () => {
    const broken = { ...env, ADMIN_KEY: '' }
    const request = asIncoming('http://localhost:8787/')
    const response = await worker.fetch(request, broken, createExecutionContext())
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('/healthz')
    const health = asIncoming('http://localhost:8787/healthz')
    const told = await worker.fetch(health, broken, createExecutionContext())
    expect(await codeOf(told)).toBe('config.invalid')
  })

  it('http.too_many_requests: a closed door says when to come back', async () => {
    const world = doorWorld()
    world.limits.door = false
    const response = await world.request(`/saml/${context.connectionId}/slo`)
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('10')
  })
})

describe('every answer', () => {
  it('carries the headers that keep it where it belongs', async () => {
    const { headers } = await doorWorld().request('/')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('strict-transport-security')).toContain('max-age=')
    expect(headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*frame-ancestors 'none'.*base-uri 'none'/,
    )
  })
})
