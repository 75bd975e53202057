import { base64Encode } from '../kernel/index.ts'
import { buildXml, type XmlOutput } from '../xml/index.ts'
import { samlBindings, samlNamespaces } from './namespaces.ts'

export type SpMetadata = {
  readonly entityId: string
  readonly acsUrl: string
  readonly sloUrl: string
  readonly signsRequests: boolean
  /** DER, the one in use first; during a rollover also the next one, so that providers learn it in time. */
  readonly signingCertificates: readonly Uint8Array[]
  readonly encryptionCertificates: readonly Uint8Array[]
}

/** What providers that read these choose from. CBC is left out: it is only accepted inside a signed Response. */
const encryptionMethods = [
  'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  'http://www.w3.org/2009/xmlenc11#aes128-gcm',
  'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
]

/**
 * Our metadata for one connection, unsigned: what Entra's "Upload metadata file" and other providers read
 * (SAML Metadata 2.4.4). There is no NameIDFormat, which would override the admin's NameID setting, and no
 * date, so the same connection always gives the same octets.
 */
export function writeSpMetadata(sp: SpMetadata): string {
  const descriptor: XmlOutput = {
    name: 'md:EntityDescriptor',
    attributes: { 'xmlns:md': samlNamespaces.metadata, entityID: sp.entityId },
    children: [
      {
        name: 'md:SPSSODescriptor',
        attributes: {
          AuthnRequestsSigned: String(sp.signsRequests),
          WantAssertionsSigned: 'true',
          protocolSupportEnumeration: samlNamespaces.protocol,
        },
        children: [
          ...sp.signingCertificates.map((der) => keyDescriptor('signing', der)),
          ...sp.encryptionCertificates.map((der) => keyDescriptor('encryption', der)),
          {
            name: 'md:SingleLogoutService',
            attributes: { Binding: samlBindings.redirect, Location: sp.sloUrl },
          },
          {
            name: 'md:AssertionConsumerService',
            attributes: {
              Binding: samlBindings.post,
              Location: sp.acsUrl,
              index: '0',
              isDefault: 'true',
            },
          },
        ],
      },
    ],
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${buildXml(descriptor)}\n`
}

function keyDescriptor(use: 'signing' | 'encryption', der: Uint8Array): XmlOutput {
  const methods = use === 'encryption' ? encryptionMethods : []
  return {
    name: 'md:KeyDescriptor',
    attributes: { use },
    children: [
      {
        name: 'ds:KeyInfo',
        attributes: { 'xmlns:ds': samlNamespaces.signature },
        children: [
          {
            name: 'ds:X509Data',
            children: [{ name: 'ds:X509Certificate', children: [base64Encode(der)] }],
          },
        ],
      },
      ...methods.map((algorithm) => ({
        name: 'md:EncryptionMethod',
        attributes: { Algorithm: algorithm },
      })),
    ],
  }
}
