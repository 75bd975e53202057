import { describe, expect, it } from 'vitest'
import { readAssertion } from '../../../src/saml/read-assertion.ts'
import type { SignedAssertion } from '../../../src/saml/verify-response.ts'
import { parseXml } from '../../../src/xml/index.ts'
import { buildResponse, context, evilNameId, ns, type Shape } from '../../support/saml-builder.ts'
import { at, minuteMs } from '../../support/saml-context.ts'
import {
  addAttributes,
  appendInto,
  evil,
  forgedAssertion,
  insertAfter,
  insertBefore,
  splice,
  subtree,
} from '../../support/xsw.ts'
import { type Case, runCases } from './cases.ts'
import { receive } from './verifier.ts'

const foreign = ' xmlns:evil="urn:example:evil" '

/** Where the evil Assertion is put, and by which guard it is found. */
const hidingPlaces: readonly (readonly [place: string, code: Case['code']])[] = [
  ['Issuer', 'saml.schema'],
  ['Subject', 'saml.schema'],
  ['SubjectConfirmationData', 'saml.schema'],
  ['Conditions', 'saml.schema'],
  ['AttributeValue', 'saml.schema'],
  ['KeyInfo', ['saml.schema', 'xmldsig.unexpected_child']],
]

const wrapped = (xml: string, local: string) =>
  `<samlp:${local}>${forgedAssertion(xml)}</samlp:${local}>`

const hidden: readonly Case[] = [
  ...hidingPlaces.map(
    ([place, code]): Case => ({
      row: 'W13',
      name: `an evil Assertion in ${place}`,
      code,
      mutate: (xml) => appendInto(xml, place, forgedAssertion(xml)),
    }),
  ),
  ...hidingPlaces.slice(0, -1).map(
    ([place, code]): Case => ({
      row: 'W13',
      name: `an evil Assertion that the provider signed in ${place}`,
      code,
      build: {
        beforeSigning: (xml) => appendInto(xml, place, forgedAssertion(tokenless(xml))),
      },
    }),
  ),
  {
    row: 'W13',
    name: 'an evil Assertion in StatusDetail',
    code: 'saml.schema',
    mutate: (xml) => appendInto(xml, 'Status', wrapped(xml, 'StatusDetail')),
  },
  {
    row: 'W13',
    name: 'an evil Assertion in a foreign element',
    code: 'saml.schema',
    mutate: (xml) =>
      insertBefore(xml, 'Status', `<x xmlns="urn:example:x">${forgedAssertion(xml)}</x>`),
  },
  {
    row: 'W13',
    name: 'an evil Assertion in EncryptedAssertion',
    shapes: ['FE', 'FU'],
    code: 'saml.schema',
    mutate: (xml) =>
      appendInto(xml, 'EncryptedAssertion', `<Assertion xmlns="${ns.assertion}" ID="_e"/>`),
  },
  {
    row: 'W13 A13',
    name: 'an evil Assertion in signed Extensions is ignored',
    code: 'accepted',
    build: {
      beforeSigning: (xml) => insertBefore(xml, 'Status', wrapped(tokenless(xml), 'Extensions')),
    },
  },
  {
    row: 'W13 A12',
    name: 'an evil Assertion in signed Advice is ignored',
    code: 'accepted',
    build: {
      beforeSigning: (xml) =>
        insertAfter(xml, 'Conditions', `<Advice>${forgedAssertion(tokenless(xml))}</Advice>`),
    },
  },
  {
    row: 'W13',
    name: 'an evil Assertion in Advice added after signing',
    code: 'xmldsig.digest_mismatch',
    mutate: (xml) => insertAfter(xml, 'Conditions', `<Advice>${forgedAssertion(xml)}</Advice>`),
  },
  {
    row: 'W13',
    name: 'an evil Assertion in Extensions added after signing, which only a Response has',
    code: { FA: 'accepted', FR: 'xmldsig.digest_mismatch', FB: 'xmldsig.digest_mismatch' },
    mutate: (xml) => insertBefore(xml, 'Status', wrapped(xml, 'Extensions')),
  },
  {
    row: 'W14',
    name: 'the genuine Assertion moved into Extensions, a sibling with its ID and Signature',
    code: 'saml.duplicate_id',
    shapes: ['FA', 'FB'],
    mutate: (xml) => {
      const genuine = subtree(xml, 'Assertion')
      const twin = evil(genuine.text)
      const extensions = `<samlp:Extensions>${genuine.text}</samlp:Extensions>`
      return insertBefore(splice(xml, genuine, twin), 'Status', extensions)
    },
  },
]

/** The template without the tokens that mark the places of signatures. */
function tokenless(xml: string): string {
  return xml.replaceAll(/\{\{[^}]*\}\}/g, '')
}

describe('assertions in hiding', () => {
  runCases(hidden)

  it.each(['FA', 'FR', 'FB'] as const)(
    'W13 claims come from the genuine Assertion when Advice and Extensions hold evil ones (%s)',
    async (shape: Shape) => {
      const { base64 } = await buildResponse({
        shape,
        beforeSigning: (xml) =>
          insertBefore(
            insertAfter(xml, 'Conditions', `<Advice>${forgedAssertion(tokenless(xml))}</Advice>`),
            'Status',
            `<samlp:Extensions>${forgedAssertion(tokenless(xml), '_e2')}</samlp:Extensions>`,
          ),
      })
      const verdict = await receive(base64)
      expect(verdict.ok && verdict.value.nameId?.value).toBe(context.nameId)
      expect(verdict.ok && verdict.value.identity.objectId).toBe(context.objectId)
    },
  )
})

const counts: readonly Case[] = [
  {
    row: 'W15',
    name: 'two signed Assertions',
    code: 'saml.assertion_count',
    build: { assertions: [{ signature: {} }, { id: '_second', signature: {} }] },
  },
  {
    row: 'W15',
    name: 'a signed and an unsigned Assertion',
    code: 'saml.assertion_count',
    build: {
      assertions: [{ signature: {} }, { id: '_evil', nameId: evilNameId, signature: null }],
    },
  },
  {
    row: 'W15',
    name: 'an unsigned and a signed Assertion',
    code: 'saml.assertion_count',
    build: {
      assertions: [{ id: '_evil', nameId: evilNameId, signature: null }, { signature: {} }],
    },
  },
  {
    row: 'W15',
    name: 'an Assertion and an EncryptedAssertion',
    code: 'saml.assertion_count',
    build: { assertions: [{}, { id: '_second', encrypted: true }] },
  },
  {
    row: 'W15',
    name: 'an EncryptedAssertion and an Assertion',
    code: 'saml.assertion_count',
    build: { assertions: [{ id: '_second', encrypted: true }, {}] },
  },
  {
    row: 'W15',
    name: 'two EncryptedAssertions',
    code: 'saml.assertion_count',
    build: { assertions: [{ encrypted: true }, { id: '_second', encrypted: true }] },
  },
  {
    row: 'W15',
    name: 'Success without an Assertion',
    code: 'saml.assertion_count',
    build: { assertions: [] },
  },
  {
    row: 'W16',
    name: 'equal IDs on Response and Assertion',
    code: 'saml.duplicate_id',
    build: { response: { id: context.assertionId } },
  },
  ...['Id', 'id', 'xml:id', 'samlp:ID', 'evil:ID'].flatMap((name) =>
    (['Response', 'Assertion', 'Signature'] as const).map(
      (place): Case => ({
        row: 'W16',
        name: `a decoy ${name} on ${place}`,
        code: ['saml.duplicate_id', 'saml.schema'],
        mutate: (xml) => {
          const signedId = /URI="#([^"]+)"/.exec(xml)?.[1] ?? ''
          const declaration = name === 'evil:ID' ? foreign : ''
          return addAttributes(xml, place, `${declaration} ${name}="${signedId}"`)
        },
      }),
    ),
  ),
  {
    row: 'W16',
    name: 'a decoy Id on something in Extensions',
    code: 'saml.duplicate_id',
    mutate: (xml) =>
      insertBefore(
        xml,
        'Status',
        `<samlp:Extensions><x xmlns="urn:example:x" Id="${context.assertionId}"/></samlp:Extensions>`,
      ),
  },
]

describe('counts and IDs', () => {
  runCases(counts)
})

const elsewhere = 'urn:oasis:names:tc:SAML:1.0:assertion'
const names: readonly Case[] = [
  ...(['', 'urn:example:evil', 'http://www.w3.org/2000/09/xmldsig'] as const).flatMap((uri) => [
    {
      row: 'W19',
      name: `the Signature in the namespace "${uri}"`,
      code: 'saml.schema',
      mutate: (xml: string) =>
        xml.replaceAll(/<(\/?)Signature(?: xmlns="[^"]*")?>/g, (_all, slash: string) =>
          slash === '/' ? '</Signature>' : `<Signature xmlns="${uri}">`,
        ),
    },
    ...['SignedInfo', 'Reference', 'DigestValue'].map((local) => ({
      row: 'W19',
      name: `${local} in the namespace "${uri}"`,
      code: ['xmldsig.cardinality', 'xmldsig.unexpected_child', 'xmldsig.signature_invalid'],
      mutate: (xml: string) => addAttributes(xml, local, ` xmlns="${uri}"`),
    })),
  ]),
  {
    row: 'W19',
    name: 'the Assertion in the namespace of SAML 1.1',
    code: 'saml.schema',
    mutate: (xml) => {
      const part = subtree(xml, 'Assertion')
      return splice(xml, part, part.text.replace(ns.assertion, elsewhere))
    },
  },
  {
    row: 'W19',
    name: 'a Response in a foreign namespace',
    code: 'saml.schema',
    mutate: (xml) => xml.replace(ns.protocol, 'urn:example:evil'),
  },
  {
    row: 'W19 P17',
    name: 'the Assertion alone',
    code: 'saml.schema',
    mutate: (xml) => subtree(xml, 'Assertion').text,
  },
  {
    row: 'W19',
    name: 'the Signature alone',
    code: 'saml.schema',
    mutate: (xml) => subtree(xml, 'Signature').text,
  },
  {
    row: 'W19',
    name: 'a SOAP envelope around the Response',
    code: 'saml.schema',
    mutate: (xml) =>
      `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>${xml}</S:Body></S:Envelope>`,
  },
]

describe('other namespaces and roots', () => {
  runCases(names)
})

const attributes: readonly Case[] = [
  ...(
    [
      ['Response', 'evil:Destination="https://evil.example/"'],
      ['Assertion', 'evil:Version="1.1"'],
      ['Conditions', `evil:NotOnOrAfter="${at(1000 * minuteMs)}"`],
      ['SubjectConfirmation', 'evil:Method="urn:x"'],
      ['AuthnStatement', 'evil:SessionIndex="x"'],
      ['NameID', 'evil:Format="urn:x"'],
    ] as const
  ).map(
    ([place, text]): Case => ({
      row: 'W24',
      name: `${text} on ${place}`,
      code: 'saml.schema',
      build: { beforeSigning: (xml) => addAttributes(xml, place, foreign + text) },
    }),
  ),
  ...(['URI', 'Algorithm'] as const).map(
    (name): Case => ({
      row: 'W24',
      name: `evil:${name} in the signature`,
      code: 'xmldsig.unexpected_child',
      build: {
        sign: {
          assertion: { referenceAttributes: `${foreign}evil:${name}="x"` },
          response: { referenceAttributes: `${foreign}evil:${name}="x"` },
        },
      },
      shapes: ['FB'],
    }),
  ),
  {
    row: 'W24',
    name: 'evil:Name before the Name of an Attribute and evil:Recipient before Recipient are ignored',
    code: 'accepted',
    build: {
      beforeSigning: (xml) =>
        xml
          .replace('<Attribute ', `<Attribute${foreign}evil:Name="email" `)
          .replace(
            '<SubjectConfirmationData ',
            `<SubjectConfirmationData${foreign}evil:Recipient="x" `,
          ),
    },
  },
  {
    row: 'W24',
    name: 'evil:Recipient does not stand in for a Recipient that is missing',
    code: 'saml.subject_confirmation',
    build: {
      assertion: {
        confirmations: [
          { recipient: null, dataAttributes: `${foreign}evil:Recipient="${context.acsUrl}"` },
        ],
      },
    },
  },
  {
    row: 'W24',
    name: 'evil:Name on Attribute and evil:Recipient on SubjectConfirmationData are ignored',
    code: 'accepted',
    build: {
      beforeSigning: (xml) =>
        addAttributes(
          addAttributes(xml, 'Attribute', `${foreign}evil:Name="email"`),
          'SubjectConfirmationData',
          `${foreign}evil:Recipient="x" evil:NotOnOrAfter="${at(-1000 * minuteMs)}"`,
        ),
    },
  },
]

describe('foreign attributes', () => {
  runCases(attributes)
})

const doubled: readonly Case[] = ['Subject', 'NameID', 'Conditions', 'AttributeStatement'].map(
  (local): Case => ({
    row: 'W26',
    name: `two ${local} in a signed Assertion`,
    code: 'saml.schema',
    build: {
      beforeSigning: (xml) => insertAfter(xml, local, evil(subtree(xml, local).text)),
    },
  }),
)

describe('what may occur once', () => {
  runCases(doubled)
})

describe('reading a signed assertion', () => {
  const signed = (text: string) => {
    const document = parseXml(text)
    if (!document.ok) throw new Error(document.failure.code)
    return { root: document.value.root } as SignedAssertion
  }

  it('holds the schema against the very tree it reads', async () => {
    const { text } = subtree((await buildResponse({ shape: 'none' })).xml, 'Assertion')
    expect(readAssertion(signed(text)).ok).toBe(true)
    const doubled = insertAfter(text, 'Subject', evil(subtree(text, 'Subject').text))
    const read = readAssertion(signed(doubled))
    expect(read.ok ? null : read.failure.code).toBe('saml.schema')
  })
})
