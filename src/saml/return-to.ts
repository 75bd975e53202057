import { limits } from '../kernel/index.ts'

export type ReturnToPolicy = {
  /** Our own origin. */
  readonly publicUrl: string
  /** The organization's app origins, such as `https://app.example.com`. */
  readonly appOrigins: readonly string[]
}

/**
 * White space, control and invisible characters, which browsers drop (`/\t/host`), and the backslash, which
 * they read as a slash. Letters of any script may stand in a deep link.
 */
const unsafeCharacter = /[\p{C}\p{Z}\\]/u

/** A slash or backslash in disguise right after the first slash: some proxies decode it, then `//host` is left. */
const disguisedAuthority = /^\/+(%2f|%5c)/i

/**
 * Where a browser may be sent after a sign-in or sign-out: a path of our own origin, or a URL of an
 * allow-listed app origin. Everything else (another host, `//host`, `/\host`, a scheme such as
 * `javascript:`, credentials, control characters) is an open redirect and yields null, whereupon the
 * caller uses its default page (saml-security P15).
 * @returns the absolute URL, serialized; null when it is not allowed
 */
export function checkReturnTo(returnTo: string, policy: ReturnToPolicy): string | null {
  if (returnTo.length > limits.returnToLength || unsafeCharacter.test(returnTo)) return null
  const isPath = returnTo.startsWith('/') && !returnTo.startsWith('//')
  // `https:host` without slashes is relative to an https base, and the origin of `blob:https://app.example/…`
  // is that of the inner URL: so nothing but the two plain forms.
  if (!isPath && !/^https?:\/\/[^/]/i.test(returnTo)) return null

  const own = new URL(policy.publicUrl)
  const url = URL.parse(returnTo, own)
  if (url === null) return null
  if (url.username !== '' || url.password !== '') return null
  // `/.//host` resolves to the path `//host`: harmless as part of a URL, an open redirect on its own.
  if (url.pathname.startsWith('//') || disguisedAuthority.test(url.pathname)) return null

  const isAllowed = isPath
    ? url.origin === own.origin
    : url.origin === own.origin || policy.appOrigins.includes(url.origin)
  return isAllowed ? url.href : null
}
