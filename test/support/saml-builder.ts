/**
 * Builds signed and encrypted SAML responses for tests, in the shape of Entra, with any defect a test
 * needs. Nothing of src is used. Works in Node and in workerd.
 *
 *   // A positive control: what the default connection must accept (shape FA unless told otherwise).
 *   const { base64, form, xml } = await buildResponse()
 *   const { base64 } = await buildResponse({ shape: 'FB' })
 *
 *   // `s` rows: build the defect, then sign it with K. Options first …
 *   await buildResponse({ assertion: { audiences: ['https://other.example'] } })            // P05
 *   await buildResponse({ assertion: { confirmations: [{ recipient: null }] } })            // P08
 *   await buildResponse({ response: { destination: null }, shape: 'FR' })                   // P03
 *   // … and text for what has no option; `{{signature:response}}` and `{{signature:assertion:0}}`
 *   // are the places of the signatures, and can be moved or removed too.
 *   await buildResponse({ beforeSigning: (xml) => xml.replace('</NameID>', '<x/></NameID>') })   // X20
 *
 *   // Odd signatures with correct cryptography over the odd SignedInfo.
 *   await buildResponse({ sign: { assertion: { referenceUri: '' } } })                      // S02
 *   await buildResponse({ sign: { assertion: { transforms: [uris.enveloped] } } })          // S04
 *   await buildResponse({ sign: { assertion: {
 *     signedInfo: async (p) => p.canonicalization + p.signatureMethod + p.reference
 *       + (await p.referenceTo('#' + context.responseId, (doc) => elementById(doc, context.responseId))),
 *   } } })                                                                                  // S01
 *   await buildResponse({ sign: { assertion: { key: 'KE' } } })                             // ECDSA P-256
 *   await buildResponse({ sign: { assertion: { key: 'Kprime' } } })                         // K06
 *   await buildResponse({ sign: { assertion: { method: 'rsa-sha1', digest: 'sha1' } } })    // K02
 *   await buildResponse({ sign: { assertion: { method: 'hmac-sha256', hmacKey: spkiDer('K') } } }) // K01
 *
 *   // `m` rows: mutate after signing.
 *   await buildResponse({ afterSigning: (xml) => xml.replace('ann@', 'admin@') })           // S10
 *   await buildResponse({ sign: { assertion: { mutate: (sig) => sig.replace('</SignedInfo>', …) } } })  // W09
 *
 *   // Encryption: FE = signed Response + encrypted Assertion, FU = unsigned Response + encrypted signed one.
 *   await buildResponse({ shape: 'FE', encrypt: { content: 'aes256-cbc', transport: 'rsa-oaep-sha256' } })
 *
 *   // Several assertions, each signed or not, encrypted or not (row W15).
 *   await buildResponse({ assertions: [{}, { id: '_evil', nameId: evilNameId, signature: null }] })
 *
 * The world (ids, URLs, moment, keys) is `context` in saml-context.ts; keys are described in keys.ts;
 * the signature wrapping permutations are in xsw.ts; logout, metadata and the Redirect binding in
 * saml-messages.ts.
 */

import { bytesToBase64 } from './keys.ts'
import {
  type AssertionOptions,
  assertionXml,
  type Names,
  nameStyles,
  type ResponseFields,
  responseXml,
} from './saml-template.ts'
import { type EncryptOptions, encryptText } from './xml-encrypter.ts'
import { type SignatureOptions, signAtToken } from './xml-signer.ts'

export { elementById, parseDom } from './c14n.ts'
export * from './keys.ts'
export * from './saml-context.ts'
export { nameStyles, ns } from './saml-template.ts'
export { digestMethods, type SignatureOptions, signatureMethods, uris } from './xml-signer.ts'

/** FA assertion signed · FR response signed · FB both · FE signed response, encrypted assertion · FU encrypted signed assertion · none: no signature at all */
export type Shape = 'FA' | 'FR' | 'FB' | 'FE' | 'FU' | 'none'

export type AssertionInput = AssertionOptions & {
  /** null: not signed, whatever the shape; options: signed, whatever the shape. */
  readonly signature?: SignatureOptions | null
  readonly encrypted?: boolean
}

export type BuildOptions = {
  readonly shape?: Shape
  readonly names?: keyof typeof nameStyles | Names
  readonly response?: ResponseFields
  readonly assertion?: AssertionInput
  /** Several assertions (or none) instead of one. */
  readonly assertions?: readonly AssertionInput[]
  /** null: that part is not signed, whatever the shape; options: it is signed, whatever the shape. */
  readonly sign?: {
    readonly response?: SignatureOptions | null
    readonly assertion?: SignatureOptions | null
  }
  readonly encrypt?: EncryptOptions
  /** Rewrites the document while the places of the signatures are still tokens. */
  readonly beforeSigning?: (xml: string) => string
  /** Rewrites the finished document. */
  readonly afterSigning?: (xml: string) => string
  readonly relayState?: string
}

export type Built = {
  readonly xml: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly base64: string
  /** The body of the POST. */
  readonly form: string
}

/** Makes a text a posted message: base64 and form body. */
export function posted(xml: string | Uint8Array, relayState?: string): Built {
  const bytes = typeof xml === 'string' ? new TextEncoder().encode(xml) : xml.slice()
  const base64 = bytesToBase64(bytes)
  const form = new URLSearchParams({ SAMLResponse: base64 })
  if (relayState !== undefined) form.set('RelayState', relayState)
  return {
    xml: typeof xml === 'string' ? xml : new TextDecoder().decode(xml),
    bytes: bytes as Uint8Array<ArrayBuffer>,
    base64,
    form: form.toString(),
  }
}

const responseToken = '{{signature:response}}'
const assertionToken = (index: number) => `{{signature:assertion:${index}}}`
const encryptStart = (index: number) => `{{encrypt:${index}}}`
const encryptEnd = (index: number) => `{{/encrypt:${index}}}`

const signsResponse = new Set<Shape>(['FR', 'FB', 'FE'])
const signsAssertion = new Set<Shape>(['FA', 'FB', 'FU'])
const encrypts = new Set<Shape>(['FE', 'FU'])

function namesOf(options: BuildOptions): Names {
  const names = options.names ?? 'entra'
  return typeof names === 'string' ? nameStyles[names] : names
}

/** The document before anything is signed or encrypted, with tokens in the places of the signatures. */
export function responseTemplate(options: BuildOptions = {}): string {
  const names = namesOf(options)
  const shape = options.shape ?? 'FA'
  const inputs = options.assertions ?? [options.assertion ?? {}]
  const assertions = inputs.map((input, index) => {
    const text = assertionXml(input, { names, token: assertionToken(index) })
    return (input.encrypted ?? encrypts.has(shape))
      ? encryptStart(index) + text + encryptEnd(index)
      : text
  })
  return responseXml(options.response ?? {}, {
    names,
    token: responseToken,
    assertions: assertions.join(''),
  })
}

function planFor(
  given: SignatureOptions | null | undefined,
  byShape: boolean,
): SignatureOptions | null {
  if (given === null) return null
  return given ?? (byShape ? {} : null)
}

/** Builds, signs and encrypts a Response. Throws when the text before signing is not well formed. */
export async function buildResponse(options: BuildOptions = {}): Promise<Built> {
  const names = namesOf(options)
  const shape = options.shape ?? 'FA'
  const inputs = options.assertions ?? [options.assertion ?? {}]
  const template = responseTemplate(options)
  let xml = options.beforeSigning?.(template) ?? template

  for (const [index, input] of inputs.entries()) {
    const token = assertionToken(index)
    const given = input.signature === undefined ? options.sign?.assertion : input.signature
    const plan = planFor(given, signsAssertion.has(shape))
    const start = xml.indexOf(encryptStart(index))
    const end = xml.indexOf(encryptEnd(index))
    const sign = async (text: string, whole: string) => {
      if (!text.includes(token)) return whole
      if (plan === null) return whole.replace(token, '')
      return signAtToken(whole, token, { namesPrefix: names.dsig, ...plan })
    }
    if (start < 0 || end < 0) {
      xml = await sign(xml, xml)
      continue
    }
    const inner = xml.slice(start + encryptStart(index).length, end)
    const sealed = await encryptText(await sign(inner, inner), names, options.encrypt)
    xml = xml.slice(0, start) + sealed + xml.slice(end + encryptEnd(index).length)
  }

  const plan = planFor(options.sign?.response, signsResponse.has(shape))
  if (xml.includes(responseToken)) {
    xml =
      plan === null
        ? xml.replace(responseToken, '')
        : await signAtToken(xml, responseToken, { namesPrefix: names.dsig, ...plan })
  }
  return posted(options.afterSigning?.(xml) ?? xml, options.relayState)
}
