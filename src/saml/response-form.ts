import {
  type Bytes,
  base64Decode,
  concatBytes,
  decodeUtf8,
  err,
  limits,
  ok,
  type Result,
} from '../kernel/index.ts'
import type { TransportFailure } from './response-failure.ts'

/** What came by the POST binding, decoded and nothing more. */
export type PostedResponse = {
  /** The octets of the XML, unparsed. */
  readonly message: Bytes
  /** Opaque; never more than a hint, since nobody signed it. */
  readonly relayState: string | null
}

const formType = 'application/x-www-form-urlencoded'
/** What another reader could take for a parameter of the binding: `SAMLResponse[]`, `samlrequest`. */
const lookalike = /samlrequest|samlresponse|samlart|relaystate|samlencoding/i

/**
 * Reads a response from a request at the ACS (SAML Bindings 3.5.4; rows T01 to T06), strictly: one
 * parameter, one place, one spelling. Where two readers could choose differently, nobody chooses.
 * A posted message is base64 and nothing else; it is never inflated.
 * @returns the octets; `saml.bad_binding`, `saml.body_too_large`, `saml.ambiguous_parameter` or
 *   `saml.bad_base64`
 */
export async function readResponseForm(
  request: Request,
): Promise<Result<PostedResponse, TransportFailure>> {
  const misplaced = checkEnvelope(request)
  if (misplaced !== null) return err(misplaced)
  const body = await readCapped(request.body, limits.formBytes)
  if (body === null) return err({ code: 'saml.body_too_large', maxBytes: limits.formBytes })
  const text = decodeUtf8(body)
  if (text === null) return err({ code: 'saml.bad_binding', reason: 'encoding' })
  return parseResponseForm(text)
}

/** What can be refused before the body is read. */
function checkEnvelope(request: Request): TransportFailure | null {
  if (request.method !== 'POST') {
    return { code: 'saml.bad_binding', reason: 'method', got: request.method }
  }
  const type = request.headers.get('content-type') ?? ''
  const [mediaType = ''] = type.split(';', 1)
  if (mediaType.trim().toLowerCase() !== formType) {
    return { code: 'saml.bad_binding', reason: 'content_type', got: type }
  }
  const query = new URL(request.url).search.slice(1)
  for (const pair of query.split('&')) {
    const [rawName = ''] = pair.split('=', 1)
    const name = decodeFormText(rawName) ?? rawName
    if (lookalike.test(name)) return { code: 'saml.ambiguous_parameter', name }
  }
  return null
}

/** Reads at most `maxBytes`, whatever Content-Length says; null when there are more. */
async function readCapped(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array | null> {
  if (body === null) return new Uint8Array(0)
  const parts: Uint8Array[] = []
  let length = 0
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) {
      const [first] = parts
      return first !== undefined && parts.length === 1 ? first : concatBytes(...parts)
    }
    length += value.length
    if (length > maxBytes) {
      await reader.cancel()
      return null
    }
    parts.push(value)
  }
}

/** Takes the form apart; see `readResponseForm`. */
export function parseResponseForm(form: string): Result<PostedResponse, TransportFailure> {
  const pairs = form.split('&', limits.formParameters + 1)
  if (pairs.length > limits.formParameters) {
    return err({ code: 'saml.bad_binding', reason: 'parameters' })
  }
  const raw = new Map<string, string>()
  for (const pair of pairs) {
    const equals = pair.includes('=') ? pair.indexOf('=') : pair.length
    const rawName = pair.slice(0, equals)
    const name = decodeFormText(rawName)
    if (name === null) return err({ code: 'saml.bad_binding', reason: 'encoding' })
    if (name === 'SAMLart') return err({ code: 'saml.bad_binding', reason: 'artifact' })
    const isOurs = rawName === 'SAMLResponse' || rawName === 'RelayState'
    if (!isOurs && !lookalike.test(name)) continue
    // Another spelling of a name, or the name of another message, counts as the parameter stated twice.
    if (!isOurs || raw.has(name)) return err({ code: 'saml.ambiguous_parameter', name })
    raw.set(name, pair.slice(equals + 1))
  }
  return decodeValues(raw)
}

function decodeValues(raw: ReadonlyMap<string, string>): Result<PostedResponse, TransportFailure> {
  const rawMessage = raw.get('SAMLResponse')
  if (rawMessage === undefined) return err({ code: 'saml.bad_binding', reason: 'no_message' })
  const relayState = decodeFormText(raw.get('RelayState') ?? '')
  if (relayState === null) return err({ code: 'saml.bad_binding', reason: 'encoding' })
  const base64 = decodeFormText(rawMessage)
  const message = base64 === null ? null : base64Decode(base64, '\r\n')
  if (message === null || message.length === 0) {
    return err({ code: 'saml.bad_base64', parameter: 'SAMLResponse' })
  }
  if (message.length > limits.samlMessageBytes) {
    return err({ code: 'saml.body_too_large', maxBytes: limits.samlMessageBytes })
  }
  return ok({ message, relayState: raw.has('RelayState') ? relayState : null })
}

/** Decodes a name or value of a form (WHATWG URL 5.1); null when an escape is cut short or not UTF-8. */
function decodeFormText(text: string): string | null {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null // URIError, which means malformed and nothing else
  }
}
