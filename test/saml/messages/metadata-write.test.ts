import { XmlDocument } from 'libxml2-wasm'
import { describe, expect, it } from 'vitest'
import { type SpMetadata, writeSpMetadata } from '../../../src/saml/metadata-write.ts'
import { parseXml } from '../../../src/xml/index.ts'
import { certificateBase64, certificateDer } from '../../support/keys.ts'
import { context } from '../../support/saml-context.ts'

const sp: SpMetadata = {
  entityId: context.spEntityId,
  acsUrl: context.acsUrl,
  sloUrl: context.sloUrl,
  signsRequests: true,
  signingCertificates: [certificateDer('E'), certificateDer('E2')],
  encryptionCertificates: [certificateDer('E')],
}

const namespaces = {
  md: 'urn:oasis:names:tc:SAML:2.0:metadata',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
}

/** What another reader finds at a path. */
function found(xml: string, path: string): readonly string[] {
  const document = XmlDocument.fromString(xml)
  try {
    return document.find(path, namespaces).map((node) => node.content)
  } finally {
    document.dispose()
  }
}

describe('our own metadata', () => {
  const role = '/md:EntityDescriptor/md:SPSSODescriptor'
  const key = (use: string) => `${role}/md:KeyDescriptor[@use="${use}"]`
  const certificate = 'ds:KeyInfo/ds:X509Data/ds:X509Certificate'

  it('says where responses and logout messages go, and what is expected of them', () => {
    const xml = writeSpMetadata(sp)
    expect(found(xml, '/md:EntityDescriptor/@entityID')).toEqual([context.spEntityId])
    expect(found(xml, `${role}/@*`).toSorted()).toEqual(
      ['true', 'true', 'urn:oasis:names:tc:SAML:2.0:protocol'].toSorted(),
    )
    expect(found(xml, `${role}/md:AssertionConsumerService/@*`)).toEqual([
      'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
      context.acsUrl,
      '0',
      'true',
    ])
    expect(found(xml, `${role}/md:SingleLogoutService/@*`)).toEqual([
      'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
      context.sloUrl,
    ])
  })

  it('publishes two signing certificates during a rollover, and the one for encryption', () => {
    const xml = writeSpMetadata(sp)
    expect(found(xml, `${key('signing')}/${certificate}`)).toEqual([
      certificateBase64('E'),
      certificateBase64('E2'),
    ])
    expect(found(xml, `${key('encryption')}/${certificate}`)).toEqual([certificateBase64('E')])
    expect(found(xml, `${key('signing')}/md:EncryptionMethod`)).toEqual([])
    expect(found(xml, `${key('encryption')}/md:EncryptionMethod/@Algorithm`)).toEqual([
      'http://www.w3.org/2009/xmlenc11#aes256-gcm',
      'http://www.w3.org/2009/xmlenc11#aes128-gcm',
      'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
    ])
  })

  it('keeps the order of the schema and leaves NameIDFormat out', () => {
    const document = parseXml(writeSpMetadata(sp))
    const descriptor = document.ok ? document.value.root.children[0] : undefined
    const children = typeof descriptor === 'object' ? descriptor.children : []
    expect(children.map((child) => (typeof child === 'string' ? child : child.local))).toEqual([
      ...['KeyDescriptor', 'KeyDescriptor', 'KeyDescriptor'],
      ...['SingleLogoutService', 'AssertionConsumerService'],
    ])
  })

  it('says so when requests are not signed and there are no certificates', () => {
    const xml = writeSpMetadata({
      ...sp,
      signsRequests: false,
      signingCertificates: [],
      encryptionCertificates: [],
    })
    expect(found(xml, `${role}/@AuthnRequestsSigned`)).toEqual(['false'])
    expect(found(xml, `${role}/md:KeyDescriptor`)).toEqual([])
  })

  it('is the same octets each time', () => {
    expect(writeSpMetadata(sp)).toBe(writeSpMetadata({ ...sp }))
    expect(writeSpMetadata(sp)).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<md:Entity/)
  })
})
