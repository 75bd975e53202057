import { describe, expect, it } from 'vitest'
import { certificateBase64 } from '../support/keys.ts'
import { startGraph } from './graph-world.ts'
import { adele, appId, openBrowser, unescapeHtml } from './simulator.ts'

async function openPages() {
  const world = await startGraph()
  const browser = openBrowser(world.simulator)
  return {
    ...world,
    browser,
    page: async (path: string) => unescapeHtml(await (await browser.get(path)).text()),
  }
}

describe('the page API access', () => {
  const path = `/apps/${appId}/registration`

  it('grants permissions, and makes and removes credentials', async () => {
    const { browser, call, page } = await openPages()
    expect(await page(`/apps/${appId}`)).toContain(`href="${path}"`)
    await browser.post(path, { grant: 'yes', 'User.Read.All': 'on' })
    await browser.post(path, { create: 'yes', secret: 'old', days: '-1' })
    await browser.post(path, { create: 'yes', secret: '', days: '10' })
    await browser.post(path, { register: 'yes', certificate: certificateBase64('K') })
    const before = await call('GET', path)
    expect(before).toMatchObject({
      permissions: ['User.Read.All'],
      secrets: [{}, { secret: 'old' }, { expiresAt: '2026-12-04T09:00:00.000Z' }],
      certificates: [{ thumbprint: expect.stringMatching(/^[\w-]{43}$/) }],
    })
    expect(await page(path)).toMatch(/old<\/code><span>expired 2026-11-23/)
    await browser.post(path, { remove: before.secrets[1].id })
    await browser.post(path, { remove: before.certificates[0].thumbprint })
    expect(await call('GET', path)).toMatchObject({ certificates: [], secrets: [{}, {}] })
  })

  it('says what is wrong', async () => {
    const { browser } = await openPages()
    const wrong = await browser.post(path, { register: 'yes', certificate: 'nonsense' })
    expect([wrong.status, await wrong.text()]).toEqual([
      400,
      expect.stringContaining('is not an X.509 certificate'),
    ])
    expect((await browser.post(path, { create: 'yes', days: 'x' })).status).toBe(400)
    expect((await browser.get('/apps/nothing/registration')).status).toBe(404)
    expect((await browser.post('/apps/nothing/registration', {})).status).toBe(404)
  })
})

describe('the page Microsoft Graph', () => {
  it('switches faults on and off', async () => {
    const { browser, get, page } = await openPages()
    const fields = { kind: 'delta', effect: 'status', status: '429', count: '1', share: '1' }
    await browser.post('/graph/faults', { ...fields, retryAfter: '5' })
    expect((await get('/users/delta')).headers.get('retry-after')).toBe('5')
    expect(await page('/graph')).toMatch(
      /delta: 429, Retry-After 5, 1 times at most; met 1, happened 1/,
    )
    const id = /name="remove" value="(\d+)"/.exec(await page('/graph'))?.[1] ?? ''
    await browser.post('/graph/faults', { remove: id })
    expect(await page('/graph')).toContain('Nothing goes wrong.')
    await browser.post('/graph/faults', { kind: 'user', effect: 'slow', share: '0.5', skip: '2' })
    expect(await page('/graph')).toMatch(/user: slow by 1000 ms, after 2, for 50 %/)
    await browser.post('/graph/do', { what: 'remove-faults' })
    expect(await page('/graph')).toContain('Nothing goes wrong.')
    const wrong = await browser.post('/graph/faults', { ...fields, share: '7' })
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('share:')])
  })

  it('saves settings, and shows what was asked', async () => {
    const { browser, call, get, page } = await openPages()
    await get('/users/delta')
    expect(await page('/graph')).toMatch(/delta: 1 × 200/)
    await browser.post('/graph', { deltaPageSize: '3', expiredDelta: 'resyncRequired' })
    expect((await call('GET', '/graph')).settings).toMatchObject({
      deltaPageSize: 3,
      listPageSize: 100,
      expiredDelta: 'resyncRequired',
    })
    expect((await browser.post('/graph', { deltaPageSize: 'x' })).status).toBe(400)
    await browser.post('/graph/do', { what: 'forget' })
    expect(await page('/graph')).not.toMatch(/delta: 1/)
    expect((await browser.post('/graph/do', { what: 'nothing' })).status).toBe(404)
  })

  it('ends tokens and links', async () => {
    const { browser, get, renew, round } = await openPages()
    const { deltaLink } = await round('/users/delta')
    await browser.post('/graph/do', { what: 'expire-links' })
    expect((await get(deltaLink)).status).toBe(410)
    await browser.post('/graph/do', { what: 'expire-tokens' })
    expect((await get('/users/delta')).status).toBe(401)
    await renew()
    expect((await get('/users/delta')).status).toBe(200)
  })
})

describe('the page of a user', () => {
  it('has organization data and extension attributes, which keep their types', async () => {
    const { browser, call, page } = await openPages()
    const badge = 'extension_0123456789abcdef0123456789abcdef_badge'
    const lines = [
      'extensionAttribute1 = CC1 = 7',
      `${badge} = 7`,
      `${badge}Text = "7"`,
      `${badge}s = ["a","b"]`,
      `${badge}On = true`,
      'nonsense = x',
      'extensionAttribute2 =',
    ]
    const fields = { displayName: 'Adele Vance', division: 'West', usageLocation: 'DE' }
    const extensionAttributes = lines.join('\n')
    await browser.post(`/users/${adele}`, { ...fields, extensionAttributes })
    const user = await call('GET', `/users/${adele}`)
    expect(user).toMatchObject({
      usageLocation: 'DE',
      employeeOrgData: { division: 'West', costCenter: null },
      extensionAttributes: {
        extensionAttribute1: 'CC1 = 7',
        [badge]: 7,
        [`${badge}Text`]: '7',
        [`${badge}s`]: ['a', 'b'],
        [`${badge}On`]: true,
      },
    })
    const shown = await page(`/users/${adele}`)
    for (const line of lines.slice(0, 5)) expect(shown).toContain(line)
    const text = /name="extensionAttributes"[^>]*>([^<]*)</.exec(shown)?.[1] ?? ''
    await browser.post(`/users/${adele}`, { ...fields, extensionAttributes: text })
    expect(await call('GET', `/users/${adele}`)).toEqual(user)
  })
})
