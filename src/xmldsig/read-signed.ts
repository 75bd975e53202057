import { type Bytes, decodeUtf8, err, ok, type Result } from '../kernel/index.ts'
import { isCanonical, parseXml, type XmlElement, type XmlFailure } from '../xml/index.ts'
import type { DsigFailure } from './errors.ts'

/**
 * Reads the octets that were digested, so that what is read later is what was signed. That they are the
 * canonical form of what the reader makes of them, and of the same name, is defence in depth: it would catch
 * a canonicalizer that lies (CVE-2025-66568).
 */
export function readSigned(
  octets: Bytes,
  original: XmlElement,
  prefixes: readonly string[],
): Result<XmlElement, XmlFailure | DsigFailure> {
  const text = decodeUtf8(octets)
  if (text === null) return err({ code: 'xmldsig.digest_mismatch', reason: 'canonical_form' })
  const document = parseXml(text)
  if (!document.ok) return document
  const { root } = document.value
  return isCanonical(text, root, { prefixes }) &&
    root.local === original.local &&
    root.uri === original.uri
    ? ok(root)
    : err({ code: 'xmldsig.digest_mismatch', reason: 'canonical_form' })
}
