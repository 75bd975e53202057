import { eventStatements } from '../activity/index.ts'
import { openDatabase, runBatch } from '../db/index.ts'
import { type AppContext, clientNetwork, parseCookies, readSmallForm } from '../http/index.ts'
import {
  type ActiveSession,
  currentSession,
  deleteSession,
  forgetSession,
  type SessionDoor,
  sessionCookie,
} from '../session/index.ts'
import type { Doors } from './acs-route.tsx'
import { newMessageId } from './authn-request.ts'
import { leadOn } from './lead-on.tsx'
import { buildLogoutRequest } from './logout-request.ts'
import { rememberLogout } from './logout-state.ts'
import type { OpenConnection } from './open-connection.ts'
import { redirectUrl } from './redirect-binding.ts'
import { checkReturnTo } from './return-to.ts'

/**
 * `POST /logout`: ends the session here first, then at the identity provider where it has a logout
 * address. `return_to` names where to go afterwards.
 */
export async function signOut(c: AppContext, doors: Doors, door: SessionDoor): Promise<Response> {
  const { config, d1 } = c.get('deps')
  const nowMs = c.get('nowMs')
  const db = openDatabase(d1, 'primary')
  const cookies = parseCookies(c.req.header('cookie'))
  const named = await currentSession(c, db, door)
  if (!named.ok) return c.get('fail')(named.failure, { audience: 'browser' })
  const active = named.value
  // A form of the app must not fail because the session ended by itself. Only a cookie that came is forgotten: a
  // form of another site brings none, and its answer would take the browser's away all the same.
  if (active === null) {
    if (cookies.has(sessionCookie)) c.header('Set-Cookie', forgetSession())
    return c.redirect('/', 303)
  }
  const { appOrigins } = active.organization
  const origin = c.req.header('origin')
  // Lax cookies travel with forms of other ports and subdomains of the same site.
  const isOurs = origin === undefined || origin === config.publicUrl || appOrigins.includes(origin)
  if (!isOurs) return c.get('fail')({ code: 'session.cross_site' }, { audience: 'browser' })
  c.header('Set-Cookie', forgetSession())
  const wanted = (await readSmallForm(c.req.raw)).get('return_to')
  const policy = { publicUrl: config.publicUrl, appOrigins }
  const returnTo =
    (wanted === null ? null : checkReturnTo(wanted, policy)) ?? `${config.publicUrl}/`
  await runBatch(db, [
    deleteSession(db, active.organization.id, active.session.id),
    ...eventStatements(
      db,
      {
        type: 'logout',
        outcome: 'success',
        organizationId: active.organization.id,
        ...(active.session.connectionId === null
          ? {}
          : { connectionId: active.session.connectionId }),
        personId: active.person.id,
        actor: 'person',
        requestId: c.get('requestId'),
        facts: { session: active.session.id },
      },
      { nowMs },
    ),
  ])
  const { connectionId } = active.session
  const found =
    connectionId === null ? null : await doors.connections.get(connectionId, clientNetwork(c))
  const open = found?.ok === true ? found.value : null
  const url = await identityProviderLogout(c, { active, open, returnTo })
  return url === null
    ? leadOn(c, { url: returnTo, heading: 'You are signed out' })
    : leadOn(c, { url, heading: `Signing you out of ${active.organization.name}` })
}

/** The address that ends the session at the identity provider, or null when it has none. */
async function identityProviderLogout(
  c: AppContext,
  input: { active: ActiveSession; open: OpenConnection | null; returnTo: string },
): Promise<string | null> {
  const { active, open, returnTo } = input
  const { session } = active
  if (open === null) return null
  const { sloUrl } = open.record.connection
  if (sloUrl === null || session.nameId === null) return null
  const requestId = newMessageId(c.get('deps').random)
  const state = { requestId, connectionId: open.saml.id, returnTo }
  const cookie = await rememberLogout(c.get('deps').config.keyRing, state, c.get('nowMs'))
  c.header('Set-Cookie', cookie, { append: true })
  const xml = buildLogoutRequest({
    id: requestId,
    issueInstantMs: c.get('nowMs'),
    destination: sloUrl,
    issuer: open.urls.entityId,
    nameId: {
      value: session.nameId,
      format: session.nameIdFormat,
      nameQualifier: null,
      spNameQualifier: null,
    },
    sessionIndexes: session.sessionIndex === null ? [] : [session.sessionIndex],
  })
  return redirectUrl({
    endpoint: sloUrl,
    kind: 'SAMLRequest',
    xml,
    ...(open.signing === null ? {} : { signingKey: open.signing.key }),
  })
}
