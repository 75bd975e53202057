import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../src/kernel/index.ts'
import { buildXml, childElements, parseXml } from '../../src/xml/index.ts'
import {
  createSigningKeyPair,
  importSigningKey,
  importVerifyKey,
  parseCertificate,
  signEnveloped,
  verifyEnveloped,
} from '../../src/xmldsig/index.ts'
import { saml, samlp } from './documents.ts'
import { codeOf, unwrap } from './expect.ts'
import { verifyByPeer } from './xmldsigjs.ts'

const pair = await createSigningKeyPair({
  commonName: 'login.example',
  notBeforeMs: Date.UTC(2026, 0, 1),
  notAfterMs: Date.UTC(2029, 0, 1),
  random: systemRandom,
})
const { certificateDer } = pair
const key = await importSigningKey(pair.privateKeyPkcs8)
const peer = await crypto.subtle.importKey(
  'spki',
  new X509Certificate(certificateDer).publicKey.export({ type: 'spki', format: 'der' }),
  { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  true, // xmldsigjs exports the key to import it again
  ['verify'],
)
const keys = [unwrap(await importVerifyKey(unwrap(await parseCertificate(certificateDer))))]

const request = buildXml({
  name: 'samlp:AuthnRequest',
  attributes: {
    'xmlns:samlp': samlp,
    ID: '_9f0c',
    Version: '2.0',
    Destination: 'https://idp.example/saml2?a=1&b=<>"\'',
  },
  children: [
    {
      name: 'saml:Issuer',
      attributes: { 'xmlns:saml': saml },
      children: ['https://sp.example/saml/con_ä𝄞/metadata'],
    },
    { name: 'samlp:NameIDPolicy', attributes: { AllowCreate: 'true' } },
  ],
})

async function verifyOwn(xml: string) {
  const { root } = unwrap(parseXml(xml))
  return verifyEnveloped({ root, element: root, keys })
}

describe('what we sign', () => {
  it('verifies with xmldsigjs and with our verifier, and not when changed', async () => {
    const signed = await signEnveloped({ xml: request, key, certificateDer, position: 'second' })
    expect(await verifyByPeer(signed, peer)).toBe(true)
    const element = unwrap(await verifyOwn(signed))
    expect(element.keyId).toBe(keys[0]?.id)
    const changed = signed.replace('AllowCreate="true"', 'AllowCreate="false"')
    await expect(verifyByPeer(changed, peer)).rejects.toThrow('Invalid digest')
    expect(codeOf(await verifyOwn(changed))).toBe('xmldsig.digest_mismatch')
  })

  it.each([
    ['first', ['Signature', 'Issuer', 'NameIDPolicy']],
    ['second', ['Issuer', 'Signature', 'NameIDPolicy']],
  ] as const)('puts the signature %s', async (position, order) => {
    const signed = await signEnveloped({ xml: request, key, certificateDer, position })
    const { root } = unwrap(parseXml(signed))
    expect(childElements(root).map(({ local }) => local)).toEqual(order)
    expect(codeOf(await verifyOwn(signed))).toBe('ok')
    expect(await verifyByPeer(signed, peer)).toBe(true)
  })

  it('carries our certificate and nothing else in KeyInfo', async () => {
    const signed = await signEnveloped({ xml: request, key, certificateDer, position: 'second' })
    const base64 = Buffer.from(certificateDer).toString('base64')
    expect(signed).toContain(
      `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`,
    )
    expect(signed).not.toContain('<?xml')
  })

  it('throws for a document that we would not write', async () => {
    const sign = (xml: string) => signEnveloped({ xml, key, certificateDer, position: 'first' })
    await expect(sign('<a>')).rejects.toThrow('xml.not_well_formed')
    await expect(sign('<a/>')).rejects.toThrow('no ID')
    await expect(sign('<a ID=""/>')).rejects.toThrow('no ID')
  })
})
