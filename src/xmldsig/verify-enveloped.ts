import { type Bytes, equalBytes, err, limits, ok, type Result } from '../kernel/index.ts'
import { attributeOf, canonicalize, type XmlElement, type XmlFailure } from '../xml/index.ts'
import type { DsigFailure } from './errors.ts'
import { type Reference, readReference } from './read-reference.ts'
import { readSignature, type UnverifiedSignature } from './read-signature.ts'
import { readSigned } from './read-signed.ts'
import { exactlyOne } from './shape.ts'
import { countIds } from './signed-id.ts'
import type { VerifyKey } from './verify-key.ts'
import { findSigner } from './verify-octets.ts'

/** An element as a pinned key signed it. Only this file can make one; claims are read from nothing else. */
class SignedElement {
  readonly #root: XmlElement
  readonly #keyId: string

  constructor(root: XmlElement, keyId: string) {
    this.#root = root
    this.#keyId = keyId
  }

  /** The root of the digested octets, read again: without the signature, and without its surroundings. */
  get root(): XmlElement {
    return this.#root
  }

  /** Which key signed; whether its dates allow that is for the caller to judge. */
  get keyId(): string {
    return this.#keyId
  }
}

export type { SignedElement }

export type EnvelopedInput = {
  /** The whole document, as it came: the signed ID must stand in it once. */
  readonly root: XmlElement
  /** The element in it that holds the signature as a child. */
  readonly element: XmlElement
  readonly keys: readonly VerifyKey[]
}

type Failure = XmlFailure | DsigFailure

/** Whose signature SignedInfo carries, and its canonical octets. The first cryptographic act. */
async function verifySignedInfo(
  { signedInfo, prefixes, algorithm, value }: UnverifiedSignature,
  keys: readonly VerifyKey[],
): Promise<Result<{ octets: Bytes; keyId: string }, Failure>> {
  const max = limits.signedInfoBytes
  // Nobody has vouched for it yet, and declarations can make it grow thirty times: stop at the limit.
  const octets = canonicalize(signedInfo, { prefixes, maxLength: max })
  if (!octets.ok) return isTooLong(octets.failure) ? err(tooLong(max + 1)) : octets
  const got = octets.value.length
  if (got > max) return err(tooLong(got))
  const signer = await findSigner(algorithm, { signature: value, octets: octets.value, keys })
  return signer.ok ? ok({ octets: octets.value, keyId: signer.value }) : signer
}

function isTooLong(failure: XmlFailure): boolean {
  return failure.code === 'xml.limit' && failure.limit === 'length'
}

/** @param got octets, or the first one too many where reading stopped */
function tooLong(got: number): DsigFailure {
  return { code: 'xmldsig.limit', what: 'signedInfoBytes', max: limits.signedInfoBytes, got }
}

/** The Reference must name exactly the element around the signature; strings are compared, none resolved. */
function checkTarget({ uri }: Reference, { element, root }: EnvelopedInput): DsigFailure | null {
  const id = attributeOf(element, 'ID')
  if (id === null || id === '' || uri !== `#${id}`) {
    return { code: 'xmldsig.reference_target', expected: id, got: uri }
  }
  return countIds(root, id) === 1 ? null : { code: 'saml.duplicate_id', id }
}

/**
 * Verifies the enveloped signature that an element holds as a direct child, with pinned keys only, in an
 * order that gives an attacker no work to choose: SignedInfo first, then what its own octets say, then the
 * digest, and then what was digested is read again (saml-security 2.1, step 5; SAML Core 5.4).
 * Signatures elsewhere in the element are content.
 * @returns the element as it was signed; a failure when there is no signature, or not exactly one
 */
export async function verifyEnveloped(
  input: EnvelopedInput,
): Promise<Result<SignedElement, Failure>> {
  const { element, keys } = input
  const signature = exactlyOne(element, 'Signature')
  if (!signature.ok) return signature
  const unverified = readSignature(signature.value, keys)
  if (!unverified.ok) return unverified

  const signedInfo = await verifySignedInfo(unverified.value, keys)
  if (!signedInfo.ok) return signedInfo
  const reference = readReference(signedInfo.value.octets)
  if (!reference.ok) return reference
  const misplaced = checkTarget(reference.value, input)
  if (misplaced !== null) return err(misplaced)

  const { prefixes, algorithm, digest } = reference.value
  const octets = canonicalize(element, { prefixes, without: signature.value })
  if (!octets.ok) return octets
  const computed = await crypto.subtle.digest(algorithm.hash, octets.value)
  if (!equalBytes(new Uint8Array(computed), digest)) {
    return err({ code: 'xmldsig.digest_mismatch', reason: 'value' })
  }
  const signed = readSigned(octets.value, element, prefixes)
  return signed.ok ? ok(new SignedElement(signed.value, signedInfo.value.keyId)) : signed
}
