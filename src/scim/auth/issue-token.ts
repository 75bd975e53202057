import type { Database } from '../../db/index.ts'
import type { Deps } from '../../http/index.ts'
import {
  equalBytes,
  err,
  limits,
  newId,
  ok,
  type Result,
  sha256Hex,
  utf8,
} from '../../kernel/index.ts'
import { newSecret, type Scope } from './credential.ts'
import { type AssertionFailure, verifyAssertion } from './federation.ts'
import {
  type ClientSecret,
  findKnownClient,
  type KnownClient,
  type ScimClient,
  storeAccessToken,
} from './issue-store.ts'
import type { OauthFailure } from './oauth-errors.ts'
import type { TenantKeyCache } from './tenant-keys.ts'
import type { TokenRequest } from './token-request.ts'

/** What RFC 6749 5.1 calls a successful response. */
export type Issued = {
  readonly access_token: string
  readonly token_type: 'Bearer'
  readonly expires_in: number
  readonly scope: string
}

export type Refused = OauthFailure & {
  /** The client, when its id was of one; its organization learns of the attempt. */
  readonly client?: ScimClient
  /** Which check failed. */
  readonly reason?: string
  readonly claims?: Readonly<Record<string, string>>
}

type Work = {
  readonly db: Database
  readonly deps: Deps
  readonly keys: TenantKeyCache
  readonly nowMs: number
}

/** The same for every cause until the secret or the assertion is proved: a stranger learns nothing of clients. */
const unproved =
  'The client id or its secret is wrong. Compare both with Portico, and mind that a secret is shown only once.'

/**
 * Gives a client an access token, for 60 minutes or until its secret expires. Reads once and writes once.
 * @returns the token, shown here and stored as a hash, or why not, with the client for the event
 */
export async function issueToken(
  request: TokenRequest,
  work: Work,
): Promise<Result<Issued, Refused>> {
  const { db, deps, nowMs } = work
  const known = await findKnownClient(db, request.clientId)
  if (known === null) return refuse('oauth.invalid_client', { detail: unproved })
  const { client } = known
  const proved = await prove(request, known, work)
  if (!proved.ok) return err({ ...proved.failure, client })
  const scopes = grantedScopes(request, known)
  if (!scopes.ok) return err({ ...scopes.failure, client })
  const accessToken = newSecret('accessToken', deps.random)
  const token = {
    id: newId('tok', deps.random),
    tokenSha256: await sha256Hex(accessToken),
    scopes: scopes.value,
    secret: proved.value,
  }
  if (!(await storeAccessToken(db, client, { token, nowMs }))) {
    const detail = 'The client was changed in Portico at this moment. Try again.'
    return refuse('oauth.invalid_client', { detail, client, reason: 'changed' })
  }
  const secretMs = (proved.value?.expiresAt ?? Number.POSITIVE_INFINITY) - nowMs
  return ok({
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: Math.min(limits.scimAccessTokenSeconds, Math.floor(secretMs / 1000)),
    // What was asked for by its own name stands in the answer too: some clients compare.
    scope: [...new Set([...request.scopes.named, ...scopes.value])].join(' '),
  })
}

/** Who asks is the client, and the client works; the answer is the secret that proved it, if one did. */
async function prove(
  { proof }: TokenRequest,
  known: KnownClient,
  work: Work,
): Promise<Result<ClientSecret | null, Refused>> {
  const { federation, disabledAt } = known.client
  const isFederated = federation !== null
  if (isFederated !== (proof.kind === 'assertion')) {
    return refuse('oauth.invalid_client', { detail: unproved, reason: 'method' })
  }
  const proved =
    proof.kind === 'secret'
      ? await proveBySecret(proof.secret, known.secrets, work.nowMs)
      : await proveByAssertion(proof.assertion, known, work)
  if (!proved.ok) return proved
  if (disabledAt !== null) {
    const detail = 'The client is disabled in Portico. Enable it there.'
    return refuse('oauth.invalid_client', { detail, reason: 'disabled' })
  }
  if (known.scim) return proved
  const detail =
    'Provisioning is switched off for this organization in Portico. Switch it on there (provisioning.scim).'
  return refuse('oauth.switched_off', { detail })
}

/** Compares digests, and always all of them: the time it takes says nothing about a secret. */
async function proveBySecret(
  secret: string,
  stored: readonly ClientSecret[],
  nowMs: number,
): Promise<Result<ClientSecret, Refused>> {
  const given = utf8(await sha256Hex(secret))
  const matches = stored.filter((one) => equalBytes(utf8(one.secretSha256), given))
  const [match] = matches
  if (match === undefined) {
    return refuse('oauth.invalid_client', { detail: unproved, reason: 'secret' })
  }
  if (match.expiresAt === null || match.expiresAt > nowMs) return ok(match)
  const detail = 'The client secret has expired. Add a new one in Portico, and enter it in Entra.'
  return refuse('oauth.invalid_client', { detail, reason: 'secret_expired' })
}

async function proveByAssertion(
  assertion: string,
  { client: { federation } }: KnownClient,
  { keys, nowMs }: Work,
): Promise<Result<null, Refused>> {
  if (federation === null) return refuse('oauth.invalid_client', { detail: unproved })
  const verified = await verifyAssertion(assertion, { federation, keys, nowMs })
  return verified.ok ? verified : refuseAssertion(verified.failure)
}

const told: Partial<Record<Extract<AssertionFailure, { reason: string }>['reason'], string>> = {
  expired: 'The assertion has expired.',
  not_yet_valid: 'The assertion is not valid yet.',
  lifetime: 'The assertion is valid for longer than two hours, or was issued in the future.',
  claims_missing: 'The assertion lacks iat or exp.',
  tenant: 'The assertion is of another tenant than the one entered for the client.',
  issuer: 'The issuer of the assertion is not the one entered for the client.',
  blank_secret:
    'The assertion is for the audience that Entra uses when the secret is left blank, which every vendor shares.',
  audience: 'The audience of the assertion is not the one entered for the client.',
  subject: 'The subject of the assertion is not the one entered for the client.',
}

function refuseAssertion(failure: AssertionFailure) {
  if (failure.code === 'oauth.keys_unavailable') {
    const detail = 'The keys of the tenant could not be read from Microsoft. Try again in a moment.'
    return refuse('oauth.keys_unavailable', { detail })
  }
  const { reason, claims } = failure
  const what = told[reason] ?? 'The assertion is not a token that the tenant of the client signed.'
  const detail = `${what} Compare it with the event in Portico.`
  return refuse('oauth.assertion', { detail, reason, claims })
}

function grantedScopes(
  { scopes: { wanted } }: TokenRequest,
  { client }: KnownClient,
): Result<readonly Scope[], Refused> {
  const granted = wanted ?? client.scopes
  const lacked = granted.find((scope) => !client.scopes.includes(scope))
  if (lacked === undefined) return ok(granted)
  const detail = `The client does not have the scope ${lacked}. Leave the scope empty, or create a client that has it.`
  return refuse('oauth.invalid_scope', { detail })
}

function refuse(code: OauthFailure['code'], told: Omit<Refused, 'code'>) {
  return err<Refused>({ code, ...told })
}
