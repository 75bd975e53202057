import {
  element,
  encryptXml,
  ns,
  type Signer,
  signXml,
  type TokenEncryption,
  text,
} from '../xml/index.ts'
import { aadstsText, type Refusal } from './aadsts.ts'
import type { SamlAttribute } from './claims.ts'
import type { NameId } from './name-id.ts'

/** Everything an answer to a sign-in says. */
export type ResponseContent = {
  readonly responseId: string
  readonly assertionId: string
  readonly issuer: string
  readonly destination: string | null
  readonly recipient: string
  readonly audience: string
  readonly inResponseTo: string | null
  readonly issueInstantMs: number
  readonly notBeforeMs: number
  readonly notOnOrAfterMs: number
  readonly authnInstantMs: number
  readonly sessionIndex: string
  readonly nameId: NameId
  readonly attributes: readonly SamlAttribute[]
  readonly contextClass: string
}

export type Protection = {
  readonly signer: Signer
  readonly signs: 'assertion' | 'response' | 'both'
  readonly encryption: TokenEncryption | null
}

/** A moment as Entra writes it, with milliseconds. */
export function instant(ms: number): string {
  return new Date(ms).toISOString()
}

const issuerElement = (issuer: string) => element('Issuer', { xmlns: ns.assertion }, text(issuer))

/** The assertion by itself, its namespace declared on it. */
export function buildAssertion(content: ResponseContent): string {
  return element(
    'Assertion',
    {
      ID: content.assertionId,
      IssueInstant: instant(content.issueInstantMs),
      Version: '2.0',
      xmlns: ns.assertion,
    },
    element('Issuer', {}, text(content.issuer)),
    element(
      'Subject',
      {},
      element('NameID', { Format: content.nameId.format }, text(content.nameId.value)),
      element(
        'SubjectConfirmation',
        { Method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer' },
        element('SubjectConfirmationData', {
          InResponseTo: content.inResponseTo,
          NotOnOrAfter: instant(content.notOnOrAfterMs),
          Recipient: content.recipient,
        }),
      ),
    ),
    element(
      'Conditions',
      {
        NotBefore: instant(content.notBeforeMs),
        NotOnOrAfter: instant(content.notOnOrAfterMs),
      },
      element('AudienceRestriction', {}, element('Audience', {}, text(content.audience))),
    ),
    element('AttributeStatement', {}, ...content.attributes.map(attributeElement)),
    element(
      'AuthnStatement',
      { AuthnInstant: instant(content.authnInstantMs), SessionIndex: content.sessionIndex },
      element('AuthnContext', {}, element('AuthnContextClassRef', {}, text(content.contextClass))),
    ),
  )
}

function attributeElement({ name, nameFormat, values }: SamlAttribute): string {
  return element(
    'Attribute',
    { Name: name, NameFormat: nameFormat },
    ...values.map((value) => element('AttributeValue', {}, text(value))),
  )
}

/** The whole answer: the assertion signed, encrypted and wrapped, and then the response signed, as configured. */
export async function buildResponse(
  content: ResponseContent,
  { signer, signs, encryption }: Protection,
): Promise<string> {
  const plain = buildAssertion(content)
  const assertion = signs === 'response' ? plain : await signXml(plain, signer)
  const carried =
    encryption === null
      ? assertion
      : element(
          'EncryptedAssertion',
          { xmlns: ns.assertion },
          await encryptXml(assertion, encryption),
        )
  const response = element(
    'samlp:Response',
    {
      ID: content.responseId,
      Version: '2.0',
      IssueInstant: instant(content.issueInstantMs),
      Destination: content.destination,
      InResponseTo: content.inResponseTo,
      'xmlns:samlp': ns.protocol,
    },
    issuerElement(content.issuer),
    element(
      'samlp:Status',
      {},
      element('samlp:StatusCode', { Value: 'urn:oasis:names:tc:SAML:2.0:status:Success' }),
    ),
    carried,
  )
  return signs === 'assertion' ? response : signXml(response, signer)
}

/** An answer that says no. Entra neither signs it nor gives it a Destination. */
export function buildErrorResponse(error: {
  readonly responseId: string
  readonly issuer: string
  readonly inResponseTo: string | null
  readonly nowMs: number
  readonly refusal: Refusal
  readonly traceId: string
  readonly correlationId: string
}): string {
  const status = 'urn:oasis:names:tc:SAML:2.0:status'
  const isPassive = error.refusal.code === '50058'
  const [outer, inner] = isPassive
    ? [`${status}:Responder`, `${status}:NoPassive`]
    : [`${status}:Requester`, `${status}:RequestUnsupported`]
  const timestamp = instant(error.nowMs).replace('T', ' ').replace(/\.\d+/, '')
  const isProperty = error.refusal.code === '90011'
  const lead = isProperty
    ? 'AADSTS75006: An error occurred while processing a SAML2 Authentication request. '
    : ''
  return element(
    'samlp:Response',
    {
      ID: error.responseId,
      Version: '2.0',
      IssueInstant: instant(error.nowMs),
      InResponseTo: error.inResponseTo,
      'xmlns:samlp': ns.protocol,
    },
    issuerElement(error.issuer),
    element(
      'samlp:Status',
      {},
      element('samlp:StatusCode', { Value: outer }, element('samlp:StatusCode', { Value: inner })),
      element(
        'samlp:StatusMessage',
        {},
        text(
          [
            `${lead}${aadstsText(error.refusal)}`,
            `Trace ID: ${error.traceId}`,
            `Correlation ID: ${error.correlationId}`,
            `Timestamp: ${timestamp}`,
          ].join('\n'),
        ),
      ),
    ),
  )
}
