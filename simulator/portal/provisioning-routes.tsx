import { type Context, Hono } from 'hono'
import { mergeJob, onDemandRequest } from '../api/index.ts'
import { type App, findApp, findUser } from '../directory/index.ts'
import {
  changeJob,
  clearQuarantine,
  listLog,
  loadJob,
  newJob,
  provisionInTurn,
  restartJob,
  runCycleInTurn,
  startJob,
  stopJob,
  testConnection,
} from '../provisioning/index.ts'
import type { World } from '../world.ts'
import { readForm } from './form.ts'
import { jobInputOf } from './provisioning-form.ts'
import { ProvisioningPage, type Said } from './provisioning-page.tsx'
import { cycleText } from './provisioning-words.ts'

const shownLines = 50

type Button = (world: World, appId: string) => Promise<Said> | Said

const good = (text: string): Said => ({ text, isBad: false })
const bad = (text: string): Said => ({ text, isBad: true })

const buttons: Readonly<Record<string, Button>> = {
  'test-connection': async (world, appId) => {
    const tested = await testConnection(world, appId)
    if (!tested.ok) return bad(tested.failure)
    const { value } = tested
    if (value.ok) return good('The credentials are right: the application answered as it should.')
    return bad(`The test failed. ${value.code}: ${value.detail}`)
  },
  start: (world, appId) => {
    startJob(world, appId)
    return good('Started. The next cycle comes within a minute.')
  },
  stop: (world, appId) => {
    stopJob(world, appId)
    return good('Stopped.')
  },
  cycle: async (world, appId) => {
    const ran = await runCycleInTurn(world, appId)
    if (!ran.ok) return bad(ran.failure)
    const state = loadJob(world.sql, appId)?.state
    const text = state === undefined ? '' : cycleText(state)
    return ran.value.failed > 0 ? bad(text) : good(text)
  },
  restart: (world, appId) => {
    restartJob(world, appId, 'keep-links')
    return good('Restarted: the next cycle looks at everybody again, under the ids they have.')
  },
  'restart-full': (world, appId) => {
    restartJob(world, appId, 'full')
    return good('Restarted: all links are forgotten, and everybody is matched anew.')
  },
  'clear-quarantine': (world, appId) => {
    clearQuarantine(world, appId)
    return good('The quarantine is over.')
  },
}

/** The page "Provisioning" of an application. */
export function provisioningPageRoutes(world: World): Hono {
  const { sql } = world
  const routes = new Hono()
  const base = '/apps/:id/provisioning'
  const show = (c: Context, app: App, said: Said | null = null) => {
    const found = loadJob(sql, app.appId)
    const page = (
      <ProvisioningPage
        app={app}
        job={found?.job ?? newJob(app.appId)}
        state={found?.state ?? null}
        nowMs={world.nowMs()}
        said={said}
        log={listLog(sql, app.appId, { limit: shownLines })}
      />
    )
    return c.html(page, said?.isBad === true ? 400 : 200)
  }
  routes.get(base, (c) => {
    const app = findApp(sql, c.req.param('id'))
    return app === null ? c.notFound() : show(c, app)
  })
  routes.post(base, async (c) => {
    const app = findApp(sql, c.req.param('id'))
    if (app === null) return c.notFound()
    const job = loadJob(sql, app.appId)?.job ?? newJob(app.appId)
    const input = jobInputOf(await readForm(c), job)
    if (!input.ok) return show(c, app, bad(input.failure))
    const merged = mergeJob(job, input.value)
    if (!merged.ok) return show(c, app, bad(merged.failure.problem))
    changeJob(world, merged.value)
    return c.redirect(`/apps/${app.appId}/provisioning`, 303)
  })
  routes.post(`${base}/do`, async (c) => {
    const app = findApp(sql, c.req.param('id'))
    const button = buttons[(await readForm(c)).text('what')]
    if (app === null || button === undefined) return c.notFound()
    return show(c, app, await button(world, app.appId))
  })
  routes.post(`${base}/on-demand`, async (c) => {
    const app = findApp(sql, c.req.param('id'))
    if (app === null) return c.notFound()
    const form = await readForm(c)
    const who = form.text('who')
    const members = form.lines('members')
    const isUser = findUser(sql, who) !== null
    const request = onDemandRequest(
      world,
      isUser ? { user: who, members } : { group: who, members },
    )
    if (!request.ok) return show(c, app, bad(request.failure.problem))
    const done = await provisionInTurn(world, app.appId, request.value)
    if (!done.ok) return show(c, app, bad(done.failure))
    const steps = done.value.steps.map((step) => ({ ...step, atMs: world.nowMs() }))
    const text = `${done.value.result}, with ${done.value.requests} requests.`
    return show(c, app, { text, isBad: done.value.result === 'Failure', steps })
  })
  return routes
}
