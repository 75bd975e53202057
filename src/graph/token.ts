import { importPKCS8, SignJWT } from 'jose'
import {
  base64Encode,
  base64UrlEncode,
  type Clock,
  err,
  hexEncode,
  limits,
  ok,
  type RandomBytes,
  type Result,
  sha256,
} from '../kernel/index.ts'
import type { GraphCredential, GraphProof } from './credential.ts'
import type { GraphFailure } from './errors.ts'
import { type Fetch, fetchText } from './fetch-text.ts'
import { isRecord, parseJson, readText } from './json.ts'
import { pauseMs } from './retry-after.ts'
import { explainTokenError } from './token-errors.ts'

type Token = { readonly value: string; readonly usableUntilMs: number }

/** Tokens of an isolate, by credential. It lives as long as the isolate and is handed to each client. */
export type TokenCache = Map<string, Token>

export function createTokenCache(): TokenCache {
  return new Map()
}

export type TokenWorld = {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly random: RandomBytes
  readonly loginUrl: string
  readonly graphUrl: string
  readonly tokens: TokenCache
}

/** A token that is remembered and good for a while yet; null when there is none. */
export function rememberedToken(world: TokenWorld, { cacheKey }: GraphCredential): string | null {
  const token = world.tokens.get(cacheKey)
  return token !== undefined && world.clock.nowMs() < token.usableUntilMs ? token.value : null
}

/** Forgets a token that Graph did not accept, unless another one stands there by now. */
export function forgetToken({ tokens }: TokenWorld, { cacheKey }: GraphCredential, value: string) {
  if (tokens.get(cacheKey)?.value === value) tokens.delete(cacheKey)
}

/**
 * Asks Entra for a token by client credentials and remembers it until shortly before its end. The tenant's own
 * endpoint is asked, never a common one (reference c1).
 * Source: learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 * @returns the token, or why there is none; the answer's own text is never passed on
 */
export async function requestToken(
  world: TokenWorld,
  credential: GraphCredential,
): Promise<Result<string, GraphFailure>> {
  const url = `${world.loginUrl}/${credential.tenantId}/oauth2/v2.0/token`
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: credential.clientId,
    scope: `${new URL(world.graphUrl).origin}/.default`,
  })
  const proof = await proofFields(credential, { url, world })
  if (!proof.ok) return proof
  for (const [name, value] of Object.entries(proof.value)) form.set(name, value)
  const answer = await fetchText(world.fetch, url, {
    init: {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: form.toString(),
    },
    maxBytes: limits.graphTokenBytes,
    timeoutMs: limits.graphTokenMs,
  })
  if (!answer.ok) return answer
  const nowMs = world.clock.nowMs()
  const { status, headers, text } = answer.value
  if (status === 429 || status === 503) {
    const retryAfterMs = pauseMs(headers.get('retry-after'), { nowMs, random: world.random })
    return err({ code: 'graph.throttled', retryAfterMs })
  }
  if (status >= 500) return err({ code: 'graph.unavailable', detail: `token endpoint ${status}` })
  if (status >= 400) return err({ code: 'graph.unauthorized', ...explainTokenError(text) })
  const token = status === 200 ? readToken(text, nowMs) : null
  if (token === null) return err({ code: 'graph.bad_answer', detail: `token endpoint ${status}` })
  remember(world.tokens, credential.cacheKey, token)
  return ok(token.value)
}

function readToken(text: string, nowMs: number): Token | null {
  const answer = parseJson(text)
  if (!isRecord(answer)) return null
  const value = readText(answer['access_token'])
  const { expires_in: life } = answer
  // Anything else may have a toString that throws.
  const seconds = typeof life === 'number' || typeof life === 'string' ? Number(life) : 0
  // What is no header value would make fetch throw.
  if (value === null || !/^[\x21-\x7e]+$/.test(value) || !(seconds > 0)) return null
  const spareMs = Math.min(limits.graphTokenSpareMs, (seconds * 1000) / 2)
  return { value, usableUntilMs: nowMs + seconds * 1000 - spareMs }
}

function remember(tokens: TokenCache, key: string, token: Token): void {
  tokens.delete(key)
  tokens.set(key, token)
  const [oldest] = tokens.keys()
  if (tokens.size > limits.graphTokenEntries && oldest !== undefined) tokens.delete(oldest)
}

async function proofFields(
  { clientId, proof }: GraphCredential,
  { url, world }: { readonly url: string; readonly world: TokenWorld },
): Promise<Result<Readonly<Record<string, string>>, GraphFailure>> {
  if (proof.kind === 'secret') return ok({ client_secret: proof.secret })
  const assertion = await signAssertion(proof, { clientId, url, world })
  if (assertion === null) {
    return err({
      code: 'graph.unauthorized',
      aadsts: null,
      explanation: 'The stored private key cannot be used. Store the certificate again.',
    })
  }
  return ok({
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  })
}

/**
 * The assertion that proves a certificate: PS256, the certificate named by its SHA-256, for this token endpoint
 * only, for a few minutes, with an id of its own.
 * Source: learn.microsoft.com/entra/identity-platform/certificate-credentials
 * @returns null when the key is none that PS256 works with
 */
async function signAssertion(
  proof: GraphProof & { readonly kind: 'certificate' },
  {
    clientId,
    url,
    world,
  }: { readonly clientId: string; readonly url: string; readonly world: TokenWorld },
): Promise<string | null> {
  const nowSeconds = Math.floor(world.clock.nowMs() / 1000)
  const thumbprint = base64UrlEncode(await sha256(proof.certificateDer))
  try {
    const key = await importPKCS8(pkcs8Pem(proof), 'PS256')
    return await new SignJWT()
      .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(url)
      .setJti(newGuid(world.random))
      .setNotBefore(nowSeconds)
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + limits.graphAssertionSeconds)
      .sign(key)
  } catch {
    return null // jose throws for a key of another kind or size, and for nothing else that could be here
  }
}

function pkcs8Pem({ privateKeyPkcs8 }: { readonly privateKeyPkcs8: Uint8Array }): string {
  return `-----BEGIN PRIVATE KEY-----\n${base64Encode(privateKeyPkcs8)}\n-----END PRIVATE KEY-----`
}

/** A random UUID (RFC 9562 version 4) from the bytes that are passed in. */
function newGuid(random: RandomBytes): string {
  const bytes = random(16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = hexEncode(bytes)
  const cuts = [0, 8, 12, 16, 20, 32]
  return cuts
    .slice(1)
    .map((end, i) => hex.slice(cuts[i], end))
    .join('-')
}
