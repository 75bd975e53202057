import type { Element } from '@xmldom/xmldom'
import { describe, expect, it } from 'vitest'
import { canonicalizeDom, elementsOf } from './c14n.ts'
import { decryptAssertion, libxml2Canonical, xmldsigjsVerifies } from './opinions.ts'
import {
  buildResponse,
  certificateDer,
  context,
  elementById,
  evilNameId,
  type KeyName,
  nameStyles,
  parseDom,
  type Shape,
  uris,
} from './saml-builder.ts'
import { buildLogoutRequest, buildMetadata, redirectQuery } from './saml-messages.ts'
import { permutations } from './xsw.ts'

const styles = Object.keys(nameStyles) as (keyof typeof nameStyles)[]
const plainShapes = ['FA', 'FR', 'FB'] as const

function named(root: Element, local: string): Element {
  const found = elementsOf(root).find((e) => e.localName === local)
  if (found === undefined) throw new Error(`no ${local}`)
  return found
}

describe('the test builder', () => {
  for (const shape of plainShapes) {
    it.each(styles)(`makes ${shape} in the style %s that xmldsigjs verifies`, async (names) => {
      const { xml } = await buildResponse({ shape, names })
      expect(await xmldsigjsVerifies(xml, 'K')).toBe(true)
      expect(await xmldsigjsVerifies(xml, 'Kprime')).toBe(false)
    })

    it(`makes ${shape} that does not verify once a byte of the person is flipped`, async () => {
      const { xml } = await buildResponse({ shape })
      expect(await xmldsigjsVerifies(xml.replace('>ann@', '>anm@'), 'K')).toBe(false)
    })
  }

  it.each(['KE', 'KE384', 'KE521', 'K4096'] as const)('signs with %s', async (key: KeyName) => {
    const { xml } = await buildResponse({ sign: { assertion: { key } } })
    expect(await xmldsigjsVerifies(xml, key)).toBe(true)
  })

  it.each([
    ['aes128-gcm', 'rsa-oaep-mgf1p'],
    ['aes256-gcm', 'rsa-oaep-sha256'],
    ['aes128-cbc', 'rsa-oaep-sha256'],
    ['aes256-cbc', 'rsa-oaep-mgf1p'],
  ] as const)('encrypts with %s and %s what node:crypto decrypts', async (content, transport) => {
    const signed = await buildResponse({ shape: 'FE', encrypt: { content, transport } })
    expect(await xmldsigjsVerifies(signed.xml, 'K')).toBe(true)
    expect(decryptAssertion(signed.xml)).toContain(`>${context.nameId}</NameID>`)

    const unsigned = await buildResponse({ shape: 'FU', encrypt: { content, transport } })
    const assertion = decryptAssertion(unsigned.xml)
    expect(await xmldsigjsVerifies(assertion, 'K')).toBe(true)
    expect(await xmldsigjsVerifies(assertion.replace('>ann@', '>anm@'), 'K')).toBe(false)
  })

  it('signs an odd SignedInfo correctly', async () => {
    const { xml } = await buildResponse({
      sign: {
        assertion: {
          signedInfo: async (parts) =>
            parts.canonicalization +
            parts.signatureMethod +
            parts.reference +
            (await parts.referenceTo(`#${context.assertionId}`, (_document, own) => own)),
        },
      },
    })
    expect(xml.match(/<Reference /g)).toHaveLength(2)
    expect(await xmldsigjsVerifies(xml, 'K')).toBe(true)
  })

  it('leaves text that a test edits before signing in what is signed', async () => {
    const { xml } = await buildResponse({
      beforeSigning: (text) => text.replace('<NameID ', '<NameID NameQualifier="q" '),
    })
    expect(await xmldsigjsVerifies(xml, 'K')).toBe(true)
    expect(await xmldsigjsVerifies(xml.replace(' NameQualifier="q"', ''), 'K')).toBe(false)
  })

  it('signs logout requests, queries and metadata', async () => {
    expect(await xmldsigjsVerifies(await buildLogoutRequest({ sign: {} }), 'K')).toBe(true)
    expect(await xmldsigjsVerifies(await buildMetadata({ sign: {} }), 'K')).toBe(true)
    const query = await redirectQuery({
      parameter: 'SAMLRequest',
      xml: await buildLogoutRequest(),
      sign: {},
      lowerCase: true,
    })
    expect(query).toMatch(/^SAMLRequest=.*%2f.*&SigAlg=http%3a.*&Signature=/)
  })

  it('knows what its certificates hold', () => {
    expect(certificateDer('K')[0]).toBe(0x30)
  })
})

const contexts = [
  '<r xmlns="urn:a" xmlns:p="urn:p" xmlns:q="urn:q" xml:lang="en"><p:e ID="x" q:b="1" a="2" p:b="3"><c xmlns=""/><d/></p:e></r>',
  '<r xmlns="urn:a" xmlns:p="urn:p"><e ID="x" xmlns:p="urn:other" t="&quot;&lt;&#9;&#10;&#13;">&amp;&lt;&gt;&#13;<p:f xmlns="urn:b"><g xmlns="urn:a"/></p:f></e></r>',
  '<r xmlns:z="urn:z" xmlns:y="urn:y"><e ID="x"><z:a z:q="1"/><z:b xmlns:z="urn:zz"><y:c/></z:b><!-- c --></e></r>',
]

describe('the canonicalization of the test signer', () => {
  it.each(contexts)('agrees with libxml2 on %s', (xml) => {
    const apex = elementById(parseDom(xml), 'x')
    for (const prefixes of [[], ['#default'], ['p', 'z'], ['#default', 'q', 'xs', 'y']]) {
      expect(canonicalizeDom(apex, { exclusive: true, comments: false, prefixes })).toBe(
        libxml2Canonical(xml, { id: 'x', prefixes }),
      )
    }
    expect(canonicalizeDom(apex, { exclusive: false, comments: true })).toBe(
      libxml2Canonical(xml, { id: 'x', exclusive: false, comments: true }),
    )
  })

  it.each(['FA', 'FR', 'FB', 'FE', 'FU'] as const)('agrees with libxml2 on %s', async (shape) => {
    const { xml } = await buildResponse({ shape, names: 'prefixed' })
    const root = elementById(parseDom(xml), context.responseId)
    expect(canonicalizeDom(root, { exclusive: true, comments: false })).toBe(libxml2Canonical(xml))
  })
})

/** What a verifier does that finds the signed element by ID, wherever it is: the victim of wrapping. */
async function naiveVerifierAccepts(xml: string): Promise<boolean> {
  const document = parseDom(xml)
  const all = elementsOf(document)
  for (const signature of all.filter((e) => e.localName === 'Signature')) {
    const uri = named(signature, 'Reference').getAttribute('URI') ?? ''
    const target = all.find((e) => e.getAttribute('ID') === uri.slice(1) && e !== signature)
    if (target === undefined) continue
    const own = elementsOf(target).find((e) => e === signature)
    const octets = canonicalizeDom(target, { exclusive: true, comments: false }, own)
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(octets))
    const value = named(signature, 'DigestValue').textContent ?? ''
    if (Buffer.from(digest).equals(Buffer.from(value, 'base64'))) return true
  }
  return false
}

describe('the wrapping permutations', () => {
  const cases = permutations.flatMap((permutation) =>
    permutation.shapes.map((shape): [string, Shape, typeof permutation] => [
      `${permutation.row} ${permutation.name}`,
      shape,
      permutation,
    ]),
  )

  it.each(cases)('%s on %s is well formed and changed', async (_name, shape, permutation) => {
    const { xml } = await buildResponse({ shape })
    const wrapped = permutation.apply(xml)
    expect(wrapped).not.toBe(xml)
    expect(parseDom(wrapped).documentElement?.localName).toBe('Response')
    if (permutation.row !== 'W09') expect(wrapped).toContain(evilNameId)
  })

  it.each(['W01', 'W02', 'W03', 'W05', 'W06', 'W08'])(
    '%s deceives a verifier that looks the signed element up by its ID',
    async (row) => {
      const permutation = permutations.find((p) => p.row === row)
      const shape = permutation?.shapes[0] ?? 'FA'
      const { xml } = await buildResponse({ shape })
      expect(await naiveVerifierAccepts(permutation?.apply(xml) ?? '')).toBe(true)
    },
  )

  it('computes references with the transforms it names', async () => {
    const { xml } = await buildResponse({
      sign: { assertion: { transforms: [uris.enveloped, uris.c14n] } },
    })
    expect(await xmldsigjsVerifies(xml, 'K')).toBe(true)
  })
})
