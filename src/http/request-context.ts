import type { MiddlewareHandler } from 'hono'
import { base64UrlEncode, newId } from '../kernel/index.ts'
import type { AppEnv, Deps } from './context.ts'

/**
 * Gives each request its reference number, its moment and its nonce, and each answer the headers that
 * every answer carries. Routes may have set a policy of their own; it is kept.
 */
export function requestContext(deps: Deps): MiddlewareHandler<AppEnv> {
  return async function withContext(c, next) {
    c.set('deps', deps)
    c.set('requestId', newId('req', deps.random))
    c.set('nowMs', deps.clock.nowMs())
    c.set('nonce', base64UrlEncode(deps.random(16)))
    await next()
    const { headers } = c.res
    headers.set('X-Request-Id', c.get('requestId'))
    headers.set('X-Content-Type-Options', 'nosniff')
    // Not `no-referrer`: under it a browser sends `Origin: null` with our own forms.
    headers.set('Referrer-Policy', 'same-origin')
    headers.set('Cross-Origin-Opener-Policy', 'same-origin')
    if (deps.config.publicUrl.startsWith('https:')) {
      headers.set('Strict-Transport-Security', 'max-age=63072000; includeSubDomains')
    }
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
    if (!headers.has('Content-Security-Policy')) {
      headers.set('Content-Security-Policy', contentSecurityPolicy({ nonce: c.get('nonce') }))
    }
  }
}

export type PagePolicy = {
  readonly nonce: string
  /** Origins besides our own that a form may go to, over every redirect that follows. */
  readonly formAction?: readonly string[]
  /** `none` unless the identity provider must be able to load the answer in a frame. */
  readonly frameAncestors?: readonly string[]
}

/** The policy of a page: nothing from elsewhere, inline parts only with this answer's nonce. */
export function contentSecurityPolicy(policy: PagePolicy): string {
  const ancestors = policy.frameAncestors ?? ["'none'"]
  return [
    "default-src 'none'",
    `style-src 'nonce-${policy.nonce}'`,
    `script-src 'nonce-${policy.nonce}'`,
    "img-src 'self' data:",
    `form-action ${["'self'", ...(policy.formAction ?? [])].join(' ')}`,
    `frame-ancestors ${ancestors.join(' ')}`,
    "base-uri 'none'",
  ].join('; ')
}
