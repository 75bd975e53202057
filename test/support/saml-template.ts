/**
 * Writes the XML of responses and assertions as text, in the shape of Entra unless told otherwise.
 * Every part can be replaced by raw XML or left out, so that tests can build what no provider would.
 * A place for a signature is the text `{{signature:response}}` or `{{signature:assertion:0}}`.
 */
import { at, context, defaultAttributes, minuteMs } from './saml-context.ts'

export const ns = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  dsig: 'http://www.w3.org/2000/09/xmldsig#',
  xenc: 'http://www.w3.org/2001/04/xmlenc#',
  xenc11: 'http://www.w3.org/2009/xmlenc11#',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  xs: 'http://www.w3.org/2001/XMLSchema',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
  excC14n: 'http://www.w3.org/2001/10/xml-exc-c14n#',
} as const

/** Prefixes used for the three namespaces; '' is the default namespace. */
export type Names = {
  readonly protocol: string
  readonly assertion: string
  readonly dsig: string
  /** Extra declarations on the root, as raw attributes (` xmlns:xs="…"`). */
  readonly onRoot?: string
  /** Extra declarations on each Assertion, as raw attributes. */
  readonly onAssertion?: string
}

/** entra: `samlp:` and default namespaces · prefixed: samlp, saml, ds · saml2: saml2p, saml2, ds · numbered: ns0, ns1, ns2 */
export const nameStyles = {
  entra: { protocol: 'samlp', assertion: '', dsig: '' },
  prefixed: { protocol: 'samlp', assertion: 'saml', dsig: 'ds' },
  saml2: { protocol: 'saml2p', assertion: 'saml2', dsig: 'ds' },
  numbered: { protocol: 'ns0', assertion: 'ns1', dsig: 'ns2' },
} as const satisfies Record<string, Names>

export type AttributeOptions = {
  readonly name: string
  readonly values: readonly string[]
  readonly nameFormat?: string
  readonly friendlyName?: string
  /** Raw attributes of every AttributeValue, such as ` xsi:type="xs:string"`. */
  readonly valueAttributes?: string
  /** Raw further attributes of the Attribute element. */
  readonly extra?: string
  /** The values are raw XML instead of text. */
  readonly raw?: boolean
}

export type ConfirmationOptions = {
  readonly method?: string | null
  readonly recipient?: string | null
  readonly notOnOrAfter?: string | null
  readonly notBefore?: string | null
  readonly inResponseTo?: string | null
  /** Replaces the SubjectConfirmationData element; null leaves it out. */
  readonly dataXml?: string | null
  /** Raw XML before SubjectConfirmationData, and raw attributes and content of it. */
  readonly extraXml?: string
  readonly dataAttributes?: string
  readonly dataContent?: string
}

/** `null` leaves the part out; a `…Xml` option replaces the whole part by raw XML. */
export type AssertionOptions = {
  readonly id?: string | null
  readonly version?: string | null
  readonly issueInstant?: string | null
  readonly issuer?: string | null
  readonly issuerXml?: string
  readonly extraAttributes?: string
  readonly nameId?: string | null
  readonly nameIdFormat?: string | null
  readonly nameIdAttributes?: string
  readonly nameIdXml?: string
  readonly confirmations?: readonly ConfirmationOptions[]
  readonly subjectXml?: string | null
  readonly notBefore?: string | null
  readonly notOnOrAfter?: string | null
  readonly audiences?: readonly string[]
  /** Several AudienceRestriction elements, each with its audiences; wins over `audiences`. */
  readonly audienceRestrictions?: readonly (readonly string[])[]
  readonly conditionsExtra?: string
  readonly conditionsXml?: string | null
  readonly adviceXml?: string
  readonly attributes?:
    | Readonly<Record<string, string | readonly string[]>>
    | readonly AttributeOptions[]
  readonly attributeStatementXml?: string | null
  readonly authnInstant?: string | null
  readonly sessionIndex?: string | null
  readonly sessionNotOnOrAfter?: string | null
  readonly contextClass?: string | null
  readonly authnStatementXml?: string | null
  /** Raw XML as last child. */
  readonly extraXml?: string
  /** AuthnStatement before AttributeStatement, as most providers but Entra do. */
  readonly authnFirst?: boolean
}

export type ResponseFields = {
  readonly id?: string | null
  readonly version?: string | null
  readonly issueInstant?: string | null
  readonly destination?: string | null
  readonly inResponseTo?: string | null
  readonly issuer?: string | null
  readonly issuerXml?: string
  readonly extraAttributes?: string
  readonly status?: string
  readonly statusXml?: string | null
  readonly statusMessage?: string
  readonly extensionsXml?: string
  /** Raw XML before the first and after the last assertion. */
  readonly beforeAssertionsXml?: string
  readonly extraXml?: string
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

export function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;')
}

/** ` name="value"`, or nothing for null and undefined. */
export function attribute(name: string, value: string | null | undefined): string {
  return value === null || value === undefined ? '' : ` ${name}="${escapeAttribute(value)}"`
}

export function declare(prefix: string, uri: string): string {
  return prefix === '' ? ` xmlns="${uri}"` : ` xmlns:${prefix}="${uri}"`
}

export function qualified(prefix: string, local: string): string {
  return prefix === '' ? local : `${prefix}:${local}`
}

function confirmation(options: ConfirmationOptions, q: (local: string) => string): string {
  const given = <T>(value: T | undefined, fallback: T): T =>
    value === undefined ? fallback : value
  const data =
    options.dataXml === undefined
      ? `<${q('SubjectConfirmationData')}${attribute('InResponseTo', given(options.inResponseTo, context.requestId))}${attribute('NotBefore', options.notBefore)}${attribute('NotOnOrAfter', given(options.notOnOrAfter, at(60 * minuteMs)))}${attribute('Recipient', given(options.recipient, context.acsUrl))}${options.dataAttributes ?? ''}${
          options.dataContent === undefined
            ? '/>'
            : `>${options.dataContent}</${q('SubjectConfirmationData')}>`
        }`
      : (options.dataXml ?? '')
  const method = given(options.method, 'urn:oasis:names:tc:SAML:2.0:cm:bearer')
  return `<${q('SubjectConfirmation')}${attribute('Method', method)}>${options.extraXml ?? ''}${data}</${q('SubjectConfirmation')}>`
}

function attributeElement(options: AttributeOptions, q: (local: string) => string): string {
  const values = options.values.map(
    (value) =>
      `<${q('AttributeValue')}${options.valueAttributes ?? ''}>${options.raw === true ? value : escapeText(value)}</${q('AttributeValue')}>`,
  )
  return `<${q('Attribute')}${attribute('Name', options.name)}${attribute('NameFormat', options.nameFormat)}${attribute('FriendlyName', options.friendlyName)}${options.extra ?? ''}>${values.join('')}</${q('Attribute')}>`
}

function attributeList(attributes: AssertionOptions['attributes']): readonly AttributeOptions[] {
  if (Array.isArray(attributes)) return attributes
  return Object.entries(attributes ?? defaultAttributes).map(([name, values]) => ({
    name,
    values: typeof values === 'string' ? [values] : values,
  }))
}

/** An Assertion that declares its own namespaces, with the place of its signature after the Issuer. */
export function assertionXml(
  options: AssertionOptions,
  { names, token }: { readonly names: Names; readonly token: string },
): string {
  const q = (local: string) => qualified(names.assertion, local)
  const given = <T>(value: T | undefined, fallback: T): T =>
    value === undefined ? fallback : value
  const id = given(options.id, context.assertionId)
  const issuer = given(options.issuer, context.idpEntityId)
  const nameId = given(options.nameId, context.nameId)
  const nameIdText =
    options.nameIdXml ??
    (nameId === null
      ? ''
      : `<${q('NameID')}${attribute('Format', given(options.nameIdFormat, context.nameIdFormat))}${options.nameIdAttributes ?? ''}>${escapeText(nameId)}</${q('NameID')}>`)
  const confirmations = (options.confirmations ?? [{}]).map((c) => confirmation(c, q)).join('')
  const subject =
    options.subjectXml === undefined
      ? `<${q('Subject')}>${nameIdText}${confirmations}</${q('Subject')}>`
      : (options.subjectXml ?? '')
  const restrictions = options.audienceRestrictions ?? [options.audiences ?? [context.spEntityId]]
  const conditions =
    options.conditionsXml === undefined
      ? `<${q('Conditions')}${attribute('NotBefore', given(options.notBefore, at(-5 * minuteMs)))}${attribute('NotOnOrAfter', given(options.notOnOrAfter, at(60 * minuteMs)))}>${restrictions
          .map(
            (audiences) =>
              `<${q('AudienceRestriction')}>${audiences.map((a) => `<${q('Audience')}>${escapeText(a)}</${q('Audience')}>`).join('')}</${q('AudienceRestriction')}>`,
          )
          .join('')}${options.conditionsExtra ?? ''}</${q('Conditions')}>`
      : (options.conditionsXml ?? '')
  const attributeStatement =
    options.attributeStatementXml === undefined
      ? `<${q('AttributeStatement')}>${attributeList(options.attributes)
          .map((a) => attributeElement(a, q))
          .join('')}</${q('AttributeStatement')}>`
      : (options.attributeStatementXml ?? '')
  const contextClass = given(
    options.contextClass,
    'urn:oasis:names:tc:SAML:2.0:ac:classes:Password',
  )
  const authnContext = `<${q('AuthnContext')}>${contextClass === null ? '' : `<${q('AuthnContextClassRef')}>${escapeText(contextClass)}</${q('AuthnContextClassRef')}>`}</${q('AuthnContext')}>`
  const authnStatement =
    options.authnStatementXml === undefined
      ? `<${q('AuthnStatement')}${attribute('AuthnInstant', given(options.authnInstant, at(-10_000)))}${attribute('SessionIndex', given(options.sessionIndex, id))}${attribute('SessionNotOnOrAfter', options.sessionNotOnOrAfter)}>${authnContext}</${q('AuthnStatement')}>`
      : (options.authnStatementXml ?? '')
  const statements =
    options.authnFirst === true
      ? authnStatement + attributeStatement
      : attributeStatement + authnStatement
  return [
    `<${q('Assertion')}${attribute('ID', id)}${attribute('IssueInstant', given(options.issueInstant, at()))}${attribute('Version', given(options.version, '2.0'))}${options.extraAttributes ?? ''}${declare(names.assertion, ns.assertion)}${names.onAssertion ?? ''}>`,
    options.issuerXml ??
      (issuer === null ? '' : `<${q('Issuer')}>${escapeText(issuer)}</${q('Issuer')}>`),
    token,
    subject,
    conditions,
    options.adviceXml ?? '',
    statements,
    options.extraXml ?? '',
    `</${q('Assertion')}>`,
  ].join('')
}

/** A Response around assertions that are already text. */
export function responseXml(
  options: ResponseFields,
  {
    names,
    token,
    assertions,
  }: { readonly names: Names; readonly token: string; readonly assertions: string },
): string {
  const q = (local: string) => qualified(names.protocol, local)
  const given = <T>(value: T | undefined, fallback: T): T =>
    value === undefined ? fallback : value
  const issuer = given(options.issuer, context.idpEntityId)
  const issuerName = qualified(names.assertion, 'Issuer')
  const own = names.assertion === '' || names.assertion === names.protocol
  const status =
    options.statusXml === undefined
      ? `<${q('Status')}><${q('StatusCode')}${attribute('Value', options.status ?? 'urn:oasis:names:tc:SAML:2.0:status:Success')}/>${options.statusMessage === undefined ? '' : `<${q('StatusMessage')}>${escapeText(options.statusMessage)}</${q('StatusMessage')}>`}</${q('Status')}>`
      : (options.statusXml ?? '')
  return [
    `<${q('Response')}${attribute('ID', given(options.id, context.responseId))}${attribute('Version', given(options.version, '2.0'))}${attribute('IssueInstant', given(options.issueInstant, at()))}${attribute('Destination', given(options.destination, context.acsUrl))}${attribute('InResponseTo', given(options.inResponseTo, context.requestId))}${options.extraAttributes ?? ''}${declare(names.protocol, ns.protocol)}${own ? '' : declare(names.assertion, ns.assertion)}${names.onRoot ?? ''}>`,
    options.issuerXml ??
      (issuer === null
        ? ''
        : `<${issuerName}${own ? declare(names.assertion, ns.assertion) : ''}>${escapeText(issuer)}</${issuerName}>`),
    token,
    options.extensionsXml ?? '',
    status,
    options.beforeAssertionsXml ?? '',
    assertions,
    options.extraXml ?? '',
    `</${q('Response')}>`,
  ].join('')
}
