import { type Bytes, err, ok, type Result } from '../kernel/index.ts'
import { attributeOf, parseXmlBytes, type XmlElement, type XmlFailure } from '../xml/index.ts'
import { type DigestAlgorithm, digestAlgorithms } from './algorithms.ts'
import type { DsigFailure, TransformDefect } from './errors.ts'
import { exclusiveC14n, readPrefixList } from './prefix-list.ts'
import { readValue } from './read-value.ts'
import { atMostOne, exactlyOne, findUnexpected, isBlank } from './shape.ts'

export const envelopedSignature = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'

/** The one Reference of a verified SignedInfo: what was digested, how, and to what. */
export type Reference = {
  readonly uri: string | null
  readonly prefixes: readonly string[]
  readonly algorithm: DigestAlgorithm
  readonly digest: Bytes
}

function isPair(steps: readonly XmlElement[]): steps is readonly [XmlElement, XmlElement] {
  return steps.length === 2
}

/** Exactly enveloped, then exclusive canonicalization (SAML Core 5.4.4); the prefixes of its PrefixList. */
function readTransforms(transforms: XmlElement): Result<readonly string[], DsigFailure> {
  const refuse = (reason: TransformDefect, got: string | null = null) =>
    err<DsigFailure>({ code: 'xmldsig.transform', reason, got })
  const unexpected = findUnexpected(transforms, { children: ['Transform'], attributes: [] })
  if (unexpected !== null) return err(unexpected)
  const steps = transforms.children.filter((child) => typeof child !== 'string')
  if (!isPair(steps)) return refuse('count')
  const [first, second] = steps
  const enveloped = attributeOf(first, 'Algorithm')
  if (enveloped !== envelopedSignature) return refuse('not_enveloped', enveloped)
  const c14n = attributeOf(second, 'Algorithm')
  if (c14n !== exclusiveC14n) return refuse('not_exclusive_c14n', c14n)
  if (!first.children.every(isBlank) || steps.some(({ attributes }) => attributes.length > 1)) {
    return refuse('content')
  }
  return readPrefixList(second)
}

function readDigest(
  reference: XmlElement,
): Result<Pick<Reference, 'algorithm' | 'digest'>, DsigFailure> {
  const method = exactlyOne(reference, 'DigestMethod')
  if (!method.ok) return method
  const value = exactlyOne(reference, 'DigestValue')
  if (!value.ok) return value
  const unexpected =
    findUnexpected(reference, {
      children: ['Transforms', 'DigestMethod', 'DigestValue'],
      attributes: ['Id', 'URI'],
    }) ?? findUnexpected(method.value, { children: [], attributes: ['Algorithm'] })
  if (unexpected !== null) return err(unexpected)
  const got = attributeOf(method.value, 'Algorithm')
  const algorithm = digestAlgorithms.get(got ?? '')
  if (algorithm === undefined) return err({ code: 'xmldsig.algorithm', role: 'digest', got })
  const digest = readValue(value.value, 'DigestValue')
  if (!digest.ok) return digest
  return digest.value.length === algorithm.byteLength
    ? ok({ algorithm, digest: digest.value })
    : err({ code: 'xmldsig.bad_value', element: 'DigestValue' })
}

/**
 * Reads the Reference out of the canonical SignedInfo, the very octets that were verified, so that nothing
 * beside them can be taken for a digest or a target (CVE-2024-45409, CVE-2025-29775).
 */
export function readReference(
  signedInfoOctets: Bytes,
): Result<Reference, DsigFailure | XmlFailure> {
  const document = parseXmlBytes(signedInfoOctets)
  if (!document.ok) return document
  const reference = exactlyOne(document.value.root, 'Reference')
  if (!reference.ok) return reference
  const transforms = atMostOne(reference.value, 'Transforms')
  if (!transforms.ok) return transforms
  const digest = readDigest(reference.value)
  if (!digest.ok) return digest
  if (transforms.value === null) {
    return err({ code: 'xmldsig.transform', reason: 'missing', got: null })
  }
  const prefixes = readTransforms(transforms.value)
  if (!prefixes.ok) return prefixes
  return ok({ uri: attributeOf(reference.value, 'URI'), prefixes: prefixes.value, ...digest.value })
}
