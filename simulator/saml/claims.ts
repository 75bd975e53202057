import { type App, type AppRole, type Group, tenant, type User } from '../directory/index.ts'
import { methodReferences } from './authn-context.ts'
import { issuerOf } from './idp-urls.ts'
import { userValue } from './user-value.ts'

export type SamlAttribute = {
  readonly name: string
  readonly nameFormat: string | null
  readonly values: readonly string[]
}

/** What claims are made of. */
export type ClaimFacts = {
  readonly app: App
  readonly user: User
  readonly method: User['authentication']
  /** Those that the application's setting asks for. */
  readonly groups: readonly Group[]
  readonly roles: readonly AppRole[]
}

/** More groups than this are left out, and a link says so. */
const maxGroups = 150

const core = 'http://schemas.microsoft.com/identity/claims'
const identity2008 = 'http://schemas.microsoft.com/ws/2008/06/identity/claims'

/** The attributes of an assertion: the core claims, then what the application configures. Nothing is empty. */
export function claimsOf(facts: ClaimFacts): readonly SamlAttribute[] {
  const { app, user, method, roles } = facts
  const own = app.claims.map((rule) => ({
    name: rule.name,
    nameFormat: rule.nameFormat,
    values: present(userValue(user, rule)),
  }))
  return [
    attribute(`${core}/tenantid`, [tenant.id]),
    attribute(`${core}/objectidentifier`, [user.id]),
    attribute(`${core}/displayname`, [user.displayName]),
    ...groupClaim(facts),
    attribute(`${core}/identityprovider`, [user.homeIssuer ?? issuerOf(null)]),
    attribute(
      'http://schemas.microsoft.com/claims/authnmethodsreferences',
      app.sendsAuthenticationMethods ? methodReferences(method) : [],
    ),
    attribute(
      `${identity2008}/role`,
      roles.map(({ value }) => value),
    ),
    ...own,
  ].filter(({ values }) => values.length > 0)
}

/** Above the limit, a link to an interface that is no more, instead of the groups. */
function groupClaim({ app, user, groups }: ClaimFacts): readonly SamlAttribute[] {
  if (app.groupClaims === 'none') return []
  if (groups.length > maxGroups) {
    const link = `https://graph.windows.net/${tenant.id}/users/${user.id}/getMemberObjects`
    return [attribute('http://schemas.microsoft.com/claims/groups.link', [link])]
  }
  const values = groups.map((group) =>
    app.groupClaimValue === 'id' ? group.id : group.displayName,
  )
  return [attribute(`${identity2008}/groups`, values)]
}

function attribute(name: string, values: readonly string[]): SamlAttribute {
  return { name, nameFormat: null, values }
}

function present(value: string | null): readonly string[] {
  return value === null ? [] : [value]
}
