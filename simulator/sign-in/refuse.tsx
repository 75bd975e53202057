import type { Context } from 'hono'
import { recordSignIn } from '../directory/index.ts'
import { uuid } from '../keys/index.ts'
import { Layout } from '../pages/index.ts'
import { aadstsText, type Refusal } from '../saml/index.ts'
import type { World } from '../world.ts'

/** Answers with Entra's error page, and writes the log. */
export function refuse(
  c: Context,
  world: World,
  problem: { readonly refusal: Refusal; readonly appId?: string; readonly user?: string },
): Response | Promise<Response> {
  const { refusal } = problem
  const ids = { traceId: uuid(), correlationId: uuid() }
  const nowMs = world.nowMs()
  recordSignIn(
    world.sql,
    {
      what: 'refused',
      appId: problem.appId ?? null,
      user: problem.user ?? null,
      code: `AADSTS${refusal.code}`,
      detail: aadstsText(refusal),
      correlationId: ids.correlationId,
    },
    nowMs,
  )
  c.header('x-ms-request-id', ids.traceId)
  const timestamp = new Date(nowMs).toISOString().replace(/\.\d+/, '')
  return c.html(
    <Layout title="Sign in to your account">
      <p class="soft">Sign in</p>
      <h1>Sorry, but we’re having trouble signing you in.</h1>
      <p id="error">{aadstsText(refusal)}</p>
      <h2>Troubleshooting details</h2>
      <dl class="mono">
        <dt>Error Code</dt>
        <dd>{refusal.code}</dd>
        <dt>Request Id</dt>
        <dd>{ids.traceId}</dd>
        <dt>Correlation Id</dt>
        <dd>{ids.correlationId}</dd>
        <dt>Timestamp</dt>
        <dd>{timestamp}</dd>
      </dl>
      <p>
        <a href={`https://login.microsoftonline.com/error?code=${refusal.code}`}>
          About AADSTS{refusal.code}
        </a>
      </p>
    </Layout>,
    400,
  )
}
