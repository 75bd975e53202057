import {
  groupsClaim,
  mergeView,
  nameIdClaim,
  nameIdEmailClaim,
  type Ruleset,
  resolve,
  rolesClaim,
  type Stated,
  type Subject,
} from '../directory/index.ts'
import { foldCase, limits } from '../kernel/index.ts'
import { entraClaims, groupsOf, rolesOf } from './entra-claims.ts'
import type { OpenConnection } from './open-connection.ts'
import type { ValidatedAssertion } from './validated-assertion.ts'

const emailFormat = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'
/** What stands in lists of its own, or says nothing about the person. */
const listed = new Set<string>([entraClaims.groups, entraClaims.groupsLink, entraClaims.role])

/** The directory's view of a validated assertion: whom it means, and under which names. */
export function readSubject(assertion: ValidatedAssertion, open: OpenConnection): Subject {
  const { identity, nameId, claims } = assertion
  const isEntra = identity.objectId !== null
  const names = [
    nameId?.value,
    claims.single(entraClaims.upn),
    // Entra's default for the UPN; other providers put a person's own name there.
    isEntra ? claims.single(entraClaims.name) : null,
  ]
  return {
    identityKey: identity.key,
    objectId: identity.objectId,
    connectionId: open.saml.id,
    names: names.flatMap((name) =>
      name === null || name === undefined || name === '' ? [] : [name],
    ),
    userName: userNameOf(statedBy(assertion, open), open.ruleset),
    isGuest: identity.isGuest,
  }
}

/** The name for a new person: what the mapping makes of the sign-in alone. */
function userNameOf(stated: Stated, { definitions, mapping }: Ruleset): string | null {
  const view = mergeView(null, { source: 'saml', at: 0, stated })
  const { userName } = resolve(definitions, mapping, [view]).profile
  return typeof userName === 'string' && userName.length <= limits.samlIdentifierLength
    ? userName
    : null
}

/** What the sign-in states, by claim name as sent, within the size that is kept of one source. */
export function statedBy({ claims, nameId }: ValidatedAssertion, open: OpenConnection): Stated {
  const stated = new Map<string, readonly string[]>()
  let length = 0
  function state(name: string, values: readonly string[]): void {
    const more = values.reduce((sum, value) => sum + value.length, name.length)
    // Only what is too large is left out, such as a photo: never what comes after it.
    if (length + more > limits.sourceViewLength) return
    length += more
    stated.set(name, values)
  }
  if (nameId !== null) state(nameIdClaim, [nameId.value])
  if (open.saml.idp.tenantId === null && nameId?.format === emailFormat) {
    state(nameIdEmailClaim, [nameId.value])
  }
  const groups = groupsOf(claims)
  if (groups.kind === 'listed') state(groupsClaim, groups.values)
  const roles = rolesOf(claims)
  if (roles.length > 0) state(rolesClaim, roles)
  for (const claim of claims.all) {
    // Our own lists begin with #: no claim may stand in for the groups that a sign-in could not say.
    const isOurs = claim.name.startsWith('#')
    if (!isOurs && !listed.has(claim.name.toLowerCase())) state(claim.name, claim.values)
  }
  return stated
}

/** The names by which a person can be a tester: object id, UPN and NameID. */
export function testerNames({ identity, nameId, claims }: ValidatedAssertion) {
  return {
    objectId: identity.objectId,
    userPrincipalName: claims.single(entraClaims.upn) ?? claims.single(entraClaims.name),
    nameId: nameId?.value ?? null,
  }
}

/** Whether the person was named as a tester of the connection. */
export function isTester(assertion: ValidatedAssertion, open: OpenConnection): boolean {
  const { identity, nameId, claims } = assertion
  const upns = [claims.single(entraClaims.upn), claims.single(entraClaims.name)]
  const keys = {
    objectId: [identity.objectId],
    userPrincipalName: upns.map((upn) => (upn === null ? null : foldCase(upn))),
    nameId: [nameId?.value ?? null],
  }
  return open.record.testers.some((tester) => keys[tester.kind].includes(tester.valueKey))
}
