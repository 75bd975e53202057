import { Hono } from 'hono'
import { type App, findApp } from '../directory/index.ts'
import {
  clientCertificate,
  loadRegistration,
  newSecret,
  permissions,
  type Registration,
  saveRegistration,
} from '../graph/index.ts'
import { CheckField, Layout, TextAreaField, TextField } from '../pages/index.ts'
import { err, ok, type Result } from '../result.ts'
import type { World } from '../world.ts'
import { type Form, readForm } from './form.ts'

const dayMs = 86_400_000

/** The page "API access" of an application: how it calls Microsoft Graph by itself, and what it may do there. */
export function registrationPageRoutes(world: World): Hono {
  const { sql } = world
  const routes = new Hono()
  const base = '/apps/:id/registration'
  const show = (app: App, problem: string | null = null) => (
    <RegistrationPage
      app={app}
      registration={loadRegistration(sql, app.appId)}
      nowMs={world.nowMs()}
      problem={problem}
    />
  )
  routes.get(base, (c) => {
    const app = findApp(sql, c.req.param('id'))
    return app === null ? c.notFound() : c.html(show(app))
  })
  routes.post(base, async (c) => {
    const app = findApp(sql, c.req.param('id'))
    if (app === null) return c.notFound()
    const before = loadRegistration(sql, app.appId)
    const changed = change(before, await readForm(c), world.nowMs())
    if (!changed.ok) return c.html(show(app, changed.failure), 400)
    saveRegistration(sql, app.appId, changed.value)
    return c.redirect(`/apps/${app.appId}/registration`, 303)
  })
  return routes
}

/** What one of the page's forms does; each has a button of its own. */
function change(before: Registration, form: Form, nowMs: number): Result<Registration, string> {
  if (form.isOn('grant')) {
    return ok({ ...before, permissions: permissions.filter((name) => form.isOn(name)) })
  }
  if (form.isOn('create')) {
    const days = form.number('days') ?? 180
    if (!Number.isFinite(days)) return err('The number of days is no number.')
    const secret = newSecret(form.orNull('secret'), nowMs + days * dayMs)
    return ok({ ...before, secrets: [...before.secrets, secret] })
  }
  if (form.isOn('register')) {
    const certificate = clientCertificate(form.text('certificate'))
    if (!certificate.ok) return err(`The certificate ${certificate.failure}.`)
    const { thumbprint } = certificate.value
    const others = before.certificates.filter((one) => one.thumbprint !== thumbprint)
    return ok({ ...before, certificates: [...others, certificate.value] })
  }
  const removed = form.text('remove')
  return ok({
    ...before,
    secrets: before.secrets.filter(({ id }) => id !== removed),
    certificates: before.certificates.filter(({ thumbprint }) => thumbprint !== removed),
  })
}

function RegistrationPage(props: {
  readonly app: App
  readonly registration: Registration
  readonly nowMs: number
  readonly problem: string | null
}) {
  const { app, registration, nowMs } = props
  const action = `/apps/${app.appId}/registration`
  const until = (ms: number) =>
    `${ms <= nowMs ? 'expired' : 'expires'} ${new Date(ms).toISOString().slice(0, 10)}`
  return (
    <Layout title={`API access: ${app.displayName}`} path="/apps">
      <h1>API access</h1>
      <p>
        How <a href={`/apps/${app.appId}`}>{app.displayName}</a> calls Microsoft Graph by itself,
        with application ID <code>{app.appId}</code>.
      </p>
      {props.problem !== null && (
        <p class="bad" role="alert">
          {props.problem}
        </p>
      )}
      <form method="post" action={action}>
        <fieldset>
          <legend>Granted application permissions</legend>
          {permissions.map((name) => (
            <CheckField
              name={name}
              label={name}
              checked={registration.permissions.includes(name)}
            />
          ))}
          <p class="soft">A token has those of the moment when it was made.</p>
        </fieldset>
        <button type="submit" name="grant" value="yes">
          Grant
        </button>
      </form>
      <form method="post" action={action}>
        <fieldset>
          <legend>Client secrets</legend>
          {registration.secrets.map(({ id, secret, expiresAtMs }) => (
            <div class="row">
              <code>{secret}</code>
              <span>{until(expiresAtMs)}</span>
              <button class="quiet" type="submit" name="remove" value={id}>
                Remove
              </button>
            </div>
          ))}
          <div class="columns">
            <TextField name="secret" label="New secret" value="" hint="Any when empty" />
            <TextField name="days" label="Days" value="180" hint="Below 0: expired" />
          </div>
        </fieldset>
        <button type="submit" name="create" value="yes">
          New client secret
        </button>
      </form>
      <form method="post" action={action}>
        <fieldset>
          <legend>Certificates</legend>
          {registration.certificates.map(({ thumbprint, notAfterMs }) => (
            <div class="row">
              <code>{thumbprint}</code>
              <span>{until(notAfterMs)}</span>
              <button class="quiet" type="submit" name="remove" value={thumbprint}>
                Remove
              </button>
            </div>
          ))}
          <TextAreaField name="certificate" label="Certificate, PEM or base64" value="" />
        </fieldset>
        <button type="submit" name="register" value="yes">
          Upload certificate
        </button>
      </form>
    </Layout>
  )
}
