import { Hono } from 'hono'
import { type AppInput, changeApp } from '../api/index.ts'
import {
  type App,
  activateCertificate,
  addCertificate,
  assign,
  createCertificate,
  deleteApp,
  deleteCertificate,
  findApp,
  findGroup,
  findUser,
  listApps,
  unassign,
} from '../directory/index.ts'
import { uuid } from '../keys/index.ts'
import { startFlow } from '../sign-in/index.ts'
import type { World } from '../world.ts'
import { appInputOf } from './app-form.ts'
import { AppPage } from './app-page.tsx'
import { AppsPage, TestPage } from './apps-page.tsx'
import { readForm } from './form.ts'

/** Lists, creates and changes enterprise applications, their certificates and assignments, and tests them. */
export function appPageRoutes(world: World): Hono {
  const { sql } = world
  const routes = new Hono()
  const show = (app: App, problem: string | null = null) => (
    <AppPage world={world} app={app} problem={problem} />
  )
  routes.get('/apps', (c) => c.html(<AppsPage apps={listApps(sql)} problem={null} />))
  routes.post('/apps', async (c) => {
    const form = await readForm(c)
    const appId = uuid()
    const url = form.text('spMetadataUrl')
    const input: AppInput = {
      displayName: form.text('displayName') || 'New application',
      assignments: [{ principal: 'All Contoso', role: null }].filter(
        () => findGroup(sql, 'All Contoso') !== null,
      ),
      ...(url === '' ? {} : { spMetadataUrl: url }),
    }
    const changed = await changeApp(world, appId, { input, base: null })
    if (changed.ok) return c.redirect(`/apps/${appId}`, 303)
    const page = <AppsPage apps={listApps(sql)} problem={changed.failure.problem} />
    return c.html(page, changed.failure.status)
  })
  routes.get('/apps/:id', (c) => {
    const app = findApp(sql, c.req.param('id'))
    return app === null ? c.notFound() : c.html(show(app))
  })
  routes.post('/apps/:id', async (c) => {
    const app = findApp(sql, c.req.param('id'))
    if (app === null) return c.notFound()
    const input = appInputOf(await readForm(c), app)
    if (!input.ok) return c.html(show(app, input.failure), 400)
    const changed = await changeApp(world, app.appId, { input: input.value, base: app })
    if (changed.ok) return c.redirect(`/apps/${app.appId}`, 303)
    return c.html(show(app, changed.failure.problem), changed.failure.status)
  })
  routes.post('/apps/:id/certificates', async (c) => {
    const app = findApp(sql, c.req.param('id'))
    if (app === null) return c.notFound()
    const form = await readForm(c)
    const nowMs = world.nowMs()
    if (form.isOn('create')) {
      const isExpired = form.text('create') === 'expired'
      const dayMs = 86_400_000
      const validity = { notBeforeMs: nowMs - 2 * dayMs, notAfterMs: nowMs - dayMs }
      const pair = await createCertificate(nowMs, isExpired ? validity : undefined)
      addCertificate(sql, app.appId, pair, nowMs)
    }
    if (form.isOn('activate')) activateCertificate(sql, app.appId, form.text('activate'))
    if (form.isOn('remove')) deleteCertificate(sql, app.appId, form.text('remove'))
    return c.redirect(`/apps/${app.appId}`, 303)
  })
  routes.post('/apps/:id/assignments', async (c) => {
    const app = findApp(sql, c.req.param('id'))
    if (app === null) return c.notFound()
    const form = await readForm(c)
    if (form.isOn('remove')) unassign(sql, app.appId, form.text('remove'))
    const principal = findUser(sql, form.text('add')) ?? findGroup(sql, form.text('add'))
    if (form.isOn('add') && principal === null) {
      return c.html(show(app, `There is no user or group “${form.text('add')}”.`), 400)
    }
    const roleId = app.appRoles.find(({ id }) => id === form.text('role'))?.id ?? null
    if (principal !== null) assign(sql, app.appId, { principalId: principal.id, roleId })
    return c.redirect(`/apps/${app.appId}`, 303)
  })
  routes.post('/apps/:id/delete', (c) => {
    deleteApp(sql, c.req.param('id'))
    return c.redirect('/apps', 303)
  })
  routes.get('/apps/:id/test', (c) => {
    const app = findApp(sql, c.req.param('id'))
    return app === null ? c.notFound() : c.html(<TestPage app={app} />)
  })
  routes.post('/apps/:id/test', async (c) => {
    const form = await readForm(c)
    return startFlow(c, world, {
      flow: { kind: 'unsolicited', appId: c.req.param('id') },
      loginHint: null,
      interaction: form.text('as') === 'other' ? 'always' : 'when-needed',
    })
  })
  return routes
}
