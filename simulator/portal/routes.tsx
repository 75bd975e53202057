import { Hono } from 'hono'
import { listSignIns } from '../directory/index.ts'
import { Layout } from '../pages/index.ts'
import type { World } from '../world.ts'
import { appPageRoutes } from './app-routes.tsx'
import { graphPageRoutes } from './graph-routes.tsx'
import { groupPageRoutes } from './group-routes.tsx'
import { HomePage } from './home-page.tsx'
import { provisioningPageRoutes } from './provisioning-routes.tsx'
import { registrationPageRoutes } from './registration-routes.tsx'
import { userPageRoutes } from './user-routes.tsx'

export function portalRoutes(world: World): Hono {
  const routes = new Hono()
  routes.get('/', (c) => c.html(<HomePage baseUrl={world.baseUrl} />))
  routes.get('/sign-ins', (c) => c.html(<SignInsPage records={listSignIns(world.sql, 100)} />))
  routes.route('/', userPageRoutes(world))
  routes.route('/', groupPageRoutes(world))
  routes.route('/', appPageRoutes(world))
  routes.route('/', provisioningPageRoutes(world))
  routes.route('/', registrationPageRoutes(world))
  routes.route('/', graphPageRoutes(world))
  return routes
}

function SignInsPage(props: { readonly records: ReturnType<typeof listSignIns> }) {
  return (
    <Layout title="Sign-in log" path="/sign-ins">
      <h1>Sign-in log</h1>
      {props.records.length === 0 && <p class="soft">Nothing has happened yet.</p>}
      <section>
        <table>
          <thead>
            <tr>
              <th>When</th>
              <th>What</th>
              <th>Who</th>
              <th>Detail</th>
            </tr>
          </thead>
          <tbody>
            {props.records.map((record) => (
              <tr>
                <td class="mono">{new Date(record.atMs).toISOString()}</td>
                <td class={record.code === null ? undefined : 'bad'}>
                  {record.code ?? record.what}
                </td>
                <td>{record.user ?? ''}</td>
                <td>
                  {record.detail}
                  <br />
                  <span class="soft mono">{record.correlationId}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Layout>
  )
}
