import { Hono } from 'hono/tiny'
import { openDatabase } from '../db/index.ts'
import type { AppContext, AppEnv } from '../http/index.ts'
import { toIso } from '../kernel/index.ts'
import { currentSession, type SessionDoor } from './current-session.ts'
import type { ActiveSession } from './session-store.ts'
import { signSessionToken } from './session-token.ts'
import { type StoredSigningKey, signingKeysQuery } from './signing-key-store.ts'

/** `GET /session` for the app's pages and `GET /.well-known/jwks.json` for its backends. */
export function sessionRoutes(door: SessionDoor) {
  const { keys } = door
  return new Hono<AppEnv>()
    .get('/session', (c) => answerSession(c, door))
    .get('/.well-known/jwks.json', async (c) => {
      const nowMs = c.get('nowMs')
      if (keys.isStaleForReaders(nowMs)) {
        const db = openDatabase(c.get('deps').d1, 'primary')
        keys.put((await signingKeysQuery(db, nowMs)) as readonly StoredSigningKey[], nowMs)
      }
      if (keys.published().length > 0) c.header('Cache-Control', 'public, max-age=300')
      c.header('Access-Control-Allow-Origin', '*')
      return c.json({ keys: keys.published().map((key) => key.publicJwk) })
    })
}

async function answerSession(c: AppContext, door: SessionDoor): Promise<Response> {
  const { config, d1 } = c.get('deps')
  const nowMs = c.get('nowMs')
  c.header('Vary', 'Cookie, Origin')
  const db = openDatabase(d1, 'primary')
  const found = await currentSession(c, db, door)
  if (!found.ok) return c.get('fail')(found.failure)
  const active = found.value
  if (active === null) return c.get('fail')({ code: 'session.none' })
  const origin = c.req.header('origin')
  const isListed = origin !== undefined && active.organization.appOrigins.includes(origin)
  if (isListed) {
    c.header('Access-Control-Allow-Origin', origin)
    c.header('Access-Control-Allow-Credentials', 'true')
  }
  const audience = c.req.query('audience') ?? (isListed ? origin : config.publicUrl)
  if (audience !== config.publicUrl && !active.organization.appOrigins.includes(audience)) {
    return c.get('fail')({ code: 'session.audience_unknown' }, { field: 'audience' })
  }
  const signer = await door.keys.signer(db, nowMs)
  if (!signer.ok) return c.get('fail')(signer.failure)
  const token = await signSessionToken(
    signer.value,
    {
      issuer: config.publicUrl,
      audience,
      organizationId: active.organization.id,
      personId: active.person.id,
      sessionId: active.session.id,
      sessionExpiresAtMs: active.session.expiresAt,
    },
    nowMs,
  )
  return c.json({ ...presentSession(active), token })
}

/** The session as the public surface shows it (DESIGN 3); fields may be added, never renamed. */
export function presentSession({ session, person, organization, access }: ActiveSession) {
  return {
    user: {
      id: person.id,
      userName: person.userName,
      externalId: person.externalId,
      active: person.active,
    },
    profile: person.profile,
    roles: access.roles,
    groups: access.groups,
    organization: { id: organization.id, slug: organization.slug, name: organization.name },
    connection: session.connectionId,
    createdAt: toIso(session.createdAt),
    expiresAt: toIso(session.expiresAt),
  }
}
