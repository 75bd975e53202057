import type { User } from '../directory/index.ts'
import { err, ok, type Result } from '../result.ts'
import { badRequest, type GraphAnswer, graphError } from './call.ts'

type Read = (user: User) => unknown

/** Properties that are named in the directory as they are in Graph. */
const stored = [
  ...(['id', 'userPrincipalName', 'displayName', 'givenName', 'surname', 'mail'] as const),
  ...(['mailNickname', 'accountEnabled', 'userType', 'jobTitle', 'department'] as const),
  ...(['employeeId', 'companyName', 'officeLocation', 'businessPhones'] as const),
  ...(['mobilePhone', 'faxNumber', 'streetAddress', 'city', 'state', 'postalCode'] as const),
  ...(['country', 'preferredLanguage', 'usageLocation', 'employeeType'] as const),
  'employeeOrgData',
] as const satisfies readonly (keyof User)[]

/** Properties of Graph that nobody here has. */
const blank: Readonly<Record<string, null | readonly []>> = {
  ...Object.fromEntries(['otherMails', 'proxyAddresses', 'imAddresses'].map((name) => [name, []])),
  ...Object.fromEntries(
    [
      ...['ageGroup', 'createdDateTime', 'creationType', 'deletedDateTime', 'employeeHireDate'],
      ...['employeeLeaveDateTime', 'externalUserState', 'onPremisesDistinguishedName'],
      ...['onPremisesDomainName', 'onPremisesImmutableId', 'onPremisesSamAccountName'],
      ...['onPremisesSecurityIdentifier', 'onPremisesSyncEnabled', 'securityIdentifier'],
      ...['onPremisesUserPrincipalName', 'signInSessionsValidFromDateTime'],
    ].map((name) => [name, null]),
  ),
}

/** Kept elsewhere than in the directory, so that a delta cannot follow them. */
const elsewhere: ReadonlySet<string> = new Set([
  ...['aboutMe', 'birthday', 'hireDate', 'interests', 'mailboxSettings', 'mySite'],
  ...['pastProjects', 'preferredName', 'responsibilities', 'schools', 'skills'],
])

const extensionAttributes = Array.from({ length: 15 }, (_, n) => `extensionAttribute${n + 1}`)

const reads: Readonly<Record<string, Read>> = {
  ...Object.fromEntries(stored.map((name): [string, Read] => [name, (user) => user[name]])),
  ...Object.fromEntries(
    Object.entries(blank).map(([name, value]): [string, Read] => [name, () => value]),
  ),
  onPremisesExtensionAttributes: (user) =>
    Object.fromEntries(
      extensionAttributes.map((name) => [name, user.extensionAttributes[name] ?? null]),
    ),
}

/** What is shown without `$select`. */
export const shownByDefault = [
  ...['id', 'businessPhones', 'displayName', 'givenName', 'jobTitle', 'mail', 'mobilePhone'],
  ...['officeLocation', 'preferredLanguage', 'surname', 'userPrincipalName'],
]

const isExtension = (name: string) => /^extension_[0-9a-f]{32}_\w+$/.test(name)

/**
 * Reads `$select`. An extension that is not registered is no error.
 * @param manager whether the navigation property may be selected, as in a delta
 */
export function readSelect(
  select: string | null,
  { manager, isDelta }: { readonly manager: boolean; readonly isDelta: boolean },
): Result<readonly string[], GraphAnswer> {
  if (select === null) return ok(shownByDefault)
  const names = select.split(',').map((name) => name.trim())
  for (const name of names) {
    if (isDelta && elsewhere.has(name)) {
      const message = `The property '${name}' cannot be tracked by delta query.`
      return err(graphError(501, 'NotImplemented', message))
    }
    const isKnown =
      reads[name] !== undefined || isExtension(name) || (manager && name === 'manager')
    if (!isKnown) {
      const message = `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.user'.`
      return err(badRequest(message))
    }
  }
  return ok([...new Set(names)])
}

/** What a property is made of in the directory. */
export function storedNames(name: string): readonly string[] {
  if (name === 'manager') return ['managerId']
  return name === 'onPremisesExtensionAttributes' ? extensionAttributes : [name]
}

/** The value of a property; null when there is none. `manager` is none of these. */
export function propertyOf(user: User, name: string): unknown {
  return isExtension(name)
    ? (user.extensionAttributes[name] ?? null)
    : (reads[name]?.(user) ?? null)
}

/** Whether a property has nothing to say: null, or made of nothing but nulls. An empty list says that it is empty. */
export function isBlank(value: unknown): boolean {
  if (value === null) return true
  return (
    typeof value === 'object' &&
    !Array.isArray(value) &&
    Object.values(value).every((v) => v === null)
  )
}

/** A user as `GET /users/{id}` shows them: null where there is nothing, but for extensions, which are left out. */
export function showUser(user: User, select: readonly string[]): Record<string, unknown> {
  const shown = select
    .map((name): [string, unknown] => [name, propertyOf(user, name)])
    .filter(([name, value]) => value !== null || !isExtension(name))
  return Object.fromEntries(shown)
}
