/** The type of an attribute's value after resolving. */
export type AttributeType = 'string' | 'number' | 'boolean' | 'dateTime'

export type ProfileValue = string | number | boolean | readonly (string | number | boolean)[]

/** What an organization knows about its people, beyond who they are. */
export type AttributeDefinition = {
  readonly key: string
  readonly label: string
  readonly description: string | null
  readonly type: AttributeType
  readonly multiValued: boolean
  /** The value where no source states one; of the type, or it counts for nothing. Null for none. */
  readonly defaultValue: ProfileValue | null
  /** A profile without it is a problem that is reported; nobody is refused for it. */
  readonly required: boolean
  /** Built in: it can be mapped, but neither changed nor deleted. */
  readonly isSystem: boolean
}

/** A definition with what is not said of it as it usually is: one optional text of the organization's own. */
export function defineAttribute(
  said: Pick<AttributeDefinition, 'key' | 'label'> & Partial<AttributeDefinition>,
): AttributeDefinition {
  return {
    description: null,
    type: 'string',
    multiValued: false,
    defaultValue: null,
    required: false,
    isSystem: false,
    ...said,
  }
}

function text(key: string, label: string): AttributeDefinition {
  return defineAttribute({ key, label, isSystem: true })
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
