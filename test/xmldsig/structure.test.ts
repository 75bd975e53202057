import { describe, expect, it } from 'vitest'
import {
  assertionTemplate,
  pin,
  responseTemplate,
  saml,
  samlp,
  template,
  verifyIn,
} from './documents.ts'
import { codeOf, unwrap } from './expect.ts'
import { rsaPair } from './make-certificate.ts'
import { ds, type Pieces, signDocument, slot } from './sign-document.ts'

const pair = rsaPair()
const keys = [await pin(pair)]

const sign = (xml: string, pieces: Partial<Pieces> = {}) =>
  signDocument(xml, pair.privateKey, pieces)
const signedAssertion = sign(assertionTemplate)
const signedResponse = sign(responseTemplate)
const signatureOf = (xml: string) => /<ds:Signature .*<\/ds:Signature>/.exec(xml)?.[0] ?? ''
const assertionOf = (xml: string) => /<Assertion [\s\S]*<\/Assertion>/.exec(xml)?.[0] ?? ''

async function judge(xml: string, place: 'assertion' | 'response' = 'assertion') {
  return codeOf(await verifyIn(xml, keys, place))
}

/** The document as it is signed, changed by an attacker who has no key. */
function inSignature(change: (signature: string) => string): string {
  const signature = signatureOf(signedAssertion)
  return signedAssertion.replace(signature, () => change(signature))
}

describe('what is accepted', () => {
  it('returns the signed element alone, without signature and surroundings', async () => {
    const signed = unwrap(await verifyIn(signedAssertion, keys))
    expect(signed.keyId).toBe(keys[0]?.id)
    expect(signed.root).toMatchObject({ uri: saml, local: 'Assertion' })
    expect(signed.root.children.map((child) => typeof child !== 'string' && child.local)).toEqual([
      'Issuer',
      'Subject',
      'AttributeStatement',
    ])
    const response = unwrap(await verifyIn(signedResponse, keys, 'response'))
    expect(response.root).toMatchObject({ uri: samlp, local: 'Response' })
  })

  it('leaves signatures deeper in the element alone: they are content', async () => {
    const advice = `<Advice>${assertionOf(signedAssertion).replace('"_a"', '"_inner"')}</Advice>`
    const outer = assertionTemplate.replace('<Subject>', `${advice}<Subject>`)
    expect(await judge(sign(outer))).toBe('ok')
  })
})

describe('wrapping', () => {
  it('W01 refuses the original inside the signature of an evil response', async () => {
    const original = signedResponse.replace(signatureOf(signedResponse), '')
    const evil = signedResponse
      .replace('ID="_a"', 'ID="_evil"')
      .replace('</ds:Signature>', () => `${original}</ds:Signature>`)
    expect(await judge(evil, 'response')).toBe('xmldsig.unexpected_child')
    expect(await judge(signedResponse, 'response')).toBe('ok')
  })

  it('W02 refuses the original beside the signature of an evil response', async () => {
    const signature = signatureOf(signedResponse)
    const original = signedResponse.replace(signature, '')
    const evil = signedResponse
      .replace('ID="_a"', 'ID="_evil"')
      .replace(signature, () => original + signature)
    expect(await judge(evil, 'response')).toBe('xmldsig.reference_target')
  })

  it('W05 refuses an evil assertion that keeps the signature of another', async () => {
    const evil = signedAssertion.replace('ID="_a"', 'ID="_evil"')
    expect(await judge(evil)).toBe('xmldsig.reference_target')
  })

  it('W06 refuses the original assertion inside the signature', async () => {
    const original = assertionOf(signedAssertion).replace(signatureOf(signedAssertion), '')
    const evil = inSignature((text) =>
      text.replace('</ds:Signature>', `${original}</ds:Signature>`),
    )
    expect(await judge(evil.replace('ID="_a"', 'ID="_evil"'))).toBe('xmldsig.unexpected_child')
  })

  it('W08 W12 refuses an Object in the signature, which the enveloped transform would hide', async () => {
    const evil = assertionOf(signedAssertion)
      .replace(signatureOf(signedAssertion), '')
      .replace('ID="_a"', 'ID="_evil"')
    const withObject = inSignature((text) =>
      text.replace('</ds:Signature>', `<ds:Object>${evil}</ds:Object></ds:Signature>`),
    )
    expect(await judge(withObject)).toBe('xmldsig.unexpected_child')
    expect(await judge(signedAssertion)).toBe('ok')
  })

  it('W13 refuses an assertion that lies in KeyInfo', async () => {
    const evil = `<ds:KeyInfo><Assertion xmlns="${saml}" ID="_evil"/></ds:KeyInfo>`
    expect(await judge(sign(assertionTemplate, { keyInfo: evil }))).toBe('xmldsig.unexpected_child')
  })

  it('W07 W14 refuses a second element with the signed ID', async () => {
    const evil = `<Assertion xmlns="${saml}" ID="_a"/>`
    const before = signedAssertion.replace(
      '<samlp:Extensions/>',
      `<samlp:Extensions>${evil}</samlp:Extensions>`,
    )
    expect(await judge(before)).toBe('saml.duplicate_id')
    const moved = signedAssertion.replace(
      '<samlp:Extensions/>',
      `<samlp:Extensions>${assertionOf(signedAssertion)}</samlp:Extensions>`,
    )
    expect(await judge(moved)).toBe('saml.duplicate_id')
  })

  it.each([
    'Id="_a"',
    'id="_a"',
    'iD="_a"',
    'xml:id="_a"',
    'samlp:ID="_a"',
    'xmlns:e="urn:evil" e:ID="_a"',
  ])('W16 refuses the decoy %s anywhere in the document', async (attribute) => {
    for (const [from, to] of [
      ['<samlp:Response ', `<samlp:Response ${attribute} `],
      ['<samlp:Extensions/>', `<samlp:Extensions ${attribute}/>`],
    ] as const) {
      expect(await judge(signedAssertion.replace(from, to))).toBe('saml.duplicate_id')
    }
    const onItself = assertionTemplate.replace('ID="_a"', `ID="_a" ${attribute}`)
    expect(await judge(sign(onItself))).toBe('saml.duplicate_id')
    const other = attribute.replace('_a', '_z')
    expect(await judge(sign(assertionTemplate.replace('ID="_a"', `ID="_a" ${other}`)))).toBe('ok')
  })

  it('W16 refuses the signed ID as the Id of the Signature', async () => {
    const xml = inSignature((text) => text.replace('<ds:Signature ', '<ds:Signature Id="_a" '))
    expect(await judge(xml)).toBe('saml.duplicate_id')
    expect(await judge(xml.replace('Id="_a"', 'Id="_s"'))).toBe('ok')
  })
})

describe('what a signature may point to', () => {
  const inner = assertionTemplate
    .replace('<Subject>', '<Subject ID="_subject">')
    .replace('<Issuer>', '<Issuer ID="_issuer">')
    .replace('<samlp:Extensions/>', '<samlp:Extensions ID="_sibling"/>')

  it.each([
    ['the Issuer', '_issuer'],
    ['the Subject', '_subject'],
    ['a sibling', '_sibling'],
    ['the response around it', '_r'],
  ])('W17 refuses a signature of %s', async (_, id) => {
    expect(await judge(sign(inner, { id, uri: `#${id}` }))).toBe('xmldsig.reference_target')
    expect(await judge(sign(inner))).toBe('ok')
  })

  it('W17 refuses a signature of itself', async () => {
    const signature = (parts: string) =>
      `<ds:Signature xmlns:ds="${ds}" Id="_s">${parts}</ds:Signature>`
    const xml = sign(assertionTemplate, { uri: '#_s', signature })
    expect(await judge(xml)).toBe('xmldsig.reference_target')
  })

  it('W17 refuses a signature in the response that covers the assertion', async () => {
    const xml = template('response').replaceAll('"_a"', '"_r"').replace('"_b"', '"_a"')
    expect(await judge(sign(xml), 'response')).toBe('xmldsig.reference_target')
  })

  it('W22 never reads a digest that stands outside the signature', async () => {
    const evil = signedAssertion
      .replace('ann@contoso.com', 'admin@victim.example')
      .replace(
        '<samlp:Extensions/>',
        `<samlp:Extensions><ds:DigestValue xmlns:ds="${ds}">AAAA</ds:DigestValue></samlp:Extensions>`,
      )
    expect(await judge(evil)).toBe('xmldsig.digest_mismatch')
  })
})

describe('how many of each', () => {
  const signature = signatureOf(signedAssertion)
  const signedInfo = /<ds:SignedInfo>.*<\/ds:SignedInfo>/.exec(signature)?.[0] ?? ''
  const value = /<ds:SignatureValue>.*<\/ds:SignatureValue>/.exec(signature)?.[0] ?? ''
  const canonicalization = /<ds:CanonicalizationMethod.*?<\/ds:CanonicalizationMethod>/.exec(
    signature,
  )?.[0]
  const signatureMethod = /<ds:SignatureMethod.*?<\/ds:SignatureMethod>/.exec(signature)?.[0]
  const fake = signedInfo.replace('#_a', '#_evil')

  it.each([
    ['real then fake', signedInfo, signedInfo + fake],
    ['fake then real', signedInfo, fake + signedInfo],
    ['fake in another namespace', signedInfo, `<e:SignedInfo xmlns:e="urn:e"/>${signedInfo}`],
    ['fake without a namespace', signedInfo, `${signedInfo}<SignedInfo xmlns=""/>`],
    ['fake inside the real', '</ds:SignedInfo>', `${fake}</ds:SignedInfo>`],
    ['fake in KeyInfo', value, `${value}<ds:KeyInfo>${fake}</ds:KeyInfo>`],
  ])('W09 refuses two SignedInfo: %s', async (_, from, to) => {
    const xml = inSignature((text) => text.replace(from, to))
    expect(await judge(xml)).toBe('xmldsig.cardinality')
    expect(await judge(signedAssertion)).toBe('ok')
  })

  it.each([
    ['SignatureValue', value, value + value],
    ['KeyInfo', value, `${value}<ds:KeyInfo/><ds:KeyInfo/>`],
    ['CanonicalizationMethod', canonicalization ?? '', `${canonicalization}${canonicalization}`],
    ['SignatureMethod', signatureMethod ?? '', `${signatureMethod}${signatureMethod}`],
    ['Signature', signature, signature + signature],
  ])('W10 W11 refuses two %s', async (_, from, to) => {
    expect(await judge(signedAssertion.replace(from, () => to))).toBe('xmldsig.cardinality')
  })

  it('W11 refuses a decoy Signature with the same SignatureValue', async () => {
    const decoy = `<ds:Signature xmlns:ds="${ds}">${value}<ds:Object/></ds:Signature>`
    expect(await judge(signedAssertion.replace(signature, () => decoy + signature))).toBe(
      'xmldsig.cardinality',
    )
  })

  it.each([
    ['no Signature', signature, ''],
    ['an empty Signature', signature, `<ds:Signature xmlns:ds="${ds}"/>`],
    ['a Signature without a namespace', signature, '<Signature xmlns=""/>'],
    ['no SignedInfo', signedInfo, ''],
    ['no SignatureValue', value, ''],
    ['no SignatureMethod', signatureMethod ?? '', ''],
    ['no CanonicalizationMethod', canonicalization ?? '', ''],
  ])('W20 refuses %s', async (_, from, to) => {
    expect(await judge(signedAssertion.replace(from, () => to))).toBe('xmldsig.cardinality')
  })

  it('W20 S06 refuses an empty SignatureValue', async () => {
    const xml = signedAssertion.replace(value, '<ds:SignatureValue/>')
    expect(await judge(xml)).toBe('xmldsig.bad_value')
  })

  it.each([
    [
      'Signature',
      { signature: (p: string) => `<ds:Signature xmlns:ds="${ds}x">${p}</ds:Signature>` },
    ],
    [
      'SignedInfo',
      { signedInfo: (p: string) => `<e:SignedInfo xmlns:e="urn:e">${p}</e:SignedInfo>` },
    ],
    ['Reference', { reference: (p: string) => `<Reference xmlns="" URI="#_a">${p}</Reference>` }],
    [
      'DigestValue',
      { digestValue: (d: string) => `<DigestValue xmlns="urn:e">${d}</DigestValue>` },
    ],
  ])('W19 refuses a %s of another namespace, though it is signed', async (_, pieces) => {
    expect(await judge(sign(assertionTemplate, pieces))).toBe('xmldsig.cardinality')
  })

  it.each(['SignatureMethod', 'CanonicalizationMethod', 'Transforms', 'DigestMethod', 'Reference'])(
    'W23 refuses a decoy %s before SignedInfo',
    async (name) => {
      const decoy = `<ds:${name} Algorithm="urn:decoy"/>`
      const xml = inSignature((text) => text.replace('<ds:SignedInfo>', `${decoy}<ds:SignedInfo>`))
      expect(await judge(xml)).toBe('xmldsig.unexpected_child')
    },
  )

  it('refuses parts of the signature out of order', async () => {
    const xml = inSignature((text) => text.replace(signedInfo + value, value + signedInfo))
    expect(await judge(xml)).toBe('xmldsig.unexpected_child')
  })
})

describe('two signatures', () => {
  const outer = (xml: string) =>
    sign(xml.replace('<samlp:Extensions/>', `${slot}<samlp:Extensions/>`), {
      id: '_r',
      uri: '#_r',
    })
  const both = outer(signedAssertion)

  it('W27 verifies each on the tree as it came, and each alone', async () => {
    expect(await judge(both)).toBe('ok')
    expect(await judge(both, 'response')).toBe('ok')
    const innerBroken = outer(signedAssertion.replace('ann@', 'eve@'))
    expect(await judge(innerBroken, 'response')).toBe('ok')
    expect(await judge(innerBroken)).toBe('xmldsig.digest_mismatch')
    const outerBroken = both.replace('Version="2.0">', 'Version="2.1">')
    expect(await judge(outerBroken, 'response')).toBe('xmldsig.digest_mismatch')
    expect(await judge(outerBroken)).toBe('ok')
  })
})
