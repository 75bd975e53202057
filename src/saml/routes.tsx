import { Hono } from 'hono/tiny'
import { createRefusalCounter, createSignInTimes } from '../activity/index.ts'
import {
  type AppContext,
  type AppEnv,
  clientNetwork,
  type Deps,
  isNavigation,
  isPrefetch,
  mayKnock,
} from '../http/index.ts'
import { base64Decode, err, isId, type Result } from '../kernel/index.ts'
import type { SessionDoor } from '../session/index.ts'
import { takeAcceptedSession } from './accept-unsolicited.tsx'
import { allowedReturnTo, type Doors, receiveAtAcs } from './acs-route.tsx'
import { checkUsable } from './connection.ts'
import { createConnectionCache, type NoConnection } from './connection-cache.ts'
import { leadToSignIn, showHome } from './home-route.tsx'
import { writeSpMetadata } from './metadata-write.ts'
import type { OpenConnection } from './open-connection.ts'
import { signOut } from './sign-out-route.ts'
import { receiveAtSlo } from './slo-route.tsx'
import { startSignIn } from './start-sign-in.tsx'
import { beginTest, showEnd, showStart } from './test-sign-in/test-routes.tsx'

const maxHintLength = 320

/** The doors of the service provider, and the pages around them. */
export function samlRoutes(deps: Deps, door: SessionDoor) {
  const doors: Doors = {
    connections: createConnectionCache(deps),
    refusals: createRefusalCounter(),
    times: createSignInTimes(),
  }
  return new Hono<AppEnv>()
    .get('/', (c) => showHome(c, door))
    .post('/', (c) => leadToSignIn(c))
    .post('/logout', (c) => signOut(c, doors, door))
    .get('/saml/accept', (c) => takeAcceptedSession(c, door))
    .post('/saml/accept', (c) => takeAcceptedSession(c, door))
    .use('/saml/:connection/*', async function onlyConnections(c, next) {
      // What has not the form of an id is nobody's: no call to the database for it.
      if (isId('con', c.req.param('connection'))) return next()
      return c.get('fail')({ code: 'saml.connection_not_found' }, { audience: 'browser' })
    })
    .get('/saml/:connection/login', (c) => login(c, doors))
    .get('/saml/:connection/metadata', (c) => metadata(c, doors))
    .get('/saml/:connection/test', (c) => showStart(c))
    .post('/saml/:connection/test', (c) => beginTest(c))
    .get('/saml/:connection/test/:test', (c) => showEnd(c))
    .all('/saml/:connection/acs', (c) => receiveAtAcs(c, doors))
    .get('/saml/:connection/slo', (c) => receiveAtSlo(c, doors))
    .post('/saml/:connection/slo', (c) => receiveAtSlo(c, doors))
}

/** The connection that the path names, unless its door is knocked on too often. */
async function atDoor(
  c: AppContext,
  doors: Doors,
  door: 'login' | 'metadata',
): Promise<Result<OpenConnection, NoConnection>> {
  const connectionId = c.req.param('connection') ?? ''
  return (await mayKnock(c, door, connectionId))
    ? doors.connections.get(connectionId, clientNetwork(c))
    : err({ code: 'http.too_many_requests' })
}

/** `GET /saml/{connection}/login?return_to=&login_hint=`: starts a sign-in. */
async function login(c: AppContext, doors: Doors): Promise<Response> {
  // A sign-in that nobody wants yet leaves no cookie. A 204 would be shown when the person does go there.
  if (isPrefetch(c)) return c.body(null, 503)
  if (!isNavigation(c)) {
    return c.get('fail')({ code: 'saml.not_a_navigation' }, { audience: 'browser' })
  }
  const found = await atDoor(c, doors, 'login')
  if (!found.ok) return c.get('fail')(found.failure, { audience: 'browser' })
  const open = found.value
  const unusable = checkUsable(open.saml)
  if (unusable !== null) return c.get('fail')(unusable, { audience: 'browser' })
  const hint = c.req.query('login_hint') ?? ''
  return startSignIn(c, open, {
    returnTo: allowedReturnTo(c, open, c.req.query('return_to') ?? null),
    loginHint: hint === '' || hint.length > maxHintLength ? null : hint,
    forceAuthn: c.req.query('force') === 'true',
  })
}

/** `GET /saml/{connection}/metadata`: what an admin uploads to the identity provider. */
async function metadata(c: AppContext, doors: Doors): Promise<Response> {
  const found = await atDoor(c, doors, 'metadata')
  if (!found.ok) return c.get('fail')(found.failure, { audience: 'browser' })
  const open = found.value
  c.header('Content-Type', 'application/samlmetadata+xml')
  c.header('Content-Disposition', `inline; filename="portico-${open.record.connection.id}.xml"`)
  c.header('Cache-Control', 'public, max-age=300')
  return c.body(
    writeSpMetadata({
      entityId: open.urls.entityId,
      acsUrl: open.urls.acsUrl,
      sloUrl: open.urls.sloUrl,
      signsRequests: open.record.connection.signRequests,
      signingCertificates: published(open, 'signing'),
      encryptionCertificates: published(open, 'encryption'),
    }),
  )
}

/** Our certificates for a purpose, the one in use first, then the one that comes next. */
function published(open: OpenConnection, purpose: 'signing' | 'encryption'): readonly Uint8Array[] {
  return (['active', 'next'] as const).flatMap((state) =>
    open.record.keys
      .filter((key) => key.purpose === purpose && key.state === state)
      .flatMap((key) => base64Decode(key.certificate) ?? []),
  )
}
