import type { Bytes } from '../kernel/index.ts'

/**
 * RSA PKCS#1 v1.5 with SHA-256 over the octets (`rsaSha256` is its URI): what Entra verifies
 * (SAML Bindings 3.4.4.1 for the Redirect binding).
 */
export async function signOctets(key: CryptoKey, octets: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, octets))
}
