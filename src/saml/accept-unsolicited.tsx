import { openDatabase } from '../db/index.ts'
import { type AppContext, isFromOurPage, parseCookies, readSmallForm } from '../http/index.ts'
import { sha256Hex } from '../kernel/index.ts'
import {
  currentSession,
  endSession,
  loadSession,
  openCookie,
  type SessionDoor,
  sealCookie,
  sessionSetCookie,
} from '../session/index.ts'
import type { SignInOutcome } from './finish-sign-in.ts'
import { leadOn } from './lead-on.tsx'
import type { OpenConnection } from './open-connection.ts'
import { ReplaceSessionPage } from './pages.tsx'

const cookieName = '__Host-portico_accept'
const purpose = 'accepted sign-in'
const acceptMs = 2 * 60 * 1000

type SignedIn = Extract<SignInOutcome, { kind: 'signed_in' }>

/**
 * An unsolicited response that the connection accepts directly. The ACS cannot see the Lax session cookie
 * (the POST came from another site), so the new session waits in a sealed cookie for a request of our own
 * site, which asks before it replaces somebody else's.
 */
export async function acceptUnsolicited(
  c: AppContext,
  open: OpenConnection,
  { outcome, returnTo }: { outcome: SignedIn; returnTo: string },
): Promise<Response> {
  const nowMs = c.get('nowMs')
  const sealed = await sealCookie(c.get('deps').config.keyRing, purpose, {
    value: {
      token: outcome.session.token,
      returnTo,
      maxAge: open.record.organization.sessionHours * 3600,
    },
    expiresAtMs: nowMs + acceptMs,
  })
  c.header('Set-Cookie', acceptCookie(sealed, acceptMs / 1000), { append: true })
  return c.redirect('/saml/accept', 303)
}

function acceptCookie(value: string, maxAgeSeconds: number): string {
  return `${cookieName}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}`
}

type Waiting = { readonly token: string; readonly returnTo: string; readonly maxAge: number }

/**
 * `GET` and `POST /saml/accept`: takes the waiting session, at once when nobody else is signed in here,
 * otherwise after the person chose. Whatever is not chosen ends.
 */
export async function takeAcceptedSession(c: AppContext, door: SessionDoor): Promise<Response> {
  const { config, d1 } = c.get('deps')
  const nowMs = c.get('nowMs')
  // Lax cookies travel with forms of other ports and subdomains of the same site.
  if (c.req.method === 'POST' && !isFromOurPage(c)) {
    return c.get('fail')({ code: 'session.cross_site' }, { audience: 'browser' })
  }
  const cookies = parseCookies(c.req.header('cookie'))
  const waiting = readWaiting(
    await openCookie(config.keyRing, purpose, { sealed: cookies.get(cookieName) ?? '', nowMs }),
  )
  if (waiting === null) return c.redirect('/', 303)
  const db = openDatabase(d1, 'primary')
  const { active: next } = await loadSession(db, {
    tokenSha256: await sha256Hex(waiting.token),
    nowMs,
  })
  if (next === null) return c.redirect('/', 303)
  const found = await currentSession(c, db, door)
  if (!found.ok) return c.get('fail')(found.failure, { audience: 'browser' })
  const current = found.value
  const isOther = current !== null && current.person.id !== next.person.id
  const choice = c.req.method === 'POST' ? (await readSmallForm(c.req.raw)).get('choice') : null
  if (isOther && choice !== 'switch' && choice !== 'keep') {
    return c.html(
      <ReplaceSessionPage
        nonce={c.get('nonce')}
        action="/saml/accept"
        current={current.person.userName}
        next={next.person.userName}
      />,
    )
  }
  c.header('Set-Cookie', acceptCookie('', 0), { append: true })
  if (isOther && choice === 'keep') {
    await endSession(db, next.organization.id, next.session.id)
    return c.redirect('/', 303)
  }
  if (current !== null) await endSession(db, current.organization.id, current.session.id)
  c.header('Set-Cookie', sessionSetCookie(waiting.token, waiting.maxAge), { append: true })
  return c.req.method === 'POST'
    ? leadOn(c, { url: waiting.returnTo, heading: `Signed in as ${next.person.userName}` })
    : c.redirect(waiting.returnTo, 303)
}

function readWaiting(value: Readonly<Record<string, unknown>> | null): Waiting | null {
  if (value === null) return null
  const { token, returnTo, maxAge } = value
  if (typeof token !== 'string' || typeof returnTo !== 'string' || typeof maxAge !== 'number') {
    return null
  }
  return { token, returnTo, maxAge }
}
