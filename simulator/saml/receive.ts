import { inflateRawSync } from 'node:zlib'
import { type Bytes, base64ToBytes, isBase64 } from '../keys/index.ts'
import { err, ok, type Result } from '../result.ts'
import { parseXml, type XmlDocument, type XmlElement } from '../xml/index.ts'
import type { Refusal } from './aadsts.ts'

/** A message as it came, not yet judged. */
export type ReceivedMessage = {
  readonly binding: 'redirect' | 'post'
  readonly document: XmlDocument
  readonly root: XmlElement
  readonly relayState: string | null
  /** The Redirect binding's signature, over the octets that stood in the URL. */
  readonly querySignature: {
    readonly octets: string
    readonly algorithm: string
    readonly signature: string
  } | null
}

const maxBytes = 1_000_000

/**
 * Reads a message of the Redirect binding (SAML Bindings 3.4): raw DEFLATE, base64, percent-encoding.
 * @param query the raw query string, without `?`
 */
export function decodeRedirect(query: string): Result<ReceivedMessage, Refusal> {
  const raw = rawParameters(query)
  const name = raw.has('SAMLRequest') ? 'SAMLRequest' : 'SAMLResponse'
  const message = raw.get(name)
  if (message === undefined || message === '') return err({ code: '750054' })
  const encoded = decodeComponent(message)
  if (!isBase64(encoded)) return err({ code: '750056' })
  const inflated = inflate(base64ToBytes(encoded))
  if (inflated === null) return err({ code: '750056' })
  const parsed = parse(inflated)
  if (!parsed.ok) return parsed
  const relayState = raw.get('RelayState')
  const signature = raw.get('Signature')
  const algorithm = raw.get('SigAlg')
  const octets = [name, 'RelayState', 'SigAlg']
    .filter((part) => raw.has(part))
    .map((part) => `${part}=${raw.get(part)}`)
    .join('&')
  return ok({
    ...parsed.value,
    binding: 'redirect',
    relayState: relayState === undefined ? null : decodeComponent(relayState),
    querySignature:
      signature === undefined || algorithm === undefined
        ? null
        : {
            octets,
            algorithm: decodeComponent(algorithm),
            signature: decodeComponent(signature),
          },
  })
}

/** Reads a message of the POST binding (SAML Bindings 3.5): base64 only, never deflated. */
export function decodePost(form: {
  readonly samlRequest: string | null
  readonly relayState: string | null
}): Result<ReceivedMessage, Refusal> {
  if (form.samlRequest === null || form.samlRequest === '') return err({ code: '750054' })
  const encoded = form.samlRequest.replaceAll(/[\r\n]/g, '')
  if (!isBase64(encoded)) return err({ code: '750056' })
  const bytes = base64ToBytes(encoded)
  if (bytes[0] !== 0x3c && inflate(bytes) !== null) return err({ code: '750056' })
  const parsed = parse(bytes)
  if (!parsed.ok) return parsed
  return ok({
    ...parsed.value,
    binding: 'post',
    relayState: form.relayState,
    querySignature: null,
  })
}

function parse(
  bytes: Uint8Array,
): Result<{ readonly document: XmlDocument; readonly root: XmlElement }, Refusal> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const parsed = parseXml(text)
    return parsed.ok ? parsed : err({ code: '7500525', detail: firstLine(parsed.failure) })
  } catch {
    return err({ code: '7500525', detail: 'The message is not UTF-8.' })
  }
}

function inflate(bytes: Bytes): Uint8Array | null {
  try {
    const inflated = inflateRawSync(bytes, { maxOutputLength: maxBytes })
    return inflated.length === 0 ? null : inflated
  } catch {
    return null
  }
}

/** The parameters as they stand in the URL, still encoded; of several with one name the first. */
function rawParameters(query: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const part of query.split('&')) {
    const at = part.indexOf('=')
    const name = at < 0 ? part : part.slice(0, at)
    if (!found.has(name)) found.set(name, at < 0 ? '' : part.slice(at + 1))
  }
  return found
}

/** Form decoding: an unescaped `+` is a space, which then is not base64. */
function decodeComponent(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return ''
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
