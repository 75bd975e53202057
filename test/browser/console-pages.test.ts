/** Every page of the console: no violation in light and dark, on a desk and a telephone, and small. */
import { describe, expect, it } from 'vitest'
import { pages } from '../../src/console/pages.ts'
import { expectNoViolation, signInToConsole } from './support/console.ts'
import { furnished } from './support/furnished.ts'
import { picture } from './support/picture.ts'
import { places, useBrowsers } from './support/world.ts'

const openBrowser = useBrowsers()

type World = Awaited<ReturnType<typeof furnished>>

/** What a page may weigh at a first visit, in bytes. */
const heaviest = 100_000

const org = '/o/{org}'
const settings = `${org}/settings`

/** Pages as `pages.ts` has them, what is asked of them, and the name of their picture. */
const table: readonly (readonly [path: string, query?: string, picture?: string])[] = [
  ['/'],
  ['/', '?q=none&days=7'],
  ['/new', '', 'organization-new'],
  ['/operator', '', 'settings-operation'],
  [org],
  [org, '?days=7'],
  [`${org}/attributes`],
  [`${org}/attributes/new`, '', 'attribute-new'],
  [`${org}/attributes/{key}`, '', 'attribute'],
  [`${org}/attributes/{key}/delete`],
  [`${org}/reconciliation`],
  [`${org}/reconciliation/settings`],
  ['/o/contoso/reconciliation/runs/{run}'],
  [`${org}/rollout`],
  [`${org}/rollout/switch/firstLogin/false`, '', 'rollout-switch'],
  [`${org}/rollout/{connection}/disabled`],
  [`${org}/setup`],
  [`${org}/setup`, '?step=saml.metadata'],
  [`${org}/setup`, '?step=scim.token'],
  [`${org}/setup`, '?step=attributes.graph-credential'],
  [`${org}/setup`, '?provider=google&step=scim.none'],
  [`${org}/setup/script`, '', 'setup-script'],
  [`${org}/test`, '', 'tests'],
  [`${org}/test/{connection}`],
  [`${org}/test/{connection}/{test}`],
  [`${org}/decoder`],
  [settings, '', 'settings-organization'],
  [`${settings}/connections`, '', 'settings-connections'],
  [`${settings}/connections/{connection}`, '', 'settings-connection'],
  [`${settings}/connections/{connection}/delete`],
  [`${settings}/certificates`, '', 'settings-certificates'],
  [`${settings}/scim`, '', 'settings-scim'],
  [`${settings}/scim/tokens/new`],
  [`${settings}/scim/clients/new`, '', 'settings-scim-new'],
  [`${settings}/scim/clients/{client}/secrets/new`],
  [`${settings}/graph`, '', 'settings-graph'],
  [`${settings}/graph/set`, '', 'settings-graph-set'],
  [`${settings}/admins`, '', 'settings-admins'],
  [`${settings}/sessions`, '', 'settings-sessions'],
  [`${settings}/erased`, '', 'settings-erased'],
  [`${settings}/links`, '', 'settings-links'],
  [`${settings}/links/new`, '', 'settings-links-new'],
  [`${settings}/recovery`, '', 'settings-recovery'],
  [`${settings}/recovery/new`],
  [`${org}/people`],
  [`${org}/people`, '?search=nobody'],
  [`${org}/people/{user}`],
  [`${org}/people/{user}/retire`, '', 'person-retire'],
  [`${org}/groups`, '', 'groups'],
  [`${org}/groups/{group}`, '', 'group'],
  [`${org}/events`],
  [`${org}/events`, '?family=groups&outcome=warning'],
  [`${org}/events/{event}`],
  [`${org}/events/support-bundle`, '', 'support-bundle'],
  ['/errors/saml.audience', '', 'error'],
]

/** What is no page: parts of pages, which are asked again and again, and files. */
const others = [
  `${org}/attributes/progress`,
  `${org}/reconciliation/runs/{run}/live`,
  `${org}/setup/live`,
  `${org}/setup/graph/certificate.pem`,
  `${org}/setup/script/file`,
  `${org}/test/{connection}/{test}/live`,
  `${org}/events/export`,
  `${org}/events/support-bundle/download`,
]

/** The route that a page of the table belongs to: the first that fits, as the router takes it. */
function routeOf(path: string): string | undefined {
  const fits = (route: string) => {
    const [own, asked] = [route.split('/'), path.split('/')]
    return (
      own.length === asked.length && own.every((part, i) => part === asked[i] || /^\{/.test(part))
    )
  }
  const routes = pages.filter(({ method }) => method === 'get').map(({ path: route }) => route)
  return routes.find((route) => route === path) ?? routes.find(fits)
}

/** Where a page of the table is in an organization. */
function addressOf(path: string, world: World): string {
  const values: Readonly<Record<string, string>> = { ...world, org: world.slug, key: 'team' }
  return `/console${path === '/' ? '' : path}`.replaceAll(/\{(\w+)\}/g, (_, name) => {
    const value = values[name]
    if (value === undefined) throw new Error(`${path} names what nothing was made for`)
    return value
  })
}

/** What a page and all that it brings weighed as it came over the network, in bytes. Runs in the page. */
const transferred = `['navigation', 'resource']
  .flatMap((type) => performance.getEntriesByType(type))
  .reduce((sum, { transferSize }) => sum + transferSize, 0)`

/** Whether an element is between the edges of the window. Runs in the page. */
function inSight(element: { getBoundingClientRect(): { left: number; right: number } }): boolean {
  const { left, right } = element.getBoundingClientRect()
  return left >= 0 && Math.round(right) <= 360
}

describe('every page of the console', () => {
  it('has its tab in sight on a telephone', async () => {
    const page = await openBrowser({ viewport: { width: 360, height: 740 } })
    await signInToConsole(page, '/console/o/contoso/settings')
    const tab = page.locator('.tabs [aria-current="page"]')
    await expect.poll(() => tab.evaluate(inSight)).toBe(true)
    expect(await page.evaluate('scrollY')).toBe(0)
  })

  it('is in this table, or is no page', () => {
    const known = new Set([...table.map(([path]) => routeOf(path)), ...others])
    const missing = pages.filter(({ method, path }) => method === 'get' && !known.has(path))
    expect(missing.map(({ path }) => path)).toEqual([])
  })

  it('has no violation, scrolls nowhere sideways, and is small at a first visit', {
    timeout: 300_000,
  }, async () => {
    const world = await furnished(openBrowser)
    for (const width of [1280, 390]) {
      const page = await openBrowser({ viewport: { width, height: 800 } })
      await signInToConsole(page, '/console')
      if (width === 1280) {
        // Nothing is kept from page to page: each is a first visit.
        const network = await page.context().newCDPSession(page)
        await network.send('Network.setCacheDisabled', { cacheDisabled: true })
      }
      for (const [path, query = '', name] of table) {
        const address = `${addressOf(path, world)}${query}`
        const answer = await page.goto(`${places.publicUrl}${address}`)
        expect([page.url(), answer?.status()]).toEqual([`${places.publicUrl}${address}`, 200])
        const bytes = await page.evaluate<number>(transferred)
        expect([address, bytes > 0 && bytes < heaviest]).toEqual([address, true])
        if (name !== undefined && width === 1280) await picture(page, name)
        for (const summary of await page.locator('summary').all()) await summary.click()
        await expectNoViolation(page, `${address} ${width}`)
        // Telephones are as narrow as this.
        const narrowest = width === 390 ? 360 : width
        await page.setViewportSize({ width: narrowest, height: 800 })
        const scrolled = await page.evaluate('document.documentElement.scrollWidth')
        expect([address, scrolled]).toEqual([address, narrowest])
        await page.setViewportSize({ width, height: 800 })
      }
    }
  })
})
