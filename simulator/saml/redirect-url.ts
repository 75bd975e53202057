import { deflateRawSync } from 'node:zlib'
import { bytesToBase64 } from '../keys/index.ts'
import { type Signer, signatureUris, signOctets } from '../xml/index.ts'

/** Percent-encoding with lower-case digits (`%2f`), as Entra does it; most others write `%2F`. */
export function encodeLower(text: string): string {
  return encodeURIComponent(text).replaceAll(/%[0-9A-F]{2}/g, (triplet) => triplet.toLowerCase())
}

/**
 * A message in a URL (SAML Bindings 3.4), signed over exactly what stands there when there is a signer.
 * @param target may have a query of its own
 */
export async function redirectUrl(
  target: string,
  message: {
    readonly parameter: 'SAMLRequest' | 'SAMLResponse'
    readonly xml: string
    readonly relayState: string | null
  },
  signer: Signer | null,
): Promise<string> {
  const deflated = bytesToBase64(deflateRawSync(new TextEncoder().encode(message.xml)))
  let query = `${message.parameter}=${encodeLower(deflated)}`
  if (message.relayState !== null) query += `&RelayState=${encodeLower(message.relayState)}`
  if (signer !== null) {
    query += `&SigAlg=${encodeLower(signatureUris[signer.algorithm])}`
    query += `&Signature=${encodeLower(await signOctets(query, signer))}`
  }
  return `${target}${target.includes('?') ? '&' : '?'}${query}`
}
