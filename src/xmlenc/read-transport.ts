import { type Bytes, err, ok, type Result } from '../kernel/index.ts'
import { childElements, expandedName, type XmlElement } from '../xml/index.ts'
import {
  digestHashes,
  maskHashes,
  namespaces,
  type TransportHash,
  transportAlgorithms,
} from './algorithms.ts'
import type { XmlencFailure } from './errors.ts'
import { checkKeyHints } from './key-info.ts'
import { algorithmOf, readEncryptedType, refuseShape } from './read-encrypted.ts'

/** A content key as it travels: the ciphertext, and the one hash of its RSA-OAEP. */
export type WrappedKey = { readonly hash: TransportHash; readonly wrapped: Bytes }

const digestMethod = `{${namespaces.dsig}}DigestMethod`
const mask = `{${namespaces.xmlenc11}}MGF`
const oaepParams = `{${namespaces.xmlenc}}OAEPparams`

function refuseAlgorithm(
  role: 'key_transport' | 'digest' | 'mask',
  got: string | null,
): Result<never, XmlencFailure> {
  return err({ code: 'saml.encryption_algorithm', role, got })
}

/**
 * The hash of an RSA-OAEP method. Digest and mask may differ in XML Encryption, and parameters may be given;
 * WebCrypto offers neither, so only pairs of one hash are read (XML Encryption 1.1, 5.5.2).
 */
function readHash(method: XmlElement): Result<TransportHash, XmlencFailure> {
  const uri = algorithmOf(method)
  const algorithm = transportAlgorithms.get(uri ?? '')
  if (algorithm === undefined) return refuseAlgorithm('key_transport', uri)
  const hashes: { digest: TransportHash; mask: TransportHash } = { digest: 'SHA-1', mask: 'SHA-1' }
  const seen = new Set<string>()
  for (const child of childElements(method)) {
    const name = expandedName(child)
    if (seen.has(name)) return refuseShape(`two ${child.local} in EncryptionMethod`)
    seen.add(name)
    if (name === oaepParams) return refuseAlgorithm('key_transport', 'OAEPparams')
    if (name !== digestMethod && name !== mask) return refuseShape(`${name} in EncryptionMethod`)
    const role = name === mask ? 'mask' : 'digest'
    const got = algorithmOf(child)
    const hash = (name === mask ? maskHashes : digestHashes).get(got ?? '')
    if (hash === undefined || (role === 'mask' && !algorithm.namesMask)) {
      return refuseAlgorithm(role, got)
    }
    hashes[role] = hash
  }
  return hashes.digest === hashes.mask ? ok(hashes.digest) : refuseAlgorithm('mask', hashes.mask)
}

/** Reads an EncryptedKey, judging its algorithm before any private key is used. */
export function readWrappedKey(element: XmlElement): Result<WrappedKey, XmlencFailure> {
  const encrypted = readEncryptedType(element)
  if (!encrypted.ok) return encrypted
  const { method, keyInfo, cipherValue } = encrypted.value
  const hints = keyInfo === null ? null : checkKeyHints(keyInfo)
  if (hints !== null) return err(hints)
  const hash = readHash(method)
  return hash.ok ? ok({ hash: hash.value, wrapped: cipherValue }) : hash
}
