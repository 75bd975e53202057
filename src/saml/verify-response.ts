import { err, ok, type Result } from '../kernel/index.ts'
import { attributeOf, parseXmlBytes, type XmlElement } from '../xml/index.ts'
import { type SignedElement, verifyEnveloped } from '../xmldsig/index.ts'
import { decryptElement } from '../xmlenc/index.ts'
import type { SamlConnection } from './connection.ts'
import { childOf, samlName, signatureName } from './read-message.ts'
import type { AnyResponseFailure } from './response-failure.ts'
import { type ResponseFields, readSignedFields, readUnsignedFields } from './response-fields.ts'
import { assertionRule } from './response-schema.ts'
import type { UnverifiedResponse } from './response-shape.ts'
import { checkSchema } from './schema.ts'

/**
 * An assertion for which a pinned key answers: it was signed itself, or lay in what was signed. Only this
 * file can make one, and everything that is said about a person is read from one.
 */
class SignedAssertion {
  readonly #root: XmlElement

  constructor(root: XmlElement) {
    this.#root = root
  }

  /** The Assertion in the octets that were digested, or decrypted out of them. */
  get root(): XmlElement {
    return this.#root
  }
}

export type { SignedAssertion }

export type VerifiedResponse = {
  readonly fields: ResponseFields
  /** Null in an error response. */
  readonly assertion: SignedAssertion | null
  /** The keys that signed, the assertion's own first; empty only for an unsigned error response. */
  readonly keyIds: readonly string[]
}

type Verified = Result<VerifiedResponse, AnyResponseFailure>

/**
 * Verifies every signature that is present, on the tree as it came, and decrypts after that
 * (saml-security 2.1, steps 4 to 7). The assertion counts under its own signature, else under that of the
 * Response around it, else not at all.
 */
export async function verifyResponse(
  unverified: UnverifiedResponse,
  connection: SamlConnection,
): Promise<Verified> {
  const { root, content } = unverified
  const { keys } = connection
  const outer = unverified.hasSignature
    ? await verifyEnveloped({ root, element: root, keys })
    : ok(null)
  if (!outer.ok) return outer
  const response = outer.value
  if (content.kind === 'none') return ok(conclude(unverified, response, null))
  if (content.kind === 'encrypted') {
    return verifyEncrypted(unverified, { connection, response, wrapper: content.wrapper })
  }
  const { assertion, hasSignature } = content
  const inner = hasSignature ? await verifyEnveloped({ root, element: assertion, keys }) : ok(null)
  if (!inner.ok) return inner
  if (inner.value !== null) {
    const found = new SignedAssertion(inner.value.root)
    return ok(conclude(unverified, response, found, inner.value))
  }
  const enclosed = response === null ? null : childOf(response.root, samlName('Assertion'))
  if (enclosed === null) return err({ code: 'saml.unsigned' })
  return ok(conclude(unverified, response, new SignedAssertion(enclosed)))
}

type Encrypted = {
  readonly connection: SamlConnection
  readonly response: SignedElement | null
  readonly wrapper: XmlElement
}

/** Encryption proves nothing: anybody can encrypt to our key. A signature around it or inside it must. */
async function verifyEncrypted(
  unverified: UnverifiedResponse,
  { connection, response, wrapper }: Encrypted,
): Promise<Verified> {
  const signed = response === null ? null : childOf(response.root, samlName('EncryptedAssertion'))
  const plaintext = await decryptElement(signed ?? wrapper, connection.decryptKeys, {
    allowCbc: signed !== null,
    recipient: connection.sp.entityId,
  })
  if (!plaintext.ok) return plaintext
  const document = parseXmlBytes(plaintext.value)
  if (!document.ok) return refusePlaintext(document.failure.code)
  const element = document.value.root
  const failure = checkSchema(element, assertionRule)
  if (failure !== null) return refusePlaintext(failure.code)
  const id = attributeOf(element, 'ID') ?? ''
  if (id === unverified.id) return err({ code: 'saml.duplicate_id', id })
  if (childOf(element, signatureName) === null) {
    if (signed === null) return err({ code: 'saml.unsigned' })
    return ok(conclude(unverified, response, new SignedAssertion(element)))
  }
  const inner = await verifyEnveloped({ root: element, element, keys: connection.keys })
  if (!inner.ok) return inner
  return ok(conclude(unverified, response, new SignedAssertion(inner.value.root), inner.value))
}

/** One answer for everything that is wrong with a plaintext; the cause is for the log (row E01). */
function refusePlaintext(cause: string): Verified {
  return err({ code: 'saml.decrypt_failed', detail: 'plaintext', cause })
}

function conclude(
  { root }: UnverifiedResponse,
  response: SignedElement | null,
  assertion: SignedAssertion | null,
  own: SignedElement | null = null,
): VerifiedResponse {
  const signers = [own, response].flatMap((signed) => (signed === null ? [] : [signed.keyId]))
  return {
    fields: response === null ? readUnsignedFields(root) : readSignedFields(response.root),
    assertion,
    keyIds: [...new Set(signers)],
  }
}
