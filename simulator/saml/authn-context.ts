import type { User } from '../directory/index.ts'

type Method = User['authentication']

const classes = 'urn:oasis:names:tc:SAML:2.0:ac:classes'

const methods: {
  readonly [M in Method]: {
    /** As AADSTS75011 names it. */
    readonly label: string
    readonly contextClass: string
    /** What a request may ask for and get. */
    readonly meets: readonly string[]
    readonly references: readonly string[]
  }
} = {
  password: {
    label: 'Password',
    contextClass: `${classes}:Password`,
    meets: [`${classes}:Password`, `${classes}:PasswordProtectedTransport`],
    references: ['http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password'],
  },
  mfa: {
    label: 'Password, MultiFactor',
    contextClass: `${classes}:Password`,
    meets: [],
    references: [
      'http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password',
      'http://schemas.microsoft.com/claims/multipleauthn',
    ],
  },
  passkey: {
    label: 'X509, MultiFactor',
    contextClass: `${classes}:X509`,
    meets: [],
    references: [
      'http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/x509',
      'http://schemas.microsoft.com/claims/multipleauthn',
    ],
  },
  certificate: {
    label: 'X509',
    contextClass: `${classes}:X509`,
    meets: [`${classes}:X509`],
    references: ['http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/x509'],
  },
}

/**
 * Whether a way of signing in is one that the request asked for, exactly. With ForceAuthn people sign in
 * the way that was asked for, which is why it is the remedy for AADSTS75011.
 */
export function isRequestedContextMet(
  method: Method,
  request: { readonly requestedContexts: readonly string[]; readonly forceAuthn: boolean },
): boolean {
  const { requestedContexts, forceAuthn } = request
  if (requestedContexts.length === 0 || forceAuthn) return true
  return requestedContexts.some(
    (asked) => asked.endsWith(':Unspecified') || methods[method].meets.includes(asked),
  )
}

/** The AuthnContextClassRef of an assertion: the one that was asked for, or that of the method. */
export function contextClassOf(method: Method, requestedContexts: readonly string[]): string {
  const asked = requestedContexts.find((one) => !one.endsWith(':Unspecified'))
  return asked ?? methods[method].contextClass
}

export function methodLabel(method: Method): string {
  return methods[method].label
}

/** Values of the `authnmethodsreferences` claim. */
export function methodReferences(method: Method): readonly string[] {
  return methods[method].references
}

/** A class as AADSTS75011 writes it: `PasswordProtectedTransport` is `Password, ProtectedTransport`. */
export function contextLabel(contextClass: string): string {
  const name = contextClass.split(':').at(-1) ?? contextClass
  return name === 'PasswordProtectedTransport' ? 'Password, ProtectedTransport' : name
}
