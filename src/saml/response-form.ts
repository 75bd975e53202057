import {
  type Bytes,
  base64Decode,
  decodeUtf8,
  err,
  limits,
  ok,
  type Result,
  readStream,
} from '../kernel/index.ts'
import type { MessageKind } from './redirect-binding.ts'
import type { TransportFailure } from './response-failure.ts'

/** What came by the POST binding, decoded and nothing more. */
export type PostedResponse = {
  /** The octets of the XML, unparsed. */
  readonly message: Bytes
  /** Opaque; never more than a hint, since nobody signed it. */
  readonly relayState: string | null
}

/** The same at a door that takes requests too. */
export type PostedMessage = PostedResponse & { readonly kind: MessageKind }

const formType = 'application/x-www-form-urlencoded'
/** What another reader could take for a parameter of the binding: `SAMLResponse[]`, `samlrequest`. */
const lookalike = /samlrequest|samlresponse|samlart|relaystate|samlencoding/i

const responseOnly: readonly MessageKind[] = ['SAMLResponse']

/** Reads a response from a request at the ACS; see `readMessageForm`. */
export function readResponseForm(
  request: Request,
): Promise<Result<PostedResponse, TransportFailure>> {
  return readMessageForm(request, responseOnly)
}

/**
 * Reads a posted message (SAML Bindings 3.5.4; rows T01 to T06), strictly: one parameter, one place, one
 * spelling. Where two readers could choose differently, nobody chooses. A posted message is base64 and
 * nothing else; it is never inflated.
 * @param kinds what this door takes; of two kinds there may still be only one message
 * @returns the octets; `saml.bad_binding`, `saml.body_too_large`, `saml.ambiguous_parameter` or
 *   `saml.bad_base64`
 */
export async function readMessageForm(
  request: Request,
  kinds: readonly MessageKind[],
): Promise<Result<PostedMessage, TransportFailure>> {
  const misplaced = checkEnvelope(request)
  if (misplaced !== null) return err(misplaced)
  const body = await readStream(request.body, limits.formBytes)
  if (body === null) return err({ code: 'saml.body_too_large', maxBytes: limits.formBytes })
  const text = decodeUtf8(body)
  if (text === null) return err({ code: 'saml.bad_binding', reason: 'encoding' })
  return parseMessageForm(text, kinds)
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

function parseMessageForm(
  form: string,
  kinds: readonly MessageKind[],
): Result<PostedMessage, TransportFailure> {
  const pairs = form.split('&', limits.formParameters + 1)
  if (pairs.length > limits.formParameters) {
    return err({ code: 'saml.bad_binding', reason: 'parameters' })
  }
  const raw = new Map<string, string>()
  let kind: MessageKind | null = null
  for (const pair of pairs) {
    const equals = pair.includes('=') ? pair.indexOf('=') : pair.length
    const rawName = pair.slice(0, equals)
    const name = decodeFormText(rawName)
    if (name === null) return err({ code: 'saml.bad_binding', reason: 'encoding' })
    if (name === 'SAMLart') return err({ code: 'saml.bad_binding', reason: 'artifact' })
    const known = kinds.find((candidate) => candidate === rawName)
    const isOurs = known !== undefined || rawName === 'RelayState'
    if (!isOurs && !lookalike.test(name)) continue
    // Another spelling of a name, or the name of another message, counts as the parameter stated twice.
    const isSecond = raw.has(name) || (known !== undefined && kind !== null)
    if (!isOurs || isSecond) return err({ code: 'saml.ambiguous_parameter', name })
    kind = known ?? kind
    raw.set(name, pair.slice(equals + 1))
  }
  if (kind === null) return err({ code: 'saml.bad_binding', reason: 'no_message' })
  return decodeValues(raw, kind)
}

function decodeValues(
  raw: ReadonlyMap<string, string>,
  kind: MessageKind,
): Result<PostedMessage, TransportFailure> {
  const relayState = decodeFormText(raw.get('RelayState') ?? '')
  if (relayState === null) return err({ code: 'saml.bad_binding', reason: 'encoding' })
  const base64 = decodeFormText(raw.get(kind) ?? '')
  const message = base64 === null ? null : base64Decode(base64, '\r\n')
  if (message === null || message.length === 0) {
    return err({ code: 'saml.bad_base64', parameter: kind })
  }
  if (message.length > limits.samlMessageBytes) {
    return err({ code: 'saml.body_too_large', maxBytes: limits.samlMessageBytes })
  }
  return ok({ kind, message, relayState: raw.has('RelayState') ? relayState : null })
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
