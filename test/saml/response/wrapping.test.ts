import { describe, expect, it } from 'vitest'
import { buildResponse, context, ns } from '../../support/saml-builder.ts'
import { at } from '../../support/saml-context.ts'
import {
  appendInto,
  evil,
  forgedAssertion,
  insertAfter,
  insertBefore,
  permutations,
  prependInto,
  removeElement,
  replaceContent,
  splice,
  subtree,
  subtrees,
  withAttribute,
} from '../../support/xsw.ts'
import { type Case, runCases } from './cases.ts'
import { outcome, receive } from './verifier.ts'

describe('signature wrapping (saml-security 1.3)', () => {
  runCases(
    permutations.map(({ row, name, shapes, codes, apply }) => ({
      row,
      name,
      shapes,
      code: codes,
      mutate: apply,
    })),
  )
})

/** The Signature that stands directly in the Assertion, or in the Response. */
function signatureOf(xml: string, parent: 'Assertion' | 'Response') {
  const holder = subtree(xml, parent)
  const own = subtree(holder.text, 'Signature', 0)
  return { text: own.text, start: holder.start + own.start, end: holder.start + own.end }
}

const within = (xml: string, local: string, change: (part: string) => string) => {
  const part = subtree(xml, local)
  return splice(xml, part, change(part.text))
}

const signatureParts = ['SignatureValue', 'KeyInfo', 'CanonicalizationMethod', 'SignatureMethod']

const signatures: readonly Case[] = [
  ...signatureParts.map(
    (part): Case => ({
      row: 'W10',
      name: `two ${part}`,
      code: 'xmldsig.cardinality',
      mutate: (xml) => insertAfter(xml, part, subtree(xml, part).text),
    }),
  ),
  {
    row: 'W10 W11',
    name: 'two Signatures with the same value side by side',
    code: 'xmldsig.cardinality',
    mutate: (xml) => insertAfter(xml, 'Signature', subtree(xml, 'Signature').text),
  },
  {
    row: 'Q04 W10',
    name: 'a thousand Signatures',
    code: ['xmldsig.cardinality', 'xml.limit'],
    mutate: (xml) => insertAfter(xml, 'Signature', `<Signature xmlns="${ns.dsig}"/>`.repeat(999)),
  },
  {
    row: 'W10 W11',
    name: 'a second Signature as last child',
    code: 'xmldsig.cardinality',
    shapes: ['FA', 'FB'],
    mutate: (xml) => appendInto(xml, 'Assertion', signatureOf(xml, 'Assertion').text),
  },
  {
    row: 'W11',
    name: 'a signed error Response with a decoy Signature that holds an Assertion',
    code: 'xmldsig.cardinality',
    shapes: ['FR'],
    mutate: (xml) => {
      const genuine = subtree(xml, 'Signature').text
      const object = `<Object xmlns="${ns.dsig}">${forgedAssertion(xml)}</Object>`
      const error = removeElement(xml, 'Assertion').replace(':Success"', ':Responder"')
      return insertAfter(error, 'Signature', appendInto(genuine, 'Signature', object))
    },
  },
  {
    row: 'W12',
    name: 'an evil Assertion in an Object of the genuine Signature',
    code: 'xmldsig.unexpected_child',
    mutate: (xml) => {
      const object = `<Object xmlns="${ns.dsig}">${forgedAssertion(xml)}</Object>`
      return within(xml, 'Signature', (text) => appendInto(text, 'Signature', object))
    },
  },
  ...['Issuer', 'Status', 'Subject', 'Conditions', 'AttributeStatement'].map(
    (place): Case => ({
      row: 'W18',
      name: `the Signature moved into ${place}`,
      code: 'saml.schema',
      mutate: (xml) => {
        const { text } = subtree(xml, 'Signature')
        return appendInto(removeElement(xml, 'Signature'), place, text)
      },
    }),
  ),
  {
    row: 'W18',
    name: 'the Signature moved into StatusDetail',
    code: 'saml.schema',
    mutate: (xml) => {
      const { text } = subtree(xml, 'Signature')
      const detail = `<samlp:StatusDetail>${text}</samlp:StatusDetail>`
      return appendInto(removeElement(xml, 'Signature'), 'Status', detail)
    },
  },
  {
    row: 'W18',
    name: 'the Signature moved into Extensions',
    code: 'saml.schema',
    mutate: (xml) => {
      const { text } = subtree(xml, 'Signature')
      const extensions = `<samlp:Extensions>${text}</samlp:Extensions>`
      return insertBefore(removeElement(xml, 'Signature'), 'Status', extensions)
    },
  },
  {
    row: 'W18',
    name: 'the Signature moved to the end of its parent',
    code: 'saml.schema',
    mutate: (xml) => {
      const parent =
        xml.indexOf('<Signature') < xml.indexOf('<Assertion') ? 'Response' : 'Assertion'
      const { text } = subtree(xml, 'Signature')
      return appendInto(removeElement(xml, 'Signature'), parent, text)
    },
  },
  {
    row: 'W18',
    name: 'the Signature moved before the Issuer',
    code: 'saml.schema',
    mutate: (xml) => {
      const parent =
        xml.indexOf('<Signature') < xml.indexOf('<Assertion') ? 'Response' : 'Assertion'
      const { text } = subtree(xml, 'Signature')
      return prependInto(removeElement(xml, 'Signature'), parent, text)
    },
  },
  {
    row: 'W20',
    name: 'every Signature removed',
    code: 'saml.unsigned',
    mutate: (xml) => {
      let rest = xml
      while (subtrees(rest, 'Signature').length > 0) rest = removeElement(rest, 'Signature')
      return rest
    },
  },
  {
    row: 'W20',
    name: 'an empty Signature',
    code: 'xmldsig.cardinality',
    mutate: (xml) => within(xml, 'Signature', () => `<Signature xmlns="${ns.dsig}"/>`),
  },
  {
    row: 'W20',
    name: 'no SignatureValue',
    code: 'xmldsig.cardinality',
    mutate: (xml) => removeElement(xml, 'SignatureValue'),
  },
  {
    row: 'W20',
    name: 'an empty SignatureValue',
    code: ['xmldsig.cardinality', 'xmldsig.bad_value'],
    mutate: (xml) => replaceContent(xml, 'SignatureValue', ''),
  },
  ...(
    [
      ['cut short by a byte', (raw: Uint8Array) => raw.slice(0, -1)],
      ['without its first byte', (raw: Uint8Array) => raw.slice(1)],
      ['with a zero behind', (raw: Uint8Array) => Uint8Array.of(...raw, 0)],
      ['with a zero in front', (raw: Uint8Array) => Uint8Array.of(0, ...raw)],
      ['of zeros', (raw: Uint8Array) => raw.map(() => 0)],
    ] as const
  ).map(
    ([name, signatureBytes]): Case => ({
      row: 'S06 S10',
      name: `a SignatureValue ${name}`,
      code: 'xmldsig.signature_invalid',
      build: { sign: { assertion: { signatureBytes }, response: { signatureBytes } } },
      shapes: ['FB'],
    }),
  ),
  {
    row: 'W22',
    name: 'a DigestValue in StatusDetail ahead of the SignedInfo',
    code: 'xmldsig.digest_mismatch',
    mutate: (xml) =>
      appendInto(
        evil(xml),
        'Status',
        `<samlp:StatusDetail><ds:DigestValue xmlns:ds="${ns.dsig}">AAAA</ds:DigestValue></samlp:StatusDetail>`,
      ),
  },
  {
    row: 'W22',
    name: 'a DigestValue in Extensions ahead of the SignedInfo',
    code: 'xmldsig.digest_mismatch',
    mutate: (xml) =>
      insertBefore(
        evil(xml),
        'Status',
        `<samlp:Extensions><ds:DigestValue xmlns:ds="${ns.dsig}">AAAA</ds:DigestValue></samlp:Extensions>`,
      ),
  },
  ...['SignatureMethod', 'CanonicalizationMethod', 'Transforms', 'DigestMethod'].map(
    (part): Case => ({
      row: 'W23',
      name: `a decoy ${part} before the SignedInfo`,
      code: 'xmldsig.unexpected_child',
      mutate: (xml) =>
        insertBefore(xml, 'SignedInfo', `<${part} xmlns="${ns.dsig}" Algorithm="urn:x"/>`),
    }),
  ),
]

describe('signatures out of place', () => {
  runCases(signatures)
})

const both: readonly Case[] = [
  {
    row: 'W27',
    name: 'the inner signature by an unknown key, the outer one valid',
    shapes: ['FB'],
    code: 'xmldsig.signature_invalid',
    build: { sign: { assertion: { key: 'Kprime' } } },
  },
  {
    row: 'W27',
    name: 'the inner signature broken, the outer one valid',
    shapes: ['FB'],
    code: 'xmldsig.signature_invalid',
    build: {
      sign: {
        assertion: { signatureBytes: (raw) => raw.map((byte, i) => (i === 9 ? byte ^ 1 : byte)) },
      },
    },
  },
  {
    row: 'W27',
    name: 'the outer signature by an unknown key, the inner one valid',
    shapes: ['FB'],
    code: 'xmldsig.signature_invalid',
    build: { sign: { response: { key: 'Kprime' } } },
  },
  {
    row: 'W27',
    name: 'the outer signature broken by a change beside the Assertion',
    shapes: ['FB'],
    code: 'xmldsig.digest_mismatch',
    mutate: (xml) => withAttribute(xml, 'IssueInstant', at(1)),
  },
]

describe('two signatures', () => {
  runCases(both)

  it('W17 a Signature in the Assertion that covers the Response is refused', async () => {
    const { base64 } = await buildResponse({
      sign: { assertion: { referenceUri: `#${context.responseId}` } },
    })
    expect(outcome(await receive(base64))).toBe('xmldsig.reference_target')
  })
})
