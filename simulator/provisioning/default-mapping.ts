import type { Job, MappingRow } from './job-model.ts'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const row = (target: string, source: string): MappingRow => ({
  target,
  source,
  apply: 'always',
  type: target === 'active' ? 'boolean' : 'text',
})

/**
 * The user mapping of a new application that is not in the gallery: 22 rows.
 * @param externalIdSource admins are told to change the default, `mailNickname`, to `objectId`
 */
export function defaultMapping(externalIdSource: Job['externalIdSource']): readonly MappingRow[] {
  return [
    row('userName', 'userPrincipalName'),
    row('active', 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'),
    row('displayName', 'displayName'),
    row('title', 'jobTitle'),
    row('emails[type eq "work"].value', 'mail'),
    row('preferredLanguage', 'preferredLanguage'),
    row('name.givenName', 'givenName'),
    row('name.familyName', 'surname'),
    row('name.formatted', 'Join(" ", [givenName], [surname])'),
    row('addresses[type eq "work"].formatted', 'physicalDeliveryOfficeName'),
    row('addresses[type eq "work"].streetAddress', 'streetAddress'),
    row('addresses[type eq "work"].locality', 'city'),
    row('addresses[type eq "work"].region', 'state'),
    row('addresses[type eq "work"].postalCode', 'postalCode'),
    row('addresses[type eq "work"].country', 'country'),
    row('phoneNumbers[type eq "work"].value', 'telephoneNumber'),
    row('phoneNumbers[type eq "mobile"].value', 'mobile'),
    row('phoneNumbers[type eq "fax"].value', 'facsimileTelephoneNumber'),
    row('externalId', externalIdSource),
    row(`${enterprise}:employeeNumber`, 'employeeId'),
    row(`${enterprise}:department`, 'department'),
    row(`${enterprise}:manager`, 'manager'),
  ]
}

/** All rows of a job. */
export function mappingOf(job: Job): readonly MappingRow[] {
  return [...(job.userMapping ?? defaultMapping(job.externalIdSource)), ...job.customMapping]
}
