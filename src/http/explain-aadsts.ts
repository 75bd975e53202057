/** Who has to act before another attempt can end differently. */
export type Remedy = 'nobody' | 'person' | 'admin'

export type Explanation = {
  /** For the person at the browser: what happened and, if it is up to them, what they can do. */
  readonly person: string
  /** For the IT admin of their organization: where to look, or what to change. */
  readonly admin: string
  readonly remedy: Remedy
}

type Row = readonly [codes: string, remedy: Remedy, person: string, admin: string]

/**
 * The errors of Microsoft Entra that a sign-in by SAML meets, in our own words (entra.md b6, and Microsoft's
 * list of codes). A page shows only the digits that the identity provider reported and these sentences,
 * never its text, which a stranger could have written.
 */
const rows: readonly Row[] = [
  // The application in Entra.
  [
    '50011 900971',
    'admin',
    'The application is not registered correctly.',
    'Copy the exact ACS URL of the connection into Reply URL (Assertion Consumer Service URL) in Entra.',
  ],
  [
    '700016 70001 500011 50001',
    'admin',
    'The application is not known in your organization, or is switched off there.',
    'Copy the Entity ID of the connection into Identifier (Entity ID) in Entra, check that it is the right tenant, and that the application is enabled for sign-in.',
  ],
  [
    '7000112',
    'admin',
    'The application is switched off in your organization.',
    'Set Enabled for users to sign in to Yes under Properties of the enterprise application.',
  ],
  [
    '50105',
    'admin',
    'You are not assigned to this application.',
    'Assign the user, or a group they are a direct member of, under Users and groups of the enterprise application.',
  ],
  [
    '50003 50146',
    'admin',
    'The application has no valid signing certificate.',
    'Create a SAML signing certificate under Single sign-on in Entra, and make it active.',
  ],
  [
    '501241 50124',
    'admin',
    'Your account lacks a value that the application needs.',
    'Choose another source for Unique User Identifier (Name ID) in Entra, or give the user the missing value.',
  ],
  [
    '650056 65005',
    'admin',
    'The application is not set up correctly.',
    'Compare Identifier and permissions of the application in Entra with this connection, and grant admin consent.',
  ],
  [
    '65001 90094 90095',
    'admin',
    'Nobody has allowed this application in your organization yet.',
    'Grant admin consent under Permissions of the enterprise application.',
  ],
  [
    '65004',
    'person',
    'You declined what the application asks for. Start again and accept it, if you want to use the application.',
    'Grant admin consent under Permissions of the enterprise application, and nobody is asked.',
  ],
  [
    '50107 90002 50059 50128',
    'admin',
    'The sign-in address is wrong.',
    'Check the tenant in the connection’s SSO URL; take the metadata of this application again.',
  ],
  // The request.
  [
    '75011',
    'admin',
    'The way you signed in does not match what was asked for.',
    'Portico never asks for an authentication method; look for a proxy or a second service provider that does.',
  ],
  [
    '750054',
    'admin',
    'The sign-in was started at the wrong address.',
    'Set Sign on URL in Entra to the connection’s login URL.',
  ],
  [
    '76021',
    'admin',
    'The application must sign its requests.',
    'Turn off Verification certificates in Entra, or let the operator turn on request signing and upload that certificate.',
  ],
  [
    '76026',
    'person',
    'The request expired, or may not be started from where you were. Start from the application itself.',
    'With Verification certificates required, My Apps and Test cannot work: start at the login URL, or turn off the requirement.',
  ],
  [
    '75001 75003 75005 75006 75008 75016 7500525 7500529 750056 90011 900236',
    'admin',
    'The request of the application was not understood.',
    'Portico’s own requests are accepted by Entra; look for a proxy that rewrites them, or for another service provider with the same Identifier.',
  ],
  // The account.
  [
    '50020 16000 90072 50034 50014 51004',
    'person',
    'The account you chose does not belong to this organization. Start again and choose another one.',
    'Sign in with an account of the tenant, or invite this one as a guest.',
  ],
  [
    '50057',
    'admin',
    'Your account is disabled.',
    'Enable the account in Entra, or where it comes from.',
  ],
  [
    '50053',
    'person',
    'Your account is locked for a while after too many attempts, or your network is not trusted. Wait some minutes, or use another network.',
    'The sign-in logs of Entra say which of the two it was.',
  ],
  [
    '50055 50144 50132 50133 50135 50173',
    'person',
    'Your password has expired or was changed. Change it, or sign in with the new one.',
    'Reset the password if the user cannot.',
  ],
  [
    '50126 50056 50064',
    'person',
    'The user name or password was not right. Check both.',
    'Reset the password if the user has forgotten it.',
  ],
  // A second factor and Conditional Access.
  [
    '50074 50076 50078',
    'person',
    'Your organization asks for a second factor. Start again and complete it.',
    'The user has to complete multifactor authentication; the sign-in logs of Entra say what asked for it.',
  ],
  [
    '50072 50079',
    'person',
    'Your organization asks you to set up a second factor. Start again and follow the steps.',
    'The user has to register for multifactor authentication.',
  ],
  [
    '50158',
    'person',
    'Another check that your organization asks for was not completed. Start again and complete it.',
    'See the custom control or external method of the Conditional Access policy in the sign-in logs of Entra.',
  ],
  [
    '53003 50131 50005 530035 53011',
    'admin',
    'Your organization’s rules do not allow this sign-in.',
    'See which Conditional Access policy, security default or user risk blocked it in the sign-in logs of Entra.',
  ],
  [
    '53000 53001 50097 50129 50155 50187',
    'person',
    'Your organization allows this only on a device that it manages. Use such a device, or set this one up.',
    'See the device and the Conditional Access policy in the sign-in logs of Entra; enrol the device or make it compliant.',
  ],
  [
    '53002 50127',
    'person',
    'Your organization allows this only in an approved app. Use that one.',
    'See the Conditional Access policy in the sign-in logs of Entra.',
  ],
  [
    '53004 53010',
    'admin',
    'You would have to set up a second factor, but may not do it from here.',
    'Let the user register from a trusted place, or with a Temporary Access Pass.',
  ],
  [
    '500021 500022 500212 500213 50002',
    'admin',
    'Your organization or your network does not allow signing in to this tenant.',
    'Check tenant restrictions and cross-tenant access settings in Entra.',
  ],
  // Nothing is wrong; it did not finish.
  [
    '50058 50089 50196',
    'nobody',
    'The sign-in was not finished, or took too long.',
    'Nothing to change, unless it repeats: then see the sign-in logs of Entra.',
  ],
  [
    '50000 50033 50087 50088 90006 90012 90024 90033 90055',
    'nobody',
    'Microsoft’s sign-in service had a problem of its own.',
    'Nothing to change; see the service health of Microsoft Entra.',
  ],
  [
    '80001 80002 80005 80007 80014',
    'nobody',
    'Your organization’s own check of passwords did not answer.',
    'See the pass-through authentication agents under Entra Connect.',
  ],
]

const explanations: ReadonlyMap<string, Explanation> = new Map(
  rows.flatMap(([codes, remedy, person, admin]) =>
    codes.split(' ').map((code) => [code, { person, admin, remedy }] as const),
  ),
)

/** Our words for an AADSTS number (digits only), or null for one that we do not know. */
export function explainAadsts(digits: string): Explanation | null {
  return explanations.get(digits) ?? null
}
