import type { User, ValueSource } from '../directory/index.ts'

/** Properties by their name in a claim's source, lower case. */
const properties: Readonly<Record<string, (user: User) => string | null>> = {
  'user.userprincipalname': (user) => user.userPrincipalName,
  'user.mail': (user) => user.mail,
  'user.objectid': (user) => user.id,
  'user.displayname': (user) => user.displayName,
  'user.givenname': (user) => user.givenName,
  'user.surname': (user) => user.surname,
  'user.mailnickname': (user) => user.mailNickname,
  'user.jobtitle': (user) => user.jobTitle,
  'user.department': (user) => user.department,
  'user.employeeid': (user) => user.employeeId,
  'user.companyname': (user) => user.companyName,
  'user.physicaldeliveryofficename': (user) => user.officeLocation,
  'user.telephonenumber': (user) => user.businessPhones[0] ?? null,
  'user.mobilephone': (user) => user.mobilePhone,
  'user.streetaddress': (user) => user.streetAddress,
  'user.city': (user) => user.city,
  'user.state': (user) => user.state,
  'user.postalcode': (user) => user.postalCode,
  'user.country': (user) => user.country,
  'user.preferredlanguage': (user) => user.preferredLanguage,
  'user.usertype': (user) => user.userType,
}

export const sourceNames: readonly string[] = Object.keys(properties)

/** The value of a rule for somebody; null when they have none. */
export function userValue(user: User, rule: ValueSource): string | null {
  const value =
    rule.source === null ? rule.value : (properties[rule.source.toLowerCase()]?.(user) ?? null)
  if (value === null || value === '') return null
  switch (rule.transformation) {
    case 'ToLowercase':
      return value.toLowerCase()
    case 'ToUppercase':
      return value.toUpperCase()
    case 'ExtractMailPrefix':
      return value.split('@')[0] ?? value
    case null:
      return value
  }
}
