import { type App, rolesOf, type Sql, type User } from '../directory/index.ts'
import type { SourceValue } from './expression.ts'

/** What mappings and filters read. */
export type Source = {
  readonly user: User
  /** Unassigned, filtered out, deleted or with a disabled account: to the application one and the same. */
  readonly isSoftDeleted: boolean
  readonly roles: readonly {
    readonly id: string
    readonly value: string
    readonly displayName: string
  }[]
}

/** The directory's attributes by the names that provisioning has for them, lower case. */
const attributes: Readonly<Record<string, (source: Source) => SourceValue>> = {
  objectid: ({ user }) => user.id,
  // Guests: the mark is taken out here and stays in originalUserPrincipalName.
  userprincipalname: ({ user }) => user.userPrincipalName.replace('#EXT#', ''),
  originaluserprincipalname: ({ user }) => user.userPrincipalName,
  displayname: ({ user }) => user.displayName,
  givenname: ({ user }) => user.givenName,
  surname: ({ user }) => user.surname,
  mail: ({ user }) => user.mail,
  mailnickname: ({ user }) => user.mailNickname,
  jobtitle: ({ user }) => user.jobTitle,
  department: ({ user }) => user.department,
  employeeid: ({ user }) => user.employeeId,
  companyname: ({ user }) => user.companyName,
  physicaldeliveryofficename: ({ user }) => user.officeLocation,
  telephonenumber: ({ user }) => user.businessPhones[0] ?? null,
  mobile: ({ user }) => user.mobilePhone,
  facsimiletelephonenumber: ({ user }) => user.faxNumber,
  streetaddress: ({ user }) => user.streetAddress,
  city: ({ user }) => user.city,
  state: ({ user }) => user.state,
  postalcode: ({ user }) => user.postalCode,
  country: ({ user }) => user.country,
  preferredlanguage: ({ user }) => user.preferredLanguage,
  usertype: ({ user }) => user.userType,
  manager: ({ user }) => user.managerId,
  accountenabled: ({ user }) => (user.accountEnabled ? 'True' : 'False'),
  issoftdeleted: ({ isSoftDeleted }) => (isSoftDeleted ? 'True' : 'False'),
  approleassignments: ({ roles }) => roles.map((role) => JSON.stringify(role)),
}

/** Whether a mapping may name it: an attribute, `extensionAttribute1` or `extension_{appId}_{name}`. */
export function isSourceAttribute(name: string): boolean {
  return attributes[name.toLowerCase()] !== undefined || /^extension(Attribute|_)\w+$/.test(name)
}

/** The value of an attribute; null when there is none. */
export function sourceValue(source: Source, name: string): SourceValue {
  const known = attributes[name.toLowerCase()]
  if (known !== undefined) return known(source)
  const value = source.user.extensionAttributes[name] ?? null
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
}

/** Somebody as the source of an application's mappings. */
export function sourceOf(
  sql: Sql,
  app: App,
  of: { readonly user: User; readonly isSoftDeleted: boolean },
): Source {
  const roles = rolesOf(sql, app, of.user.id)
  return {
    ...of,
    roles: roles.map(({ id, value, displayName }) => ({ id, value, displayName })),
  }
}
