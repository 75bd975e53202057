import { describe, expect, it } from 'vitest'
import { startProvisioning } from './provisioning-world.ts'
import { scimError, scimUrl } from './scim-stand-in.ts'
import { appId, openBrowser, unescapeHtml } from './simulator.ts'

const path = `/apps/${appId}/provisioning`

async function openPage(assigned?: readonly string[]) {
  const world = await startProvisioning({}, assigned)
  const browser = openBrowser(world.simulator)
  const text = async (response: Response) => unescapeHtml(await response.text())
  return {
    ...world,
    browser,
    page: async () => text(await browser.get(path)),
    press: async (what: string) => text(await browser.post(`${path}/do`, { what })),
    demand: async (fields: Record<string, string>) =>
      text(await browser.post(`${path}/on-demand`, fields)),
  }
}

describe('the page Provisioning', () => {
  it('says how the job is, and its buttons do what they say', async () => {
    const { page, press, target } = await openPage()
    expect(await page()).toMatch(/Not started\. Test the connection, then start\./)
    expect(await press('test-connection')).toMatch(/answered as it should/)
    expect(await press('start')).toMatch(/Started: the next cycle is an initial one/)
    expect(await press('cycle')).toMatch(
      /Initial cycle at .*: 3 created, 2 members added; \d+ requests/,
    )
    expect(await press('cycle')).toMatch(/Incremental cycle at .*: nothing to do; 0 requests/)
    expect(await press('stop')).toMatch(/Stopped: changes are collected/)
    expect(await press('restart')).toMatch(/under the ids they have/)
    target.faults.push(() => scimError(401, 'The token was revoked.'))
    expect(await press('test-connection')).toMatch(/The test failed.*The token was revoked\./)
    await press('restart-full')
    expect(await press('cycle')).toMatch(/In quarantine since .*: The token was revoked\./)
    target.faults.length = 0
    expect(await press('clear-quarantine')).toMatch(/The quarantine is over/)
    expect(await page()).toMatch(/CredentialValidationFailure/)
  })

  it('provisions on demand and shows the steps', async () => {
    const { demand } = await openPage()
    expect(await demand({ who: 'AdeleV@contoso.com' })).toMatch(/Success, with 2 requests/)
    expect(await demand({ who: 'Retail', members: 'AdeleV@contoso.com' })).toMatch(/1 member added/)
    expect(await demand({ who: 'Nobody' })).toMatch(/There is no group Nobody/)
  })

  it('saves what the form says, and keeps what it says already', async () => {
    const { browser, job, set } = await openPage()
    await set({
      customMapping: [{ target: 'userType', source: 'userType', apply: 'create' }],
      scopingFilters: [[{ attribute: 'department', operator: 'NOT EQUALS', value: 'HR' }]],
    })
    const before = await job()
    const fields = {
      tenantUrl: scimUrl,
      kind: 'token',
      token: 'secret',
      scope: 'assigned',
      externalIdSource: 'mailNickname',
      userMatching: 'userName',
      groupMatching: 'displayName',
      customMapping: 'userType = userType',
      scopingFilters: 'department NOT EQUALS HR',
      provisionsGroups: 'on',
      supportsSoftDelete: 'on',
    }
    expect((await browser.post(path, fields)).status).toBe(303)
    expect(await job()).toEqual(before)
    await browser.post(path, {
      ...fields,
      kind: 'client-credentials',
      tokenUrl: 'http://localhost:8787/oauth/token',
      clientId: 'c',
      clientSecret: 's',
      sentIn: 'both',
    })
    expect((await job()).credentials).toMatchObject({ kind: 'client-credentials', sentIn: 'both' })
    const wrong = await browser.post(path, { ...fields, customMapping: 'x = Nope([mail])' })
    expect([wrong.status, await wrong.text()]).toEqual([
      400,
      expect.stringMatching(/no function Nope/),
    ])
    expect((await browser.post(path, { ...fields, tenantUrl: 'x' })).status).toBe(400)
  })

  it('is there before anything is set up, and links from the application', async () => {
    const { simulator, browser } = await openPage()
    await simulator.api('DELETE', path)
    expect((await browser.get(path)).status).toBe(200)
    expect(await (await browser.get(`/apps/${appId}`)).text()).toContain(`href="${path}"`)
  })
})

describe('deleted users', () => {
  it('are listed, restored and deleted for ever in the pages', async () => {
    const { browser, call } = await openPage()
    const id = 'a0000000-0000-4000-8000-000000000001'
    await browser.post(`/users/${id}/delete`, {})
    expect(await (await browser.get('/users')).text()).toContain('Delete permanently')
    await browser.post(`/deleted-users/${id}`, { restore: 'yes' })
    expect((await call('GET', `/users/${id}`)).groups.length).toBeGreaterThan(0)
    await browser.post(`/users/${id}/delete`, {})
    await browser.post(`/deleted-users/${id}`, { purge: 'yes' })
    expect((await call('GET', '/deleted-users')).items).toEqual([])
    expect((await browser.post(`/deleted-users/${id}`, {})).status).toBe(404)
  })
})
