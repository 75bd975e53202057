import type { MiddlewareHandler } from 'hono'
import { type AppEnv, keyHolder, mayKnock } from '../http/index.ts'
import { type Bytes, equalBytes, sha256 } from '../kernel/index.ts'

/**
 * Lets the holder of an admin key in. Digests are compared, so the time it takes says nothing about a
 * key, and all keys are always compared. Only failed attempts are counted against the door's limit, so
 * nobody can lock the operator out.
 */
export function authorize(adminKeys: readonly string[]): MiddlewareHandler<AppEnv> {
  let digests: Promise<readonly Bytes[]> | null = null

  return async function requireAdminKey(c, next) {
    digests ??= Promise.all(adminKeys.map((key) => sha256(key)))
    const given = await sha256(bearerToken(c.req.header('authorization')))
    const matches = (await digests).map((digest) => equalBytes(digest, given))
    if (matches.includes(true)) {
      c.set('principal', keyHolder)
      await next()
      return
    }
    if (!(await mayKnock(c, 'admin', 'key'))) {
      return c.get('fail')({ code: 'http.too_many_requests' })
    }
    const headers = { 'WWW-Authenticate': 'Bearer realm="Portico Admin API"' }
    return c.get('fail')({ code: 'admin.unauthorized' }, { headers })
  }
}

/** The token of a Bearer header; an empty one, which is no key, when there is none. */
function bearerToken(header: string | undefined): string {
  return /^bearer +([\x21-\x7e]{1,1024})$/i.exec(header ?? '')?.[1] ?? ''
}
