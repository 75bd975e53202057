import { SignedXml } from 'xmldsigjs'
import { base64ToBytes, isBase64, type ReadCertificate, utf8 } from '../keys/index.ts'
import { ns } from './namespaces.ts'
import { childElements, type XmlDocument, type XmlElement } from './parse.ts'
import { signatureUris } from './sign.ts'
import './canonical.ts'

export type VerifyPolicy = {
  /** Tried one after the other. */
  readonly certificates: readonly ReadCertificate[]
  readonly allowSha1: boolean
}

/** What is wrong with a signature; null: nothing. */
type Verdict = string | null

/** Verifies a Redirect binding's signature over the octets that were in the URL (SAML Bindings 3.4.4.1). */
export async function verifyOctets(
  signed: { readonly octets: string; readonly algorithm: string; readonly signature: string },
  policy: VerifyPolicy,
): Promise<Verdict> {
  const hash = hashOf(signed.algorithm, policy)
  if (hash === null) return `the algorithm ${signed.algorithm} is not accepted`
  if (!isBase64(signed.signature)) return 'the signature is not base64'
  for (const { spki } of policy.certificates) {
    const key = await importKey(spki, hash)
    const value = base64ToBytes(signed.signature)
    if (await crypto.subtle.verify(key.algorithm.name, key, value, utf8(signed.octets))) return null
  }
  return 'no certificate of the application verifies the signature'
}

/** Verifies an enveloped signature over the root: exactly one, with one reference to the root's ID. */
export async function verifyEnveloped(
  document: XmlDocument,
  root: XmlElement,
  policy: VerifyPolicy,
): Promise<Verdict> {
  const signatures = childElements(root, ns.dsig, 'Signature')
  const [signature] = signatures
  if (signature === undefined) return 'there is no signature'
  if (signatures.length > 1) return 'there are several signatures'
  const [signedInfo] = childElements(signature, ns.dsig, 'SignedInfo')
  if (signedInfo === undefined) return 'there is no SignedInfo'
  const references = childElements(signedInfo, ns.dsig, 'Reference')
  const id = root.getAttribute('ID')
  if (references.length !== 1 || references[0]?.getAttribute('URI') !== `#${id}`) {
    return 'the signature does not refer to the message'
  }
  const [method] = childElements(signedInfo, ns.dsig, 'SignatureMethod')
  const algorithm = method?.getAttribute('Algorithm') ?? ''
  const hash = hashOf(algorithm, policy)
  if (hash === null) return `the algorithm ${algorithm} is not accepted`
  for (const { spki } of policy.certificates) {
    if (await isVerified(document, signature, await importKey(spki, hash))) return null
  }
  return 'no certificate of the application verifies the signature'
}

async function isVerified(
  document: XmlDocument,
  signature: XmlElement,
  key: CryptoKey,
): Promise<boolean> {
  try {
    const signed = new SignedXml(document as never)
    signed.LoadXml(signature as never)
    return await signed.Verify(key)
  } catch {
    return false // xmldsigjs throws for a digest that differs
  }
}

function hashOf(algorithm: string, policy: VerifyPolicy): 'SHA-256' | 'SHA-1' | null {
  if (algorithm === signatureUris.sha256) return 'SHA-256'
  return algorithm === signatureUris.sha1 && policy.allowSha1 ? 'SHA-1' : null
}

function importKey(spki: ReadCertificate['spki'], hash: string): Promise<CryptoKey> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash }
  return crypto.subtle.importKey('spki', spki, algorithm, true, ['verify'])
}
