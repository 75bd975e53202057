import {
  type Bytes,
  base64Decode,
  base64Encode,
  err,
  limits,
  ok,
  type Result,
  utf8,
} from '../kernel/index.ts'
import {
  type DsigFailure,
  rsaSha256,
  signOctets,
  type VerifyKey,
  verifyOctets,
} from '../xmldsig/index.ts'
import { deflateRaw, inflateRaw } from './inflate.ts'
import type { RedirectFailure } from './message-errors.ts'
import { decodeQueryText, type RawParameters, splitRedirectQuery } from './redirect-query.ts'

const deflateEncoding = 'urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE'

export type MessageKind = 'SAMLRequest' | 'SAMLResponse'

/** Whether a message as a whole was signed by a pinned key, and which; a signature that failed is a failure. */
export type MessageSignature = 'absent' | { readonly keyId: string }

export type RedirectMessage = {
  readonly kind: MessageKind
  /** The XML, inflated, unparsed. */
  readonly message: Bytes
  /** Opaque; a stranger's text unless the message is signed. */
  readonly relayState: string | null
  readonly signature: MessageSignature
}

/**
 * Reads a SAML message from a raw query (SAML Bindings 3.4.4.1), as it came: a parsed and rebuilt one has
 * lost the octets that were signed. A signature that is present must verify; whether one is needed is for
 * the reader of the message to say.
 * @param rawQuery with or without the question mark
 * @param context.keys the connection's pinned keys; whether the dates of the one that signed allow it is judged
 *   with the message
 * @returns the message; `saml.ambiguous_parameter`, `saml.bad_binding`, `saml.bad_base64`, `saml.unsigned`,
 *   `saml.inflate` or an `xmldsig.*` failure
 */
export async function readRedirectMessage(
  rawQuery: string,
  context: { readonly keys: readonly VerifyKey[] },
): Promise<Result<RedirectMessage, RedirectFailure | DsigFailure>> {
  const split = splitRedirectQuery(rawQuery)
  if (!split.ok) return split
  const raw = split.value
  if (raw.has('SAMLRequest') && raw.has('SAMLResponse')) {
    return err({ code: 'saml.ambiguous_parameter', name: 'SAMLResponse' })
  }
  const kind = raw.has('SAMLRequest') ? 'SAMLRequest' : 'SAMLResponse'
  const value = raw.get(kind)
  if (value === undefined) return err({ code: 'saml.bad_binding', reason: 'no_message' })
  const encoding = raw.get('SAMLEncoding')
  if (encoding !== undefined && decodeQueryText(encoding) !== deflateEncoding) {
    return err({ code: 'saml.bad_binding', reason: 'message_encoding' })
  }
  const relayState = decodeQueryText(raw.get('RelayState') ?? '')
  if (relayState === null) return err({ code: 'saml.bad_binding', reason: 'encoding' })
  const deflated = decodeBase64(value)
  if (deflated === null) return err({ code: 'saml.bad_base64', parameter: kind })

  const signature = await readSignature(raw, kind, context.keys)
  if (!signature.ok) return signature
  const message = await inflateRaw(deflated, limits.redirectMessageBytes)
  if (!message.ok) return err({ code: 'saml.inflate', reason: message.failure })
  return ok({
    kind,
    message: message.value,
    relayState: raw.has('RelayState') ? relayState : null,
    signature: signature.value,
  })
}

/** Line breaks are the only thing skipped: some signers wrap base64, though the binding forbids it. */
function decodeBase64(raw: string): Bytes | null {
  const text = decodeQueryText(raw)
  const bytes = text === null ? null : base64Decode(text, '\r\n')
  return bytes === null || bytes.length === 0 ? null : bytes
}

async function readSignature(
  raw: RawParameters,
  kind: MessageKind,
  keys: readonly VerifyKey[],
): Promise<Result<MessageSignature, RedirectFailure | DsigFailure>> {
  const rawSignature = raw.get('Signature')
  const rawAlgorithm = raw.get('SigAlg')
  if (rawSignature === undefined) {
    // SigAlg alone is what is left when somebody strips the signature.
    return rawAlgorithm === undefined ? ok('absent') : err({ code: 'saml.unsigned' })
  }
  const signature = decodeBase64(rawSignature)
  if (signature === null) return err({ code: 'saml.bad_base64', parameter: 'Signature' })
  const algorithm = rawAlgorithm === undefined ? null : decodeQueryText(rawAlgorithm)
  return verifyOctets({ algorithm, signature, octets: signedOctets(raw, kind), keys })
}

/**
 * What a signature covers: the pairs as they came, in the binding's order whatever their order in the
 * query. Entra percent-encodes in lower case, so nothing may be decoded and encoded again.
 */
function signedOctets(raw: RawParameters, kind: MessageKind): Bytes {
  const names = [kind, 'RelayState', 'SigAlg'] as const
  return utf8(
    names
      .filter((name) => raw.has(name))
      .map((name) => `${name}=${raw.get(name) ?? ''}`)
      .join('&'),
  )
}

export type OutgoingMessage = {
  /** The identity provider's URL for this binding; a query it has is kept. */
  readonly endpoint: string
  readonly kind: MessageKind
  readonly xml: string
  readonly relayState?: string
  /** Told to the provider beside the message, since a Subject inside it is refused (Entra). */
  readonly loginHint?: string
}

/**
 * The URL that carries a message by the Redirect binding, signed when there is a key
 * (RSA-SHA256 over exactly `SAMLRequest=…&RelayState=…&SigAlg=…`).
 */
export async function redirectUrl(
  outgoing: OutgoingMessage & { readonly signingKey?: CryptoKey },
): Promise<string> {
  const { kind, relayState, signingKey, loginHint } = outgoing
  let query = pair(kind, base64Encode(await deflateRaw(utf8(outgoing.xml))))
  if (relayState !== undefined) query += `&${pair('RelayState', relayState)}`
  if (signingKey !== undefined) {
    query += `&${pair('SigAlg', rsaSha256)}`
    query += `&${pair('Signature', base64Encode(await signOctets(signingKey, utf8(query))))}`
  }
  if (loginHint !== undefined) query += `&${pair('login_hint', loginHint)}`
  return appendQuery(outgoing.endpoint, query)
}

/**
 * The form that carries a message by the POST binding (SAML Bindings 3.5.4). A signature, if there is to
 * be one, is already inside the XML.
 */
export function postForm(outgoing: OutgoingMessage): {
  readonly action: string
  readonly fields: Readonly<Record<string, string>>
} {
  const { endpoint, kind, relayState, loginHint } = outgoing
  return {
    action:
      loginHint === undefined ? endpoint : appendQuery(endpoint, pair('login_hint', loginHint)),
    fields: {
      [kind]: base64Encode(utf8(outgoing.xml)),
      ...(relayState === undefined ? {} : { RelayState: relayState }),
    },
  }
}

function pair(name: string, value: string): string {
  return `${name}=${encodeURIComponent(value.toWellFormed())}`
}

function appendQuery(url: string, query: string): string {
  if (!url.includes('?')) return `${url}?${query}`
  return /[?&]$/.test(url) ? url + query : `${url}&${query}`
}
