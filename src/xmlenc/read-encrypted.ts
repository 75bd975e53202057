import { type Bytes, base64Decode, err, ok, type Result } from '../kernel/index.ts'
import {
  attributeOf,
  childElements,
  expandedName,
  hasOwnText,
  leafText,
  type XmlElement,
} from '../xml/index.ts'
import { namespaces } from './algorithms.ts'
import type { XmlencFailure } from './errors.ts'

const { xmlenc, dsig } = namespaces

export const refuseShape = (detail: string) =>
  err<XmlencFailure>({ code: 'saml.encryption_shape', detail })

/** What EncryptedData and EncryptedKey share (XML Encryption 3.1): their parts, none of them believed. */
export type EncryptedType = {
  readonly method: XmlElement
  readonly keyInfo: XmlElement | null
  readonly cipherValue: Bytes
}

/** Children by name: each at most once, no others, no text. */
function readChildren(
  element: XmlElement,
  allowed: ReadonlySet<string>,
): Result<ReadonlyMap<string, XmlElement>, XmlencFailure> {
  const found = new Map<string, XmlElement>()
  if (hasOwnText(element)) return refuseShape(`text in ${element.local}`)
  for (const child of childElements(element)) {
    const name = expandedName(child)
    if (!allowed.has(name)) return refuseShape(`${name} in ${element.local}`)
    if (found.has(name)) return refuseShape(`two ${child.local} in ${element.local}`)
    found.set(name, child)
  }
  return ok(found)
}

/** CipherData with a CipherValue. A CipherReference would make us fetch: it is never followed. */
function readCipherValue(cipherData: XmlElement): Result<Bytes, XmlencFailure> {
  const parts = readChildren(cipherData, new Set([`{${xmlenc}}CipherValue`]))
  if (!parts.ok) return parts
  const element = parts.value.get(`{${xmlenc}}CipherValue`)
  const text = element === undefined ? null : leafText(element)
  const bytes = text?.ok ? base64Decode(text.value, ' \t\r\n') : null
  return bytes === null ? refuseShape('CipherValue') : ok(bytes)
}

const parts = {
  method: `{${xmlenc}}EncryptionMethod`,
  keyInfo: `{${dsig}}KeyInfo`,
  cipherData: `{${xmlenc}}CipherData`,
} as const
const dataParts: ReadonlySet<string> = new Set(Object.values(parts))
/** ReferenceList and CarriedKeyName say what a key is for; there is only one thing here. */
const keyParts: ReadonlySet<string> = new Set([
  ...dataParts,
  `{${xmlenc}}ReferenceList`,
  `{${xmlenc}}CarriedKeyName`,
])

/** Reads an EncryptedData or EncryptedKey; `saml.encryption_shape` when it is not put together so. */
export function readEncryptedType(element: XmlElement): Result<EncryptedType, XmlencFailure> {
  const found = readChildren(element, element.local === 'EncryptedKey' ? keyParts : dataParts)
  if (!found.ok) return found
  const method = found.value.get(parts.method)
  const cipherData = found.value.get(parts.cipherData)
  if (method === undefined || cipherData === undefined) {
    return refuseShape(`${element.local} is incomplete`)
  }
  const cipherValue = readCipherValue(cipherData)
  if (!cipherValue.ok) return cipherValue
  const keyInfo = found.value.get(parts.keyInfo) ?? null
  return ok({ method, keyInfo, cipherValue: cipherValue.value })
}

/** The algorithm's URI of a method element, or null. */
export const algorithmOf = (method: XmlElement) => attributeOf(method, 'Algorithm')
