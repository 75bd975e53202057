/** The URN under which SCIM sends the attributes that an organization defined (DESIGN 2). */
export const customUserUrn = 'urn:ietf:params:scim:schemas:extension:portico:2.0:User'

/** The name by which SCIM sends an attribute of the organization's own, and its source view has it. */
export function customScimName(key: string): string {
  return `${customUserUrn}:${key}`
}
