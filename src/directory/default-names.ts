/** The name under which a sign-in's NameID stands in its view; no claim can be called so. */
export const nameIdClaim = '#NameID'
/** NameID again, only where the provider says that it is an email address and is not Entra. */
export const nameIdEmailClaim = '#NameID:emailAddress'
/** Object ids of groups, replaced at each sign-in. */
export const groupsClaim = '#groups'
/** App roles, replaced at each sign-in. */
export const rolesClaim = '#roles'

const soap = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/'
/** The user principal name of a sign-in. */
export const upnClaim = `${soap}upn`
/** With Entra the user principal name again, unless an admin changes it. */
export const nameClaim = `${soap}name`
const microsoft = 'http://schemas.microsoft.com/identity/claims/'

/** A claim that Entra's admins add without or with the usual namespace. */
function claim(...names: readonly string[]): readonly string[] {
  return names.flatMap((name) => [name, `${soap}${name}`])
}

/**
 * Default claim names: Entra's URIs (learn.microsoft.com, SAML claims customization), the plain names
 * that other guides use, and the LDAP attribute OIDs of Shibboleth and SimpleSAMLphp.
 */
export const defaultClaims: Readonly<Record<string, readonly string[]>> = {
  userName: [
    upnClaim,
    nameClaim,
    'upn',
    'userName',
    'urn:oid:1.3.6.1.4.1.5923.1.1.1.6',
    nameIdClaim,
  ],
  email: [
    `${soap}emailaddress`,
    'email',
    'mail',
    'emailAddress',
    'urn:oid:0.9.2342.19200300.100.1.3',
    nameIdEmailClaim,
  ],
  displayName: [
    `${microsoft}displayname`,
    ...claim('displayName'),
    'name',
    'urn:oid:2.16.840.1.113730.3.1.241',
  ],
  givenName: [`${soap}givenname`, 'first_name', 'firstName', 'givenName', 'urn:oid:2.5.4.42'],
  familyName: [
    `${soap}surname`,
    'last_name',
    'lastName',
    'surname',
    'sn',
    'familyName',
    'urn:oid:2.5.4.4',
  ],
  title: [...claim('jobTitle', 'title'), 'urn:oid:2.5.4.12'],
  department: [...claim('department'), 'urn:oid:2.5.4.11'],
  companyName: claim('companyName', 'company', 'organization'),
  employeeNumber: [...claim('employeeId', 'employeeNumber'), 'urn:oid:2.16.840.1.113730.3.1.3'],
  officeLocation: claim('officeLocation', 'physicalDeliveryOfficeName', 'office'),
  country: claim('country'),
  phone: [...claim('telephoneNumber', 'phone'), `${soap}otherphone`, 'urn:oid:2.5.4.20'],
  mobile: claim('mobilePhone', 'mobile'),
  manager: claim('manager'),
  preferredLanguage: claim('preferredLanguage', 'locale'),
}

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** Default names of SCIM attributes, as Entra's default mapping sends them (RFC 7643 4.1 and 4.3). */
export const defaultScimNames: Readonly<Record<string, readonly string[]>> = {
  userName: ['userName'],
  email: ['emails[type eq "work"].value', 'emails[primary eq true].value', 'emails.value'],
  displayName: ['displayName', 'name.formatted'],
  givenName: ['name.givenName'],
  familyName: ['name.familyName'],
  title: ['title'],
  department: [`${enterprise}:department`],
  companyName: [`${enterprise}:organization`],
  employeeNumber: [`${enterprise}:employeeNumber`],
  officeLocation: ['addresses[type eq "work"].formatted'],
  country: ['addresses[type eq "work"].country'],
  phone: ['phoneNumbers[type eq "work"].value'],
  mobile: ['phoneNumbers[type eq "mobile"].value'],
  manager: [`${enterprise}:manager`],
  preferredLanguage: ['preferredLanguage'],
}

/** Default names of Microsoft Graph's user properties (reference of the user resource; the pairs of Entra's default mapping). */
export const defaultGraphNames: Readonly<Record<string, readonly string[]>> = {
  userName: ['userPrincipalName'],
  email: ['mail'],
  displayName: ['displayName'],
  givenName: ['givenName'],
  familyName: ['surname'],
  title: ['jobTitle'],
  department: ['department'],
  companyName: ['companyName'],
  employeeNumber: ['employeeId'],
  officeLocation: ['officeLocation'],
  country: ['country'],
  phone: ['businessPhones'],
  mobile: ['mobilePhone'],
  manager: ['manager'],
  preferredLanguage: ['preferredLanguage'],
}
