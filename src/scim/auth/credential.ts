import type { RulesHolder } from '../../directory/index.ts'
import { base64UrlEncode, err, ok, type RandomBytes, type Result } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'

export type Scope = 'read' | 'write'

/** Who calls: the credential decides organization and connection, and nothing in a request can. */
export type Credential = {
  readonly organizationId: string
  /** Null before the organization's first connection. */
  readonly connectionId: string | null
  /** The tenant of the connection; null unless it is Entra's. */
  readonly entraTenantId: string | null
  readonly tokenId: string
  /** The client that the token was given to; null for a token that an admin made. */
  readonly clientId: string | null
  readonly scopes: readonly Scope[]
  /** Whether events keep the values that were sent. */
  readonly keepsValues: boolean
  /** By which profiles are made, as this isolate knows it. */
  readonly rules: RulesHolder
}

/** A token with what its use depends on, as the database holds it now. */
export type StoredCredential = Omit<Credential, 'keepsValues'> & {
  readonly keepsValues: boolean
  readonly expiresAt: number | null
  readonly isDisabled: boolean
  readonly isClientDisabled: boolean
  /** Whether the connection that the token belongs to is gone. */
  readonly isStranded: boolean
  /** Whether the organization lets SCIM provision. */
  readonly scim: boolean
  /** Whether no use of it is stored yet. */
  readonly isUnused: boolean
}

/** What each kind of secret begins with, so that a leaked one is recognized by scanners and by people. */
export const prefixes = {
  token: 'portico_scim_',
  accessToken: 'portico_at_',
  clientSecret: 'portico_sec_',
} as const

/** A new secret: the prefix and 32 random bytes in base64url. */
export function newSecret(kind: keyof typeof prefixes, random: RandomBytes): string {
  return prefixes[kind] + base64UrlEncode(random(32))
}

const bearer = /^bearer +(\S+)$/i
const form = new RegExp(`^(?:${prefixes.token}|${prefixes.accessToken})[A-Za-z0-9_-]{43}$`)

/**
 * The token of an Authorization header. What has not the form of one of ours is refused without a look
 * into the database.
 * @returns the token, or `scim.unauthorized` with the likely mistake
 */
export function readBearer(header: string | undefined): Result<string, ScimFailure> {
  const [, token] = bearer.exec(header ?? '') ?? []
  if (token === undefined) {
    return unauthorized(`The request has no bearer token. ${remedy}`)
  }
  return form.test(token)
    ? ok(token)
    : unauthorized(
        `The bearer token is none of Portico: one begins with ${prefixes.token} and was shown once, when it was made. It must be pasted whole, without the word Bearer. ${remedy}`,
      )
}

/** Why a token that there is may not be used, for the event. */
export type RefusedToken = ScimFailure & {
  readonly reason?: 'disabled' | 'client_disabled' | 'expired' | 'stranded'
}

/**
 * Whether a token may be used now.
 * @param stored null when nobody has it
 */
export function judge(
  stored: StoredCredential | null,
  nowMs: number,
): Result<Credential, RefusedToken> {
  if (stored === null) return unauthorized(`The bearer token is unknown, or was revoked. ${remedy}`)
  const { expiresAt, isDisabled, isClientDisabled, isStranded, scim, isUnused, ...credential } =
    stored
  if (isDisabled) {
    return unauthorized('The bearer token is disabled in Portico. Enable it there.', 'disabled')
  }
  if (isClientDisabled) {
    const detail = 'The SCIM client is disabled in Portico. Enable it there.'
    return unauthorized(detail, 'client_disabled')
  }
  if (expiresAt !== null && expiresAt <= nowMs) {
    // Whoever has a client asks for the next access token and makes none by hand.
    return credential.clientId === null
      ? unauthorized(`The bearer token has expired. ${remedy}`, 'expired')
      : unauthorized('The access token has expired. Ask for a new one at /oauth/token.', 'expired')
  }
  if (isStranded) {
    return unauthorized(`The connection of the bearer token was deleted. ${remedy}`, 'stranded')
  }
  if (scim) return ok(credential)
  const detail =
    'Provisioning is switched off for this organization in Portico. Switch it on there (provisioning.scim), or stop the provisioning job.'
  return err({ code: 'scim.switched_off', detail })
}

const remedy =
  'Make a new SCIM token in Portico, and paste it into Entra under Provisioning, Admin credentials, Secret token.'

function unauthorized(detail: string, reason?: RefusedToken['reason']) {
  return err<RefusedToken>({
    code: 'scim.unauthorized',
    detail,
    ...(reason === undefined ? {} : { reason }),
  })
}
