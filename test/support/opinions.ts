/**
 * Second opinions for tests (Node only): xmldsigjs verifies signatures, libxml2 canonicalizes. Neither
 * shares a line with src or with the test signer.
 */
import { DOMImplementation, DOMParser, type Element, XMLSerializer } from '@xmldom/xmldom'
import { XmlC14NMode, XmlDocument, XmlElement } from 'libxml2-wasm'
import { setNodeDependencies } from 'xml-core'
import { Application, SignedXml } from 'xmldsigjs'
import { elementsOf, parseDom } from './c14n.ts'
import { importPublicKey, type KeyName } from './keys.ts'
import { type SignatureMethodName, signatureMethods } from './xml-signer.ts'

setNodeDependencies({ DOMParser, XMLSerializer, DOMImplementation })
Application.setEngine('tests', crypto as never)

const curves: Partial<Record<KeyName, string>> = { KE: 'P-256', KE384: 'P-384', KE521: 'P-521' }

async function publicKey(signature: Element, key: KeyName): Promise<CryptoKey> {
  const method = elementsOf(signature).find((e) => e.localName === 'SignatureMethod')
  const uri = method?.getAttribute('Algorithm') ?? ''
  const known = Object.keys(signatureMethods) as SignatureMethodName[]
  const name = known.find((candidate) => signatureMethods[candidate].uri === uri)
  if (name === undefined) throw new Error(`unknown method ${uri}`)
  const curve = curves[key]
  return curve === undefined
    ? importPublicKey(key, { name: signatureMethods[name].name, hash: signatureMethods[name].hash })
    : importPublicKey(key, { name: 'ECDSA', namedCurve: curve })
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
