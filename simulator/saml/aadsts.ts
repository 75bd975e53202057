/** Why a message or a sign-in is refused, with what the sentence needs. */
export type Refusal =
  | { readonly code: '50003' }
  | { readonly code: '50011'; readonly replyUrl: string; readonly identifier: string }
  | {
      readonly code: '50020'
      readonly account: string
      readonly app: string
      readonly tenant: string
    }
  | { readonly code: '50034'; readonly account: string; readonly tenant: string }
  | { readonly code: '50057' }
  | { readonly code: '50058' }
  | { readonly code: '50061' }
  | { readonly code: '50068' }
  | { readonly code: '50070' }
  | { readonly code: '50071' }
  | {
      readonly code: '50105'
      readonly account: string
      readonly app: string
      readonly appId: string
    }
  | { readonly code: '501241'; readonly input: string }
  | { readonly code: '700016'; readonly identifier: string; readonly tenant: string }
  | { readonly code: '75003' }
  | { readonly code: '75005'; readonly detail: string }
  | { readonly code: '75008' }
  | {
      readonly code: '75011'
      readonly used: string
      readonly requested: string
      readonly app: string
    }
  | { readonly code: '75016' }
  | { readonly code: '7500511'; readonly attribute: string }
  | { readonly code: '7500514' }
  | { readonly code: '7500525'; readonly detail: string }
  | { readonly code: '7500529'; readonly id: string }
  | { readonly code: '750054' }
  | { readonly code: '750056' }
  | { readonly code: '76021'; readonly detail: string | null }
  | { readonly code: '76026' }
  | { readonly code: '90002'; readonly tenant: string }
  | { readonly code: '90011'; readonly property: string }
  | { readonly code: '900236'; readonly property: string }
  /** Only on demand: what the simulator has no cause for. */
  | { readonly code: '16000' | '50076' | '50079' | '53003' | '650056' | '90072' }

export type AadstsCode = Refusal['code']

type Texts = {
  readonly [C in AadstsCode]: (refusal: Extract<Refusal, { readonly code: C }>) => string
}

const texts: Texts = {
  '16000': () =>
    'User account from the identity provider does not exist in the tenant and cannot access the application in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different account.',
  '50003': () => 'No signing key is configured.',
  '50011': ({ replyUrl, identifier }) =>
    `The reply URL '${replyUrl}' specified in the request does not match the reply URLs configured for the application '${identifier}'. Make sure the reply URL sent in the request matches one added to your application.`,
  '50020': ({ account, app, tenant }) =>
    `User account '${account}' from another identity provider does not exist in tenant '${tenant}' and cannot access the application '${app}' in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different account.`,
  '50034': ({ account, tenant }) =>
    `The user account ${account} does not exist in the ${tenant} directory. To sign into this application, the account must be added to the directory.`,
  '50057': () => 'The user account is disabled.',
  '50058': () => 'A silent sign-in request was sent but no user is signed in.',
  '50061': () => 'Unable to complete sign out. The request was invalid.',
  '50068': () =>
    'Sign out has failed. The app that initiated sign out isn’t a participant in the current session.',
  '50070': () =>
    'Sign out has failed. The sign out request specified a name identifier that didn’t match the existing session(s).',
  '50071': () => 'The logout request has expired.',
  '50076': () =>
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the application.',
  '50079': () =>
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access the application.',
  '50105': ({ account, app, appId }) =>
    `Your administrator has configured the application ${app} ('${appId}') to block users unless they are specifically granted ('assigned') access to the application. The signed in user '${account}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to assign access to this application.`,
  '501241': ({ input }) => `Mandatory Input '${input}' missing from transformation.`,
  '53003': () =>
    'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  '650056': () =>
    'Misconfigured application. This could be due to one of the following: the client has not listed any permissions in the requested permissions in the client’s application registration, or the admin has not consented in the tenant, or check the application identifier in the request to ensure it matches the configured client application identifier.',
  '700016': ({ identifier, tenant }) =>
    `Application with identifier '${identifier}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  '75003': () => 'SAML protocol response cannot be sent via bindings other than HTTP POST.',
  '75005': ({ detail }) => `The request is not a valid Saml2 protocol message. ${detail}`,
  '75008': () => 'The SAML2 request has an unexpected destination and is denied.',
  '75011': ({ used, requested, app }) =>
    `Authentication method '${used}' by which the user authenticated with the service doesn't match requested authentication method '${requested}'. Contact the ${app} application owner.`,
  '75016': () => 'SAML2 Authentication Request has invalid NameIdPolicy.',
  '7500511': ({ attribute }) => `XML attribute '${attribute}' in the SAML message must be a URI.`,
  '7500514': () =>
    "A supported type of SAML response was not found. The supported response types are 'Response' (in XML namespace 'urn:oasis:names:tc:SAML:2.0:protocol') or 'Assertion' (in XML namespace 'urn:oasis:names:tc:SAML:2.0:assertion').",
  '7500525': ({ detail }) =>
    `There was an XML error in the SAML message. Verify that the XML content of the SAML messages conforms to the SAML protocol specifications. ${detail}`,
  '7500529': ({ id }) =>
    `The value '${id}' is not a valid SAML ID. The ID must not begin with a number.`,
  '750054': () =>
    'SAMLRequest or SAMLResponse must be present as query string parameters in HTTP request for SAML Redirect binding.',
  '750056': () => 'SAML message was not properly base64-encoded.',
  '76021': ({ detail }) =>
    `The request sent by client is not signed while the application requires signed requests.${detail === null ? '' : ` (${detail})`}`,
  '76026': () => 'IssueTime in an SAML2 Authentication Request is expired.',
  '90002': ({ tenant }) =>
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  '90011': ({ property }) =>
    `The SAML authentication request property '${property}' is not supported.`,
  '90072': () =>
    'User account from external identity provider does not exist in tenant and cannot access the application in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different account.',
  '900236': ({ property }) =>
    `The SAML authentication request property '${property}' is not supported and must not be set.`,
}

/** `AADSTSnnnnn: sentence`, in the way Entra words it. */
export function aadstsText(refusal: Refusal): string {
  return `AADSTS${refusal.code}: ${sentence(refusal.code, refusal)}`
}

function sentence<C extends AadstsCode>(
  code: C,
  refusal: Refusal & { readonly code: AadstsCode },
): string {
  const write: (refusal: never) => string = texts[code]
  return write(refusal as never)
}
