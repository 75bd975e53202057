/**
 * The other messages: logout requests and responses, provider metadata, and the Redirect binding with
 * its own signature. Independent of src; works in Node and in workerd.
 *
 *   const xml = await buildLogoutRequest({ sessionIndexes: [context.sessionIndex] })
 *   const query = await redirectQuery({ parameter: 'SAMLRequest', xml, sign: {}, lowerCase: true })
 *   const metadata = await buildMetadata({ signing: ['K', 'Knext'] })
 */
import { bytesToBase64, certificateBase64, type KeyName } from './keys.ts'
import { at, context } from './saml-context.ts'
import { attribute, escapeText, ns } from './saml-template.ts'
import {
  type SignatureOptions,
  signAtToken,
  signatureMethods,
  signOctetsWith,
} from './xml-signer.ts'

const token = '{{signature:message}}'

export type LogoutOptions = {
  readonly id?: string | null
  readonly version?: string | null
  readonly issueInstant?: string | null
  readonly destination?: string | null
  readonly issuer?: string | null
  readonly notOnOrAfter?: string | null
  readonly inResponseTo?: string | null
  readonly nameId?: string | null
  readonly nameIdFormat?: string | null
  readonly sessionIndexes?: readonly string[]
  readonly status?: string
  readonly extraXml?: string
  /** An enveloped signature (POST binding); the Redirect binding signs the query instead. */
  readonly sign?: SignatureOptions
  readonly beforeSigning?: (xml: string) => string
}

async function message(
  local: 'LogoutRequest' | 'LogoutResponse',
  content: string,
  options: LogoutOptions,
): Promise<string> {
  const given = <T>(value: T | undefined, fallback: T): T =>
    value === undefined ? fallback : value
  const issuer = given(options.issuer, context.idpEntityId)
  const text = [
    `<samlp:${local}${attribute('ID', given(options.id, '_10600000-0000-4000-8000-000000000001'))}${attribute('Version', given(options.version, '2.0'))}${attribute('IssueInstant', given(options.issueInstant, at()))}${attribute('Destination', given(options.destination, context.sloUrl))}${attribute('NotOnOrAfter', options.notOnOrAfter)}${attribute('InResponseTo', options.inResponseTo)} xmlns:samlp="${ns.protocol}">`,
    issuer === null ? '' : `<Issuer xmlns="${ns.assertion}">${escapeText(issuer)}</Issuer>`,
    token,
    content,
    options.extraXml ?? '',
    `</samlp:${local}>`,
  ].join('')
  const xml = options.beforeSigning?.(text) ?? text
  return options.sign === undefined ? xml.replace(token, '') : signAtToken(xml, token, options.sign)
}

/** A LogoutRequest as Entra broadcasts it. */
export function buildLogoutRequest(options: LogoutOptions = {}): Promise<string> {
  const nameId = options.nameId === undefined ? context.nameId : options.nameId
  const format = options.nameIdFormat === undefined ? context.nameIdFormat : options.nameIdFormat
  const name =
    nameId === null
      ? ''
      : `<NameID${attribute('Format', format)} xmlns="${ns.assertion}">${escapeText(nameId)}</NameID>`
  const sessions = (options.sessionIndexes ?? [context.sessionIndex]).map(
    (index) => `<samlp:SessionIndex>${escapeText(index)}</samlp:SessionIndex>`,
  )
  return message('LogoutRequest', name + sessions.join(''), options)
}

/** A LogoutResponse as Entra answers ours. */
export function buildLogoutResponse(options: LogoutOptions = {}): Promise<string> {
  const status = options.status ?? 'urn:oasis:names:tc:SAML:2.0:status:Success'
  const content = `<samlp:Status><samlp:StatusCode Value="${status}"/></samlp:Status>`
  const inResponseTo = options.inResponseTo === undefined ? context.requestId : options.inResponseTo
  return message('LogoutResponse', content, { ...options, inResponseTo })
}

export type RedirectOptions = {
  readonly parameter: 'SAMLRequest' | 'SAMLResponse'
  readonly xml: string
  readonly relayState?: string
  /** Signs the query; null or absent: unsigned. */
  readonly sign?: Pick<SignatureOptions, 'key' | 'method' | 'hmacKey' | 'methodUri'> | null
  /** Percent-encodes in lower case, as Entra does. */
  readonly lowerCase?: boolean
  /** Octets instead of the deflated document (row R03). */
  readonly message?: Uint8Array
}

/** Raw DEFLATE, as the Redirect binding wants it. */
export async function deflateRaw(text: string | Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text.slice()
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new CompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** The query string of a Redirect-binding message (SAML Bindings 3.4.4.1), without `?`. */
export async function redirectQuery(options: RedirectOptions): Promise<string> {
  const encode = (text: string) => {
    const encoded = encodeURIComponent(text)
    return options.lowerCase === true
      ? encoded.replaceAll(/%[0-9A-F]{2}/g, (triplet) => triplet.toLowerCase())
      : encoded
  }
  const bytes = options.message ?? (await deflateRaw(options.xml))
  let query = `${options.parameter}=${encode(bytesToBase64(bytes))}`
  if (options.relayState !== undefined) query += `&RelayState=${encode(options.relayState)}`
  const sign = options.sign ?? null
  if (sign === null) return query
  const uri = sign.methodUri ?? signatureMethods[sign.method ?? 'rsa-sha256'].uri
  query += `&SigAlg=${encode(uri)}`
  const octets = new TextEncoder().encode(query) as Uint8Array<ArrayBuffer>
  const method = sign.method ?? 'rsa-sha256'
  const signature = await signOctetsWith(octets, { ...sign, method })
  return `${query}&Signature=${encode(bytesToBase64(signature))}`
}

export type MetadataOptions = {
  readonly entityId?: string
  readonly ssoUrl?: string
  readonly sloUrl?: string | null
  /** Keys published with `use="signing"`, `use="encryption"` and without `use`. */
  readonly signing?: readonly KeyName[]
  readonly encryption?: readonly KeyName[]
  readonly unspecified?: readonly KeyName[]
  readonly validUntil?: string
  /** Begins with a byte order mark, as Entra's file does. Default false. */
  readonly byteOrderMark?: boolean
  /** WS-Federation role descriptors around the provider's, as Entra's file has. Default true. */
  readonly roleDescriptors?: boolean
  readonly extraXml?: string
  readonly sign?: SignatureOptions
  readonly beforeSigning?: (xml: string) => string
}

function keyDescriptor(key: KeyName, use: string | null): string {
  return `<KeyDescriptor${attribute('use', use)}><KeyInfo xmlns="${ns.dsig}"><X509Data><X509Certificate>${certificateBase64(key)}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>`
}

function roleDescriptor(key: KeyName, type: string): string {
  return `<RoleDescriptor xsi:type="fed:${type}" protocolSupportEnumeration="http://docs.oasis-open.org/wsfed/federation/200706" xmlns:xsi="${ns.xsi}" xmlns:fed="http://docs.oasis-open.org/wsfed/federation/200706">${keyDescriptor(key, 'signing')}<fed:ClaimTypesOffered><auth:ClaimType Uri="http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name" xmlns:auth="http://docs.oasis-open.org/wsfed/authorization/200706"><auth:DisplayName>Name</auth:DisplayName><auth:Description>The mutable display name of the user.</auth:Description></auth:ClaimType></fed:ClaimTypesOffered><fed:PassiveRequestorEndpoint><wsa:EndpointReference xmlns:wsa="http://www.w3.org/2005/08/addressing"><wsa:Address>https://login.microsoftonline.com/${context.tenantId}/wsfed</wsa:Address></wsa:EndpointReference></fed:PassiveRequestorEndpoint></RoleDescriptor>`
}

/** Federation metadata in the shape of Entra. */
export async function buildMetadata(options: MetadataOptions = {}): Promise<string> {
  const signing = options.signing ?? ['K']
  const ssoUrl = options.ssoUrl ?? context.ssoUrl
  const sloUrl = options.sloUrl === undefined ? context.idpSloUrl : options.sloUrl
  const first = signing[0] ?? 'K'
  const roles = options.roleDescriptors ?? true
  const redirect = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'
  const text = [
    `<?xml version="1.0" encoding="utf-8"?><EntityDescriptor ID="_3e7a0000-0000-4000-8000-000000000001"${attribute('entityID', options.entityId ?? context.idpEntityId)}${attribute('validUntil', options.validUntil)} xmlns="${ns.metadata}">`,
    options.sign === undefined ? '' : token,
    roles ? roleDescriptor(first, 'SecurityTokenServiceType') : '',
    roles ? roleDescriptor(first, 'ApplicationServiceType') : '',
    `<IDPSSODescriptor protocolSupportEnumeration="${ns.protocol}">`,
    ...signing.map((key) => keyDescriptor(key, 'signing')),
    ...(options.encryption ?? []).map((key) => keyDescriptor(key, 'encryption')),
    ...(options.unspecified ?? []).map((key) => keyDescriptor(key, null)),
    sloUrl === null
      ? ''
      : `<SingleLogoutService Binding="${redirect}"${attribute('Location', sloUrl)}/>`,
    `<SingleSignOnService Binding="${redirect}"${attribute('Location', ssoUrl)}/>`,
    `<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"${attribute('Location', ssoUrl)}/>`,
    '</IDPSSODescriptor>',
    options.extraXml ?? '',
    '</EntityDescriptor>',
  ].join('')
  const edited = options.beforeSigning?.(text) ?? text
  const xml = options.sign === undefined ? edited : await signAtToken(edited, token, options.sign)
  return options.byteOrderMark === true ? `\uFEFF${xml}` : xml
}
