import { err, limits, ok, parseUtcTime, type Result } from '../kernel/index.ts'
import {
  all,
  attributeOf,
  childElements,
  metadataPolicy,
  optional,
  parseXmlBytes,
  type XmlElement,
} from '../xml/index.ts'
import { type Certificate, type VerifyKey, verifyEnveloped } from '../xmldsig/index.ts'
import { checkEndpointUrl, type UrlPolicy } from './endpoint-url.ts'
import { appIdOf, entraTenantId } from './entra-tenant.ts'
import type { MetadataDefect, MetadataFailure } from './message-errors.ts'
import { type RejectedCertificate, readSigningCertificates } from './metadata-certificates.ts'
import { samlBindings, samlNamespaces } from './namespaces.ts'

export type MetadataOptions = UrlPolicy & {
  readonly nowMs: number
  /** The entityID that the connection already has: another one is refused. */
  readonly expectedEntityId?: string
  /** Where the metadata came from, if it was fetched. */
  readonly sourceUrl?: string
  /** Keys that the metadata may be signed by. */
  readonly signedBy?: readonly VerifyKey[]
  /** What to make of metadata that `signedBy` did not sign; refused unless told. */
  readonly otherSigners?: 'refuse' | 'report'
}

export type MetadataWarning =
  /** Entra's metadata without `appid` shows the tenant's keys, not those of the application. */
  | 'no_app_id'
  /** No certificate is valid today: every sign-in would be refused. */
  | 'no_valid_certificate'

/** What one identity provider says about itself. Everything in it is a claim until an admin or a key confirms it. */
export type IdpMetadata = {
  readonly entityId: string
  /** Entra's tenant, from the entityID. */
  readonly tenantId: string | null
  readonly ssoRedirectUrl: string | null
  readonly ssoPostUrl: string | null
  /** Where logout messages go, by Redirect. */
  readonly sloUrl: string | null
  /** Where answers to its logout requests go when not to `sloUrl` (SAML Metadata 2.2.2); null unless it says so. */
  readonly sloResponseUrl: string | null
  readonly signingCertificates: readonly Certificate[]
  readonly rejectedCertificates: readonly RejectedCertificate[]
  readonly validUntilMs: number | null
  readonly wantAuthnRequestsSigned: boolean
  readonly signature: 'absent' | 'unverified' | { readonly keyId: string }
  readonly warnings: readonly MetadataWarning[]
}

const refuse = (reason: MetadataDefect, evidence: Omit<MetadataFailure, 'code' | 'reason'> = {}) =>
  err<MetadataFailure>({ code: 'saml.metadata', reason, ...evidence })

/**
 * Reads an identity provider's metadata (SAML Metadata 2.4.3): one EntityDescriptor with one
 * IDPSSODescriptor. WS-Federation roles, contacts and extensions are left alone.
 * @returns what it says, or `saml.metadata` with the reason and, for unreadable XML or a signature, its cause
 */
export async function readMetadata(
  bytes: Uint8Array,
  options: MetadataOptions,
): Promise<Result<IdpMetadata, MetadataFailure>> {
  if (bytes.length > limits.metadataBytes) return refuse('size')
  const document = parseXmlBytes(bytes, metadataPolicy)
  if (!document.ok) return refuse('xml', { cause: document.failure })
  const signed = await checkSignature(document.value.root, options)
  if (!signed.ok) return signed
  const { entity, signature } = signed.value

  const role = selectRole(entity)
  if (!role.ok) return role
  const entityId = readEntityId(entity, options.expectedEntityId)
  if (!entityId.ok) return entityId
  const validUntil = readValidUntil([entity, role.value], options.nowMs)
  if (!validUntil.ok) return validUntil
  const endpoints = readEndpoints(role.value, options)
  if (!endpoints.ok) return endpoints
  const certificates = await readSigningCertificates(role.value)
  if (!certificates.ok) return refuse('xml', { cause: certificates.failure })
  const { signing, rejected } = certificates.value
  if (signing.length === 0) {
    return refuse('no_signing_certificate', { got: rejected.map(({ reason }) => reason).join(' ') })
  }
  if (signing.length > limits.certificatesPerConnection) return refuse('too_many_certificates')

  const tenantId = entraTenantId(entityId.value)
  const source = URL.parse(options.sourceUrl ?? '')
  const isValid = ({ notBeforeMs, notAfterMs }: Certificate) =>
    notBeforeMs <= options.nowMs && options.nowMs <= notAfterMs
  const warnings: MetadataWarning[] = []
  if (tenantId !== null && source !== null && appIdOf(source) === null) warnings.push('no_app_id')
  if (!signing.some(isValid)) warnings.push('no_valid_certificate')
  return ok({
    entityId: entityId.value,
    tenantId,
    ...endpoints.value,
    signingCertificates: signing,
    rejectedCertificates: rejected,
    validUntilMs: validUntil.value,
    wantAuthnRequestsSigned: ['true', '1'].includes(
      attributeOf(role.value, 'WantAuthnRequestsSigned') ?? '',
    ),
    signature,
    warnings,
  })
}

type CheckedEntity = {
  readonly entity: XmlElement
  readonly signature: IdpMetadata['signature']
}

/** The entity to read: as it was signed, when a key of ours signed it. */
async function checkSignature(
  root: XmlElement,
  { signedBy, otherSigners = 'refuse' }: MetadataOptions,
): Promise<Result<CheckedEntity, MetadataFailure>> {
  const found = optional(root, samlNamespaces.signature, 'Signature')
  const isRequired = signedBy !== undefined && otherSigners === 'refuse'
  if (!found.ok) return refuse('xml', { cause: found.failure })
  if (found.value === null) {
    return isRequired ? refuse('unsigned') : ok({ entity: root, signature: 'absent' })
  }
  if (signedBy === undefined) return ok({ entity: root, signature: 'unverified' })
  const verified = await verifyEnveloped({ root, element: root, keys: signedBy })
  if (verified.ok) {
    return ok({ entity: verified.value.root, signature: { keyId: verified.value.keyId } })
  }
  return isRequired
    ? refuse('signature', { cause: verified.failure })
    : ok({ entity: root, signature: 'unverified' })
}

/** The one IDPSSODescriptor; two would let the reader choose another one than the admin saw. */
function selectRole(entity: XmlElement): Result<XmlElement, MetadataFailure> {
  const isMetadata = entity.uri === samlNamespaces.metadata
  if (isMetadata && entity.local === 'EntitiesDescriptor') return refuse('entities_descriptor')
  if (!isMetadata || entity.local !== 'EntityDescriptor') {
    return refuse('not_metadata', { got: `{${entity.uri}}${entity.local}` })
  }
  const roles = childElements(entity).filter(({ uri }) => uri === samlNamespaces.metadata)
  const [role, second] = roles.filter(({ local }) => local === 'IDPSSODescriptor')
  if (second !== undefined) return refuse('several_identity_providers')
  if (role === undefined) {
    const isServiceProvider = roles.some(({ local }) => local === 'SPSSODescriptor')
    return refuse(isServiceProvider ? 'service_provider' : 'no_identity_provider')
  }
  const protocols = (attributeOf(role, 'protocolSupportEnumeration') ?? '').split(/\s+/)
  return protocols.includes(samlNamespaces.protocol) ? ok(role) : refuse('no_identity_provider')
}

function readEntityId(entity: XmlElement, expected?: string): Result<string, MetadataFailure> {
  const entityId = attributeOf(entity, 'entityID') ?? ''
  const isUsable = entityId.length <= limits.samlIdentifierLength && /^[^\s\p{C}]+$/u.test(entityId)
  if (!isUsable) return refuse('entity_id', { got: entityId.slice(0, limits.evidenceLength) })
  // Entra's /common/ metadata, in which the tenant is a placeholder: anybody's tenant would match.
  if (/[{}]/.test(entityId)) return refuse('common_endpoint', { got: entityId })
  return expected === undefined || expected === entityId
    ? ok(entityId)
    : refuse('entity_id_changed', { expected, got: entityId })
}

/** The earliest validUntil of the entity and its role; null when neither has one. */
function readValidUntil(
  elements: readonly XmlElement[],
  nowMs: number,
): Result<number | null, MetadataFailure> {
  let earliest: number | null = null
  for (const element of elements) {
    const text = attributeOf(element, 'validUntil')
    if (text === null) continue
    const at = parseUtcTime(text) ?? 0
    if (at <= nowMs) return refuse('valid_until', { got: text.slice(0, 64) })
    earliest = Math.min(at, earliest ?? at)
  }
  return ok(earliest)
}

type Endpoints = Pick<IdpMetadata, 'ssoRedirectUrl' | 'ssoPostUrl' | 'sloUrl' | 'sloResponseUrl'>

function readEndpoints(role: XmlElement, policy: UrlPolicy): Result<Endpoints, MetadataFailure> {
  const read = (service: string, binding: string, attribute: string) =>
    readUrl(role, { service, binding, attribute, policy })
  const redirect = read('SingleSignOnService', samlBindings.redirect, 'Location')
  if (!redirect.ok) return redirect
  const post = read('SingleSignOnService', samlBindings.post, 'Location')
  if (!post.ok) return post
  if (redirect.value === null && post.value === null) return refuse('no_sso_url')
  const slo = read('SingleLogoutService', samlBindings.redirect, 'Location')
  if (!slo.ok) return slo
  const sloResponse = read('SingleLogoutService', samlBindings.redirect, 'ResponseLocation')
  if (!sloResponse.ok) return sloResponse
  return ok({
    ssoRedirectUrl: redirect.value,
    ssoPostUrl: post.value,
    sloUrl: slo.value,
    sloResponseUrl: sloResponse.value,
  })
}

type Wanted = {
  readonly service: string
  readonly binding: string
  readonly attribute: string
  readonly policy: UrlPolicy
}

/** The URL of the first service with the binding, as it is written: a Destination must equal it. */
function readUrl(role: XmlElement, wanted: Wanted): Result<string | null, MetadataFailure> {
  const services = all(role, samlNamespaces.metadata, wanted.service, limits.xmlElements)
  if (!services.ok) return refuse('xml', { cause: services.failure })
  const service = services.value.find((each) => attributeOf(each, 'Binding') === wanted.binding)
  const url = service === undefined ? null : attributeOf(service, wanted.attribute)
  if (service === undefined || (url === null && wanted.attribute !== 'Location')) return ok(null)
  const reason = wanted.service === 'SingleSignOnService' ? 'sso_url' : 'slo_url'
  return url !== null && checkEndpointUrl(url, wanted.policy).ok
    ? ok(url)
    : refuse(reason, { got: (url ?? '').slice(0, limits.evidenceLength) })
}
