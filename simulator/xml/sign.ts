import { base64ToBytes, bytesToBase64, utf8 } from '../keys/index.ts'
import { canonicalize } from './canonical.ts'
import { ns } from './namespaces.ts'
import { parseXml, type XmlElement } from './parse.ts'
import { element } from './write.ts'

export type SigningAlgorithm = 'sha256' | 'sha1'

/** A key that signs, and how. */
export type Signer = {
  readonly algorithm: SigningAlgorithm
  /** PKCS#8 in base64. */
  readonly privateKey: string
  /** DER in base64. */
  readonly certificate: string
}

export const signatureUris = {
  sha256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  sha1: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
} as const

const digestUris = {
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha1: 'http://www.w3.org/2000/09/xmldsig#sha1',
} as const

const hashes = { sha256: 'SHA-256', sha1: 'SHA-1' } as const

/** RSASSA-PKCS1-v1_5 over octets, in base64. */
export async function signOctets(octets: string, signer: Signer): Promise<string> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: hashes[signer.algorithm] }
  const pkcs8 = base64ToBytes(signer.privateKey)
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
  return bytesToBase64(new Uint8Array(await crypto.subtle.sign(algorithm.name, key, utf8(octets))))
}

/**
 * Signs a document's root, enveloped, the way Entra does: exclusive canonicalization, one reference by ID,
 * no prefixes, the certificate inside.
 * @param xml a root with an ID; its own namespaces are declared on it
 * @param place where the signature goes: after the root's Issuer, or first
 * @returns the document with the signature
 */
export async function signXml(
  xml: string,
  signer: Signer,
  place: 'after-issuer' | 'first' = 'after-issuer',
): Promise<string> {
  const root = rootOf(xml)
  const digest = await digestOf(canonicalize(root), signer.algorithm)
  const signedInfo = element(
    'SignedInfo',
    { xmlns: ns.dsig },
    element('CanonicalizationMethod', { Algorithm: ns.exclusive }),
    element('SignatureMethod', { Algorithm: signatureUris[signer.algorithm] }),
    element(
      'Reference',
      { URI: `#${root.getAttribute('ID') ?? ''}` },
      element(
        'Transforms',
        {},
        element('Transform', { Algorithm: ns.enveloped }),
        element('Transform', { Algorithm: ns.exclusive }),
      ),
      element('DigestMethod', { Algorithm: digestUris[signer.algorithm] }),
      element('DigestValue', {}, digest),
    ),
  )
  const value = await signOctets(canonicalize(rootOf(signedInfo)), signer)
  const signature = element(
    'Signature',
    { xmlns: ns.dsig },
    signedInfo.replace(` xmlns="${ns.dsig}"`, ''),
    element('SignatureValue', {}, value),
    element(
      'KeyInfo',
      {},
      element('X509Data', {}, element('X509Certificate', {}, signer.certificate)),
    ),
  )
  const at = place === 'first' ? xml.indexOf('>') + 1 : endOfIssuer(xml)
  return xml.slice(0, at) + signature + xml.slice(at)
}

/** Texts of ours only: attribute values have no `>`, and the first Issuer is the root's. */
function endOfIssuer(xml: string): number {
  const end = '</Issuer>'
  const at = xml.indexOf(end)
  if (at < 0) throw new Error('A document to be signed has no Issuer.')
  return at + end.length
}

async function digestOf(octets: string, algorithm: SigningAlgorithm): Promise<string> {
  const digest = await crypto.subtle.digest(hashes[algorithm], utf8(octets))
  return bytesToBase64(new Uint8Array(digest))
}

function rootOf(xml: string): XmlElement {
  const parsed = parseXml(xml)
  if (!parsed.ok) throw new Error(`The simulator wrote XML that cannot be read: ${parsed.failure}`)
  return parsed.value.root
}
