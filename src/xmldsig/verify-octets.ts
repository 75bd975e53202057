import { type Bytes, err, ok, type Result } from '../kernel/index.ts'
import { type SignatureAlgorithm, signatureAlgorithms } from './algorithms.ts'
import type { DsigFailure } from './errors.ts'
import type { VerifyKey } from './verify-key.ts'

/** What a signature is checked against: an algorithm's URI, the signature, what it covers, pinned keys. */
export type SignedOctets = {
  readonly algorithm: string | null
  readonly signature: Bytes
  readonly octets: Bytes
  readonly keys: readonly VerifyKey[]
}

/**
 * The row for an algorithm's URI.
 * @returns `xmldsig.algorithm` when there is none, or when no pinned key is of its kind
 */
export function findSignatureAlgorithm(
  uri: string | null,
  keys: readonly VerifyKey[],
): Result<SignatureAlgorithm, DsigFailure> {
  const algorithm = signatureAlgorithms.get(uri ?? '')
  if (algorithm === undefined) {
    return err({ code: 'xmldsig.algorithm', role: 'signature', got: uri })
  }
  if (keys.some((key) => key.accepts(algorithm))) return ok(algorithm)
  return err({ code: 'xmldsig.algorithm', role: 'signature', got: uri, keyMismatch: true })
}

/**
 * Tries the keys of the algorithm's kind, in order.
 * @returns the id of the key that signed, or `xmldsig.signature_invalid`
 */
export async function findSigner(
  algorithm: SignatureAlgorithm,
  input: Omit<SignedOctets, 'algorithm'>,
): Promise<Result<string, DsigFailure>> {
  const keyIds: string[] = []
  for (const key of input.keys) {
    if (!key.accepts(algorithm)) continue
    if (await key.verify(algorithm, input.signature, input.octets)) return ok(key.id)
    keyIds.push(key.id)
  }
  return err({ code: 'xmldsig.signature_invalid', algorithm: algorithm.uri, keyIds })
}

/**
 * Checks a signature over octets as they came (SAML Bindings 3.4.4.1: the Redirect binding signs the raw
 * query).
 * @returns which key signed; `xmldsig.algorithm` or `xmldsig.signature_invalid`
 */
export async function verifyOctets(
  input: SignedOctets,
): Promise<Result<{ readonly keyId: string }, DsigFailure>> {
  const algorithm = findSignatureAlgorithm(input.algorithm, input.keys)
  if (!algorithm.ok) return algorithm
  const signer = await findSigner(algorithm.value, input)
  return signer.ok ? ok({ keyId: signer.value }) : signer
}
