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
  readonly #keyId: string

  constructor(root: XmlElement, signed: SignedElement) {
    this.#root = root
    this.#keyId = signed.keyId
  }

  /** The Assertion in the octets that were digested, or decrypted out of them. */
  get root(): XmlElement {
    return this.#root
  }

  /** Whose signature it is that counts: its own, else that of the Response around it. */
  get keyId(): string {
    return this.#keyId
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

type Found = Result<SignedAssertion | null, AnyResponseFailure>

/** What the search for the assertion rests on: the Response as it was signed, or null when it was not. */
type Outer = { readonly connection: SamlConnection; readonly response: SignedElement | null }

/**
 * Verifies every signature that is present, on the tree as it came, and decrypts after that
 * (saml-security 2.1, steps 4 to 7). The assertion counts under its own signature, else under that of the
 * Response around it, else not at all.
 */
export async function verifyResponse(
  unverified: UnverifiedResponse,
  connection: SamlConnection,
): Promise<Result<VerifiedResponse, AnyResponseFailure>> {
  const { root, hasSignature } = unverified
  const outer = hasSignature
    ? await verifyEnveloped({ root, element: root, keys: connection.keys })
    : ok(null)
  if (!outer.ok) return outer
  const response = outer.value
  const found = await findAssertion(unverified, { connection, response })
  if (!found.ok) return found
  const signers = [found.value, response].flatMap((by) => (by === null ? [] : [by.keyId]))
  return ok({
    fields: response === null ? readUnsignedFields(root) : readSignedFields(response.root),
    assertion: found.value,
    keyIds: [...new Set(signers)],
  })
}

async function findAssertion(unverified: UnverifiedResponse, outer: Outer): Promise<Found> {
  const { content } = unverified
  switch (content.kind) {
    case 'none':
      return ok(null)
    case 'encrypted':
      return decryptAssertion(unverified, outer, content.wrapper)
    case 'plain': {
      const { assertion: element, hasSignature } = content
      if (hasSignature) return verifyOwn({ root: unverified.root, element }, outer.connection)
      const { response } = outer
      if (response === null) return err({ code: 'saml.unsigned' })
      const enclosed = childOf(response.root, samlName('Assertion'))
      return enclosed === null
        ? err({ code: 'saml.unsigned' })
        : ok(new SignedAssertion(enclosed, response))
    }
  }
}

async function verifyOwn(
  place: { readonly root: XmlElement; readonly element: XmlElement },
  { keys }: SamlConnection,
): Promise<Found> {
  const signed = await verifyEnveloped({ ...place, keys })
  return signed.ok ? ok(new SignedAssertion(signed.value.root, signed.value)) : signed
}

/** Encryption proves nothing: anybody can encrypt to our key. A signature around it or inside it must. */
async function decryptAssertion(
  unverified: UnverifiedResponse,
  { connection, response }: Outer,
  wrapper: XmlElement,
): Promise<Found> {
  const enclosed = response === null ? null : childOf(response.root, samlName('EncryptedAssertion'))
  const plaintext = await decryptElement(enclosed ?? wrapper, connection.decryptKeys, {
    allowCbc: enclosed !== null,
    recipient: connection.sp.entityId,
  })
  if (!plaintext.ok) return plaintext
  const document = parseXmlBytes(plaintext.value)
  if (!document.ok) return refusePlaintext(document.failure.code)
  const { root } = document.value
  const failure = checkSchema(root, assertionRule)
  if (failure !== null) return refusePlaintext(failure.code)
  const id = attributeOf(root, 'ID') ?? ''
  if (id === unverified.id) return err({ code: 'saml.duplicate_id', id })
  if (childOf(root, signatureName) !== null) return verifyOwn({ root, element: root }, connection)
  if (response === null) return err({ code: 'saml.unsigned' })
  return ok(new SignedAssertion(root, response))
}

/** One answer for everything that is wrong with a plaintext; the cause is for the log (row E01). */
function refusePlaintext(cause: string): Found {
  return err({ code: 'saml.decrypt_failed', detail: 'plaintext', cause })
}
