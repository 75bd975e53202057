/** Checks the simulator's signatures by other means: libxml2 canonicalizes, node:crypto verifies. */
import { createHash, createVerify, X509Certificate } from 'node:crypto'
import { libxml2Canonical } from '../support/opinions.ts'

/**
 * Verifies the signature that is a child of the element with this ID.
 * @returns what is wrong, or null
 */
export function signatureFault(xml: string, id: string, pem: string): string | null {
  const start = xml.indexOf('<Signature', xml.indexOf(`ID="${id}"`))
  const end = xml.indexOf('</Signature>', start) + '</Signature>'.length
  const signature = xml.slice(start, end)
  const value = (name: string) =>
    new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`).exec(signature)?.[1] ?? ''
  if (!signature.includes(`<Reference URI="#${id}">`)) return 'reference'
  const isSha1 = signature.includes('rsa-sha1')
  const hash = isSha1 ? 'sha1' : 'sha256'
  const canonical = libxml2Canonical(xml.slice(0, start) + xml.slice(end), { id })
  const digest = createHash(hash).update(canonical).digest('base64')
  if (digest !== value('DigestValue')) return 'digest'
  const signedInfo = signature
    .slice(signature.indexOf('<SignedInfo'), signature.indexOf('</SignedInfo>') + 13)
    .replace('<SignedInfo>', '<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#">')
  const octets = libxml2Canonical(signedInfo)
  const key = new X509Certificate(pem).publicKey
  const isRight = createVerify(`RSA-${hash.toUpperCase()}`)
    .update(octets)
    .verify(key, value('SignatureValue'), 'base64')
  if (!isRight) return 'signature value'
  const carried = Buffer.from(value('X509Certificate'), 'base64')
  return carried.equals(new X509Certificate(pem).raw) ? null : 'certificate'
}

/** The ID of the first element of a name. */
export function idOf(xml: string, name: string): string {
  return new RegExp(`<(?:\\w+:)?${name} [^>]*?\\bID="([^"]+)"`).exec(xml)?.[1] ?? ''
}
