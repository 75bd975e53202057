type Explanation = { readonly person: string; readonly admin: string }

/**
 * Microsoft Entra's most frequent errors in our own words. A page shows only the digits that the
 * identity provider reported and these sentences, never its text, which a stranger could have written.
 */
const explanations: Readonly<Record<string, Explanation>> = Object.assign(Object.create(null), {
  '50011': {
    person: 'The application is not registered correctly.',
    admin:
      'Copy the exact ACS URL of the connection into Reply URL (Assertion Consumer Service URL) in Entra.',
  },
  '700016': {
    person: 'The application is not known in your organization.',
    admin:
      'Copy the Entity ID of the connection into Identifier (Entity ID) in Entra, and check that it is the right tenant.',
  },
  '70001': {
    person: 'The application is not known in your organization.',
    admin:
      'Copy the Entity ID of the connection into Identifier (Entity ID) in Entra, and check that it is the right tenant.',
  },
  '50105': {
    person: 'You are not assigned to this application.',
    admin:
      'Assign the user, or a group they are a direct member of, under Users and groups of the enterprise application.',
  },
  '50020': {
    person: 'The account belongs to another organization.',
    admin: 'Sign in with an account of the tenant, or invite this one as a guest.',
  },
  '16000': {
    person: 'The account belongs to another organization.',
    admin: 'Sign in with an account of the tenant, or invite this one as a guest.',
  },
  '90072': {
    person: 'The account belongs to another organization.',
    admin: 'Sign in with an account of the tenant, or invite this one as a guest.',
  },
  '75011': {
    person: 'The way you signed in does not match what was asked for.',
    admin:
      'Portico never asks for an authentication method; look for a proxy or a second service provider that does.',
  },
  '750054': {
    person: 'The sign-in was started at the wrong address.',
    admin: 'Set Sign on URL in Entra to the connection’s login URL.',
  },
  '76021': {
    person: 'The application must sign its requests.',
    admin:
      'Turn on request signing for the connection and upload its certificate in Entra, or turn off the requirement.',
  },
  '76026': {
    person: 'The request expired or may not be started from here.',
    admin:
      'With signed requests required, My Apps and Test cannot work: start at the login URL, or turn off the requirement.',
  },
  '75003': {
    person: 'The application asked for an unsupported answer.',
    admin: 'Entra answers by HTTP-POST only; check for a proxy that rewrites requests.',
  },
  '50003': {
    person: 'The application has no signing certificate.',
    admin: 'Create a SAML signing certificate under Single sign-on in Entra.',
  },
  '501241': {
    person: 'Your account lacks a value that the application needs.',
    admin: 'Choose another source for Unique User Identifier (Name ID) in Entra.',
  },
  '650056': {
    person: 'The application is not set up correctly.',
    admin: 'Compare Identifier and permissions of the application in Entra with this connection.',
  },
  '50107': {
    person: 'The sign-in address is wrong.',
    admin: 'Check the tenant in the connection’s SSO URL.',
  },
  '90002': {
    person: 'The sign-in address is wrong.',
    admin: 'Check the tenant in the connection’s SSO URL.',
  },
  '50074': {
    person: 'Your organization asks for a second factor.',
    admin: 'The user has to complete multifactor authentication.',
  },
  '50076': {
    person: 'Your organization asks for a second factor.',
    admin: 'The user has to complete multifactor authentication.',
  },
  '50079': {
    person: 'Your organization asks you to set up a second factor.',
    admin: 'The user has to register for multifactor authentication.',
  },
  '53003': {
    person: 'Your organization’s rules do not allow this sign-in.',
    admin: 'See which Conditional Access policy blocked it in the sign-in logs of Entra.',
  },
  '50057': { person: 'The account is disabled.', admin: 'Enable the account in Entra.' },
})

/** Our words for an AADSTS number (digits only), or null for one that we do not know. */
export function explainAadsts(digits: string): Explanation | null {
  return explanations[digits] ?? null
}
