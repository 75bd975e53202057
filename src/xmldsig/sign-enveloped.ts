import { type Bytes, base64Encode, decodeUtf8, type Result, sha256 } from '../kernel/index.ts'
import {
  attributeOf,
  buildXml,
  canonicalize,
  parseXml,
  type XmlElement,
  type XmlOutput,
} from '../xml/index.ts'
import { rsaSha256, sha256Digest } from './algorithms.ts'
import { exclusiveC14n } from './prefix-list.ts'
import { envelopedSignature } from './read-reference.ts'
import { dsigNamespace } from './shape.ts'
import { signOctets } from './sign-octets.ts'

export type EnvelopedSigning = {
  /** A document that we wrote ourselves; its root has an `ID`. */
  readonly xml: string
  readonly key: CryptoKey
  readonly certificateDer: Bytes
  /** Where the schema wants the signature: `first` in metadata, `second` (behind the Issuer) in messages. */
  readonly position: 'first' | 'second'
}

/** Our own document cannot be refused by our own reader; if it is, that is a bug. */
function must<T>(result: Result<T, { readonly code: string }>): T {
  if (result.ok) return result.value
  throw new Error(`cannot sign what we wrote: ${result.failure.code}`)
}

const read = (xml: string) => must(parseXml(xml)).root
const octetsOf = (element: XmlElement) => must(canonicalize(element))
const leaf = (name: string, text: string): XmlOutput => ({ name, children: [text] })
const method = (name: string, uri: string): XmlOutput => ({ name, attributes: { Algorithm: uri } })
const declared = (output: XmlOutput): XmlOutput => ({
  ...output,
  attributes: { 'xmlns:ds': dsigNamespace },
})

function buildSignedInfo(id: string, digest: Bytes): XmlOutput {
  const transforms = [envelopedSignature, exclusiveC14n].map((uri) => method('ds:Transform', uri))
  const reference: XmlOutput = {
    name: 'ds:Reference',
    attributes: { URI: `#${id}` },
    children: [
      { name: 'ds:Transforms', children: transforms },
      method('ds:DigestMethod', sha256Digest),
      leaf('ds:DigestValue', base64Encode(digest)),
    ],
  }
  return {
    name: 'ds:SignedInfo',
    children: [
      method('ds:CanonicalizationMethod', exclusiveC14n),
      method('ds:SignatureMethod', rsaSha256),
      reference,
    ],
  }
}

/**
 * Signs a document of ours: enveloped, exclusive canonicalization, RSA with SHA-256, our certificate in
 * KeyInfo (SAML Core 5.4). Throws when the document is not one that we could have written.
 * @returns the document in canonical form, signature included, without an XML declaration
 */
export async function signEnveloped(signing: EnvelopedSigning): Promise<string> {
  const { xml, key, certificateDer, position } = signing
  const root = read(xml)
  const id = attributeOf(root, 'ID')
  if (id === null || id === '') throw new Error('cannot sign what we wrote: the root has no ID')
  const signedInfo = buildSignedInfo(id, await sha256(octetsOf(root)))
  const value = await signOctets(key, octetsOf(read(buildXml(declared(signedInfo)))))
  const certificate = leaf('ds:X509Certificate', base64Encode(certificateDer))
  const signature: XmlOutput = {
    name: 'ds:Signature',
    children: [
      signedInfo,
      leaf('ds:SignatureValue', base64Encode(value)),
      { name: 'ds:KeyInfo', children: [{ name: 'ds:X509Data', children: [certificate] }] },
    ],
  }
  const behind = position === 'first' ? 0 : 1
  const children = [
    ...root.children.slice(0, behind),
    read(buildXml(declared(signature))),
    ...root.children.slice(behind),
  ]
  return decodeUtf8(octetsOf({ ...root, children })) ?? ''
}
