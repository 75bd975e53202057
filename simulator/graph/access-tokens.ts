import { numberIn, tenant, textIn } from '../directory/index.ts'
import { uuid } from '../keys/index.ts'
import type { World } from '../world.ts'
import { loadRegistration, type Permission } from './registration.ts'
import { loadGraphSettings } from './settings.ts'

export const graphResource = 'https://graph.microsoft.com'

/** Whom a call is from and what it may do. */
export type Caller = { readonly appId: string; readonly permissions: readonly Permission[] }

/**
 * Makes a token with the permissions that are granted at this moment: what is granted later needs another
 * one. It looks like Entra's, but its signature is nobody's business: only Graph reads it, and knows it.
 */
export function issueToken(world: World, appId: string) {
  const { sql } = world
  const now = Math.floor(world.nowMs() / 1000)
  const { permissions } = loadRegistration(sql, appId)
  const lifetime = loadGraphSettings(sql).tokenSeconds
  const claims = {
    aud: graphResource,
    iss: `https://sts.windows.net/${tenant.id}/`,
    iat: now,
    nbf: now,
    exp: now + lifetime,
    appid: appId,
    idtyp: 'app',
    roles: permissions,
    tid: tenant.id,
    uti: uuid(),
  }
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signature = Buffer.from(uuid() + uuid()).toString('base64url')
  const token = `${part({ typ: 'JWT', alg: 'RS256' })}.${part(claims)}.${signature}`
  sql.all(
    'INSERT INTO graph_tokens VALUES (?, ?, ?, ?)',
    token,
    appId,
    JSON.stringify(permissions),
    world.nowMs() + lifetime * 1000,
  )
  return {
    token_type: 'Bearer',
    expires_in: lifetime,
    ext_expires_in: lifetime,
    access_token: token,
  }
}

/** Whom a token was given to; null when it is none of ours, or has expired. */
export function callerOf({ sql, nowMs }: World, token: string): Caller | null {
  const [row] = sql.all('SELECT * FROM graph_tokens WHERE token = ?', token)
  if (row === undefined || numberIn(row, 'expires_at') <= nowMs()) return null
  return { appId: textIn(row, 'app_id'), permissions: JSON.parse(textIn(row, 'permissions')) }
}

/** Ends one token, or all. */
export function expireTokens({ sql }: World, token: string | null): void {
  if (token === null) sql.all('UPDATE graph_tokens SET expires_at = 0')
  else sql.all('UPDATE graph_tokens SET expires_at = 0 WHERE token = ?', token)
}
