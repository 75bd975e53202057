/**
 * The test signer: XML signatures with correct cryptography over whatever SignedInfo a test asks for.
 * It shares nothing with src: @xmldom/xmldom parses, test/support/c14n.ts canonicalizes, WebCrypto signs.
 *
 * A place for the signature is a token in the text of the document. The digest is taken over the
 * token's parent without the token (the enveloped-signature transform); then the Signature is put in
 * place, its SignedInfo is canonicalized where it stands and signed, and the value is filled in.
 */
import type { Document, Element } from '@xmldom/xmldom'
import { type C14nMode, c14nModes, canonicalizeDom, elementsOf, parseDom } from './c14n.ts'
import { bytesToBase64, certificateBase64, importPrivateKey, type KeyName } from './keys.ts'
import { declare, ns, qualified } from './saml-template.ts'

export const uris = {
  excC14n: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  excC14nWithComments: 'http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
  c14n: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  c14nWithComments: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments',
  c14n11: 'http://www.w3.org/2006/12/xml-c14n11',
  enveloped: 'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  base64: 'http://www.w3.org/2000/09/xmldsig#base64',
  xpath: 'http://www.w3.org/TR/1999/REC-xpath-19991116',
  xpathFilter2: 'http://www.w3.org/2002/06/xmldsig-filter2',
  xslt: 'http://www.w3.org/TR/1999/REC-xslt-19991116',
} as const

type Method = { readonly uri: string; readonly name: string; readonly hash: string }

/** Signature methods that the signer can compute. */
export const signatureMethods = {
  'rsa-sha1': {
    uri: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-1',
  },
  'rsa-sha256': {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
  },
  'rsa-sha384': {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384',
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-384',
  },
  'rsa-sha512': {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-512',
  },
  'rsa-pss-sha256': {
    uri: 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
    name: 'RSA-PSS',
    hash: 'SHA-256',
  },
  'ecdsa-sha1': {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1',
    name: 'ECDSA',
    hash: 'SHA-1',
  },
  'ecdsa-sha256': {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
    name: 'ECDSA',
    hash: 'SHA-256',
  },
  'ecdsa-sha384': {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384',
    name: 'ECDSA',
    hash: 'SHA-384',
  },
  'ecdsa-sha512': {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512',
    name: 'ECDSA',
    hash: 'SHA-512',
  },
  'hmac-sha1': { uri: 'http://www.w3.org/2000/09/xmldsig#hmac-sha1', name: 'HMAC', hash: 'SHA-1' },
  'hmac-sha256': {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
    name: 'HMAC',
    hash: 'SHA-256',
  },
} as const satisfies Record<string, Method>
export type SignatureMethodName = keyof typeof signatureMethods

/** Digest methods that the signer can compute; md5, sha224 and ripemd160 only in Node. */
export const digestMethods = {
  md5: 'http://www.w3.org/2001/04/xmldsig-more#md5',
  sha1: 'http://www.w3.org/2000/09/xmldsig#sha1',
  sha224: 'http://www.w3.org/2001/04/xmldsig-more#sha224',
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha384: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
  ripemd160: 'http://www.w3.org/2001/04/xmlenc#ripemd160',
} as const
export type DigestMethodName = keyof typeof digestMethods

/** What a digest is taken of: an element of the document (its token already removed), text, or octets. */
export type DigestTarget = (document: Document, parent: Element) => Element | string | Uint8Array

/** The parts a SignedInfo is made of, as raw XML, for a test that writes its own. */
export type SignedInfoParts = {
  /** The name with the prefix of the style: `q('Reference')`. */
  readonly q: (local: string) => string
  readonly canonicalization: string
  readonly signatureMethod: string
  readonly reference: string
  readonly digestValue: string
  /** A complete Reference with another target, computed correctly. */
  readonly referenceTo: (uri: string | null, target: DigestTarget) => Promise<string>
}

export type SignatureOptions = {
  readonly key?: KeyName
  /** Default: what suits the key, with SHA-256 (KE384: SHA-384, KE521: SHA-512). */
  readonly method?: SignatureMethodName
  /** Octets of the HMAC key (row K01). */
  readonly hmacKey?: Uint8Array<ArrayBuffer>
  readonly digest?: DigestMethodName
  /** Written instead of the URIs of what was computed; null leaves the attribute out (row K03). */
  readonly methodUri?: string | null
  readonly digestUri?: string | null
  /** CanonicalizationMethod: a known URI is computed as it says, an unknown one as exclusive. */
  readonly canonicalizationUri?: string | null
  /** PrefixList for SignedInfo (row C12). */
  readonly signedInfoPrefixes?: string
  /** PrefixList of the reference's exclusive canonicalization. */
  readonly prefixList?: string
  /** Raw content of CanonicalizationMethod, SignatureMethod and DigestMethod (row K04). */
  readonly canonicalizationContent?: string
  readonly methodContent?: string
  readonly digestContent?: string
  /** Transform elements: a URI, or raw XML when it starts with `<`; null leaves Transforms out. */
  readonly transforms?: readonly string[] | null
  /** Default `#` + ID of the parent; null leaves the attribute out. */
  readonly referenceUri?: string | null
  /** Raw further attributes of Reference. */
  readonly referenceAttributes?: string
  readonly digestOf?: DigestTarget
  /** Rewrites the DigestValue text before SignedInfo is signed (rows S03, S06). */
  readonly digestText?: (base64: string) => string
  /** Writes the content of SignedInfo (rows S01 to S07). */
  readonly signedInfo?: (parts: SignedInfoParts) => string | Promise<string>
  /** Rewrites the octets of the signature (row K09), and then its text. */
  readonly signatureBytes?: (raw: Uint8Array) => Uint8Array
  readonly signatureText?: (base64: string) => string
  /** x509: the certificate of the key · none · raw XML. Default x509. */
  readonly keyInfo?: 'x509' | 'none' | (string & {})
  /** Prefix of the Signature's namespace; default: that of the style. */
  readonly prefix?: string
  /** Raw attributes of Signature, and raw XML as its last child. */
  readonly attributes?: string
  readonly extraXml?: string
  /** Line break and indent between the elements of Signature, SignedInfo and Reference. */
  readonly space?: string
  /** Rewrites the finished Signature, before anything outside it is signed. */
  readonly mutate?: (signatureXml: string) => string
}

async function hashOctets(
  digest: DigestMethodName,
  octets: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const web: Partial<Record<DigestMethodName, string>> = {
    sha1: 'SHA-1',
    sha256: 'SHA-256',
    sha384: 'SHA-384',
    sha512: 'SHA-512',
  }
  const name = web[digest]
  if (name !== undefined) return new Uint8Array(await crypto.subtle.digest(name, octets))
  const node = await import('node:crypto')
  return node.createHash(digest).update(octets).digest()
}

function defaultMethod(key: KeyName): SignatureMethodName {
  if (key === 'KE') return 'ecdsa-sha256'
  if (key === 'KE384') return 'ecdsa-sha384'
  if (key === 'KE521') return 'ecdsa-sha512'
  return 'rsa-sha256'
}

const curves: Partial<Record<KeyName, string>> = { KE: 'P-256', KE384: 'P-384', KE521: 'P-521' }

/** Signs octets with a named key; raw r‖s for ECDSA, as XML signatures want it. */
export async function signOctetsWith(
  octets: Uint8Array<ArrayBuffer>,
  options: Pick<SignatureOptions, 'key' | 'method' | 'hmacKey'> = {},
): Promise<Uint8Array> {
  const keyName = options.key ?? 'K'
  const method: Method = signatureMethods[options.method ?? defaultMethod(keyName)]
  if (method.name === 'HMAC') {
    const algorithm = { name: 'HMAC', hash: method.hash }
    const bytes = options.hmacKey ?? new Uint8Array(32)
    const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign'])
    return new Uint8Array(await crypto.subtle.sign('HMAC', key, octets))
  }
  if (method.name === 'ECDSA') {
    const namedCurve = curves[keyName] ?? 'P-256'
    const key = await importPrivateKey(keyName, { name: 'ECDSA', namedCurve })
    return new Uint8Array(
      await crypto.subtle.sign({ name: 'ECDSA', hash: method.hash }, key, octets),
    )
  }
  const key = await importPrivateKey(keyName, { name: method.name, hash: method.hash })
  const parameters = method.name === 'RSA-PSS' ? { name: 'RSA-PSS', saltLength: 32 } : method.name
  return new Uint8Array(await crypto.subtle.sign(parameters, key, octets))
}

const encoder = new TextEncoder()
const here = '<portico-signature-here xmlns=""/>'

/** The document with the token's place known and emptied. */
function locate(xml: string, token: string): { document: Document; parent: Element } {
  const document = parseDom(xml.replace(token, () => here))
  const marker = elementsOf(document).find((e) => e.nodeName === 'portico-signature-here')
  const parent = marker?.parentNode
  if (marker === undefined || parent?.nodeType !== 1) throw new Error(`no place for ${token}`)
  parent.removeChild(marker)
  return { document, parent: parent as Element }
}

function modeOf(uri: string | null, prefixList: string | undefined): C14nMode {
  const mode = c14nModes.get(uri ?? '') ?? { exclusive: true, comments: false }
  const prefixes = prefixList?.split(/\s+/).filter((p) => p !== '')
  return mode.exclusive && prefixes !== undefined ? { ...mode, prefixes } : mode
}

/** How the digested octets are made, given the transforms: the last canonicalization named, else inclusive 1.0. */
function digestMode(transforms: readonly string[], prefixList: string | undefined): C14nMode {
  const named = transforms.findLast((t) => [...c14nModes.keys()].some((uri) => namesUri(t, uri)))
  const uri = [...c14nModes.keys()].find((known) => named !== undefined && namesUri(named, known))
  return modeOf(uri ?? uris.c14n, prefixList)
}

function namesUri(transform: string, uri: string): boolean {
  return transform === uri || transform.includes(`Algorithm="${uri}"`)
}

/**
 * Puts a signature in the place of the token.
 * @param namesPrefix the style's prefix for the signature's elements
 * @returns the document with the signature; everything else is untouched text
 */
export async function signAtToken(
  xml: string,
  token: string,
  options: SignatureOptions & { readonly namesPrefix?: string } = {},
): Promise<string> {
  const key = options.key ?? 'K'
  const digest = options.digest ?? 'sha256'
  const prefix = options.prefix ?? options.namesPrefix ?? ''
  const q = (local: string) => qualified(prefix, local)
  const space = options.space ?? ''
  const method = signatureMethods[options.method ?? defaultMethod(key)]
  const transforms =
    options.transforms === undefined ? [uris.enveloped, uris.excC14n] : options.transforms

  const attr = (name: string, value: string | null) => (value === null ? '' : ` ${name}="${value}"`)
  const inclusive = (list: string | undefined) =>
    list === undefined
      ? ''
      : `<ec:InclusiveNamespaces xmlns:ec="${ns.excC14n}" PrefixList="${list}"/>`
  const element = (local: string, uri: string | null, content: string) =>
    content === ''
      ? `<${q(local)}${attr('Algorithm', uri)}/>`
      : `<${q(local)}${attr('Algorithm', uri)}>${content}</${q(local)}>`
  const transformXml = (transform: string) => {
    if (transform.startsWith('<')) return transform
    const exclusive = c14nModes.get(transform)?.exclusive === true
    return element('Transform', transform, exclusive ? inclusive(options.prefixList) : '')
  }
  const transformsXml =
    transforms === null
      ? ''
      : `<${q('Transforms')}>${transforms.map((t) => space + transformXml(t)).join('')}${space}</${q('Transforms')}>${space}`

  const digestOf = async (target: DigestTarget): Promise<string> => {
    const { document, parent } = locate(xml, token)
    const found = target(document, parent)
    if (found instanceof Uint8Array) return bytesToBase64(await hashOctets(digest, found.slice()))
    const text =
      typeof found === 'string'
        ? found
        : canonicalizeDom(found, digestMode(transforms ?? [], options.prefixList))
    return bytesToBase64(await hashOctets(digest, encoder.encode(text) as Uint8Array<ArrayBuffer>))
  }
  const referenceXml = (uri: string | null, digestValue: string) =>
    `<${q('Reference')}${attr('URI', uri)}${options.referenceAttributes ?? ''}>${space}${transformsXml}${element('DigestMethod', options.digestUri === undefined ? digestMethods[digest] : options.digestUri, options.digestContent ?? '')}${space}<${q('DigestValue')}>${digestValue}</${q('DigestValue')}>${space}</${q('Reference')}>`

  const { parent } = locate(xml, token)
  const uri =
    options.referenceUri === undefined
      ? `#${parent.getAttribute('ID') ?? ''}`
      : options.referenceUri
  const trueDigest = await digestOf(options.digestOf ?? ((_document, own) => own))
  const digestValue = options.digestText?.(trueDigest) ?? trueDigest
  const canonicalizationUri =
    options.canonicalizationUri === undefined ? uris.excC14n : options.canonicalizationUri
  const parts: SignedInfoParts = {
    q,
    canonicalization: element(
      'CanonicalizationMethod',
      canonicalizationUri,
      inclusive(options.signedInfoPrefixes) + (options.canonicalizationContent ?? ''),
    ),
    signatureMethod: element(
      'SignatureMethod',
      options.methodUri === undefined ? method.uri : options.methodUri,
      options.methodContent ?? '',
    ),
    reference: referenceXml(uri, digestValue),
    digestValue,
    referenceTo: async (other, target) => referenceXml(other, await digestOf(target)),
  }
  const content =
    options.signedInfo === undefined
      ? `${space}${parts.canonicalization}${space}${parts.signatureMethod}${space}${parts.reference}${space}`
      : await options.signedInfo(parts)
  const keyInfo = options.keyInfo ?? 'x509'
  const keyInfoXml =
    keyInfo === 'x509'
      ? `<${q('KeyInfo')}><${q('X509Data')}><${q('X509Certificate')}>${certificateBase64(key)}</${q('X509Certificate')}></${q('X509Data')}></${q('KeyInfo')}>`
      : keyInfo === 'none'
        ? ''
        : keyInfo
  const valueToken = '{{signature value}}'
  const signature = `<${q('Signature')}${declare(prefix, ns.dsig)}${options.attributes ?? ''}>${space}<${q('SignedInfo')}>${content}</${q('SignedInfo')}>${space}<${q('SignatureValue')}>${valueToken}</${q('SignatureValue')}>${space}${keyInfoXml}${options.extraXml ?? ''}${space}</${q('Signature')}>`

  const placed = parseDom(xml.replace(token, () => signature))
  const value = elementsOf(placed).find(
    (e) => e.localName === 'SignatureValue' && e.textContent === valueToken,
  )
  const siblings =
    value?.parentNode === null || value === undefined ? [] : elementsOf(value.parentNode)
  const signedInfo = siblings.find((e) => e.localName === 'SignedInfo')
  if (signedInfo === undefined) throw new Error('the signature has no SignedInfo')
  const octets = encoder.encode(
    canonicalizeDom(signedInfo, modeOf(canonicalizationUri, options.signedInfoPrefixes)),
  ) as Uint8Array<ArrayBuffer>
  const raw = await signOctetsWith(octets, options)
  const base64 = bytesToBase64(options.signatureBytes?.(raw) ?? raw)
  const finished = signature.replace(valueToken, () => options.signatureText?.(base64) ?? base64)
  return xml.replace(token, () => options.mutate?.(finished) ?? finished)
}
