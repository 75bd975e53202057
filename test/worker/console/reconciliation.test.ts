import { describe, expect, it } from 'vitest'
import { type Json, listOf, textOf } from '../admin/admin-client.ts'
import { manual } from '../admin/connection-world.ts'
import { runWorld } from '../reconcile/run-world.ts'
import { openConsole, operatorOf } from './console-world.ts'

const home = '/console/o/contoso/reconciliation'
/** Three people of a tenant whose Graph is connected, and a browser of an operator. */
async function tenantWorld() {
  const world = await runWorld()
  const ids: string[] = []
  for (const name of ['AdeleV', 'LynneR', 'MeganB']) {
    ids.push(await world.provision(`${name}@contoso.com`))
  }
  return { ...world, adele: ids[0] ?? '', browser: await operatorOf(world.api) }
}

async function openDrift({ api }: Pick<Awaited<ReturnType<typeof runWorld>>, 'api'>) {
  const { body } = await api.get('/organizations/contoso/drift?state=open&limit=200')
  return listOf(body, 'items')
}

describe('reconciliation', () => {
  it('says what to do while Graph is not connected', async () => {
    const world = openConsole()
    await world.api.post('/organizations', { slug: 'contoso', name: 'Contoso' })
    const browser = await world.operator()
    const page = await browser.get(home)
    expect(page.text).toContain('Microsoft Graph is not connected')
    expect(page.html).toContain('href="/console/o/contoso/setup?step=attributes.graph-app"')
    expect(page.text).toContain('No run yet')
    expect(page.text).not.toContain('Start now')
  })

  it('starts a dry run that writes nothing, and shows what it found', async () => {
    const { browser, profile, adele } = await tenantWorld()
    const before = await profile(adele)
    const started = await browser.post(home, { do: 'dry', full: 'true' }, home)
    expect([started.status, started.location]).toEqual([
      303,
      expect.stringMatching(/\/reconciliation\/runs\/run_\w+\?done=started$/),
    ])
    const page = await browser.get(started.location)
    expect(page.text).toContain('Dry run over everybody')
    expect(page.text).toMatch(/Value differs department/)
    expect(page.text).toContain('AdeleV@contoso.com')
    expect(page.text).toContain('would be repaired')
    // It is over, so nothing is asked again.
    expect(page.html).not.toContain('hx-trigger')
    expect(await profile(adele)).toEqual(before)
    const list = await browser.get(home)
    expect(list.text).toContain('Dry run over everybody by an admin')
  })

  it('shows how far a run is while it works, as a part that asks again', async () => {
    const world = await tenantWorld()
    const { browser, tenant } = world
    await tenant.api('PUT', '/graph/faults', [{ kind: 'delta', status: 429, retryAfter: 60 }])
    const run = await world.start()
    expect(run['status']).toBe('paused')
    const page = await browser.get(`${home}/runs/${textOf(run, 'id')}`)
    expect(page.html).toContain('hx-trigger="every 2s"')
    expect(page.html).toMatch(/<progress[^>]* value="\d+"/)
    const live = await browser.get(`${home}/runs/${textOf(run, 'id')}/live`)
    expect(live.html).toMatch(/^<div id="run"/)
    const ended = await browser.post(`${home}/runs/${textOf(run, 'id')}`, { do: 'cancel' }, home)
    expect(ended.location).toContain('done=run_ended')
    expect((await browser.get(ended.location)).text).toContain('ended by an admin')
  })

  it('lets an admin accept or dismiss what is only reported', async () => {
    const world = await tenantWorld()
    const { browser, adele } = world
    const policies = { attribute_different: 'report', person_missing: 'ignore' }
    await world.api.patch('/organizations/contoso/reconcile-settings', { policies })
    await world.start({ full: true })
    const page = await browser.get(home)
    expect(page.text).toContain('policy: report')
    const mine = (item: Json) => item['user'] === adele && item['attribute'] === 'title'
    expect(await world.profile(adele)).not.toHaveProperty('title')
    const drift = (await openDrift(world)).find(mine)
    const path = `${home}/drift/${textOf(drift ?? {}, 'id')}`
    const accepted = await browser.post(path, { do: 'accept', back: '/reconciliation' }, home)
    expect(accepted.location).toBe(`${home}?done=drift_accepted`)
    expect(await world.profile(adele)).toHaveProperty('title')
    const [other] = await openDrift(world)
    const run = textOf(other ?? {}, 'run')
    const dismissed = await browser.post(
      `${home}/drift/${textOf(other ?? {}, 'id')}`,
      { do: 'dismiss', back: `/reconciliation/runs/${run}` },
      home,
    )
    expect(dismissed.location).toBe(`${home}/runs/${run}?done=drift_dismissed`)
    const again = await browser.post(path, { do: 'accept' }, home)
    expect([again.status, again.text]).toEqual([
      409,
      expect.stringContaining('reconcile.drift_decided'),
    ])
  })

  it('shows what the brake holds, and does it or ends it', async () => {
    const world = await tenantWorld()
    const { browser, tenant, clock } = world
    await world.start({ full: true })
    for (const name of ['AdeleV', 'LynneR', 'MeganB']) {
      await tenant.api('PATCH', `/users/${name}@contoso.com`, { accountEnabled: false })
    }
    clock.ms += 60_000
    const run = await world.start()
    expect(run['status']).toBe('held')
    const list = await browser.get(home)
    expect(list.text).toContain('held by the brake')
    const path = `${home}/runs/${textOf(run, 'id')}`
    const page = await browser.get(path)
    expect(page.text).toContain('3 of 3 people within 24 hours would be deactivated.')
    expect(page.text).toContain('It is meant: do it')
    const second = await browser.post(home, { do: 'start' }, home)
    expect([second.status, second.text]).toEqual([
      409,
      expect.stringContaining('reconcile.run_unfinished'),
    ])
    const released = await browser.post(path, { do: 'release' }, path)
    expect(released.location).toBe(`${path}?done=run_released`)
    expect((await world.run(textOf(run, 'id')))['status']).toBe('done')
    const late = await browser.post(path, { do: 'release' }, path)
    expect([late.status, late.text]).toEqual([
      409,
      expect.stringContaining('only a run that the brake holds'),
    ])
  })

  it('changes schedule and policies, and only what was changed', async () => {
    const { browser, api } = await tenantWorld()
    const path = `${home}/settings`
    const page = await browser.get(path)
    expect(page.html).toContain('name="policies.value_unusable"')
    const fields = {
      ...{ isScheduled: 'true', everyMinutes: '60', 'brake.share': '12.5' },
      ...{ 'policies.person_missing': 'repair' },
    }
    const saved = await browser.post(path, fields, path)
    expect(saved.location).toBe(`${path}?done=saved`)
    const { body } = await api.get('/organizations/contoso/reconcile-settings')
    expect(body).toMatchObject({ everyMinutes: 60, brake: { share: 0.125, people: 5 } })
    expect((await browser.post(path, fields, path)).location).toBe(`${path}?done=unchanged`)
    const wrong = await browser.post(path, { ...fields, everyMinutes: '7' }, path)
    expect([wrong.status, wrong.html]).toEqual([
      400,
      expect.stringMatching(/id="everyMinutes-error">[^<]*15/),
    ])
  })

  it('is of one connection at a time where there are several', async () => {
    const { browser, api, connectionId } = await tenantWorld()
    const another = await api.post('/organizations/contoso/connections', {
      name: 'Another',
      manual,
    })
    const other = textOf(another.body, 'id')
    const page = await browser.get(`${home}?connection=${other}`)
    expect(page.text).toContain('Microsoft Graph is not connected')
    expect(page.html).toContain(`${home}?connection=${connectionId}`)
    expect((await browser.get(`${home}?connection=${connectionId}`)).text).toContain('Start now')
    const path = `${home}/settings`
    const fields = { connection: other, isScheduled: 'true', silentDays: '3' }
    const saved = await browser.post(path, fields, `${path}?connection=${other}`)
    expect(saved.location).toBe(`${path}?connection=${other}&done=saved`)
    const of = async (id: string) =>
      (await api.get(`/organizations/contoso/reconcile-settings?connection=${id}`)).body
    expect([await of(other), await of(connectionId)]).toMatchObject([
      { silentDays: 3 },
      { silentDays: 7 },
    ])
    expect((await browser.get(`${home}?connection=con_x`)).status).toBe(404)
  })
})
