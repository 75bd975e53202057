import { err, limits, ok, type Result } from '../kernel/index.ts'

export type UrlDefect = 'not_a_url' | 'scheme' | 'credentials'

export type UrlPolicy = {
  /** Whether `http://localhost` and `http://127.0.0.1` count as secure: only while PUBLIC_URL is on localhost. */
  readonly allowLoopback: boolean
}

const printableAscii = /^[\x21-\x5b\x5d-\x7e]+$/

/**
 * Whether a text is an absolute https URL without credentials, as every URL of an identity provider must
 * be (row D03). `javascript:` and friends would run in our page when a form posts to them.
 * @returns the parsed URL, or what is wrong with it
 */
export function checkEndpointUrl(text: string, policy: UrlPolicy): Result<URL, UrlDefect> {
  if (text.length > limits.urlLength || !printableAscii.test(text)) return err('not_a_url')
  const url = URL.parse(text)
  if (url === null) return err('not_a_url')
  const isLoopback =
    url.protocol === 'http:' && (url.hostname === 'localhost' || url.hostname === '127.0.0.1')
  if (url.protocol !== 'https:' && !(policy.allowLoopback && isLoopback)) return err('scheme')
  // URL parsers mend `https:host` and `https:///host`; a text that needs mending is not what anybody meant.
  if (!/^https?:\/\/[^/?#]/i.test(text) || url.hash !== '') return err('not_a_url')
  // Looked for in the text: an empty user name leaves no trace in the parsed URL.
  const authority = text.slice(text.indexOf('//') + 2).split(/[/?#]/, 1)[0] ?? ''
  return authority.includes('@') ? err('credentials') : ok(url)
}
