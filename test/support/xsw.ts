/**
 * The signature wrapping permutations W01 to W09 on real signed documents, as text. They follow the
 * builds of SAML Raider (XSW1 to XSW8, MIT) and add the two-SignedInfo family.
 */

import type { Shape } from './saml-builder.ts'
import { context, evilNameId } from './saml-context.ts'
import { ns } from './saml-template.ts'
import {
  appendInto,
  insertBefore,
  removeElement,
  type Subtree,
  splice,
  subtree,
  subtrees,
  withAttribute,
} from './subtree.ts'

export * from './subtree.ts'

export const evilAssertionId = '_e1100000-0000-4000-8000-00000000000a'
export const evilResponseId = '_e1100000-0000-4000-8000-00000000000b'

/** The text with the person replaced by the one the forger wants to be. */
export function evil(text: string): string {
  return text
    .replaceAll(context.nameId, evilNameId)
    .replaceAll(context.objectId, '0b1ec700-6666-4666-8666-000000000666')
}

/** The element without its own Signature child. */
export function withoutSignature(element: string): string {
  return removeElement(element, 'Signature')
}

/** The assertion as a forger writes it: another person, another ID, no signature. */
export function forgedAssertion(xml: string, id: string = evilAssertionId): string {
  const genuine = subtree(xml, 'Assertion').text
  const bare = subtrees(genuine, 'Signature').length > 0 ? withoutSignature(genuine) : genuine
  return evil(withAttribute(bare, 'ID', id))
}

/** The Signature that is a direct child of the first Assertion. */
function assertionSignature(xml: string): Subtree {
  const assertion = subtree(xml, 'Assertion')
  const own = subtree(assertion.text, 'Signature')
  return { ...own, start: assertion.start + own.start, end: assertion.start + own.end }
}

function setRootId(xml: string, id: string): string {
  return withAttribute(xml, 'ID', id)
}

/** An element that holds another inside its Signature, before `</Signature>`. */
function intoSignature(element: string, text: string): string {
  const signature = subtree(element, 'Signature')
  return splice(element, signature, appendInto(signature.text, 'Signature', text))
}

export type Permutation = {
  readonly row: string
  readonly name: string
  /** The shapes it can be applied to. */
  readonly shapes: readonly Shape[]
  /** The codes of the row; the verifier's answer must be one of them. */
  readonly codes: readonly string[]
  readonly apply: (xml: string) => string
}

const responseSigned = ['FR', 'FB'] as const
const assertionSigned = ['FA', 'FB'] as const
const onlyAssertionSigned = ['FA'] as const
const anySigned = ['FA', 'FR', 'FB'] as const

/** W01 XSW1 and W02 XSW2: the genuine Response survives somewhere below an evil one. */
function wrapResponse(xml: string, place: 'inside' | 'before'): string {
  const original = withoutSignature(xml)
  const root = setRootId(evil(xml), evilResponseId)
  const signature = subtree(xml, 'Signature').text
  const genuineSignature = splice(root, subtree(root, 'Signature'), signature)
  return place === 'inside'
    ? intoSignature(genuineSignature, original)
    : insertBefore(genuineSignature, 'Signature', original)
}

/** The genuine assertion's signature inside an evil assertion; where the genuine one went is up to the row. */
function evilAroundSignature(xml: string, id: string): { assertion: Subtree; evilText: string } {
  const assertion = subtree(xml, 'Assertion')
  const signature = assertionSignature(xml).text
  const forged = withAttribute(evil(assertion.text), 'ID', id)
  return { assertion, evilText: splice(forged, subtree(forged, 'Signature'), signature) }
}

function wrapAssertionIn(xml: string, id: string, holder: (original: string) => string): string {
  const { assertion, evilText } = evilAroundSignature(xml, id)
  return splice(xml, assertion, intoSignature(evilText, holder(withoutSignature(assertion.text))))
}

/** Rewrites the first Signature of the document. */
function inFirstSignature(xml: string, change: (signature: string) => string): string {
  const signature = subtree(xml, 'Signature')
  return splice(xml, signature, change(signature.text))
}

function fakeSignedInfo(signature: string): string {
  const genuine = subtree(signature, 'SignedInfo').text
  return genuine.replace(/(DigestValue>)[^<]+/, '$147DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')
}

const basic: readonly Permutation[] = [
  {
    row: 'W01',
    name: 'genuine Response inside the evil one’s Signature',
    shapes: responseSigned,
    codes: ['xmldsig.reference_target', 'xmldsig.unexpected_child'],
    apply: (xml) => wrapResponse(xml, 'inside'),
  },
  {
    row: 'W02',
    name: 'genuine Response before the evil one’s Signature',
    shapes: responseSigned,
    codes: ['xmldsig.reference_target', 'saml.schema'],
    apply: (xml) => wrapResponse(xml, 'before'),
  },
  {
    row: 'W03',
    name: 'evil Assertion before the genuine one',
    shapes: anySigned,
    codes: ['saml.assertion_count'],
    apply: (xml) => insertBefore(xml, 'Assertion', forgedAssertion(xml)),
  },
  {
    row: 'W04',
    name: 'evil Assertion around the genuine one',
    shapes: anySigned,
    codes: ['saml.schema'],
    apply: (xml) => {
      const genuine = subtree(xml, 'Assertion')
      return splice(xml, genuine, appendInto(forgedAssertion(xml), 'Assertion', genuine.text))
    },
  },
  {
    row: 'W05',
    name: 'evil Assertion keeps the Signature, genuine one at the end',
    shapes: assertionSigned,
    codes: ['saml.assertion_count'],
    apply: (xml) => {
      const { assertion, evilText } = evilAroundSignature(xml, evilAssertionId)
      const wrapped = splice(xml, assertion, evilText)
      return appendInto(wrapped, 'Response', withoutSignature(assertion.text))
    },
  },
  {
    row: 'W06',
    name: 'genuine Assertion inside the evil one’s Signature',
    shapes: onlyAssertionSigned,
    codes: ['xmldsig.unexpected_child'],
    apply: (xml) => wrapAssertionIn(xml, evilAssertionId, (original) => original),
  },
  {
    row: 'W07',
    name: 'evil Assertion with the same ID in Extensions',
    shapes: anySigned,
    codes: ['saml.duplicate_id'],
    apply: (xml) => {
      const prefix = /^<([\w.-]+:)?/.exec(xml)?.[1] ?? ''
      const forged = forgedAssertion(xml, context.assertionId)
      return insertBefore(xml, 'Status', `<${prefix}Extensions>${forged}</${prefix}Extensions>`)
    },
  },
  {
    row: 'W08',
    name: 'genuine Assertion in an Object of the evil one’s Signature',
    shapes: onlyAssertionSigned,
    codes: ['xmldsig.unexpected_child'],
    apply: (xml) =>
      wrapAssertionIn(
        xml,
        evilAssertionId,
        (original) => `<Object xmlns="${ns.dsig}">${original}</Object>`,
      ),
  },
  {
    row: 'W08',
    name: 'genuine Assertion in an Object, evil one with the same ID',
    shapes: onlyAssertionSigned,
    codes: ['xmldsig.unexpected_child'],
    apply: (xml) =>
      wrapAssertionIn(
        xml,
        context.assertionId,
        (original) => `<Object xmlns="${ns.dsig}">${original}</Object>`,
      ),
  },
  ...(['after', 'before'] as const).map(
    (place): Permutation => ({
      row: 'W09',
      name: `a fake SignedInfo ${place} the genuine one`,
      shapes: anySigned,
      codes: ['xmldsig.cardinality'],
      apply: (xml) =>
        inFirstSignature(xml, (signature) => {
          const genuine = subtree(signature, 'SignedInfo')
          const fake = fakeSignedInfo(signature)
          const pair = place === 'after' ? genuine.text + fake : fake + genuine.text
          return splice(signature, genuine, pair)
        }),
    }),
  ),
  {
    row: 'W09',
    name: 'a fake SignedInfo in a foreign namespace before the genuine one',
    shapes: anySigned,
    codes: ['xmldsig.cardinality', 'xmldsig.unexpected_child'],
    apply: (xml) =>
      inFirstSignature(xml, (signature) =>
        insertBefore(
          signature,
          'SignedInfo',
          '<evil:SignedInfo xmlns:evil="urn:example:evil"><evil:Reference/></evil:SignedInfo>',
        ),
      ),
  },
  {
    row: 'W09',
    name: 'a fake SignedInfo nested in the genuine one',
    shapes: anySigned,
    codes: ['xmldsig.cardinality', 'xmldsig.unexpected_child', 'xmldsig.signature_invalid'],
    apply: (xml) =>
      inFirstSignature(xml, (signature) =>
        appendInto(signature, 'SignedInfo', fakeSignedInfo(signature)),
      ),
  },
  {
    row: 'W09',
    name: 'the genuine SignedInfo nested in a fake one',
    shapes: anySigned,
    codes: ['xmldsig.cardinality', 'xmldsig.unexpected_child', 'xmldsig.signature_invalid'],
    apply: (xml) =>
      inFirstSignature(xml, (signature) => {
        const genuine = subtree(signature, 'SignedInfo')
        const fake = appendInto(fakeSignedInfo(signature), 'SignedInfo', genuine.text)
        return splice(signature, genuine, fake)
      }),
  },
]

/** Where the Response is signed too, a change inside the genuine Assertion breaks that signature first. */
const underSignedResponse = basic
  .filter(({ shapes }) => shapes === onlyAssertionSigned)
  .map(
    (permutation): Permutation => ({
      ...permutation,
      shapes: ['FB'],
      codes: ['xmldsig.digest_mismatch'],
    }),
  )

export const permutations: readonly Permutation[] = [...basic, ...underSignedResponse]
