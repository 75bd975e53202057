/** The settings pages in a real browser: usable, readable, and a secret that is seen once. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { picture } from './support/picture.ts'
import { joinProvisioned } from './support/provisioning.ts'
import { type Certificate, simulator } from './support/simulator.ts'
import { api, places, useBrowsers } from './support/world.ts'

const openBrowser = useBrowsers()
const dayMs = 86_400_000

/** An operator at a page of the console. */
async function openAt(path: string): Promise<Page> {
  const page = await openBrowser({ viewport: { width: 1280, height: 800 } })
  await page.goto(`${places.publicUrl}/console/login?next=${path}`)
  await page.getByLabel('Admin key').fill(places.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${places.publicUrl}${path}`)
  return page
}

/** An organization with something on every page. */
async function furnished() {
  const world = await joinProvisioned('settings')
  const org = `/organizations/${world.slug}`
  await simulator('POST', `/apps/${world.app.appId}/certificates`, { activate: true })
  await world.changeConnection({ metadataUrl: world.app.metadataUrl })
  const others = [
    [-900, -20],
    [-400, 12],
    [40, 900],
  ] as const
  const made = others.map(([from, to]) =>
    simulator<Certificate>('POST', `/apps/${world.app.appId}/certificates`, {
      notBefore: new Date(Date.now() + from * dayMs).toISOString(),
      notAfter: new Date(Date.now() + to * dayMs).toISOString(),
    }),
  )
  const addCertificates = (await Promise.all(made)).map(({ pem }) => pem)
  await world.changeConnection({ addCertificates })
  await api.post(`${org}/domains`, { domain: `${world.slug}.example` })
  await api.post(`${org}/scim-clients`, { name: 'Gallery' })
  await api.post(`${org}/setup-links`, { name: 'IT of Contoso', parts: ['saml', 'scim'] })
  await api.patch(org, {
    roleRules: [
      { group: 'IT', role: 'admin' },
      { appRole: 'Reader', role: 'reader' },
    ],
  })
  return world
}

const pages = [
  ['organization', ''],
  ['connections', '/connections'],
  ['certificates', '/certificates'],
  ['scim', '/scim'],
  ['scim-new', '/scim/clients/new'],
  ['graph', '/graph'],
  ['graph-set', '/graph/set'],
  ['admins', '/admins'],
  ['sessions', '/sessions'],
  ['erased', '/erased'],
  ['links', '/links'],
  ['links-new', '/links/new'],
  ['recovery', '/recovery'],
] as const

describe('the settings', () => {
  it('have no violation in light and dark, and fit a telephone', { timeout: 240_000 }, async () => {
    const { slug, connection } = await furnished()
    const base = `/console/o/${slug}/settings`
    const page = await openAt(base)
    const all = [
      ...pages.map(([name, path]) => [name, `${base}${path}`] as const),
      ['connection', `${base}/connections/${connection.id}`] as const,
      ['operation', '/console/operator'] as const,
    ]
    for (const [name, path] of all) {
      await page.setViewportSize({ width: 1280, height: 800 })
      const answer = await page.goto(`${places.publicUrl}${path}`)
      expect([path, answer?.status()]).toEqual([path, 200])
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const { violations } = await new AxeBuilder({ page }).analyze()
        const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
        expect([name, colorScheme, found]).toEqual([name, colorScheme, []])
      }
      await page.emulateMedia({ colorScheme: 'light' })
      if (!path.endsWith('/new') && !path.endsWith('/set')) {
        await picture(page, `settings-${name}`)
      }
      await page.setViewportSize({ width: 360, height: 740 })
      const width = await page.evaluate('document.documentElement.scrollWidth')
      expect([name, width]).toEqual([name, 360])
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect([name, violations.map(({ id }) => id)]).toEqual([name, []])
    }
  })

  it('show a new token once, which works, with the keyboard alone', async () => {
    const { slug, job, post } = await joinProvisioned('settings-token')
    const page = await openAt(`/console/o/${slug}/settings/scim`)
    await page.getByRole('link', { name: 'New token' }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Name').focus()
    await page.keyboard.type('Entra')
    await page.keyboard.press('Enter')
    await page.getByText('This is shown now and never again.').waitFor()
    await picture(page, 'settings-token-shown')
    const value = page.locator('.copy', { hasText: 'Secret token' }).locator('.copy-value')
    const token = (await value.textContent()) ?? ''
    await simulator('PUT', job, { credentials: { kind: 'token', token } })
    expect(await post('test-connection')).toEqual({ ok: true })
    await page.getByRole('link', { name: 'I have copied it' }).click()
    await page.getByRole('cell', { name: 'Entra', exact: true }).waitFor()
    expect(await page.content()).not.toContain(token)
  })
})
