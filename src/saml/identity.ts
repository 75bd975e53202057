import { err, ok, type Result, sha256Hex } from '../kernel/index.ts'
import { type Claims, foldClaimName } from './claims.ts'
import type { SamlConnection } from './connection.ts'
import { entraClaims } from './entra-claims.ts'
import { identifierDefect, isTransient } from './name-id.ts'
import type { NameId } from './read-assertion.ts'
import type { PersonFailure } from './response-failure.ts'

/** Who somebody is for good at this identity provider. Email is no part of it (DESIGN 2.1). */
export type Identity = {
  /** `entra:{tenant}:{object id}`, or `saml:{connection}:{SHA-256 of issuer and identifier}`. */
  readonly key: string
  readonly tenantId: string | null
  /** Entra's object id, lower case. */
  readonly objectId: string | null
  /** Of another tenant, or named so: never given a name that somebody has. */
  readonly isGuest: boolean
}

const decisive: ReadonlySet<string> = new Set(
  [
    entraClaims.tenantId,
    entraClaims.objectId,
    entraClaims.identityProvider,
    entraClaims.upn,
    entraClaims.name,
  ].map(foldClaimName),
)

/** Whether a folded claim name says who somebody is: stated twice, order would decide it. */
export function isIdentityClaim(foldedName: string, { identityClaim }: SamlConnection): boolean {
  if (decisive.has(foldedName)) return true
  return identityClaim !== null && foldClaimName(identityClaim) === foldedName
}

type Person = { readonly nameId: NameId | null; readonly claims: Claims }

/**
 * The identity an assertion speaks of (DESIGN 2.1, rule 1). What the assertion has to be signed by and for
 * has been judged; here it is only read whom it means.
 * @returns the identity; `saml.tenant_mismatch`, `saml.identity`, `saml.name_id` or `saml.scope`
 */
export async function readIdentity(
  person: Person,
  connection: SamlConnection,
): Promise<Result<Identity, PersonFailure>> {
  const { tenantId } = connection.idp
  if (tenantId !== null) return readEntraIdentity(person, { tenantId, connection })
  const identifier = readIdentifier(person, connection)
  if (!identifier.ok) return identifier
  // JSON keeps the parts apart whatever they hold.
  const parts = JSON.stringify([connection.idp.entityId, ...identifier.value])
  return ok({
    key: `saml:${connection.id}:${await sha256Hex(parts)}`,
    tenantId: null,
    objectId: null,
    isGuest: isGuest(person, connection),
  })
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/**
 * Tenant and object id, which no admin can remap. Object ids mean something in their tenant only, so the
 * claim has to name the tenant whose issuer the connection trusts (row M06).
 */
function readEntraIdentity(
  person: Person,
  { tenantId, connection }: { tenantId: string; connection: SamlConnection },
): Result<Identity, PersonFailure> {
  const got = person.claims.single(entraClaims.tenantId)
  if (got?.toLowerCase() !== tenantId) {
    return err({ code: 'saml.tenant_mismatch', of: 'tenantid', expected: tenantId, got })
  }
  const stated = person.claims.single(entraClaims.objectId)
  const objectId = stated?.toLowerCase() ?? ''
  if (!guid.test(objectId)) {
    return err({ code: 'saml.identity', claim: entraClaims.objectId, got: stated })
  }
  return ok({
    key: `entra:${tenantId}:${objectId}`,
    tenantId,
    objectId,
    isGuest: isGuest(person, connection),
  })
}

/** The parts that make an identifier of another provider; the chosen claim wins over the NameID. */
function readIdentifier(
  { nameId, claims }: Person,
  connection: SamlConnection,
): Result<readonly string[], PersonFailure> {
  const claim = connection.identityClaim
  if (claim !== null) return readIdentityClaim(claim, claims, connection)
  if (nameId === null) return err({ code: 'saml.name_id', reason: 'absent', got: null })
  if (isTransient(nameId)) {
    return err({ code: 'saml.name_id', reason: 'transient', got: nameId.value })
  }
  // A qualifier that only says the default makes no other person (SAML Core 8.3.7).
  const qualifier = nameId.nameQualifier ?? connection.idp.entityId
  const spQualifier = nameId.spNameQualifier ?? connection.sp.entityId
  return ok(['NameID', qualifier, spQualifier, nameId.value])
}

function readIdentityClaim(
  claim: string,
  claims: Claims,
  { scopes }: SamlConnection,
): Result<readonly string[], PersonFailure> {
  const value = claims.single(claim)
  if (value === null || identifierDefect(value) !== null) {
    return err({ code: 'saml.identity', claim, got: value })
  }
  const scope = value.slice(value.lastIndexOf('@') + 1)
  const isInScope = value.includes('@') && scopes?.includes(scope.toLowerCase())
  if (scopes !== null && !isInScope) return err({ code: 'saml.scope', claim, got: value })
  return ok(['Attribute', claim.toLowerCase(), value])
}

/** Somebody whose account is elsewhere: what they are called here, somebody else could be called there. */
function isGuest({ nameId, claims }: Person, { idp }: SamlConnection): boolean {
  const home = claims.find(entraClaims.identityProvider)
  const isElsewhere = home !== null && claims.single(entraClaims.identityProvider) !== idp.entityId
  const names = [nameId?.value, claims.single(entraClaims.upn), claims.single(entraClaims.name)]
  return isElsewhere || names.some((name) => name?.toLowerCase().includes('#ext#'))
}
