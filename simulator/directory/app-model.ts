/** Where a value comes from: a property of the user, or a constant; and what is done to it. */
export type ValueSource = {
  /** `user.userprincipalname`, `user.mail`, `user.objectid`, `user.department` …; null: `value`. */
  readonly source: string | null
  readonly value: string | null
  readonly transformation: 'ToLowercase' | 'ToUppercase' | 'ExtractMailPrefix' | null
}

export type ClaimRule = ValueSource & {
  readonly name: string
  /** `NameFormat` of the attribute; null: none. */
  readonly nameFormat: string | null
}

export type AppRole = {
  readonly id: string
  readonly value: string
  readonly displayName: string
}

export type EncryptionCertificate = {
  readonly keyId: string
  /** DER in base64. */
  readonly certificate: string
}

/** An enterprise application that signs in by SAML. */
export type App = {
  readonly appId: string
  readonly displayName: string
  /** Entity ids. The first is the audience of a sign-in that nobody asked for. */
  readonly identifiers: readonly string[]
  /** The first is the default. */
  readonly replyUrls: readonly string[]
  /** Where My Apps sends people instead of starting a sign-in itself. */
  readonly signOnUrl: string | null
  readonly logoutUrl: string | null
  /** Sent with a sign-in that nobody asked for. */
  readonly relayState: string | null
  readonly signingOption: 'assertion' | 'response' | 'both'
  readonly signingAlgorithm: 'sha256' | 'sha1'
  readonly nameId: ValueSource & {
    readonly format: 'emailAddress' | 'persistent' | 'unspecified' | 'transient'
  }
  readonly claims: readonly ClaimRule[]
  readonly groupClaims: 'none' | 'all' | 'assigned'
  readonly groupClaimValue: 'id' | 'displayName'
  /** The optional claim `amr`. */
  readonly sendsAuthenticationMethods: boolean
  readonly appendsAppIdToIssuer: boolean
  /** How far the clock that dates its tokens is off; negative: slow. Entra's is right. */
  readonly clockSkewSeconds: number
  readonly encryptionCertificates: readonly EncryptionCertificate[]
  /** Which of them tokens are encrypted for; null: they are not. */
  readonly tokenEncryptionKeyId: string | null
  readonly encryptionContent: 'aes256-cbc' | 'aes256-gcm'
  readonly encryptionTransport: 'rsa-oaep-mgf1p' | 'rsa-oaep'
  readonly requireSignedRequests: boolean
  readonly allowSha1Requests: boolean
  /** DER in base64; the last two are tried. */
  readonly verificationCertificates: readonly string[]
  readonly assignmentRequired: boolean
  /** Whether My Apps shows it. */
  readonly isVisible: boolean
  readonly appRoles: readonly AppRole[]
  /** Entra leaves its logout messages unsigned. */
  readonly signsLogoutMessages: boolean
  /** `pairwise`: the broadcast names people by another identifier than the assertion did, as was seen. */
  readonly logoutNameId: 'same' | 'pairwise'
}

const claims2005 = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims'
const rule = (name: string, source: string): ClaimRule => ({
  name: `${claims2005}/${name}`,
  nameFormat: null,
  source,
  value: null,
  transformation: null,
})

/** The claims that a new application sends besides the core ones. */
export const defaultClaims: readonly ClaimRule[] = [
  rule('givenname', 'user.givenname'),
  rule('surname', 'user.surname'),
  rule('emailaddress', 'user.mail'),
  rule('name', 'user.userprincipalname'),
]

/** An application as the portal makes it, before anything is filled in. */
export function newApp(given: Partial<App> & Pick<App, 'appId'>): App {
  return {
    displayName: 'New application',
    identifiers: [],
    replyUrls: [],
    signOnUrl: null,
    logoutUrl: null,
    relayState: null,
    signingOption: 'assertion',
    signingAlgorithm: 'sha256',
    nameId: {
      source: 'user.userprincipalname',
      value: null,
      transformation: null,
      format: 'emailAddress',
    },
    claims: defaultClaims,
    groupClaims: 'none',
    groupClaimValue: 'id',
    sendsAuthenticationMethods: false,
    appendsAppIdToIssuer: false,
    clockSkewSeconds: 0,
    encryptionCertificates: [],
    tokenEncryptionKeyId: null,
    encryptionContent: 'aes256-cbc',
    encryptionTransport: 'rsa-oaep-mgf1p',
    requireSignedRequests: false,
    allowSha1Requests: false,
    verificationCertificates: [],
    assignmentRequired: true,
    isVisible: true,
    appRoles: [],
    signsLogoutMessages: false,
    logoutNameId: 'same',
    ...given,
  }
}
