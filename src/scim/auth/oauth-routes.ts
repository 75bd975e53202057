import { Hono } from 'hono/tiny'
import { createRefusalCounter } from '../../activity/index.ts'
import { openDatabase } from '../../db/index.ts'
import {
  type AppContext,
  type AppEnv,
  type Deps,
  inBackground,
  mayKnock,
} from '../../http/index.ts'
import { err, type Result } from '../../kernel/index.ts'
import { type Issued, issueToken, type Refused } from './issue-token.ts'
import { oauthErrors } from './oauth-errors.ts'
import { recordRefusedAttempt } from './record-refusal.ts'
import { createTenantKeys } from './tenant-keys.ts'
import { readTokenRequest } from './token-request.ts'

/** `POST /oauth/token` for SCIM clients, to be mounted at `/oauth`. */
export function oauthRoutes(deps: Deps) {
  const keys = createTenantKeys(deps)
  const refusals = createRefusalCounter()

  async function issue(c: AppContext): Promise<Result<Issued, Refused>> {
    // Before anything is read: neither a client id nor an assertion makes a stranger's attempt another one.
    if (!(await mayKnock(c, 'oauth', 'token'))) {
      const detail =
        'There were too many requests from your network. Wait for the seconds in Retry-After.'
      return err({ code: 'oauth.too_many_requests', detail })
    }
    const request = await readTokenRequest(c.req.raw)
    if (!request.ok) return request
    const db = openDatabase(deps.d1, 'primary')
    return issueToken(request.value, { db, deps, keys, nowMs: c.get('nowMs') })
  }

  /** An attempt in no client's name is a line of the log; any other one is an event too. */
  function record(c: AppContext, { client, code, reason, claims }: Refused): void {
    deps.log('warn', 'refused', { request: c.get('requestId'), code, client: client?.id, reason })
    if (client === undefined) return
    const { id, organizationId, connectionId } = client
    const attempt = recordRefusedAttempt(c, refusals, {
      type: 'oauth.token_refused',
      code,
      organizationId,
      connectionId,
      credentialId: id,
      facts: { client: id, ...(reason === undefined ? {} : { reason }) },
      ...(claims === undefined ? {} : { detail: { claims } }),
    })
    inBackground(c, attempt)
  }

  return new Hono<AppEnv>()
    .post('/token', async (c) => {
      // RFC 6749 5.1; Cache-Control: no-store is on every answer.
      c.header('Pragma', 'no-cache')
      const issued = await issue(c)
      if (issued.ok) return c.json(issued.value)
      record(c, issued.failure)
      return refuse(c, issued.failure)
    })
    .all('/token', (c) =>
      c.get('fail')({ code: 'http.method_not_allowed' }, { headers: { Allow: 'POST' } }),
    )
}

const retryAfter: Readonly<Record<number, string>> = { 429: '10', 503: '5' }

/** An error response (RFC 6749 5.2). Its description may hold no quotes, backslashes or other than ASCII. */
function refuse(c: AppContext, { code, detail }: Refused): Response {
  const { error, status } = oauthErrors[code]
  if (status === 401) c.header('WWW-Authenticate', 'Basic realm="Portico"')
  const seconds = retryAfter[status]
  if (seconds !== undefined) c.header('Retry-After', seconds)
  return c.json({ error, error_description: `${detail} (Reference ${c.get('requestId')})` }, status)
}
