import type { ErrorEntry } from '../kernel/index.ts'
import type { ResponseFailure } from './response-failure.ts'

const refused = { status: 403, tell: 'sign-in-failed', log: 'warn' } as const
const malformed = { ...refused, status: 400 } as const
const startAgain = { ...refused, tell: 'start-again', log: 'info' } as const

/** Codes that the readers below share with this folder have their row in the readers' own table. */
type OwnCode = Exclude<
  ResponseFailure['code'],
  'saml.duplicate_id' | 'saml.decrypt_failed' | 'saml.unsupported'
>

export const responseErrors = {
  'saml.body_too_large': {
    ...malformed,
    status: 413,
    means: 'The message is larger than any real one; reading stopped there.',
    fix: 'Send fewer groups or attributes from the identity provider; in Entra: Groups assigned to the application.',
    entra:
      'Enterprise applications > your app > Single sign-on > Attributes & Claims > user.groups: choose Groups assigned to the application.',
  },
  'saml.bad_binding': {
    ...malformed,
    // Mostly the address of the answer, bookmarked or opened again.
    tell: 'start-again',
    means: 'The message did not come as a form by POST, or as a query where one is expected.',
    fix: 'Set the identity provider to HTTP-POST for the response and give it exactly the ACS URL of the connection.',
    spec: 'SAML Bindings 3.5.4',
  },
  'saml.ambiguous_parameter': {
    ...malformed,
    log: 'error',
    means: 'A parameter of the message stands twice, in two places or under two spellings.',
    fix: 'No identity provider sends this; look for a proxy that changes forms, or for who made the message.',
    spec: 'SAML Bindings 3.5.4',
  },
  'saml.bad_base64': {
    ...malformed,
    means: 'The message is not exactly base64.',
    fix: 'If it repeats, look for a proxy that rewrites forms: a plus sign that becomes a space is the usual damage.',
    spec: 'RFC 4648 4',
  },
  'saml.connection_unusable': {
    ...refused,
    tell: 'not-ready',
    log: 'info',
    means: 'The connection is a draft, disabled, or has no certificate to verify with.',
    fix: 'Add a certificate of the identity provider and set the connection to testing or active.',
    entra:
      'Enterprise applications > your app > Single sign-on > SAML certificates: copy App Federation Metadata Url into the connection.',
  },
  'saml.schema': {
    ...malformed,
    means: 'The message is not built as a SAML response is.',
    fix: 'The evidence names the element; check that the identity provider sends SAML 2.0 responses to the ACS URL.',
    spec: 'SAML Core 3.3.3',
  },
  'saml.assertion_count': {
    ...refused,
    log: 'error',
    means: 'A successful response must hold exactly one assertion.',
    fix: 'Set the identity provider to send one assertion; two are how a forged message looks.',
    spec: 'SAML Profiles 4.1.4.2',
  },
  'saml.unsigned': {
    ...refused,
    log: 'error',
    means: 'What the message says about the person is not signed.',
    fix: 'In Entra: SAML certificates, Signing option, "Sign SAML assertion" or "Sign SAML response and assertion".',
    spec: 'SAML Profiles 4.1.3.5',
    entra:
      'Enterprise applications > your app > Single sign-on > SAML certificates > Edit: set Signing Option to Sign SAML assertion.',
  },
  'saml.certificate_expired': {
    ...refused,
    log: 'error',
    means: 'The certificate that signed has expired.',
    fix: 'Create a new signing certificate at the identity provider, make it active, and refresh the metadata of the connection.',
    entra:
      'Enterprise applications > your app > Single sign-on > SAML certificates > Edit: press New Certificate, Save, then make it active in its menu.',
  },
  'saml.certificate_not_yet_valid': {
    ...refused,
    log: 'error',
    means: 'The certificate that signed is not valid yet.',
    fix: 'Wait until it is, or make the previous certificate active at the identity provider.',
    entra:
      'Enterprise applications > your app > Single sign-on > SAML certificates > Edit: make the certificate active that is valid now.',
  },
  'saml.status': {
    ...refused,
    tell: 'provider-refused',
    log: 'info',
    means: 'The identity provider answered that it did not sign the person in.',
    fix: 'Look up the AADSTS number or the status in the evidence, and the sign-in log of the identity provider.',
    spec: 'SAML Core 3.2.2.2',
    entra:
      'Enterprise applications > your app > Single sign-on > Test, and Sign-in logs of the application: look for the AADSTS number. For AADSTS50105 assign the person under Enterprise applications > your app > Users and groups.',
  },
  'saml.destination': {
    ...refused,
    means: 'The response was made for another address.',
    fix: 'Copy the exact ACS URL of the connection into Reply URL at the identity provider.',
    spec: 'SAML Bindings 3.5.5.2',
    entra:
      'Enterprise applications > your app > Single sign-on > Basic SAML Configuration > Edit: put the ACS URL of the connection into Reply URL, every character.',
  },
  'saml.issuer': {
    ...refused,
    log: 'error',
    means: 'The message comes from another identity provider than the one of this connection.',
    fix: 'Compare the Microsoft Entra Identifier with the connection, every character; refresh the metadata if it changed.',
    spec: 'SAML Core 2.2.5',
    entra:
      'Enterprise applications > your app > Single sign-on > Set up your app: compare Microsoft Entra Identifier with the connection.',
  },
  'saml.audience': {
    ...refused,
    means: 'The assertion was made for another application.',
    fix: 'Copy the exact Entity ID of the connection into Identifier (Entity ID) at the identity provider.',
    spec: 'SAML Core 2.5.1.4',
    entra:
      'Enterprise applications > your app > Single sign-on > Basic SAML Configuration > Edit: put the Entity ID of the connection into Identifier (Entity ID), and make it the default.',
  },
  'saml.bad_time': {
    ...malformed,
    means: 'A time in the message is not a UTC time as SAML writes it.',
    fix: 'The evidence shows it; SAML times end in Z and have no other zone.',
    spec: 'SAML Core 1.3.3',
  },
  'saml.issue_instant': {
    ...refused,
    means: 'The message was made too long ago, or in the future.',
    fix: 'Check the clock of the identity provider; otherwise start the sign-in again.',
    spec: 'SAML Core 3.2.2',
    entra: 'Nothing to change: Entra’s clock is right. Compare that of what stands in for it.',
  },
  'saml.not_yet_valid': {
    ...refused,
    means: 'The assertion is not valid yet.',
    fix: 'Check the clock of the identity provider, or allow the connection some more clock skew.',
    spec: 'SAML Core 2.5.1.2',
    entra: 'Nothing to change: Entra’s clock is right. Compare that of what stands in for it.',
  },
  'saml.expired': {
    ...startAgain,
    means: 'The assertion is not valid any more, or would be for too long.',
    fix: 'Start the sign-in again; if it repeats, check the clock of the identity provider.',
    spec: 'SAML Core 2.5.1.2',
    entra:
      'Nothing to change: Entra’s clock is right and its assertions last an hour. Look for what holds the form back that long.',
  },
  'saml.subject_confirmation': {
    ...refused,
    means: 'No bearer confirmation in the assertion is for this address and this moment.',
    fix: 'Copy the exact ACS URL of the connection into Reply URL at the identity provider, and check its clock.',
    spec: 'SAML Profiles 4.1.4.2',
    entra:
      'Enterprise applications > your app > Single sign-on > Basic SAML Configuration > Edit: put the ACS URL of the connection into Reply URL, and make it the default.',
  },
  'saml.in_response_to': {
    ...startAgain,
    means: 'The response answers a request that this browser has not open for this connection.',
    fix: 'Start the sign-in again from the application; an old tab or a bookmarked sign-in page does this.',
    spec: 'SAML Profiles 4.1.4.3',
    entra:
      'Enterprise applications > your app > Single sign-on > Basic SAML Configuration: leave Sign on URL empty, or set it to the login URL of the connection.',
  },
  'saml.browser_binding': {
    ...startAgain,
    means: 'The response answers a request, but this browser has none open.',
    fix: 'Start the sign-in again in the same browser and let it keep cookies; in a row, somebody may be passing responses on.',
    spec: 'SAML Profiles 4.1.4.3',
  },
  'saml.unsolicited': {
    ...startAgain,
    means: 'The identity provider sent a response that nobody asked for.',
    fix: 'Allow sign-in from the identity provider on the connection, or set Sign on URL in Entra to the login URL.',
    spec: 'SAML Profiles 4.1.5',
    entra:
      'Enterprise applications > your app > Single sign-on > Basic SAML Configuration > Edit: put the login URL of the connection into Sign on URL, so that My Apps and Test start here.',
  },
  'saml.authn': {
    ...refused,
    means: 'The assertion does not say once, and for now, that the person authenticated.',
    fix: 'The evidence shows what is missing; start the sign-in again, and check the clock of the identity provider.',
    spec: 'SAML Core 2.7.2',
  },
  'saml.condition': {
    ...refused,
    means: 'The assertion has a condition that is not understood here, so it cannot be relied on.',
    fix: 'Remove the custom condition at the identity provider.',
    spec: 'SAML Core 2.5.1.1',
  },
  'saml.name_id': {
    ...refused,
    means: 'The NameID is missing, malformed, or changes with every sign-in.',
    fix: 'In Entra: Attributes and claims, Unique User Identifier; choose a source that everybody has and that stays.',
    spec: 'SAML Core 8.3',
    entra:
      'Enterprise applications > your app > Single sign-on > Attributes & Claims > Unique User Identifier (Name ID): set the source to user.userprincipalname and the format to Email address.',
  },
  'saml.identity': {
    ...refused,
    means: 'The claim that says who the person is, is missing or malformed.',
    fix: 'The evidence names the claim; let the identity provider send it, or choose another for the connection.',
    entra:
      'Enterprise applications > your app > Single sign-on > Attributes & Claims: the claim objectidentifier is always sent; remove a claim or transformation that took its name.',
  },
  'saml.tenant_mismatch': {
    ...refused,
    log: 'error',
    means: 'The assertion speaks of another Entra tenant than the one of this connection.',
    fix: 'Take the metadata of this tenant and this application, never from a "common" address.',
    entra:
      'Check the tenant at the top right of the portal, then Enterprise applications > your app > Single sign-on > SAML certificates: copy App Federation Metadata Url of this application.',
  },
  'saml.scope': {
    ...refused,
    log: 'error',
    means: 'The identifier has a scope that this identity provider may not speak for.',
    fix: 'Add the scope to the connection if it belongs to this organization.',
    spec: 'saml2int SP16',
  },
  'saml.attribute_ambiguous': {
    ...refused,
    means: 'An attribute that feeds a single field came more than once or with several values.',
    fix: 'Let the identity provider send one value, or map the field to another claim.',
    spec: 'SAML Core 2.7.3.1',
    entra:
      'Enterprise applications > your app > Single sign-on > Attributes & Claims: let the claim come from one source with one value.',
  },
  'saml.limit': {
    ...refused,
    means: 'The assertion has more attributes or values than any real one.',
    fix: 'Send fewer groups; in Entra: Groups assigned to the application.',
    entra:
      'Enterprise applications > your app > Single sign-on > Attributes & Claims > user.groups: choose Groups assigned to the application.',
  },
  'saml.replayed': {
    ...startAgain,
    log: 'warn',
    means: 'The assertion, or the request it answers, was used already.',
    fix: 'Usually a reloaded page; start the sign-in again. In a row from elsewhere, somebody repeats messages.',
    spec: 'SAML Profiles 4.1.4.5',
    entra:
      'Nothing to change: each response counts once. Start again from the login URL or the tile in My Apps.',
  },
} as const satisfies Record<OwnCode, ErrorEntry>
