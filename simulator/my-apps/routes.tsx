import { type Context, Hono } from 'hono'
import {
  type App,
  findApp,
  findUser,
  isAssigned,
  listAccounts,
  listApps,
  type User,
} from '../directory/index.ts'
import { Layout } from '../pages/index.ts'
import { browserOf, refuse, signOutEverywhere, startFlow } from '../sign-in/index.ts'
import type { World } from '../world.ts'

export function myAppsRoutes(world: World): Hono {
  const routes = new Hono()
  routes.get('/myapps', (c) => {
    const people = signedIn(c, world)
    const [person] = people
    if (person === undefined) return signInFirst(c, world)
    const apps = listApps(world.sql).filter(
      (app) => app.isVisible && isAssigned(world.sql, app.appId, person.id),
    )
    return c.html(<MyAppsPage people={people} apps={apps} />)
  })
  routes.get('/myapps/account', (c) => signInFirst(c, world))
  routes.get('/myapps/signin/:appId', (c) => {
    const app = findApp(world.sql, c.req.param('appId'))
    if (app === null) {
      const identifier = c.req.param('appId')
      return refuse(c, world, { refusal: { code: '700016', identifier, tenant: 'Contoso' } })
    }
    // With a sign-on URL the application is to ask for itself.
    if (app.signOnUrl !== null) return c.redirect(app.signOnUrl, 302)
    const flow = { kind: 'unsolicited', appId: app.appId } as const
    return startFlow(c, world, { flow, loginHint: null, interaction: 'when-needed' })
  })
  routes.post('/myapps/sign-out', (c) => signOutEverywhere(c, world))
  return routes
}

function signInFirst(c: Context, world: World): Response | Promise<Response> {
  const flow = { kind: 'my-apps' } as const
  return startFlow(c, world, { flow, loginHint: null, interaction: 'always' })
}

function signedIn(c: Context, world: World): readonly User[] {
  return listAccounts(world.sql, browserOf(c))
    .map(({ userId }) => findUser(world.sql, userId))
    .filter((user) => user !== null)
}

function MyAppsPage(props: { readonly people: readonly User[]; readonly apps: readonly App[] }) {
  const { people, apps } = props
  return (
    <Layout title="My Apps" path="/myapps">
      <h1>My Apps</h1>
      <p>
        Signed in as <strong>{people.map(({ displayName }) => displayName).join(' and ')}</strong>
      </p>
      {apps.length === 0 && <p class="soft">No application is assigned to this account.</p>}
      <ul class="tiles">
        {apps.map((app) => (
          <li>
            <a href={`/myapps/signin/${app.appId}`}>{app.displayName}</a>
          </li>
        ))}
      </ul>
      <div class="row">
        <a class="button quiet" href="/myapps/account">
          Use another account
        </a>
        <form method="post" action="/myapps/sign-out">
          <button class="quiet" type="submit">
            Sign out everywhere
          </button>
        </form>
      </div>
    </Layout>
  )
}
