import type { App } from '../directory/index.ts'
import { Layout, TextField } from '../pages/index.ts'

export function AppsPage(props: {
  readonly apps: readonly App[]
  readonly problem: string | null
}) {
  return (
    <Layout title="Enterprise apps" path="/apps">
      <h1>Enterprise apps</h1>
      {props.problem !== null && (
        <p class="bad" role="alert">
          {props.problem}
        </p>
      )}
      <section>
        <table>
          <thead>
            <tr>
              <th>Name</th>
              <th>Identifier</th>
              <th>Application ID</th>
            </tr>
          </thead>
          <tbody>
            {props.apps.map((app) => (
              <tr>
                <td>
                  <a href={`/apps/${app.appId}`}>{app.displayName}</a>
                </td>
                <td class="mono">{app.identifiers.join(' ')}</td>
                <td class="mono">{app.appId}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {props.apps.length === 0 && <p class="soft">There is none yet.</p>}
      </section>
      <form method="post" action="/apps">
        <fieldset>
          <legend>New application</legend>
          <TextField name="displayName" label="Name" value="" required />
          <TextField
            name="spMetadataUrl"
            label="Metadata URL of the service provider"
            hint="Identifier, reply URL and logout URL are taken from there. Or fill them in afterwards."
            type="url"
            value=""
          />
          <div class="row">
            <button type="submit">Create</button>
          </div>
        </fieldset>
      </form>
    </Layout>
  )
}

/** "Test single sign-on": a sign-in that the application did not ask for. */
export function TestPage({ app }: { readonly app: App }) {
  const action = `/apps/${app.appId}/test`
  return (
    <Layout title={`Test ${app.displayName}`} path="/apps">
      <h1>Test single sign-on with {app.displayName}</h1>
      {app.requireSignedRequests ? (
        <p class="bad" role="alert">
          This application requires signed requests, so the test is not available: start from the
          application instead.
        </p>
      ) : (
        <>
          <p>This signs in without being asked by the application, as a tile in My Apps does.</p>
          <form method="post" action={action}>
            <div class="row">
              <button type="submit">Sign in as current user</button>
              <button class="quiet" type="submit" name="as" value="other">
                Sign in as someone else
              </button>
            </div>
          </form>
        </>
      )}
      <p>
        <a href={`/apps/${app.appId}`}>Back to {app.displayName}</a>
      </p>
    </Layout>
  )
}
