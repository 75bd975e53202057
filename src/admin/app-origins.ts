import { type Config, isLoopback } from '../env.ts'
import { err, ok, type Result } from '../kernel/index.ts'
import type { FieldError } from './refusal.ts'

/**
 * Checks the origins of an app: scheme, host and port and nothing else; https, or localhost while Portico
 * itself is there.
 * @returns the origins as browsers write them, without repeats
 */
export function checkAppOrigins(
  texts: readonly string[],
  config: Config,
): Result<readonly string[], readonly FieldError[]> {
  const errors: FieldError[] = []
  const origins = texts.map((text, i) => {
    const url = URL.parse(text)
    const isOrigin = url !== null && (text === url.origin || text === `${url.origin}/`)
    const isSecure =
      url?.protocol === 'https:' || (config.loopback && isLoopback(url?.origin ?? ''))
    if (!isOrigin || !isSecure) {
      errors.push({
        field: `appOrigins.${i}`,
        message: 'must be an origin such as https://app.example.com, without a path',
      })
    }
    return url?.origin ?? ''
  })
  return errors.length > 0 ? err(errors) : ok([...new Set(origins)])
}

/** What an operator should know of origins that cannot work as they may hope. */
export function warnAboutOrigins(origins: readonly string[], publicUrl: string): string[] {
  return origins
    .filter((origin) => siteOf(origin) !== siteOf(publicUrl))
    .map(
      (origin) =>
        `${origin} is another site than ${publicUrl}: people can be returned to it, but its pages cannot read /session, because browsers keep the cookie back.`,
    )
}

/**
 * Scheme and the last two labels of a host. Sites that differ in these differ for certain; which ones
 * under a public suffix differ as well is for browsers to know.
 */
function siteOf(origin: string): string {
  const url = new URL(origin)
  return `${url.protocol}//${url.hostname.split('.').slice(-2).join('.')}`
}
