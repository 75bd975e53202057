import { type Database, openDatabase } from '../../db/index.ts'
import {
  type AppContext,
  type HttpFailure,
  type Principal,
  parseCookies,
} from '../../http/index.ts'
import { equalBytes, limits, ok, type Result, sha256, sha256Hex, utf8 } from '../../kernel/index.ts'
import {
  type AccessCheck,
  type ActiveSession,
  accessHeader,
  consoleCookie,
  currentSession,
  loadConsoleSession,
  type OpenConsole,
  type SessionDoor,
  sessionCookie,
} from '../../session/index.ts'
import type { Visitor } from '../route.ts'

/** What recognizing needs beside the request. */
export type Entrance = { readonly door: SessionDoor; readonly checkAccess: AccessCheck }

type TooMany = Extract<HttpFailure, { readonly code: 'http.too_many_requests' }>

/** Somebody recognized; `session` is a person's own, and `null` as visitor means that they may not be here. */
export type Recognized =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'visitor'; readonly visitor: Visitor }
  /** Signed in, but not as an admin or operator; or long ago. */
  | { readonly kind: 'person'; readonly active: ActiveSession }

/**
 * Who a request comes from: a session of the console first, else a person's own session, whose roles are asked
 * at this moment, so that whoever loses the role or is denied is out with the next request.
 */
export async function recognize(
  c: AppContext,
  entrance: Entrance,
): Promise<Result<Recognized, TooMany>> {
  const db = openDatabase(c.get('deps').d1, 'primary')
  const visitor = await consoleVisitor(c, db, entrance)
  if (visitor !== null) return ok({ kind: 'visitor', visitor })
  const found = await currentSession(c, db, entrance.door)
  if (!found.ok) return found
  const active = found.value
  if (active === null) return ok({ kind: 'nobody' })
  const person = await personVisitor(c, active)
  return ok(person === null ? { kind: 'person', active } : { kind: 'visitor', visitor: person })
}

const tokenForm = /^[A-Za-z0-9_-]{43}$/

async function consoleVisitor(
  c: AppContext,
  db: Database,
  { checkAccess }: Entrance,
): Promise<Visitor | null> {
  const token = parseCookies(c.req.header('cookie')).get(consoleCookie)
  if (token === undefined || !tokenForm.test(token)) return null
  const nowMs = c.get('nowMs')
  const open = await loadConsoleSession(db, { tokenSha256: await sha256Hex(token), nowMs })
  if (open === null) return null
  const found = await principalOf(c, open, checkAccess)
  if (found === null) return null
  return {
    ...found,
    by: open.session.kind,
    csrf: await csrfOf(token),
    once: c.get('nonce'),
    confirmedAtMs: open.session.confirmedAt,
    sessionId: open.session.id,
    loginUrl: null,
  }
}

/** What a session stands for, while what opened it still counts; otherwise null. */
async function principalOf(
  c: AppContext,
  { session, link }: OpenConsole,
  checkAccess: AccessCheck,
): Promise<{ readonly principal: Principal; readonly name: string } | null> {
  switch (session.kind) {
    case 'key': {
      const { adminKeys } = c.get('deps').config
      const digests = await Promise.all(adminKeys.map((key) => sha256Hex(key)))
      const isHeld = digests.some((digest) => digest === session.keySha256)
      return isHeld
        ? { principal: { kind: 'operator', by: 'key', who: null }, name: 'Operator' }
        : null
    }
    case 'access': {
      const identity = await checkAccess(c.req.header(accessHeader), c.get('nowMs'))
      if (identity === null || identity.subject !== session.accessSubject) return null
      const principal = { kind: 'operator', by: 'access', who: identity.subject } as const
      return { principal, name: identity.email ?? 'Operator' }
    }
    case 'setup-link':
      return link === null
        ? null
        : {
            principal: {
              kind: 'setup-link',
              organizationId: link.organizationId,
              linkId: link.id,
              parts: link.parts,
            },
            name: 'Setup link',
          }
  }
}

/** A person as a visitor; null without a role for it, or when they signed in too long ago. */
async function personVisitor(c: AppContext, active: ActiveSession): Promise<Visitor | null> {
  const { session, person, organization, connection, access } = active
  const { operatorOrg, publicUrl } = c.get('deps').config
  if (c.get('nowMs') - session.createdAt >= limits.consoleSessionMs) return null
  // What a tester says of themselves is what is being tested. A recovery link has no connection.
  if (connection !== null && connection.status !== 'active') return null
  const isOperator = organization.id === operatorOrg && access.roles.includes('operator')
  if (!isOperator && !access.roles.includes('admin')) return null
  const token = parseCookies(c.req.header('cookie')).get(sessionCookie) ?? ''
  return {
    principal: isOperator
      ? { kind: 'operator', by: 'person', who: person.id }
      : { kind: 'admin', organizationId: organization.id, personId: person.id },
    by: 'person',
    name: String(person.profile['displayName'] ?? person.userName),
    csrf: await csrfOf(token),
    once: c.get('nonce'),
    // A provider signs in silently whom it knows: what counts is when it last asked.
    confirmedAtMs: Math.min(session.createdAt, session.authnAt ?? session.createdAt),
    sessionId: null,
    loginUrl:
      session.connectionId === null ? null : `${publicUrl}/saml/${session.connectionId}/login`,
  }
}

/** Of the cookie, which no other site can read, so nothing has to be kept for it. */
async function csrfOf(token: string): Promise<string> {
  return (await sha256Hex(`console form ${token}`)).slice(0, 32)
}

/** Whether a form carries the visitor's own token; takes the same time for every wrong one. */
export function isOwnForm(visitor: Visitor, given: string): boolean {
  return equalBytes(utf8(visitor.csrf), utf8(given.padEnd(visitor.csrf.length).slice(0, 64)))
}

/** The digest of the admin key that this is, or null. All keys are compared, digests only (authorize.ts). */
export async function adminKeyDigest(c: AppContext, given: string): Promise<string | null> {
  const { adminKeys } = c.get('deps').config
  const digest = await sha256(given)
  const matches = (await Promise.all(adminKeys.map((key) => sha256(key)))).map((key) =>
    equalBytes(key, digest),
  )
  return matches.includes(true) ? sha256Hex(given) : null
}
