import { type Bytes, base64Decode, err, ok, type Result } from '../kernel/index.ts'
import { leafText, type XmlElement } from '../xml/index.ts'
import type { DsigFailure } from './errors.ts'

/**
 * The octets of a DigestValue or SignatureValue: one run of text, base64; XML white space inside is legal,
 * nothing else is.
 * @returns the octets, at least one; `xmldsig.bad_value` otherwise
 */
export function readValue(
  element: XmlElement,
  name: 'SignatureValue' | 'DigestValue',
): Result<Bytes, DsigFailure> {
  const text = leafText(element)
  const bytes = text.ok ? base64Decode(text.value, ' \t\r\n') : null
  if (bytes !== null && bytes.length > 0) return ok(bytes)
  return err({ code: 'xmldsig.bad_value', element: name })
}
