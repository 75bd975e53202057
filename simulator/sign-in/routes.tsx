import { type Context, Hono } from 'hono'
import {
  findApp,
  findAppByIdentifier,
  listAccounts,
  listCertificates,
  resolveTenant,
  tenantKeys,
} from '../directory/index.ts'
import type { Result } from '../result.ts'
import {
  buildMetadata,
  type CheckedLogout,
  type CheckedRequest,
  checkAuthnRequest,
  checkLogoutRequest,
  decodePost,
  decodeRedirect,
  type ReceivedMessage,
  type Refusal,
} from '../saml/index.ts'
import type { World } from '../world.ts'
import { isElement, ns } from '../xml/index.ts'
import { browserOf } from './browser.ts'
import { answerError, unknownApp } from './complete.tsx'
import { chooseAccount } from './login.tsx'
import { refuse } from './refuse.tsx'
import { signOutFor } from './sign-out.tsx'
import { startFlow } from './start.tsx'

const metadataPath = '/federationmetadata/2007-06/federationmetadata.xml'

/** The endpoints of the tenant. Their paths are matched in any case, as Entra does. */
export function signInRoutes(world: World): Hono {
  const routes = new Hono()
  routes.all('/:tenant/*', async (c, next) => {
    const { pathname } = new URL(c.req.url)
    const [segment = ''] = pathname.slice(1).split('/')
    const path = pathname.slice(1 + segment.length).toLowerCase()
    if (path !== '/saml2' && path !== '/login' && path !== metadataPath) return next()
    const isCommon = segment.toLowerCase() === 'common'
    if (!isCommon && !resolveTenant(segment)) {
      return refuse(c, world, { refusal: { code: '90002', tenant: segment } })
    }
    if (path === metadataPath) return metadata(c, world, isCommon)
    if (path === '/login') return c.req.method === 'POST' ? chooseAccount(c, world) : next()
    return saml2(c, world)
  })
  return routes
}

async function metadata(c: Context, world: World, isCommon: boolean): Promise<Response> {
  const appId = isCommon ? undefined : c.req.query('appid')
  const app = appId === undefined ? null : findApp(world.sql, appId)
  if (appId !== undefined && app === null) {
    return refuse(c, world, { refusal: unknownApp(appId) })
  }
  const certificates =
    app === null
      ? await tenantKeys(world.sql, world.nowMs())
      : listCertificates(world.sql, app.appId)
  const of = isCommon ? 'common' : 'tenant'
  const xml = await buildMetadata({ baseUrl: world.baseUrl, of, app, certificates })
  return c.body(xml, 200, { 'Content-Type': 'application/xml; charset=utf-8' })
}

/** Requests to sign in and out, told apart by the message's name. */
async function saml2(c: Context, world: World): Promise<Response> {
  const received = await receive(c)
  if (!received.ok) return refuse(c, world, { refusal: received.failure })
  const message = received.value
  const context = {
    baseUrl: world.baseUrl,
    nowMs: world.nowMs(),
    findApp: (identifier: string) => findAppByIdentifier(world.sql, identifier),
  }
  if (isElement(message.root, ns.protocol, 'LogoutResponse')) {
    return refuse(c, world, { refusal: { code: '7500514' } })
  }
  if (isElement(message.root, ns.protocol, 'LogoutRequest')) {
    const logout = await checkLogoutRequest(message, context)
    if (!logout.ok) return refuse(c, world, { refusal: logout.failure })
    return signOut(c, world, { logout: logout.value, relayState: message.relayState })
  }
  const checked = await checkAuthnRequest(message, context)
  if (!checked.ok) return refuse(c, world, { refusal: checked.failure })
  return signIn(c, world, { ...checked.value, relayState: message.relayState })
}

/** With several people signed in Entra asks which of them it is. */
function signOut(
  c: Context,
  world: World,
  wish: { readonly logout: CheckedLogout; readonly relayState: string | null },
): Response | Promise<Response> {
  if (listAccounts(world.sql, browserOf(c)).length < 2) return signOutFor(c, world, wish)
  const flow = { kind: 'logout', appId: wish.logout.app.appId } as const
  return startFlow(c, world, { flow, loginHint: null, interaction: 'always' })
}

async function receive(c: Context): Promise<Result<ReceivedMessage, Refusal>> {
  if (c.req.method === 'GET') return decodeRedirect(new URL(c.req.url).search.slice(1))
  const form = await c.req.parseBody()
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  return decodePost({
    samlRequest: text(form['SAMLRequest']),
    relayState: text(form['RelayState']),
  })
}

function signIn(
  c: Context,
  world: World,
  checked: CheckedRequest & { readonly relayState: string | null },
): Response | Promise<Response> {
  const { request, app, acsUrl, relayState } = checked
  const flow = {
    kind: 'authn-request',
    appId: app.appId,
    acsUrl,
    requestId: request.id,
    audience: request.issuer,
    relayState,
    nameIdFormat: request.nameIdFormat,
    requestedContexts: request.requestedContexts,
    forceAuthn: request.forceAuthn,
  } as const
  if (request.spNameQualifier !== null) {
    const property = 'NameIdentifierPolicy/SPNameQualifier'
    return answerError(c, world, { flow, refusal: { code: '90011', property } })
  }
  const isSignedIn = listAccounts(world.sql, browserOf(c)).length > 0
  if (request.isPassive && (!isSignedIn || request.forceAuthn)) {
    return answerError(c, world, { flow, refusal: { code: '50058' } })
  }
  return startFlow(c, world, {
    flow,
    loginHint: c.req.query('login_hint') ?? null,
    interaction: request.forceAuthn ? 'always' : 'when-needed',
  })
}
