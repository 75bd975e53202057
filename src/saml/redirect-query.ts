import { decodeUtf8, err, limits, ok, type Result } from '../kernel/index.ts'
import type { TransportFailure } from './response-failure.ts'

const bindingNames = [
  ...['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg', 'Signature', 'SAMLEncoding'],
] as const
type BindingName = (typeof bindingNames)[number]

/** Values of the binding's parameters, still percent-encoded as they came: a signature covers these. */
export type RawParameters = ReadonlyMap<BindingName, string>

/** `SAMLRequest[]`, `samlrequest`, `xSAMLRequest`: what another reader could take for one of ours. */
const lookalike = /samlrequest|samlresponse|relaystate|sigalg|signature|samlencoding/i

/**
 * Takes a raw query apart without decoding values. Each parameter of the binding may stand once, spelled
 * exactly: two readers that choose differently among duplicates verify one message and read another
 * (CVE-2025-27773, CVE-2025-31335; row R01). Parameters of other names are ignored.
 */
export function splitRedirectQuery(rawQuery: string): Result<RawParameters, TransportFailure> {
  if (rawQuery.length > limits.redirectQueryLength) {
    return err({
      code: 'saml.body_too_large',
      maxBytes: limits.redirectQueryLength,
    })
  }
  const parts = rawQuery.replace(/^\?/, '').split('&', limits.redirectParameters + 1)
  if (parts.length > limits.redirectParameters) {
    return err({ code: 'saml.bad_binding', reason: 'parameters' })
  }
  const parameters = new Map<BindingName, string>()
  for (const part of parts) {
    const equals = part.includes('=') ? part.indexOf('=') : part.length
    const name = part.slice(0, equals)
    const decoded = decodeQueryText(name)
    if (decoded === null) return err({ code: 'saml.bad_binding', reason: 'encoding' })
    const known = bindingNames.find((candidate) => candidate === name)
    if (known === undefined) {
      if (lookalike.test(decoded)) return err({ code: 'saml.ambiguous_parameter', name: decoded })
      continue
    }
    if (parameters.has(known)) return err({ code: 'saml.ambiguous_parameter', name: known })
    parameters.set(known, part.slice(equals + 1))
  }
  return ok(parameters)
}

/**
 * Percent-decodes one name or value of a query, `+` being a space, in either case of the digits (Entra
 * writes `%2f`).
 * @returns null when an escape is cut short or the octets are not UTF-8
 */
export function decodeQueryText(raw: string): string | null {
  const bytes = new Uint8Array(raw.length)
  let length = 0
  for (let i = 0; i < raw.length; i++) {
    const character = raw.charAt(i)
    if (character === '%') {
      const digits = raw.slice(i + 1, i + 3)
      if (!/^[0-9a-fA-F]{2}$/.test(digits)) return null
      bytes[length++] = Number.parseInt(digits, 16)
      i += 2
    } else {
      const code = raw.charCodeAt(i)
      if (code < 0x21 || code > 0x7e) return null
      bytes[length++] = character === '+' ? 0x20 : code
    }
  }
  return decodeUtf8(bytes.subarray(0, length))
}
