/**
 * Second opinions for tests (Node only): xmldsigjs verifies signatures, libxml2 canonicalizes, node:crypto
 * decrypts. None shares a line with src, with the test signer or with the test encrypter.
 */
import { constants, createDecipheriv, createPrivateKey, privateDecrypt } from 'node:crypto'
import { DOMImplementation, DOMParser, type Element, XMLSerializer } from '@xmldom/xmldom'
import { XmlC14NMode, XmlDocument, XmlElement, type XmlNode } from 'libxml2-wasm'
import { setNodeDependencies } from 'xml-core'
import { Application, SignedXml } from 'xmldsigjs'
import { elementsOf, parseDom } from './c14n.ts'
import { importPublicKey, type KeyName, privateKeyDer } from './keys.ts'
import { type SignatureMethodName, signatureMethods } from './xml-signer.ts'

setNodeDependencies({ DOMParser, XMLSerializer, DOMImplementation })
Application.setEngine('tests', crypto as never)

const curves: Partial<Record<KeyName, string>> = { KE: 'P-256', KE384: 'P-384', KE521: 'P-521' }

type Method = (typeof signatureMethods)[SignatureMethodName]

function methodOf(uri: string): Method {
  const known = Object.keys(signatureMethods) as SignatureMethodName[]
  const name = known.find((candidate) => signatureMethods[candidate].uri === uri)
  if (name === undefined) throw new Error(`unknown method ${uri}`)
  return signatureMethods[name]
}

function importFor(key: KeyName, method: Method): Promise<CryptoKey> {
  const namedCurve = curves[key]
  return namedCurve === undefined
    ? importPublicKey(key, { name: method.name, hash: method.hash })
    : importPublicKey(key, { name: 'ECDSA', namedCurve })
}

function publicKey(signature: Element, key: KeyName): Promise<CryptoKey> {
  const method = elementsOf(signature).find((e) => e.localName === 'SignatureMethod')
  return importFor(key, methodOf(method?.getAttribute('Algorithm') ?? ''))
}

/**
 * Whether xmldsigjs verifies every Signature of the document that is not inside another one's KeyInfo or
 * Object, each with the key of its place (the last one given is used for the rest).
 */
export async function xmldsigjsVerifies(
  xml: string,
  ...keys: readonly KeyName[]
): Promise<boolean> {
  const document = parseDom(xml)
  const signatures = elementsOf(document).filter((e) => e.localName === 'Signature')
  if (signatures.length === 0) return false
  for (const [index, signature] of signatures.entries()) {
    const key = keys[index] ?? keys.at(-1) ?? 'K'
    try {
      const signed = new SignedXml(document as never)
      signed.LoadXml(signature as never)
      Reflect.set(signed, 'Algorithm', null) // else it imports the key again and loses an EC key's curve
      if (!(await signed.Verify(await publicKey(signature, key)))) return false
    } catch {
      return false // xmldsigjs throws for a digest that differs
    }
  }
  return true
}

const hashes: Readonly<Record<string, string>> = {
  'http://www.w3.org/2001/04/xmlenc#sha256': 'SHA-256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384': 'SHA-384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'SHA-512',
}

function element(found: XmlNode | null, what: string): XmlElement {
  if (!(found instanceof XmlElement)) throw new Error(`no ${what}`)
  return found
}

/** PrefixList of the first InclusiveNamespaces below an element. */
function prefixesIn(holder: XmlElement): string[] {
  const list = holder.get(".//*[local-name()='InclusiveNamespaces']/@PrefixList")
  return (list?.content ?? '').split(/\s+/).filter((prefix) => prefix !== '')
}

/**
 * Whether the signature that is a child of the element with this ID is right: libxml2 canonicalizes,
 * WebCrypto does the rest. Enveloped, exclusive canonicalization only.
 */
export async function libxml2Verifies(xml: string, id: string, key: KeyName): Promise<boolean> {
  const document = XmlDocument.fromString(xml)
  try {
    const mode = XmlC14NMode.XML_C14N_EXCLUSIVE_1_0
    const local = (name: string) => `*[local-name()='${name}']`
    const signed = element(document.get(`//*[@ID='${id}']`), id)
    const signature = element(signed.get(local('Signature')), 'Signature')
    const signedInfo = element(signature.get(local('SignedInfo')), 'SignedInfo')
    const reference = element(signedInfo.get(local('Reference')), 'Reference')
    const attributeOf = (holder: XmlElement, path: string) => holder.get(path)?.content ?? ''
    const canonicalizer = element(signedInfo.get(local('CanonicalizationMethod')), 'method')
    const signedOctets = signedInfo.canonicalizeToString({
      mode,
      inclusiveNamespacePrefixes: prefixesIn(canonicalizer),
    })
    const uri = attributeOf(signedInfo, `${local('SignatureMethod')}/@Algorithm`)
    const value = Buffer.from(attributeOf(signature, local('SignatureValue')), 'base64')
    const digestUri = attributeOf(reference, `${local('DigestMethod')}/@Algorithm`)
    const digestValue = Buffer.from(attributeOf(reference, local('DigestValue')), 'base64')
    const prefixes = prefixesIn(reference)
    signature.remove()
    const octets = signed.canonicalizeToString({ mode, inclusiveNamespacePrefixes: prefixes })
    const hash = hashes[digestUri]
    const method = methodOf(uri)
    if (hash === undefined) return false
    const digest = await crypto.subtle.digest(hash, Buffer.from(octets))
    return (
      Buffer.from(digest).equals(digestValue) &&
      (await crypto.subtle.verify(
        { name: method.name, hash: method.hash },
        await importFor(key, method),
        value,
        Buffer.from(signedOctets),
      ))
    )
  } finally {
    document.dispose()
  }
}

export type Libxml2Options = {
  readonly prefixes?: readonly string[]
  readonly comments?: boolean
  readonly exclusive?: boolean
  /** ID (attribute `ID`) of the element; the root when absent. */
  readonly id?: string
}

/** The canonical form of an element by libxml2: exclusive and without comments unless told otherwise. */
export function libxml2Canonical(xml: string, options: Libxml2Options = {}): string {
  const document = XmlDocument.fromString(xml)
  try {
    const exclusive = options.exclusive ?? true
    const settings = {
      mode: exclusive ? XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 : XmlC14NMode.XML_C14N_1_0,
      withComments: options.comments ?? false,
      ...(exclusive && options.prefixes !== undefined
        ? { inclusiveNamespacePrefixes: [...options.prefixes] }
        : {}),
    }
    if (options.id === undefined) return document.canonicalizeToString(settings)
    const found = document.get(`//*[@ID="${options.id}"]`)
    if (!(found instanceof XmlElement)) throw new Error(`no element ${options.id}`)
    return found.canonicalizeToString(settings)
  } finally {
    document.dispose()
  }
}

function named(root: Element, local: string): Element {
  const found = elementsOf(root).find((e) => e.localName === local)
  if (found === undefined) throw new Error(`no ${local}`)
  return found
}

/** Decrypts the EncryptedAssertion of a document with node:crypto and returns the plaintext. */
export function decryptAssertion(xml: string, key: KeyName = 'E'): string {
  const root = parseDom(xml).documentElement
  if (root === null) throw new Error('no document')
  const data = named(root, 'EncryptedData')
  const encryptedKey = named(data, 'EncryptedKey')
  const uri = (parent: Element) => named(parent, 'EncryptionMethod').getAttribute('Algorithm') ?? ''
  const bytesOf = (e: Element | undefined) => Buffer.from(e?.textContent ?? '', 'base64')
  const secret = privateDecrypt(
    {
      key: createPrivateKey({ key: Buffer.from(privateKeyDer(key)), format: 'der', type: 'pkcs8' }),
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: uri(encryptedKey).endsWith('xmlenc11#rsa-oaep') ? 'sha256' : 'sha1',
    },
    bytesOf(named(encryptedKey, 'CipherValue')),
  )
  const cipher = bytesOf(elementsOf(data).findLast((e) => e.localName === 'CipherValue'))
  const bits = secret.length * 8
  if (uri(data).endsWith('gcm')) {
    const name = bits === 256 ? 'aes-256-gcm' : 'aes-128-gcm'
    const decipher = createDecipheriv(name, secret, cipher.subarray(0, 12))
    decipher.setAuthTag(cipher.subarray(-16))
    return Buffer.concat([decipher.update(cipher.subarray(12, -16)), decipher.final()]).toString()
  }
  const name = bits === 256 ? 'aes-256-cbc' : 'aes-128-cbc'
  const decipher = createDecipheriv(name, secret, cipher.subarray(0, 16))
  decipher.setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(cipher.subarray(16)), decipher.final()])
  return padded.subarray(0, padded.length - (padded.at(-1) ?? 0)).toString()
}
