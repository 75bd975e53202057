import { customUserUrn } from '../../directory/index.ts'
import { attribute, complex, type Schema } from './attribute.ts'

/** The enterprise User of RFC 7643 4.3. */
export const enterpriseSchema: Schema = {
  id: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  name: 'EnterpriseUser',
  description: 'Enterprise user',
  resource: 'User',
  isExtension: true,
  attributes: [
    attribute('employeeNumber', 'The number the organization gave the user.'),
    attribute('costCenter', 'The cost center.'),
    attribute('organization', 'The organization.'),
    attribute('division', 'The division.'),
    attribute('department', 'The department.'),
    complex('manager', "The user's manager.", [
      attribute('value', "The id of the manager's user.", { caseExact: true }),
      attribute('$ref', "The address of the manager's user.", {
        type: 'reference',
        caseExact: true,
        referenceTypes: ['User'],
        isDerived: true,
      }),
      attribute('displayName', "The manager's name.", { mutability: 'readOnly' }),
    ]),
  ],
}

/** The URN of the attributes that an organization defines for itself (DESIGN 2). */
export const customUrn = customUserUrn

/** A custom attribute of an organization. */
export type CustomAttribute = {
  readonly key: string
  readonly label: string
  readonly type: 'string' | 'number' | 'boolean' | 'dateTime'
  readonly multiValued: boolean
}

/** An organization's custom attributes as a schema. */
export function customSchema(custom: readonly CustomAttribute[]): Schema {
  return {
    id: customUrn,
    name: 'PorticoUser',
    description: 'Attributes that the organization defined',
    resource: 'User',
    isExtension: true,
    attributes: custom.map(({ key, label, type, multiValued }) =>
      attribute(key, label, { type: type === 'number' ? 'decimal' : type, multiValued }),
    ),
  }
}
