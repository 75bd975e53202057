import { randomBytes } from 'node:crypto'
import { type App, simulator } from './simulator.ts'
import { api } from './world.ts'

export type Connection = {
  readonly id: string
  readonly entityId: string
  readonly acsUrl: string
  readonly metadataUrl: string
  readonly loginUrl: string
  readonly logoutUrl: string
}

export type Joined = {
  readonly slug: string
  readonly connection: Connection
  readonly app: App
  changeConnection(change: Readonly<Record<string, unknown>>): Promise<void>
  changeApp(change: Readonly<Record<string, unknown>>): Promise<void>
}

/**
 * An organization of a test's own, connected with an application of its own in the simulator, so that
 * tests can change both.
 * @param name of both; something is added, so that a test can run again
 */
export async function joinOrganization(
  name: string,
  settings: {
    readonly connection?: Readonly<Record<string, unknown>>
    readonly app?: Readonly<Record<string, unknown>>
  } = {},
): Promise<Joined> {
  const slug = `${name}-${randomBytes(4).toString('hex')}`
  const app = await simulator<App>('POST', '/apps', {
    displayName: slug,
    assignments: [{ principal: 'All Contoso' }],
    ...settings.app,
  })
  await api.post('/organizations', { slug, name: slug })
  const path = `/organizations/${slug}/connections`
  const connection = await api.post<Connection>(path, {
    name: slug,
    metadataUrl: app.metadataUrl,
    status: 'active',
    ...settings.connection,
  })
  async function changeApp(change: Readonly<Record<string, unknown>>): Promise<void> {
    await simulator('PATCH', `/apps/${app.appId}`, change)
  }
  await changeApp({
    identifiers: [connection.entityId],
    replyUrls: [connection.acsUrl],
    logoutUrl: connection.logoutUrl,
  })
  return {
    slug,
    connection,
    app,
    changeApp,
    async changeConnection(change) {
      await api.patch(`${path}/${connection.id}`, change)
    },
  }
}
