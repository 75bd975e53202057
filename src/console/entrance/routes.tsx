import { Hono } from 'hono/tiny'
import { eventStatements } from '../../activity/index.ts'
import { always, openDatabase, runBatch } from '../../db/index.ts'
import { type AppContext, type AppEnv, actorOf, isFromOurPage, mayKnock } from '../../http/index.ts'
import { limits, sha256Hex } from '../../kernel/index.ts'
import {
  accessHeader,
  confirmConsoleSession,
  consoleSetCookie,
  createConsoleToken,
  endConsoleSession,
  findSetupLinkByToken,
  insertConsoleSession,
  markSetupLinkUsed,
  setupLinkUsable,
} from '../../session/index.ts'
import { noForm, readForm } from '../form.ts'
import type { FormFields, Visitor } from '../route.ts'
import { themeCookie } from '../show.tsx'
import { ConfirmPage, EnterPage, LoginPage, NotAdmittedPage } from './pages.tsx'
import { adminKeyDigest, type Entrance, isOwnForm, recognize } from './recognize.ts'

/** The ways into the console and out of it. */
export function entranceRoutes(entrance: Entrance) {
  return new Hono<AppEnv>()
    .get('/login', (c) => showLogin(c, entrance))
    .post('/login', (c) => enterByKey(c))
    .post('/login/access', (c) => enterByAccess(c, entrance))
    .get('/enter', (c) => EnterPage(c, null))
    .post('/enter', (c) => enterByLink(c))
    .get('/confirm', (c) => showConfirm(c, entrance))
    .post('/confirm', (c) => confirm(c, entrance))
    .post('/leave', (c) => leave(c, entrance))
    .post('/theme', (c) => chooseTheme(c))
}

/** Where to go on after entering: a page of the console and nothing else. */
export function nextPage(next: string | undefined): string {
  const isOwn = /^\/console(?:[/?][\w\-./?=&%~:+]*)?$/.test(next ?? '')
  // No way out by climbing, however it is written.
  const climbs = /\/\/|\.\.|%2e/i.test(next ?? '')
  return isOwn && next !== undefined && !climbs ? next : '/console'
}

async function showLogin(c: AppContext, entrance: Entrance): Promise<Response> {
  const next = nextPage(c.req.query('next'))
  const found = await recognize(c, entrance)
  if (!found.ok) return c.get('fail')(found.failure, { audience: 'browser' })
  if (found.value.kind === 'visitor') return c.redirect(next, 303)
  const identity = await entrance.checkAccess(c.req.header(accessHeader), c.get('nowMs'))
  if (found.value.kind === 'person') {
    return NotAdmittedPage(c, { active: found.value.active, next })
  }
  return LoginPage(c, { next, access: identity?.email ?? identity?.subject ?? null, problem: null })
}

/** Reads a form of these doors, which only our own pages may send: nobody is signed in to whom a token could belong. */
async function doorForm(c: AppContext): Promise<FormFields | Response> {
  if (!isFromOurPage(c)) {
    return c.get('fail')({ code: 'console.form_stale' }, { audience: 'browser' })
  }
  const form = await readForm(c)
  return form.ok ? form.value : c.get('fail')(form.failure, { audience: 'browser' })
}

async function enterByKey(c: AppContext): Promise<Response> {
  const form = await doorForm(c)
  if (form instanceof Response) return form
  const next = nextPage(form.text('next'))
  const keySha256 = await adminKeyDigest(c, form.text('key').trim())
  if (keySha256 === null) {
    // Only failures are counted, so that nobody can lock the operator out.
    if (!(await mayKnock(c, 'console', 'key'))) {
      return c.get('fail')({ code: 'http.too_many_requests' }, { audience: 'browser' })
    }
    const problem = c.get('explain')({ code: 'console.key_wrong' })
    return LoginPage(c, { next, access: null, problem })
  }
  return open(c, { kind: 'key', keySha256, confirmedAtMs: c.get('nowMs') }, next)
}

async function enterByAccess(c: AppContext, { checkAccess }: Entrance): Promise<Response> {
  const form = await doorForm(c)
  if (form instanceof Response) return form
  const identity = await checkAccess(c.req.header(accessHeader), c.get('nowMs'))
  if (identity === null) return c.redirect('/console/login', 303)
  const { subject, email, issuedAtMs } = identity
  return open(
    c,
    { kind: 'access', accessSubject: subject, email, confirmedAtMs: issuedAtMs },
    nextPage(form.text('next')),
  )
}

type Opened =
  | { readonly kind: 'key'; readonly keySha256: string; readonly confirmedAtMs: number }
  | {
      readonly kind: 'access'
      readonly accessSubject: string
      readonly email: string | null
      readonly confirmedAtMs: number
    }

/** Opens a session of the console for an operator. */
async function open(c: AppContext, opened: Opened, next: string): Promise<Response> {
  const { d1, random } = c.get('deps')
  const nowMs = c.get('nowMs')
  const db = openDatabase(d1, 'primary')
  const { token, ...row } = await createConsoleToken(random)
  const expiresAt = nowMs + limits.consoleSessionMs
  const { confirmedAtMs: confirmedAt, ...proof } = opened
  const who = opened.kind === 'access' ? opened.accessSubject : null
  await runBatch(db, [
    insertConsoleSession(
      db,
      { ...row, ...proof, createdAt: nowMs, expiresAt, confirmedAt },
      always,
    ),
    ...eventStatements(
      db,
      {
        type: 'console.entered',
        outcome: 'success',
        actor: actorOf({ kind: 'operator', by: opened.kind, who }),
        requestId: c.get('requestId'),
        facts: { by: opened.kind },
        ...(opened.kind === 'access' && opened.email !== null
          ? { detail: { email: opened.email } }
          : {}),
      },
      { nowMs },
    ),
  ])
  c.header('Set-Cookie', consoleSetCookie(token, limits.consoleSessionMs / 1000))
  return c.redirect(next, 303)
}

/** A setup link's secret becomes a session; the link stays usable, so that its work can be gone on with. */
async function enterByLink(c: AppContext): Promise<Response> {
  if (!(await mayKnock(c, 'console', 'link'))) {
    return c.get('fail')({ code: 'http.too_many_requests' }, { audience: 'browser' })
  }
  const form = await doorForm(c)
  if (form instanceof Response) return form
  const { d1, random } = c.get('deps')
  const nowMs = c.get('nowMs')
  const db = openDatabase(d1, 'primary')
  const link = await findSetupLinkByToken(db, await sha256Hex(form.text('token')))
  const unusable = c.get('explain')({ code: 'console.link_unusable' })
  if (link === null || link.revokedAt !== null || link.expiresAt <= nowMs) {
    return EnterPage(c, unusable)
  }
  const { token, ...row } = await createConsoleToken(random)
  const expiresAt = Math.min(nowMs + limits.consoleSessionMs, link.expiresAt)
  const { organizationId, id: linkId } = link
  const guard = setupLinkUsable({ linkId }, nowMs)
  await runBatch(db, [
    insertConsoleSession(
      db,
      {
        ...row,
        ...{ kind: 'setup-link', organizationId, setupLinkId: linkId },
        ...{ createdAt: nowMs, expiresAt, confirmedAt: nowMs },
      },
      guard,
    ),
    markSetupLinkUsed(db, linkId, nowMs, guard),
    ...eventStatements(
      db,
      {
        type: 'setup_link.used',
        outcome: 'success',
        organizationId,
        actor: `setup-link:${linkId}`,
        requestId: c.get('requestId'),
        facts: { link: linkId, name: link.name },
      },
      { nowMs, guard },
    ),
  ])
  c.header('Set-Cookie', consoleSetCookie(token, Math.floor((expiresAt - nowMs) / 1000)))
  return c.redirect('/console', 303)
}

async function showConfirm(c: AppContext, entrance: Entrance): Promise<Response> {
  const next = nextPage(c.req.query('next'))
  const visitor = await visitorOf(c, entrance)
  if (visitor instanceof Response) return visitor
  return ConfirmPage(c, { visitor, next, problem: null })
}

async function confirm(c: AppContext, entrance: Entrance): Promise<Response> {
  const visitor = await visitorOf(c, entrance)
  if (visitor instanceof Response) return visitor
  const form = await doorForm(c)
  if (form instanceof Response) return form
  const next = nextPage(form.text('next'))
  if (!isOwnForm(visitor, form.text('csrf'))) {
    return c.get('fail')({ code: 'console.form_stale' }, { audience: 'browser' })
  }
  const isOperator = visitor.principal.kind === 'operator'
  const digest = isOperator ? await adminKeyDigest(c, form.text('key').trim()) : null
  if (digest === null || visitor.sessionId === null) {
    if (!(await mayKnock(c, 'console', 'key'))) {
      return c.get('fail')({ code: 'http.too_many_requests' }, { audience: 'browser' })
    }
    const problem = c.get('explain')({ code: 'console.key_wrong' })
    return ConfirmPage(c, { visitor, next, problem })
  }
  const db = openDatabase(c.get('deps').d1, 'primary')
  await runBatch(db, [confirmConsoleSession(db, visitor.sessionId, c.get('nowMs'))])
  return c.redirect(next, 303)
}

/** The visitor, or the way to the door. */
async function visitorOf(c: AppContext, entrance: Entrance): Promise<Visitor | Response> {
  const found = await recognize(c, entrance)
  if (!found.ok) return c.get('fail')(found.failure, { audience: 'browser' })
  return found.value.kind === 'visitor' ? found.value.visitor : c.redirect('/console/login', 303)
}

/** Ends the console's session; a person's own session, which is the app's too, goes on. */
async function leave(c: AppContext, entrance: Entrance): Promise<Response> {
  const visitor = await visitorOf(c, entrance)
  if (visitor instanceof Response) return visitor
  const form = await doorForm(c)
  const fields = form instanceof Response ? noForm : form
  if (!isOwnForm(visitor, fields.text('csrf'))) {
    return c.get('fail')({ code: 'console.form_stale' }, { audience: 'browser' })
  }
  // Whoever came as a person has one session, the app's: it ends where the app's does.
  if (visitor.sessionId === null) return c.redirect('/', 303)
  const db = openDatabase(c.get('deps').d1, 'primary')
  await runBatch(db, [endConsoleSession(db, visitor.sessionId)])
  c.header('Set-Cookie', consoleSetCookie('', 0))
  return c.redirect('/console/login?done=signed_out', 303)
}

async function chooseTheme(c: AppContext): Promise<Response> {
  const form = await doorForm(c)
  if (form instanceof Response) return form
  const theme = form.text('theme')
  const isKnown = theme === 'light' || theme === 'dark'
  const secure = c.get('deps').config.publicUrl.startsWith('https:') ? '; Secure' : ''
  c.header(
    'Set-Cookie',
    `${themeCookie}=${isKnown ? theme : ''}; Path=/console; SameSite=Lax; Max-Age=${isKnown ? 31_536_000 : 0}${secure}`,
  )
  return c.redirect(nextPage(form.text('next')), 303)
}
