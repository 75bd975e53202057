import {
  type App,
  type Certificate,
  findGroup,
  findUser,
  listAssignments,
  listCertificates,
} from '../directory/index.ts'
import { Layout, SelectField, TextField } from '../pages/index.ts'
import { idpUrls, issuerOf } from '../saml/index.ts'
import type { World } from '../world.ts'
import { AppFields } from './app-fields.tsx'

/** One application: what it must be told, its settings, certificates and assignments. */
export function AppPage(props: {
  readonly world: World
  readonly app: App
  readonly problem: string | null
}) {
  const { world, app } = props
  const urls = idpUrls(world.baseUrl)
  return (
    <Layout title={app.displayName} path="/apps">
      <h1>{app.displayName}</h1>
      {props.problem !== null && (
        <p class="bad" role="alert">
          {props.problem}
        </p>
      )}
      <p class="row">
        <a class="button" href={`/apps/${app.appId}/test`}>
          Test this application
        </a>
        <a class="button quiet" href={`/myapps/signin/${app.appId}`}>
          User access URL
        </a>
        <a class="button quiet" href={`/apps/${app.appId}/provisioning`}>
          Provisioning
        </a>
        <a class="button quiet" href={`/apps/${app.appId}/registration`}>
          API access
        </a>
      </p>
      <section>
        <h2>Set up the application</h2>
        <dl>
          <dt>Application ID</dt>
          <dd class="mono">{app.appId}</dd>
          <dt>Microsoft Entra identifier</dt>
          <dd class="mono">{issuerOf(app)}</dd>
          <dt>Login and logout URL</dt>
          <dd class="mono">{urls.saml2}</dd>
          <dt>App federation metadata URL</dt>
          <dd class="mono">
            <a href={urls.metadata(app.appId)}>{urls.metadata(app.appId)}</a>
          </dd>
        </dl>
      </section>
      <Certificates app={app} certificates={listCertificates(world.sql, app.appId)} />
      <Assignments world={world} app={app} />
      <form method="post" action={`/apps/${app.appId}`}>
        <AppFields app={app} />
        <button type="submit">Save</button>
      </form>
      <form method="post" action={`/apps/${app.appId}/delete`} style="margin-top:1.5rem">
        <button class="quiet" type="submit">
          Delete application
        </button>
      </form>
    </Layout>
  )
}

function Certificates(props: { readonly app: App; readonly certificates: readonly Certificate[] }) {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  return (
    <section>
      <h2>Signing certificates</h2>
      <form method="post" action={`/apps/${props.app.appId}/certificates`}>
        {props.certificates.map((one) => (
          <div class="row">
            <code>{one.thumbprint}</code>
            <span>
              {day(one.notBeforeMs)} to {day(one.notAfterMs)}
            </span>
            <span class="badge">{one.isActive ? 'Active' : 'Inactive'}</span>
            {!one.isActive && (
              <>
                <button class="quiet" type="submit" name="activate" value={one.thumbprint}>
                  Make active
                </button>
                <button class="quiet" type="submit" name="remove" value={one.thumbprint}>
                  Remove
                </button>
              </>
            )}
          </div>
        ))}
        <div class="row">
          <button class="quiet" type="submit" name="create" value="valid">
            New certificate
          </button>
          <button class="quiet" type="submit" name="create" value="expired">
            New expired certificate
          </button>
        </div>
      </form>
    </section>
  )
}

function Assignments({ world, app }: { readonly world: World; readonly app: App }) {
  const { sql } = world
  const action = `/apps/${app.appId}/assignments`
  return (
    <section>
      <h2>Users and groups</h2>
      <form method="post" action={action}>
        {listAssignments(sql, app.appId).map(({ principalId, roleId }) => (
          <div class="row">
            <button class="quiet" type="submit" name="remove" value={principalId}>
              Remove
            </button>
            <span>
              {findUser(sql, principalId)?.displayName ??
                findGroup(sql, principalId)?.displayName ??
                principalId}
            </span>
            <span class="badge">
              {app.appRoles.find(({ id }) => id === roleId)?.displayName ?? 'Default access'}
            </span>
          </div>
        ))}
      </form>
      <form method="post" action={action}>
        <div class="columns">
          <TextField
            name="add"
            label="Assign a user or group"
            hint="User principal name, group name or object ID"
            value=""
          />
          <SelectField
            name="role"
            label="Role"
            value=""
            options={[
              ['', 'Default access'],
              ...app.appRoles.map(({ id, displayName }) => [id, displayName] as const),
            ]}
          />
        </div>
        <div class="row">
          <button type="submit">Assign</button>
        </div>
      </form>
    </section>
  )
}
