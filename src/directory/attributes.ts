/** The type of an attribute's value after resolving. */
export type AttributeType = 'string' | 'number' | 'boolean' | 'dateTime'

/** What an organization knows about its people, beyond who they are. */
export type AttributeDefinition = {
  readonly key: string
  readonly label: string
  readonly type: AttributeType
  readonly multiValued: boolean
}

function text(key: string, label: string): AttributeDefinition {
  return { key, label, type: 'string', multiValued: false }
}

/** The built-in attributes; their keys are part of the public surface and never renamed. */
export const builtInAttributes: readonly AttributeDefinition[] = [
  text('userName', 'User name'),
  text('email', 'Email'),
  text('displayName', 'Display name'),
  text('givenName', 'First name'),
  text('familyName', 'Last name'),
  text('title', 'Job title'),
  text('department', 'Department'),
  text('companyName', 'Company'),
  text('employeeNumber', 'Employee number'),
  text('officeLocation', 'Office'),
  text('country', 'Country'),
  text('phone', 'Phone'),
  text('mobile', 'Mobile phone'),
  text('manager', 'Manager'),
  text('preferredLanguage', 'Preferred language'),
]
