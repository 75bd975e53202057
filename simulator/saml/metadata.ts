import { type App, type Certificate, tenant } from '../directory/index.ts'
import { samlId } from '../keys/index.ts'
import { element, ns, signXml, text } from '../xml/index.ts'
import { idpUrls, issuerOf } from './idp-urls.ts'

const wsfed = 'http://docs.oasis-open.org/wsfed/federation/200706'
const authorization = 'http://docs.oasis-open.org/wsfed/authorization/200706'
const addressing = 'http://www.w3.org/2005/08/addressing'
const redirectBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'
const postBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'

const offeredClaims: readonly (readonly [uri: string, name: string, description: string])[] = [
  [
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
    'Name',
    'The mutable display name of the user.',
  ],
  [
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier',
    'Subject',
    'An immutable, globally unique, non-reusable identifier of the user that is unique to the application for which a token is issued.',
  ],
  [
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname',
    'Given Name',
    'First name of the user.',
  ],
  [
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname',
    'Surname',
    'Last name of the user.',
  ],
  [
    'http://schemas.microsoft.com/identity/claims/objectidentifier',
    'ObjectIdentifier',
    'Primary identifier for the user in the directory. Immutable, globally unique, non-reusable.',
  ],
  [
    'http://schemas.microsoft.com/identity/claims/tenantid',
    'TenantId',
    "Identifier for the user's tenant.",
  ],
  [
    'http://schemas.microsoft.com/claims/groups.link',
    'GroupsOverageClaim',
    "Issued when number of user's group claims exceeds return limit.",
  ],
]

/**
 * Federation metadata as Entra emits it: a byte order mark, signed, WS-Federation roles first, every
 * signing certificate, the active one first.
 * @param app null: the tenant's own keys, which sign for no application
 */
export async function buildMetadata(options: {
  readonly baseUrl: string
  /** `common`: of no tenant in particular, with `{tenantid}` literally where the id belongs. */
  readonly of: 'tenant' | 'common'
  readonly app: App | null
  readonly certificates: readonly Certificate[]
}): Promise<string> {
  const { baseUrl, of, app, certificates } = options
  const urls = idpUrls(baseUrl, of === 'common' ? 'common' : tenant.id)
  const entityId = of === 'common' ? 'https://sts.windows.net/{tenantid}/' : issuerOf(app)
  const keys = certificates.map(({ certificate }) =>
    element(
      'KeyDescriptor',
      { use: 'signing' },
      element(
        'KeyInfo',
        { xmlns: ns.dsig },
        element('X509Data', {}, element('X509Certificate', {}, certificate)),
      ),
    ),
  )
  const endpoint = (name: string, address: string) =>
    element(
      `fed:${name}`,
      {},
      element(
        'wsa:EndpointReference',
        { 'xmlns:wsa': addressing },
        element('wsa:Address', {}, text(address)),
      ),
    )
  const role = (type: string, ...content: readonly string[]) =>
    element(
      'RoleDescriptor',
      {
        'xsi:type': `fed:${type}`,
        protocolSupportEnumeration: wsfed,
        'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
        'xmlns:fed': wsfed,
      },
      ...keys,
      ...content,
    )
  const service = (name: string, binding: string) =>
    element(name, { Binding: binding, Location: urls.saml2 })
  const xml = element(
    'EntityDescriptor',
    { ID: samlId(), entityID: entityId, xmlns: ns.metadata },
    role(
      'SecurityTokenServiceType',
      element('fed:ClaimTypesOffered', {}, ...offeredClaims.map(claimType)),
      endpoint('SecurityTokenServiceEndpoint', urls.wsfed),
      endpoint('PassiveRequestorEndpoint', urls.wsfed),
    ),
    role(
      'ApplicationServiceType',
      endpoint('TargetScopes', entityId),
      endpoint('ApplicationServiceEndpoint', urls.wsfed),
      endpoint('PassiveRequestorEndpoint', urls.wsfed),
    ),
    element(
      'IDPSSODescriptor',
      { protocolSupportEnumeration: ns.protocol },
      ...keys,
      service('SingleLogoutService', redirectBinding),
      service('SingleSignOnService', redirectBinding),
      service('SingleSignOnService', postBinding),
    ),
  )
  const [active] = certificates
  const signed =
    active === undefined ? xml : await signXml(xml, { algorithm: 'sha256', ...active }, 'first')
  return `\uFEFF<?xml version="1.0" encoding="utf-8"?>${signed}`
}

function claimType([uri, name, description]: (typeof offeredClaims)[number]): string {
  return element(
    'auth:ClaimType',
    { Uri: uri, 'xmlns:auth': authorization },
    element('auth:DisplayName', {}, text(name)),
    element('auth:Description', {}, text(description)),
  )
}
