import { Hono } from 'hono/tiny'
import { eventStatements } from './activity/index.ts'
import { adminRoutes } from './admin/index.ts'
import { consoleRoutes } from './console/index.ts'
import { isOutage } from './db/index.ts'
import { registry } from './errors.ts'
import {
  type AppContext,
  type AppEnv,
  type Audience,
  answerFailure,
  type Deps,
  explainFailure,
  type Registry,
  requestContext,
} from './http/index.ts'
import { errorFields } from './kernel/index.ts'
import { samlRoutes } from './saml/index.ts'
import { oauthRoutes, scimRoutes } from './scim/index.ts'
import {
  createSessionDoor,
  type RecordRecovery,
  recoveryRoutes,
  sessionRoutes,
} from './session/index.ts'

/** Mounts the domains; the only `onError` and `notFound`. */
export function createApp(deps: Deps) {
  const door = createSessionDoor(deps.config.keyRing)
  const app = new Hono<AppEnv>()
  app.use(requestContext(deps))
  app.use(async function failures(c, next) {
    c.set('fail', (failure, options) => answerFailure(c, registry, failure, options))
    c.set('entryOf', (code) =>
      Object.hasOwn(registry, code) ? ((registry as Registry)[code] ?? null) : null,
    )
    c.set('explain', (failure) => explainFailure(c, registry, failure))
    await next()
  })
  app.use(scimRoutes(deps, registry))
  app.route('/oauth', oauthRoutes(deps))
  app.route('/', sessionRoutes(door))
  app.route('/', recoveryRoutes(recordRecovery))
  app.route('/', samlRoutes(deps, door))
  app.route('/api/v1', adminRoutes(deps.config))
  app.route('/console', consoleRoutes(deps, door))
  app.notFound((c) => c.get('fail')({ code: 'http.not_found' }, { audience: audienceOf(c) }))
  app.onError((error, c) => {
    const code = isOutage(error) ? 'store.unavailable' : 'http.internal'
    const { message, stack } = errorFields(error)
    deps.log('error', message, { request: c.get('requestId'), code, stack })
    return c.get('fail')(
      { code },
      { audience: audienceOf(c), retryUrl: c.req.method === 'GET' ? sameAgain(c) : '/' },
    )
  })
  return app
}

/** `session` knows no event log; here the two meet. */
const recordRecovery: RecordRecovery = (db, { linkId, ...who }, { requestId, nowMs, guard }) =>
  eventStatements(
    db,
    {
      type: 'recovery.used',
      outcome: 'success',
      organizationId: who.organizationId,
      personId: who.personId,
      actor: 'person',
      requestId,
      facts: { link: linkId },
    },
    { nowMs, guard },
  )

/** The same address once more, with its query; absolute, so that no path is read as a host. */
function sameAgain(c: AppContext): string {
  const { pathname, search } = new URL(c.req.url)
  return `${c.get('deps').config.publicUrl}${pathname}${search}`
}

const programPaths = /^\/(api|session|oauth|\.well-known)(\/|$)/

function audienceOf(c: AppContext): Audience {
  if (/^\/scim(\/|$)/i.test(c.req.path)) return 'scim'
  return programPaths.test(c.req.path) ? 'program' : 'browser'
}
