import { err, ok, type Result } from '../kernel/index.ts'
import { attributeOf, type XmlElement } from '../xml/index.ts'
import type { DsigFailure } from '../xmldsig/index.ts'
import { findDuplicateId } from './duplicate-id.ts'
import { childOf, childrenOf, samlName, signatureName } from './read-message.ts'
import type { StructureFailure } from './response-failure.ts'
import { responseRule } from './response-schema.ts'
import { checkSchema } from './schema.ts'
import { isSuccess, readStatus, type Status } from './status.ts'

/** A response whose structure is sound and of which nothing is believed. */
export type UnverifiedResponse = {
  readonly root: XmlElement
  readonly id: string
  readonly status: Status
  readonly hasSignature: boolean
  readonly content: UnverifiedContent
}

export type UnverifiedContent =
  | { readonly kind: 'plain'; readonly assertion: XmlElement; readonly hasSignature: boolean }
  | { readonly kind: 'encrypted'; readonly wrapper: XmlElement }
  /** An error response. */
  | { readonly kind: 'none' }

/**
 * Reads the structure of a response (saml-security 2.1, step 3): the schema, then exactly one assertion
 * unless the status is an error, then that neither id stands twice.
 */
export function readResponseShape(
  root: XmlElement,
): Result<UnverifiedResponse, StructureFailure | DsigFailure> {
  const failure = checkSchema(root, responseRule)
  if (failure !== null) return err(failure)
  const status = readStatus(root)
  const plain = childrenOf(root, samlName('Assertion'))
  const encrypted = childrenOf(root, samlName('EncryptedAssertion'))
  const count = plain.length + encrypted.length
  if (count !== 1 && !(count === 0 && !isSuccess(status))) {
    return err({ code: 'saml.assertion_count', got: count })
  }
  const id = attributeOf(root, 'ID') ?? ''
  const [assertion] = plain
  const [wrapper] = encrypted
  const signature = childOf(root, signatureName)
  const assertionSignature = assertion === undefined ? null : childOf(assertion, signatureName)
  const ids = assertion === undefined ? [id] : [id, attributeOf(assertion, 'ID') ?? '']
  const duplicate = findDuplicateId(root, ids, [signature, assertionSignature])
  if (duplicate !== null) return err({ code: 'saml.duplicate_id', id: duplicate })
  return ok({
    root,
    id,
    status,
    hasSignature: signature !== null,
    content: contentOf(assertion, wrapper, assertionSignature !== null),
  })
}

function contentOf(
  assertion: XmlElement | undefined,
  wrapper: XmlElement | undefined,
  hasSignature: boolean,
): UnverifiedContent {
  if (assertion !== undefined) return { kind: 'plain', assertion, hasSignature }
  return wrapper === undefined ? { kind: 'none' } : { kind: 'encrypted', wrapper }
}
