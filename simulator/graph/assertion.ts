import { readCertificate, utf8 } from '../keys/index.ts'
import { err, ok, type Result } from '../result.ts'
import type { World } from '../world.ts'
import type { Registration } from './registration.ts'
import type { TokenRefusal } from './token-errors.ts'

const ps256 = { name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32 } as const

/** Entra's tolerance for clocks. */
const skewSeconds = 300

/** Entra takes assertions that live for longer, but says not to make them. */
const longestSeconds = 24 * 3600

type Claims = Readonly<Record<string, unknown>>

/**
 * Verifies a client assertion: PS256 by a registered certificate, named by `x5t#S256`, for this token
 * endpoint, from and about this client, in its time, and not seen before.
 * Source: learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export async function verifyAssertion(
  world: World,
  jwt: string,
  expected: {
    readonly clientId: string
    readonly audience: string
    readonly registration: Registration
  },
): Promise<Result<true, TokenRefusal>> {
  const refuse = (code: TokenRefusal['code'], about = '') => err({ code, about })
  const [head = '', body = '', signature = '', ...more] = jwt.split('.')
  const [header, claims] = [parsed(head), parsed(body)]
  if (header === null || claims === null || signature === '' || more.length > 0) {
    return refuse('50027')
  }
  const known = expected.registration.certificates.find(
    ({ thumbprint }) => thumbprint === header['x5t#S256'],
  )
  if (known === undefined) return refuse('700027', 'The key was not found.')
  const signed = utf8(`${head}.${body}`)
  const isRight = header['alg'] === 'PS256' && (await verify(known.certificate, signature, signed))
  if (!isRight) return refuse('700027', 'The key was found, but the signature is invalid.')
  const nowMs = world.nowMs()
  if (known.notAfterMs <= nowMs) return refuse('700027', 'The certificate is expired.')
  const isFromAndAbout = [claims['iss'], claims['sub']].every(
    (name) => String(name).toLowerCase() === expected.clientId,
  )
  if (!isFromAndAbout) return refuse('700021')
  if (claims['aud'] !== expected.audience) return refuse('700023')
  if (!isInTime(claims, nowMs / 1000)) return refuse('700024')
  return isNew(world, `${expected.clientId} ${claims['jti']}`, Number(claims['exp']))
    ? ok(true)
    : refuse('50013', 'The assertion was used before.')
}

function isInTime({ exp, nbf, iat, jti }: Claims, now: number): boolean {
  if (typeof exp !== 'number' || typeof jti !== 'string' || jti === '') return false
  const from = typeof nbf === 'number' ? nbf : typeof iat === 'number' ? iat : null
  if (from === null || from > now + skewSeconds) return false
  return now < exp + skewSeconds && exp - from <= longestSeconds
}

/** Remembers an assertion. @returns false when it was there */
function isNew({ sql }: World, id: string, exp: number): boolean {
  const made = sql.all(
    'INSERT INTO graph_assertions VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING id',
    id,
    (exp + skewSeconds) * 1000,
  )
  return made.length > 0
}

async function verify(certificate: string, signature: string, signed: Uint8Array<ArrayBuffer>) {
  const read = readCertificate(certificate)
  const bytes = fromBase64url(signature)
  if (!read.ok || bytes === null) return false
  const key = await crypto.subtle.importKey('spki', read.value.spki, ps256, false, ['verify'])
  return crypto.subtle.verify(ps256, key, bytes, signed)
}

function parsed(part: string): Claims | null {
  const bytes = fromBase64url(part)
  if (bytes === null) return null
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null ? (value as Claims) : null
  } catch {
    return null // not JSON
  }
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]+$/.test(text)) return null
  return Uint8Array.from(Buffer.from(text, 'base64url'))
}
