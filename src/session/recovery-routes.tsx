import { Hono } from 'hono/tiny'
import { type Database, type Guard, openDatabase, type Statement } from '../db/index.ts'
import {
  type AppContext,
  type AppEnv,
  FragmentForm,
  isFromOurPage,
  Layout,
  mayKnock,
  readBody,
} from '../http/index.ts'
import { decodeUtf8 } from '../kernel/index.ts'
import { type Redemption, redeemRecoveryLink } from './recovery-store.ts'
import { createSessionToken, sessionSetCookie } from './session-store.ts'

/** A form of one field with 43 characters. */
const formBytes = 1024

/** What the event log is told of a used link, in the batch that uses it. */
export type RecordRecovery = (
  db: Database,
  redemption: Redemption,
  context: { readonly requestId: string; readonly nowMs: number; readonly guard: Guard },
) => readonly Statement[]

/**
 * `/recover`: the way in that an operator gives an admin while the identity provider is broken. The secret
 * is in the fragment, which browsers send to nobody; the page moves it into a form, so that neither a log
 * nor a mail scanner that only follows links can use it up.
 */
export function recoveryRoutes(record: RecordRecovery) {
  return new Hono<AppEnv>()
    .get('/recover', (c) => c.html(<RecoveryPage nonce={c.get('nonce')} />))
    .post('/recover', (c) => redeem(c, record))
}

async function redeem(c: AppContext, record: RecordRecovery): Promise<Response> {
  if (!(await mayKnock(c, 'recover', ''))) {
    return c.get('fail')({ code: 'http.too_many_requests' }, { audience: 'browser' })
  }
  // A link of an attacker's own, posted from their page, would sign the person in as somebody else.
  if (!isFromOurPage(c)) {
    return c.get('fail')({ code: 'session.cross_site' }, { audience: 'browser' })
  }
  const { d1, random } = c.get('deps')
  const nowMs = c.get('nowMs')
  const body = await readBody(c.req.raw, formBytes)
  const token = new URLSearchParams((body && decodeUtf8(body)) ?? '').get('token') ?? ''
  const session = await createSessionToken(random)
  const db = openDatabase(d1, 'primary')
  const redeemed = await redeemRecoveryLink(db, {
    token,
    session,
    userAgent: c.req.header('user-agent')?.slice(0, 256) ?? null,
    nowMs,
    also: (redemption, guard) =>
      record(db, redemption, { requestId: c.get('requestId'), nowMs, guard }),
  })
  if (!redeemed.ok) return c.get('fail')(redeemed.failure, { audience: 'browser' })
  const seconds = Math.floor((redeemed.value.sessionExpiresAtMs - nowMs) / 1000)
  c.header('Set-Cookie', sessionSetCookie(session.token, seconds))
  return c.redirect('/', 303)
}

function RecoveryPage({ nonce }: { readonly nonce: string }) {
  return (
    <Layout title="Sign in with a recovery link" nonce={nonce}>
      <h1>Sign in with a recovery link</h1>
      <FragmentForm nonce={nonce} action="/recover" button="Sign in">
        <p>
          This link signs you in once, without your organization’s sign-in service. Only use it if
          you asked for it.
        </p>
      </FragmentForm>
    </Layout>
  )
}
