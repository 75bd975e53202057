import { type Certificate, tenant, tenantKeys } from '../directory/index.ts'
import { base64ToBytes, bytesToBase64, readCertificate, utf8, uuid } from '../keys/index.ts'
import type { World } from '../world.ts'

/** The provisioning service in this tenant: the object id of its service principal, and its application. */
export const provisioningService = {
  objectId: 'e0000000-0000-4000-8000-000000000001',
  appId: 'e0000000-0000-4000-8000-0000000000a1',
} as const

const lifetimeSeconds = 65 * 60
const rs256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const

/** Where the tenant's tokens come from; the name in `iss`. */
export function tokenIssuer(baseUrl: string): string {
  return `${baseUrl}/${tenant.id}/v2.0`
}

/**
 * Signs what the service shows to a token endpoint: a version 2 token of the tenant for itself.
 * Source: Workload-Identity-Federation-for-SCIM-Provisioning.md in AzureAD/SCIMReferenceCode.
 */
export async function signAssertion(world: World, audience: string): Promise<string> {
  const [key] = await tenantKeys(world.sql, world.nowMs())
  if (key === undefined) throw new Error('The tenant has no key.')
  const now = Math.floor(world.nowMs() / 1000)
  const { objectId, appId } = provisioningService
  const header = { typ: 'JWT', alg: 'RS256', x5t: keyId(key), kid: keyId(key) }
  const claims = {
    aud: audience,
    iss: tokenIssuer(world.baseUrl),
    iat: now,
    nbf: now,
    exp: now + lifetimeSeconds,
    appid: appId,
    azp: appId,
    azpacr: '2',
    idtyp: 'app',
    oid: objectId,
    sub: objectId,
    tid: tenant.id,
    uti: uuid(),
    ver: '2.0',
  }
  const signed = [header, claims].map((part) => encoded(utf8(JSON.stringify(part)))).join('.')
  const pkcs8 = base64ToBytes(key.privateKey)
  const signer = await crypto.subtle.importKey('pkcs8', pkcs8, rs256, false, ['sign'])
  const signature = await crypto.subtle.sign(rs256.name, signer, utf8(signed))
  return `${signed}.${encoded(new Uint8Array(signature))}`
}

/** The tenant's public keys as `/{tenant}/discovery/v2.0/keys` shows them. */
export async function publicKeys(world: World) {
  const certificates = await tenantKeys(world.sql, world.nowMs())
  const issuer = tokenIssuer(world.baseUrl)
  const keys = certificates.map(async (certificate) => {
    const { kty, n, e } = await publicJwk(certificate)
    const kid = keyId(certificate)
    return { kty, use: 'sig', kid, x5t: kid, n, e, x5c: [certificate.certificate], issuer }
  })
  return { keys: await Promise.all(keys) }
}

async function publicJwk({ certificate }: Certificate): Promise<JsonWebKey> {
  const read = readCertificate(certificate)
  if (!read.ok) throw new Error(`The tenant's certificate ${read.failure}.`)
  const key = await crypto.subtle.importKey('spki', read.value.spki, rs256, true, ['verify'])
  const jwk = await crypto.subtle.exportKey('jwk', key)
  if (jwk instanceof ArrayBuffer) throw new Error('A key was exported as octets.')
  return jwk
}

/** A key's name: the SHA-1 thumbprint of its certificate in base64url. */
function keyId({ thumbprint }: Certificate): string {
  return encoded(
    Uint8Array.from(thumbprint.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
  )
}

function encoded(bytes: Uint8Array): string {
  return bytesToBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
