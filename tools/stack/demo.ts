import { type AdminApi, openAdminApi } from './admin-api.ts'
import { openSimulator, type SimulatorApp } from './simulator-api.ts'

/** What a person can try after `npm start`. */
export type Demo = {
  readonly organization: Organization
  readonly connection: Connection
  readonly users: readonly { readonly userName: string; readonly about: string }[]
}

type Organization = { readonly id: string; readonly slug: string; readonly name: string }
type Connection = {
  readonly id: string
  readonly status: string
  readonly entityId: string
  readonly acsUrl: string
  readonly loginUrl: string
  readonly logoutUrl: string
  readonly idp: { readonly ssoUrl: string }
}

/** Some of the simulator's people, one for each thing worth seeing. */
const users: Demo['users'] = [
  { userName: 'AdeleV@contoso.com', about: 'Adele Vance, retail manager' },
  { userName: 'AllanD@contoso.com', about: 'Allan Deyoung, with multi-factor authentication' },
  { userName: 'PradeepG@contoso.com', about: 'Pradeep Gupta, who has no mail' },
  { userName: 'IrvinS@contoso.com', about: 'Irvin Sayers, in more groups than a token can hold' },
  { userName: 'RaulR@contoso.com', about: 'Raul Razo, who is not assigned (AADSTS50105)' },
  { userName: 'DeliaD@contoso.com', about: 'Delia Dennis, whose account is disabled' },
]

/** The application's id in the simulator: always the same, so that a start finds it again. */
export const demoAppId = 'd0000000-0000-4000-8000-000000000001'

export type DemoPlaces = {
  /** Where Portico listens on this machine. */
  readonly localUrl: string
  readonly simulatorUrl: string
  readonly adminKey: string
}

/**
 * Connects the organization Contoso with the simulator, or mends what is there: with other ports the
 * application is registered anew and the connection reads its metadata again, so old data keeps working.
 */
export async function connectDemo({ localUrl, simulatorUrl, adminKey }: DemoPlaces): Promise<Demo> {
  const simulator = openSimulator(simulatorUrl)
  const api = openAdminApi(localUrl, adminKey)
  const app =
    (await simulator.findApp(demoAppId)) ??
    (await simulator.createApp({
      appId: demoAppId,
      displayName: 'Portico demo',
      assignments: [{ principal: 'All Contoso' }],
    }))
  const organization = await findOrganization(api)
  const connection = await findConnection(api, organization, app)
  await simulator.changeApp(demoAppId, {
    identifiers: [connection.entityId],
    replyUrls: [connection.acsUrl],
    signOnUrl: connection.loginUrl,
    logoutUrl: connection.logoutUrl,
  })
  return { organization, connection, users }
}

async function findOrganization(api: AdminApi): Promise<Organization> {
  return (
    (await api.get<Organization>('/organizations/contoso')) ??
    (await api.post<Organization>('/organizations', {
      slug: 'contoso',
      name: 'Contoso',
      domains: ['contoso.com'],
    }))
  )
}

async function findConnection(
  api: AdminApi,
  organization: Organization,
  { metadataUrl, ssoUrl }: SimulatorApp,
): Promise<Connection> {
  const path = `/organizations/${organization.id}/connections`
  const existing = await api.get<{ readonly items: readonly Connection[] }>(path)
  const found = existing?.items[0]
  if (found === undefined) {
    return api.post<Connection>(path, {
      name: 'Simulator',
      metadataUrl,
      allowIdpInitiated: true,
      status: 'active',
    })
  }
  // Whatever a person has changed about it stays, but for where the simulator is now.
  return found.idp.ssoUrl === ssoUrl
    ? found
    : api.patch<Connection>(`${path}/${found.id}`, { metadataUrl })
}
