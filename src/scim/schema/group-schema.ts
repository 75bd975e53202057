import { attribute, commonAttributes, complex, type Schema } from './attribute.ts'

/** The Group of RFC 7643 4.2. */
export const groupSchema: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  name: 'Group',
  description: 'Group',
  resource: 'Group',
  isExtension: false,
  attributes: [
    ...commonAttributes,
    attribute('displayName', 'The name of the group; unique within the connection.', {
      required: true,
      uniqueness: 'server',
    }),
    complex(
      'members',
      'The users and groups that are in the group.',
      [
        attribute('value', 'The id of the member.', { mutability: 'immutable', caseExact: true }),
        attribute('$ref', 'The address of the member.', {
          type: 'reference',
          mutability: 'immutable',
          caseExact: true,
          referenceTypes: ['User', 'Group'],
          isDerived: true,
        }),
        attribute('display', 'The userName or the displayName of the member.', {
          mutability: 'readOnly',
        }),
        attribute('type', 'User or Group.', {
          mutability: 'immutable',
          canonicalValues: ['User', 'Group'],
        }),
      ],
      { multiValued: true },
    ),
  ],
}
