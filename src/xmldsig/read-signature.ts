import { type Bytes, err, ok, type Result } from '../kernel/index.ts'
import { attributeOf, type XmlElement } from '../xml/index.ts'
import type { SignatureAlgorithm } from './algorithms.ts'
import type { DsigFailure } from './errors.ts'
import { checkKeyInfo } from './key-info.ts'
import { exclusiveC14n, readPrefixList } from './prefix-list.ts'
import { readValue } from './read-value.ts'
import { atMostOne, exactlyOne, findUnexpected } from './shape.ts'
import type { VerifyKey } from './verify-key.ts'
import { findSignatureAlgorithm } from './verify-octets.ts'

/** What has to be believed of a Signature before it is verified: no more than how to verify it. */
export type UnverifiedSignature = {
  readonly signedInfo: XmlElement
  readonly prefixes: readonly string[]
  readonly algorithm: SignatureAlgorithm
  readonly value: Bytes
}

/** How SignedInfo itself is canonicalized: the prefixes of its PrefixList. */
function readCanonicalization(method: XmlElement): Result<readonly string[], DsigFailure> {
  const got = attributeOf(method, 'Algorithm')
  if (got === exclusiveC14n) return readPrefixList(method)
  return err({ code: 'xmldsig.algorithm', role: 'canonicalization', got })
}

/**
 * Reads the shape of a ds:Signature on the tree as it came (XML Signature 4, SAML Core 5.4). What it covers
 * is not read here: that comes from the octets that were signed.
 */
export function readSignature(
  signature: XmlElement,
  keys: readonly VerifyKey[],
): Result<UnverifiedSignature, DsigFailure> {
  const info = exactlyOne(signature, 'SignedInfo')
  if (!info.ok) return info
  const valueElement = exactlyOne(signature, 'SignatureValue')
  if (!valueElement.ok) return valueElement
  const keyInfo = atMostOne(signature, 'KeyInfo')
  if (!keyInfo.ok) return keyInfo
  const canonicalization = exactlyOne(info.value, 'CanonicalizationMethod')
  if (!canonicalization.ok) return canonicalization
  const method = exactlyOne(info.value, 'SignatureMethod')
  if (!method.ok) return method
  const reference = exactlyOne(info.value, 'Reference')
  if (!reference.ok) return reference

  const unexpected =
    findUnexpected(signature, {
      children: ['SignedInfo', 'SignatureValue', 'KeyInfo'],
      attributes: ['Id'],
    }) ??
    findUnexpected(info.value, {
      children: ['CanonicalizationMethod', 'SignatureMethod', 'Reference'],
      attributes: ['Id'],
    }) ??
    findUnexpected(method.value, { children: [], attributes: ['Algorithm'] }) ??
    (keyInfo.value === null ? null : checkKeyInfo(keyInfo.value))
  if (unexpected !== null) return err(unexpected)

  const prefixes = readCanonicalization(canonicalization.value)
  if (!prefixes.ok) return prefixes
  const algorithm = findSignatureAlgorithm(attributeOf(method.value, 'Algorithm'), keys)
  if (!algorithm.ok) return algorithm
  const value = readValue(valueElement.value, 'SignatureValue')
  if (!value.ok) return value
  return ok({
    signedInfo: info.value,
    prefixes: prefixes.value,
    algorithm: algorithm.value,
    value: value.value,
  })
}
