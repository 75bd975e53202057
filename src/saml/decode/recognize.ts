import {
  type Bytes,
  base64Decode,
  base64UrlDecode,
  err,
  limits,
  ok,
  type Result,
  utf8,
} from '../../kernel/index.ts'
import { inflateRaw } from '../inflate.ts'
import { decodeQueryText } from '../redirect-query.ts'

/** How a message was brought: as it is, by the POST binding, or compressed by the Redirect binding. */
export type Carrier = 'xml' | 'post' | 'redirect'

export type Recognized =
  | { readonly kind: 'json'; readonly text: string }
  | {
      readonly kind: 'xml'
      readonly bytes: Bytes
      readonly carrier: Carrier
      /** The query as it was pasted, if there was one: its signature covers these octets. */
      readonly query: string | null
    }

export type RecognizeFailure = {
  readonly code: 'saml.bad_base64' | 'saml.inflate' | 'saml.bad_binding' | 'saml.body_too_large'
}

const parameter = /(?:^|[?&#;\s])(SAMLRequest|SAMLResponse)=([^&\s]*)/
const formField = /^<input\b[^<>]{0,500}\bvalue\s*=\s*"([^"]*)"/i

/**
 * Finds out what somebody pasted: XML, JSON, a form or its field, a URL or its query, or bare base64 of a message that is
 * compressed or not. Bounded: nothing is inflated beyond the cap, and nothing is read twice.
 */
export async function recognize(pasted: string): Promise<Result<Recognized, RecognizeFailure>> {
  const text = pasted.trim()
  const field = formField.exec(text)?.[1]
  if (field !== undefined) return fromBase64(field, null)
  if (text.startsWith('<')) return sized(utf8(text), 'xml', null)
  if (text.startsWith('{') || text.startsWith('[')) return ok({ kind: 'json', text })
  const [, , value] = parameter.exec(text) ?? []
  if (value === undefined) return fromBase64(text, null)
  const start = text.includes('?') ? text.indexOf('?') + 1 : 0
  const [query = ''] = text.slice(start).split('#', 1)
  return fromBase64(value, query)
}

async function fromBase64(
  encoded: string,
  query: string | null,
): Promise<Result<Recognized, RecognizeFailure>> {
  const bare = encoded.replace(/\s+/g, '')
  if (bare === '') return err({ code: 'saml.bad_binding' })
  // A plus sign that was not escaped stays one: no base64 has a space.
  const decoded = bare.includes('%') ? decodeQueryText(bare.replaceAll('+', '%2B')) : bare
  const octets = decoded === null ? null : decodeBase64(decoded.replace(/\s+/g, ''))
  if (octets === null || octets.length === 0) return err({ code: 'saml.bad_base64' })
  if (looksLikeXml(octets)) return sized(octets, 'post', query)
  const inflated = await inflateRaw(octets, limits.redirectMessageBytes)
  return inflated.ok ? sized(inflated.value, 'redirect', query) : err({ code: 'saml.inflate' })
}

function decodeBase64(text: string): Bytes | null {
  return base64Decode(text) ?? base64UrlDecode(text)
}

/** Whether octets begin as XML does, a byte order mark and blanks left out. */
function looksLikeXml(octets: Bytes): boolean {
  const start = octets[0] === 0xef && octets[1] === 0xbb && octets[2] === 0xbf ? 3 : 0
  for (let i = start; i < Math.min(octets.length, start + 64); i++) {
    if (octets[i] === 0x3c) return true
    if (![0x20, 0x09, 0x0a, 0x0d].includes(octets[i] ?? 0)) return false
  }
  return false
}

function sized(
  bytes: Bytes,
  carrier: Carrier,
  query: string | null,
): Result<Recognized, RecognizeFailure> {
  return bytes.length > limits.metadataBytes
    ? err({ code: 'saml.body_too_large' })
    : ok({ kind: 'xml', bytes, carrier, query })
}
