import { describe, expect, it } from 'vitest'
import {
  type AuthnRequest,
  buildAuthnRequest,
  newMessageId,
} from '../../../src/saml/authn-request.ts'
import { parseXml } from '../../../src/xml/index.ts'
import { importSigningKey, signEnveloped, verifyEnveloped } from '../../../src/xmldsig/index.ts'
import { certificateDer, privateKeyDer } from '../../support/keys.ts'
import { context } from '../../support/saml-context.ts'
import { verifyKey } from './verify-keys.ts'

const request: AuthnRequest = {
  id: '_9f0c',
  issueInstantMs: Date.UTC(2026, 0, 1) + 789,
  destination: context.ssoUrl,
  acsUrl: context.acsUrl,
  issuer: context.spEntityId,
  forceAuthn: false,
}

describe('the request that starts a sign-in', () => {
  it('is exactly what Entra documents, and nothing that it refuses or overrides', () => {
    expect(buildAuthnRequest(request)).toBe(
      `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_9f0c" Version="2.0" IssueInstant="2026-01-01T00:00:00Z" Destination="${context.ssoUrl}" AssertionConsumerServiceURL="${context.acsUrl}"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${context.spEntityId}</saml:Issuer></samlp:AuthnRequest>`,
    )
  })

  it('has no NameIDPolicy, RequestedAuthnContext, Subject, Scoping or Conditions', () => {
    const xml = buildAuthnRequest({ ...request, forceAuthn: true })
    expect(xml).not.toMatch(
      /NameIDPolicy|RequestedAuthnContext|Subject|Scoping|Conditions|ProviderName/,
    )
    expect(xml).toContain(' ForceAuthn="true"')
  })

  it('escapes what an admin typed', () => {
    const destination = 'https://idp.example/sso?a="1"&b=<2>'
    const document = parseXml(buildAuthnRequest({ ...request, destination }))
    const attributes = document.ok ? document.value.root.attributes : []
    expect(attributes.find(({ local }) => local === 'Destination')?.value).toBe(destination)
  })

  it('is verified by our own verifier when it is signed for the POST binding', async () => {
    const signed = await signEnveloped({
      xml: buildAuthnRequest(request),
      key: await importSigningKey(privateKeyDer('K')),
      certificateDer: certificateDer('K'),
      position: 'second',
    })
    const document = parseXml(signed)
    if (!document.ok) throw new Error(document.failure.code)
    const { root } = document.value
    const verified = await verifyEnveloped({ root, element: root, keys: [await verifyKey('K')] })
    expect(verified).toMatchObject({ ok: true })
    const names = root.children.map((child) => (typeof child === 'string' ? child : child.local))
    expect(names).toEqual(['Issuer', 'Signature'])
  })

  it('has an id of 128 random bits that begins with an underscore', () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => 16 * i + 15)
    expect(newMessageId(() => bytes)).toBe('_0f1f2f3f4f5f6f7f8f9fafbfcfdfefff')
  })
})
