/**
 * The world every SAML test stands in unless it says otherwise: one moment, one service provider with
 * three connections, two Entra tenants, one person. All of it is invented.
 */
const publicUrl = 'https://portico.example'

function serviceProvider(connectionId: string) {
  return {
    connectionId,
    spEntityId: `${publicUrl}/saml/${connectionId}/metadata`,
    acsUrl: `${publicUrl}/saml/${connectionId}/acs`,
    sloUrl: `${publicUrl}/saml/${connectionId}/slo`,
    loginUrl: `${publicUrl}/saml/${connectionId}/login`,
  }
}

function entraTenant(tenantId: string) {
  return {
    tenantId,
    idpEntityId: `https://sts.windows.net/${tenantId}/`,
    ssoUrl: `https://login.microsoftonline.com/${tenantId}/saml2`,
    sloUrl: `https://login.microsoftonline.com/${tenantId}/saml2`,
  }
}

export const nowMs = Date.UTC(2026, 10, 24, 9, 0, 0)

/** The default connection: tenant A, keys K (and what a test adds). */
export const context = {
  nowMs,
  publicUrl,
  ...serviceProvider('con_0000000000000000000000000a'),
  ...entraTenant('a1a1a1a1-0000-4000-8000-00000000000a'),
  idpSloUrl: 'https://login.microsoftonline.com/a1a1a1a1-0000-4000-8000-00000000000a/saml2',
  sloUrl: `${publicUrl}/saml/con_0000000000000000000000000a/slo`,
  objectId: '0b1ec700-1111-4111-8111-000000000001',
  requestId: '_9f0c5d3a7b1e4c2d8a6f000000000001',
  responseId: '_5e000000-0000-4000-8000-000000000001',
  assertionId: '_a5000000-0000-4000-8000-000000000001',
  sessionIndex: '_a5000000-0000-4000-8000-000000000001',
  nameId: 'ann@contoso.example',
  nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
} as const

/** Another connection of the same service provider: tenant B, key K2. */
export const otherConnection = {
  nowMs,
  publicUrl,
  ...serviceProvider('con_0000000000000000000000000b'),
  tenantId: 'b2b2b2b2-0000-4000-8000-00000000000b',
  idpEntityId: 'https://sts.windows.net/b2b2b2b2-0000-4000-8000-00000000000b/',
  ssoUrl: 'https://login.microsoftonline.com/b2b2b2b2-0000-4000-8000-00000000000b/saml2',
  objectId: '0b1ec700-2222-4222-8222-000000000002',
  requestId: '_9f0c5d3a7b1e4c2d8a6f000000000002',
} as const

/** A second connection to the same provider with the same key as the default one (row M04). */
export const twinConnection = {
  ...context,
  ...serviceProvider('con_0000000000000000000000000c'),
} as const

/** What a forger wants to be: the NameID of every "evil" assertion. */
export const evilNameId = 'admin@victim.example'

/** xs:dateTime of the default moment plus some milliseconds, as Entra prints it. */
export function at(offsetMs = 0): string {
  return new Date(nowMs + offsetMs).toISOString()
}

export const minuteMs = 60_000

/** Claim names of Entra (entra.md b4). */
export const claims = {
  tenantId: 'http://schemas.microsoft.com/identity/claims/tenantid',
  objectId: 'http://schemas.microsoft.com/identity/claims/objectidentifier',
  displayName: 'http://schemas.microsoft.com/identity/claims/displayname',
  identityProvider: 'http://schemas.microsoft.com/identity/claims/identityprovider',
  methods: 'http://schemas.microsoft.com/claims/authnmethodsreferences',
  name: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
  upn: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn',
  givenName: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname',
  surname: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname',
  email: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
  groups: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/groups',
  groupsLink: 'http://schemas.microsoft.com/claims/groups.link',
  role: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role',
  wids: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/wids',
} as const

export const defaultAttributes: Readonly<Record<string, string | readonly string[]>> = {
  [claims.tenantId]: context.tenantId,
  [claims.objectId]: context.objectId,
  [claims.displayName]: 'Ann Example',
  [claims.identityProvider]: context.idpEntityId,
  [claims.methods]: [
    'http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password',
    'http://schemas.microsoft.com/claims/multipleauthn',
  ],
  [claims.givenName]: 'Ann',
  [claims.surname]: 'Example',
  [claims.email]: 'ann@contoso.example',
  [claims.name]: 'ann@contoso.example',
}
