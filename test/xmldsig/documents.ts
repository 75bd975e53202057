import type { Result } from '../../src/kernel/index.ts'
import { only, parseXml, type XmlFailure } from '../../src/xml/index.ts'
import {
  type DsigFailure,
  importVerifyKey,
  parseCertificate,
  type SignedElement,
  type VerifyKey,
  verifyEnveloped,
} from '../../src/xmldsig/index.ts'
import { unwrap } from './expect.ts'
import type { KeyPair } from './make-certificate.ts'
import { slot } from './sign-document.ts'

export const saml = 'urn:oasis:names:tc:SAML:2.0:assertion'
export const samlp = 'urn:oasis:names:tc:SAML:2.0:protocol'

/** An assertion as Entra shapes it, in a response; the signature's place is either one. */
export function template(place: 'assertion' | 'response', nameId = 'ann@contoso.com'): string {
  const [inAssertion, inResponse] = place === 'assertion' ? [slot, ''] : ['', slot]
  const [assertionId, responseId] = place === 'assertion' ? ['_a', '_r'] : ['_b', '_a']
  return (
    `<samlp:Response xmlns:samlp="${samlp}" ID="${responseId}" Version="2.0">` +
    `<Issuer xmlns="${saml}">https://sts.windows.net/t/</Issuer>${inResponse}` +
    '<samlp:Extensions/>' +
    `<Assertion xmlns="${saml}" ID="${assertionId}" Version="2.0"><Issuer>https://sts.windows.net/t/</Issuer>` +
    `${inAssertion}<Subject><NameID>${nameId}</NameID></Subject>` +
    '<AttributeStatement xmlns:xs="http://www.w3.org/2001/XMLSchema" ' +
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Attribute Name="a">' +
    '<AttributeValue xsi:type="xs:string">x &amp; y\n</AttributeValue></Attribute>' +
    '</AttributeStatement></Assertion></samlp:Response>'
  )
}

export const assertionTemplate = template('assertion')
export const responseTemplate = template('response')

export async function pin(pair: KeyPair): Promise<VerifyKey> {
  return unwrap(await importVerifyKey(unwrap(await parseCertificate(pair.certificate))))
}

/** Verifies what the templates sign: the assertion, or the response. */
export async function verifyIn(
  xml: string,
  keys: readonly VerifyKey[],
  place: 'assertion' | 'response' = 'assertion',
): Promise<Result<SignedElement, DsigFailure | XmlFailure>> {
  const document = parseXml(xml)
  if (!document.ok) return document
  const { root } = document.value
  if (place === 'response') return verifyEnveloped({ root, element: root, keys })
  const element = only(root, saml, 'Assertion')
  return element.ok ? verifyEnveloped({ root, element: element.value, keys }) : element
}
