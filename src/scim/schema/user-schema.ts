import { attribute, commonAttributes, complex, type Schema, valueList } from './attribute.ts'

const readOnly = { mutability: 'readOnly' } as const

const name = complex('name', "The parts of the user's name.", [
  attribute('formatted', 'The whole name as it is written.'),
  attribute('familyName', 'The family name.'),
  attribute('givenName', 'The given name.'),
  attribute('middleName', 'The middle names.'),
  attribute('honorificPrefix', 'Titles before the name, such as Dr.'),
  attribute('honorificSuffix', 'Titles after the name, such as III.'),
])

const addresses = complex(
  'addresses',
  'Every postal address of the user.',
  [
    attribute('formatted', 'The whole address; with Entra the office location.'),
    attribute('streetAddress', 'Street and house number.'),
    attribute('locality', 'City.'),
    attribute('region', 'State or region.'),
    attribute('postalCode', 'Postal code.'),
    attribute('country', 'Country.'),
    attribute('type', 'What the address is for.', { canonicalValues: ['work', 'other'] }),
    attribute('primary', 'Whether this is the preferred address; true once at most.', {
      type: 'boolean',
    }),
  ],
  { multiValued: true },
)

const groups = complex(
  'groups',
  'The groups the user is a direct member of.',
  [
    attribute('value', 'The id of the group.', { ...readOnly, caseExact: true }),
    attribute('$ref', 'The address of the group.', {
      ...readOnly,
      type: 'reference',
      caseExact: true,
      referenceTypes: ['Group'],
      isDerived: true,
    }),
    attribute('display', 'The name of the group.', readOnly),
    attribute('type', 'Always direct.', { ...readOnly, canonicalValues: ['direct', 'indirect'] }),
  ],
  { ...readOnly, multiValued: true },
)

/** The core User of RFC 7643 4.1. */
export const userSchema: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:User',
  name: 'User',
  description: 'User account',
  resource: 'User',
  isExtension: false,
  attributes: [
    ...commonAttributes,
    attribute('userName', 'The name the user is known by; unique within the organization.', {
      required: true,
      uniqueness: 'server',
    }),
    name,
    attribute('displayName', 'The name as shown to people.'),
    attribute('nickName', 'The casual name.'),
    attribute('profileUrl', 'A page about the user.', {
      type: 'reference',
      referenceTypes: ['external'],
    }),
    attribute('title', 'The job title.'),
    attribute('userType', 'The relation to the organization, such as Employee.'),
    attribute('preferredLanguage', 'Preferred languages, as in Accept-Language.'),
    attribute('locale', 'Language and region for dates and numbers.'),
    attribute('timezone', 'Time zone, such as Europe/Vienna.'),
    attribute('active', 'Whether the user may sign in.', { type: 'boolean' }),
    attribute('password', 'Dropped, and never stored.', {
      mutability: 'writeOnly',
      returned: 'never',
      isHidden: true,
    }),
    // Microsoft's validator calls emails.display and emails.primary unsupported by the protocol.
    valueList('emails', 'email address', {
      types: ['work', 'home', 'other'],
      hidden: ['display', 'primary'],
    }),
    valueList('phoneNumbers', 'phone number', {
      types: ['work', 'home', 'mobile', 'fax', 'pager', 'other'],
    }),
    valueList('ims', 'instant messaging address'),
    valueList('photos', 'photo', {
      types: ['photo', 'thumbnail'],
      value: { type: 'reference', caseExact: true, referenceTypes: ['external'] },
    }),
    addresses,
    groups,
    valueList('entitlements', 'entitlement'),
    valueList('roles', 'role'),
    valueList('x509Certificates', 'certificate', { value: { type: 'binary', caseExact: true } }),
  ],
}
