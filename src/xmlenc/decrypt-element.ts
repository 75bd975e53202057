import { type Bytes, err, ok, type Result } from '../kernel/index.ts'
import {
  attributeOf,
  childElements,
  expandedName,
  hasOwnText,
  type XmlElement,
} from '../xml/index.ts'
import { type ContentAlgorithm, contentAlgorithms, elementType, namespaces } from './algorithms.ts'
import { decryptContent, isCiphertext } from './content.ts'
import type { DecryptKey } from './decrypt-key.ts'
import type { DecryptDefect, XmlencFailure } from './errors.ts'
import { encryptedKey, listEncryptedKeys } from './key-info.ts'
import { algorithmOf, readEncryptedType, refuseShape } from './read-encrypted.ts'
import { readWrappedKey, type WrappedKey } from './read-transport.ts'

export type DecryptPolicy = {
  /** True only when the response around the element was verified: CBC alone answers an attacker's questions. */
  readonly allowCbc: boolean
  /** Our entity id; keys addressed to somebody else by name are passed over. */
  readonly recipient?: string
}

type Encrypted = {
  readonly algorithm: ContentAlgorithm
  readonly ciphertext: Bytes
  readonly wrappedKeys: readonly WrappedKey[]
}

const encryptedData = `{${namespaces.xmlenc}}EncryptedData`
const encryptedAssertion = `{${namespaces.assertion}}EncryptedAssertion`
const refuse = (detail: DecryptDefect) =>
  err<XmlencFailure>({ code: 'saml.decrypt_failed', detail })

/** The EncryptedData of the wrapper and the EncryptedKeys beside it (SAML Core 6.2). */
function readWrapper(
  wrapper: XmlElement,
): Result<{ data: XmlElement; siblings: readonly XmlElement[] }, XmlencFailure> {
  const name = expandedName(wrapper)
  if (name !== encryptedAssertion) return err({ code: 'saml.unsupported', what: name })
  const children = childElements(wrapper)
  const siblings = children.filter((child) => expandedName(child) === encryptedKey)
  const data = children.filter((child) => expandedName(child) === encryptedData)
  const [first] = data
  if (
    first === undefined ||
    data.length > 1 ||
    data.length + siblings.length !== children.length ||
    hasOwnText(wrapper)
  ) {
    return refuseShape('EncryptedAssertion')
  }
  return ok({ data: first, siblings })
}

function readContentAlgorithm(
  method: XmlElement,
  { allowCbc }: DecryptPolicy,
): Result<ContentAlgorithm, XmlencFailure> {
  const got = algorithmOf(method)
  const refused = { code: 'saml.encryption_algorithm', role: 'content', got } as const
  const algorithm = contentAlgorithms.get(got ?? '')
  if (algorithm === undefined) return err(refused)
  if (algorithm.mode === 'AES-CBC' && !allowCbc) return err({ ...refused, cbcUnsigned: true })
  return method.children.length === 0 ? ok(algorithm) : refuseShape('EncryptionMethod')
}

/** Everything that can be judged without a key. */
function readEncrypted(
  wrapper: XmlElement,
  policy: DecryptPolicy,
): Result<Encrypted, XmlencFailure> {
  const outer = readWrapper(wrapper)
  if (!outer.ok) return outer
  const { data, siblings } = outer.value
  const type = attributeOf(data, 'Type')
  if (type !== null && type !== elementType) return err({ code: 'saml.unsupported', what: type })
  const encrypted = readEncryptedType(data)
  if (!encrypted.ok) return encrypted
  const algorithm = readContentAlgorithm(encrypted.value.method, policy)
  if (!algorithm.ok) return algorithm
  const elements = listEncryptedKeys(encrypted.value.keyInfo, siblings)
  if (!elements.ok) return elements

  const wrappedKeys: WrappedKey[] = []
  for (const element of elements.value) {
    const recipient = attributeOf(element, 'Recipient') ?? policy.recipient
    if (policy.recipient !== undefined && recipient !== policy.recipient) continue
    const wrapped = readWrappedKey(element)
    if (!wrapped.ok) return wrapped
    wrappedKeys.push(wrapped.value)
  }
  if (wrappedKeys.length === 0) return refuseShape('Recipient')
  return ok({
    algorithm: algorithm.value,
    ciphertext: encrypted.value.cipherValue,
    wrappedKeys,
  })
}

async function unwrapKey(
  wrappedKeys: readonly WrappedKey[],
  keys: readonly DecryptKey[],
): Promise<Bytes | null> {
  for (const { hash, wrapped } of wrappedKeys) {
    for (const key of keys) {
      const raw = await key.unwrap(hash, wrapped)
      if (raw !== null) return raw
    }
  }
  return null
}

/**
 * Decrypts an EncryptedAssertion (SAML Core 6.2, XML Encryption 4.4). Algorithms are judged before any
 * private key is used; keys are found by position, and each of ours is tried.
 * @returns the plaintext octets, of which nothing is known yet: not even that they are XML
 */
export async function decryptElement(
  wrapper: XmlElement,
  keys: readonly DecryptKey[],
  policy: DecryptPolicy,
): Promise<Result<Bytes, XmlencFailure>> {
  const encrypted = readEncrypted(wrapper, policy)
  if (!encrypted.ok) return encrypted
  const { algorithm, ciphertext, wrappedKeys } = encrypted.value
  if (keys.length === 0) return refuse('no_key')
  if (!isCiphertext(algorithm, ciphertext)) return refuse('length')
  const rawKey = await unwrapKey(wrappedKeys, keys)
  if (rawKey === null) return refuse('key_transport')
  if (rawKey.length !== algorithm.keyLength) {
    const got = String(rawKey.length * 8)
    return err({ code: 'saml.encryption_algorithm', role: 'key_size', got })
  }
  const plaintext = await decryptContent(algorithm, rawKey, ciphertext)
  return plaintext === null ? refuse('content') : ok(plaintext)
}
