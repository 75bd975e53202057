import type { Principal, SetupPart } from '../http/index.ts'
import { isId, ok, type Result } from '../kernel/index.ts'
import { type Refusal, refuse } from './refusal.ts'

/** Beside everything outside of `/organizations/{org}`: what an organization's own admin may not do. */
const operatorsOnly: ReadonlySet<string> = new Set([
  'deleteOrganization',
  // A way in as anybody, without the identity provider.
  'createRecoveryLink',
  'listRecoveryLinks',
  'revokeRecoveryLink',
  // Whoever makes a way in for others could keep one for themselves.
  'createSetupLink',
  'listSetupLinks',
  'revokeSetupLink',
])

/** Fields that only operators may set: what the app trusts, and what is true on an operator's word. */
const operatorsFields: Readonly<Record<string, readonly string[]>> = {
  changeOrganization: ['slug', 'domains', 'appOrigins'],
  addDomain: ['verified'],
}

const every = ['saml', 'scim', 'attributes'] as const
const saml = ['saml'] as const
const scim = ['scim'] as const
const attributes = ['attributes'] as const

/** What a setup link may do, by the parts it was made for. What is not here, it may not. */
const linkOperations: Readonly<Record<string, readonly SetupPart[]>> = {
  getOrganization: every,
  getSetup: every,
  markSetupStep: every,
  unmarkSetupStep: every,
  listConnections: every,
  getConnection: every,
  createConnection: saml,
  changeConnection: saml,
  getMetadataRefresh: saml,
  refreshMetadata: saml,
  approveMetadata: saml,
  dismissMetadata: saml,
  rotateKeys: saml,
  listTesters: saml,
  createTestSignIn: saml,
  listTestSignIns: saml,
  getTestSignIn: saml,
  decode: saml,
  listDomains: saml,
  addDomain: saml,
  verifyDomain: saml,
  listScimTokens: scim,
  createScimToken: scim,
  getScimToken: scim,
  changeScimToken: scim,
  revokeScimToken: scim,
  listScimClients: scim,
  createScimClient: scim,
  getScimClient: scim,
  changeScimClient: scim,
  deleteScimClient: scim,
  createScimClientSecret: scim,
  deleteScimClientSecret: scim,
  listAttributes: attributes,
  getAttribute: attributes,
  getAttributeUse: attributes,
  createAttribute: attributes,
  changeAttribute: attributes,
  deleteAttribute: attributes,
  getMapping: attributes,
  setMapping: attributes,
  previewMapping: attributes,
  // The preview is of a person.
  listUsers: attributes,
  getUser: attributes,
  getGraphCredential: attributes,
  setGraphCredential: attributes,
  checkGraph: attributes,
}

/**
 * What a setup link may not do any more once a connection is active: profiles are read from it, and Entra uses the
 * credentials. Making a new credential for SCIM is what a link for SCIM is given for.
 */
export const onlyBeforeUse: ReadonlySet<string> = new Set([
  'createAttribute',
  'changeAttribute',
  'deleteAttribute',
  'setMapping',
  'setGraphCredential',
  'changeScimToken',
  'revokeScimToken',
  'changeScimClient',
  'deleteScimClient',
  'deleteScimClientSecret',
])

/** They answer a question and change nothing. */
const onlyAsk: ReadonlySet<string> = new Set(['previewMapping', 'decode', 'checkGraph'])

/** An operation as far as permission depends on it. */
type Asked = {
  readonly operation: { readonly id: string; readonly method: string; readonly path: string }
  readonly params: Readonly<Record<string, string>>
  readonly body: unknown
  /** The id of the operators' own organization, when there is one. */
  readonly operatorOrg: string | null
}

/**
 * Whether somebody may ask for an operation at all (DESIGN 2.2, setup links and keys). Pure. What an operation
 * refuses a setup link beyond that depends on what there is, and is decided there, in the same batch.
 * Everybody but the holder of the key names an organization by its id: a slug may be another's tomorrow.
 */
export function checkPermission(principal: Principal, asked: Asked): Result<null, Refusal> {
  const { operation, params, body, operatorOrg } = asked
  const org = params['org']
  if (principal.kind === 'operator' && principal.by === 'key') return ok(null)
  const changes = operation.method !== 'get' && !onlyAsk.has(operation.id)
  // Whoever changes how the operators' organization signs in could make anybody an operator.
  if (changes && org !== undefined && org === operatorOrg) return refuse('admin.key_needed')
  if (principal.kind === 'operator') {
    // A slug may be the operators' own: only ids can be told apart here.
    return changes && org !== undefined && !isId('org', org) ? refuse('admin.key_needed') : ok(null)
  }
  if (!operation.path.startsWith('/organizations/{org}')) return refuse('admin.forbidden')
  // As if it were not there: an id tells nothing about another organization.
  if (org !== principal.organizationId) return refuse('admin.organization_not_found')
  if (principal.kind === 'setup-link') {
    const parts = linkOperations[operation.id] ?? []
    if (!principal.parts.some((part) => parts.includes(part))) return refuse('admin.forbidden')
  }
  if (operatorsOnly.has(operation.id)) return refuse('admin.forbidden')
  const own = operatorsFields[operation.id] ?? []
  const taken = own.filter((field) => isObject(body) && body[field] !== undefined)
  return taken.length === 0
    ? ok(null)
    : refuse(
        'admin.forbidden',
        ...taken.map((field) => ({ field, message: 'is for an operator to set' })),
      )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
