import { createHash, type KeyObject } from 'node:crypto'
import { XmlC14NMode, XmlDocument, type XmlElement } from 'libxml2-wasm'
import { signWith } from './make-certificate.ts'

/**
 * A signer that can be told to sign nonsense: libxml2 canonicalizes, node:crypto digests and signs, and every
 * piece of the Signature can be replaced. So a defect is under a correct signature, and only the guard that
 * looks for it stands in the way. Nothing of src/ is used.
 */
export const ds = 'http://www.w3.org/2000/09/xmldsig#'
export const dsigMore = 'http://www.w3.org/2001/04/xmldsig-more#'
export const xmlenc = 'http://www.w3.org/2001/04/xmlenc#'
export const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
export const enveloped = `${ds}enveloped-signature`

export type Pieces = {
  readonly id: string
  readonly uri: string
  readonly signatureMethod: string
  readonly canonicalizationMethod: string
  readonly transforms: string
  readonly digestMethod: string
  readonly referenceAttributes: string
  /** From the digest in base64. */
  readonly digestValue: (digest: string) => string
  readonly reference: (parts: string, attributes: string) => string
  readonly signedInfo: (parts: string) => string
  readonly signatureValue: (value: string) => string
  readonly keyInfo: string
  readonly signature: (parts: string) => string
  /** The hash of the digest and of the signature, for node:crypto. */
  readonly digestHash: string
  readonly hash: string
  readonly prefixes: string[]
  readonly signedInfoPrefixes: string[]
  /** What is digested instead of the element with the id, given the canonical form of that. */
  readonly octets: (canonical: string) => string | Buffer
}

export const method = (name: string, uri: string, inner = '') =>
  `<ds:${name} Algorithm="${uri}">${inner}</ds:${name}>`

export const inclusive = (list: string) =>
  `<ec:InclusiveNamespaces xmlns:ec="${exclusive}" PrefixList="${list}"/>`

export const transforms = (...steps: string[]) => `<ds:Transforms>${steps.join('')}</ds:Transforms>`

export const goodTransforms = transforms(
  method('Transform', enveloped),
  method('Transform', exclusive),
)

const defaults: Pieces = {
  id: '_a',
  uri: '#_a',
  canonicalizationMethod: method('CanonicalizationMethod', exclusive),
  signatureMethod: method('SignatureMethod', `${dsigMore}rsa-sha256`),
  transforms: goodTransforms,
  digestMethod: method('DigestMethod', `${xmlenc}sha256`),
  referenceAttributes: '',
  digestValue: (digest) => `<ds:DigestValue>${digest}</ds:DigestValue>`,
  reference: (parts, attributes) => `<ds:Reference${attributes}>${parts}</ds:Reference>`,
  signedInfo: (parts) => `<ds:SignedInfo>${parts}</ds:SignedInfo>`,
  signatureValue: (value) => `<ds:SignatureValue>${value}</ds:SignatureValue>`,
  keyInfo: '',
  signature: (parts) => `<ds:Signature xmlns:ds="${ds}">${parts}</ds:Signature>`,
  digestHash: 'sha256',
  hash: 'sha256',
  prefixes: [],
  signedInfoPrefixes: [],
  octets: (canonical) => canonical,
}

/** Where the signature goes in a template. */
export const slot = '<!--signature-->'

function canonicalAt(xml: string, xpath: string, prefixes: string[]): string {
  const document = XmlDocument.fromString(xml)
  try {
    const element = document.get(xpath, { ds }) as XmlElement | null
    if (element === null) throw new Error(`nothing at ${xpath}`)
    return element.canonicalizeToString({
      mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
      inclusiveNamespacePrefixes: prefixes,
    })
  } finally {
    document.dispose()
  }
}

/** Signs the element with the id in the template; the Signature replaces the slot. */
export function signDocument(
  template: string,
  key: KeyObject,
  replaced: Partial<Pieces> = {},
): string {
  const p: Pieces = { ...defaults, ...replaced }
  const canonical = canonicalAt(template.replace(slot, ''), `//*[@ID='${p.id}']`, p.prefixes)
  const digest = createHash(p.digestHash).update(p.octets(canonical)).digest('base64')
  const attributes = `${p.referenceAttributes} URI="${p.uri}"`
  const reference = p.reference(p.transforms + p.digestMethod + p.digestValue(digest), attributes)
  const signedInfo = p.signedInfo(p.canonicalizationMethod + p.signatureMethod + reference)
  const build = (value: string) =>
    template.replace(slot, () => p.signature(signedInfo + p.signatureValue(value) + p.keyInfo))
  const path = "//*[local-name()='Signature'][1]/*[local-name()='SignedInfo'][1]"
  const octets = canonicalAt(build(''), path, p.signedInfoPrefixes)
  return build(signWith(key, p.hash, Buffer.from(octets)).toString('base64'))
}
