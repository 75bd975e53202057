import { err, ok, type Result } from '../kernel/index.ts'
import { attributeOf, type XmlElement } from '../xml/index.ts'
import type { DsigFailure } from '../xmldsig/index.ts'
import {
  childOf,
  childrenOf,
  type Issuer,
  readIssuer,
  readTime,
  samlName,
  textOf,
} from './read-message.ts'
import type { StructureFailure, TimeFailure } from './response-failure.ts'
import { assertionRule } from './response-schema.ts'
import { checkSchema } from './schema.ts'
import type { SignedAssertion } from './verify-response.ts'

export type NameId = {
  readonly value: string
  readonly format: string | null
  readonly nameQualifier: string | null
  readonly spNameQualifier: string | null
}

export type Confirmation = {
  readonly method: string | null
  /** SubjectConfirmationData; null when there is none. Times in milliseconds since the epoch. */
  readonly data: {
    readonly recipient: string | null
    readonly inResponseTo: string | null
    readonly notBeforeMs: number | null
    readonly notOnOrAfterMs: number | null
  } | null
}

export type Conditions = {
  readonly notBeforeMs: number | null
  readonly notOnOrAfterMs: number | null
  /** The Audiences of each AudienceRestriction. */
  readonly audiences: readonly (readonly string[])[]
  /** xsi:type of every Condition: none of them is understood. */
  readonly unknown: readonly string[]
}

export type AuthnStatement = {
  readonly instantMs: number | null
  readonly sessionIndex: string | null
  readonly sessionNotOnOrAfterMs: number | null
  readonly contextClass: string | null
}

/** What a signed assertion says, not judged yet. */
export type Assertion = {
  readonly id: string
  readonly issueInstant: string
  readonly issuer: Issuer | null
  readonly nameId: NameId | null
  readonly confirmations: readonly Confirmation[]
  readonly conditions: Conditions | null
  readonly authnStatements: readonly AuthnStatement[]
  /** The Attribute elements. */
  readonly attributes: readonly XmlElement[]
}

type ReadFailure = StructureFailure | TimeFailure | DsigFailure

/**
 * Reads an assertion from the tree that a key answers for, by position. The schema is held against this
 * very tree once more: what the readers count on was shown for what they read.
 */
export function readAssertion(signed: SignedAssertion): Result<Assertion, ReadFailure> {
  const { root } = signed
  const failure = checkSchema(root, assertionRule)
  if (failure !== null) return err(failure)
  const subject = childOf(root, samlName('Subject'))
  const confirmations = collect(
    subject === null ? [] : childrenOf(subject, samlName('SubjectConfirmation')),
    readConfirmation,
  )
  if (!confirmations.ok) return confirmations
  const conditions = readConditions(childOf(root, samlName('Conditions')))
  if (!conditions.ok) return conditions
  const authn = collect(childrenOf(root, samlName('AuthnStatement')), readAuthnStatement)
  if (!authn.ok) return authn
  const statement = childOf(root, samlName('AttributeStatement'))
  return ok({
    id: attributeOf(root, 'ID') ?? '',
    issueInstant: attributeOf(root, 'IssueInstant') ?? '',
    issuer: readIssuer(root),
    nameId: subject === null ? null : readNameId(subject),
    confirmations: confirmations.value,
    conditions: conditions.value,
    authnStatements: authn.value,
    attributes: statement === null ? [] : childrenOf(statement, samlName('Attribute')),
  })
}

function collect<T>(
  elements: readonly XmlElement[],
  read: (element: XmlElement) => Result<T, TimeFailure>,
): Result<readonly T[], TimeFailure> {
  const values: T[] = []
  for (const element of elements) {
    const value = read(element)
    if (!value.ok) return value
    values.push(value.value)
  }
  return ok(values)
}

function readNameId(subject: XmlElement): NameId | null {
  const element = childOf(subject, samlName('NameID'))
  if (element === null) return null
  return {
    value: textOf(element),
    format: attributeOf(element, 'Format'),
    nameQualifier: attributeOf(element, 'NameQualifier'),
    spNameQualifier: attributeOf(element, 'SPNameQualifier'),
  }
}

function readConfirmation(element: XmlElement): Result<Confirmation, TimeFailure> {
  const method = attributeOf(element, 'Method')
  const data = childOf(element, samlName('SubjectConfirmationData'))
  if (data === null) return ok({ method, data: null })
  const notBefore = readTime(data, 'NotBefore')
  if (!notBefore.ok) return notBefore
  const notOnOrAfter = readTime(data, 'NotOnOrAfter')
  if (!notOnOrAfter.ok) return notOnOrAfter
  return ok({
    method,
    data: {
      recipient: attributeOf(data, 'Recipient'),
      inResponseTo: attributeOf(data, 'InResponseTo'),
      notBeforeMs: notBefore.value,
      notOnOrAfterMs: notOnOrAfter.value,
    },
  })
}

function readConditions(element: XmlElement | null): Result<Conditions | null, TimeFailure> {
  if (element === null) return ok(null)
  const notBefore = readTime(element, 'NotBefore')
  if (!notBefore.ok) return notBefore
  const notOnOrAfter = readTime(element, 'NotOnOrAfter')
  if (!notOnOrAfter.ok) return notOnOrAfter
  return ok({
    notBeforeMs: notBefore.value,
    notOnOrAfterMs: notOnOrAfter.value,
    audiences: childrenOf(element, samlName('AudienceRestriction')).map((restriction) =>
      childrenOf(restriction, samlName('Audience')).map(textOf),
    ),
    unknown: childrenOf(element, samlName('Condition')).map(
      ({ attributes }) => attributes.find(({ local }) => local === 'type')?.value ?? '',
    ),
  })
}

function readAuthnStatement(element: XmlElement): Result<AuthnStatement, TimeFailure> {
  const instant = readTime(element, 'AuthnInstant')
  if (!instant.ok) return instant
  const end = readTime(element, 'SessionNotOnOrAfter')
  if (!end.ok) return end
  const context = childOf(element, samlName('AuthnContext'))
  const contextClass = context === null ? null : childOf(context, samlName('AuthnContextClassRef'))
  return ok({
    instantMs: instant.value,
    sessionIndex: attributeOf(element, 'SessionIndex'),
    sessionNotOnOrAfterMs: end.value,
    contextClass: contextClass === null ? null : textOf(contextClass),
  })
}
