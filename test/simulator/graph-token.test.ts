import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createKeyPair } from '../../simulator/keys/index.ts'
import { startGraph, tokenPath } from './graph-world.ts'
import { appId, baseUrl } from './simulator.ts'

const startMs = Date.parse('2026-11-24T09:00:00.000Z')
const dayMs = 86_400_000
const bearerType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const validity = { notBeforeMs: startMs - dayMs, notAfterMs: startMs + 365 * dayMs }
const pair = await createKeyPair({ commonName: 'Client', ...validity })
const other = await createKeyPair({ commonName: 'Client', ...validity })
const expired = await createKeyPair({ commonName: 'Client', ...validity, notAfterMs: startMs - 1 })

async function thumbprintOf(certificate: string) {
  const der = Buffer.from(certificate, 'base64')
  return Buffer.from(await crypto.subtle.digest('SHA-256', der)).toString('base64url')
}

type Change = {
  readonly alg?: string
  readonly header?: Record<string, unknown>
  readonly claims?: Record<string, unknown>
  readonly key?: typeof pair
  readonly named?: typeof pair
}

/** A client assertion that is right, but for what a test changes. */
async function assertion(change: Change = {}) {
  const { alg = 'PS256', key = pair, named = key } = change
  const hash = alg === 'RS256' ? 'RSASSA-PKCS1-v1_5' : 'RSA-PSS'
  const pkcs8 = Buffer.from(key.privateKey, 'base64')
  const algorithm = { name: hash, hash: 'SHA-256' }
  const signer = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
  const now = startMs / 1000
  const claims = {
    aud: `${baseUrl}${tokenPath}`,
    iss: appId,
    sub: appId,
    jti: crypto.randomUUID(),
    nbf: now,
    iat: now,
    exp: now + 300,
    ...change.claims,
  }
  const header = { alg, typ: 'JWT', 'x5t#S256': await thumbprintOf(named.certificate) }
  return new SignJWT(claims).setProtectedHeader({ ...header, ...change.header }).sign(signer)
}

async function startCertified() {
  const world = await startGraph()
  const certificates = [pair.certificate, expired.certificate]
  await world.call('PATCH', world.registration, { certificates, secrets: [] })
  const ask = (text: string) =>
    world.token({ client_secret: '', client_assertion_type: bearerType, client_assertion: text })
  return { ...world, ask }
}

describe('the token endpoint with a certificate', () => {
  it('gives a token for an assertion once', async () => {
    const { ask } = await startCertified()
    const text = await assertion()
    const { status, json } = await ask(text)
    expect([status, json.token_type, json.expires_in]).toEqual([200, 'Bearer', 3599])
    expect((await ask(text)).json.error_codes).toEqual([50013])
  })

  it('gives one token when the same assertion comes many times at once', async () => {
    const { ask } = await startCertified()
    const text = await assertion()
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(text)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it.each<readonly [string, Change, number]>([
    ['another algorithm', { alg: 'RS256' }, 700027],
    ['a key that is not registered', { key: other }, 700027],
    ['the signature of another key', { key: other, named: pair }, 700027],
    ['an expired certificate', { key: expired }, 700027],
    ['no thumbprint', { header: { 'x5t#S256': undefined } }, 700027],
    ['another audience', { claims: { aud: 'https://example.com/' } }, 700023],
    ['another issuer', { claims: { iss: 'somebody' } }, 700021],
    ['another subject', { claims: { sub: 'somebody' } }, 700021],
    [
      'a time that is over',
      { claims: { nbf: startMs / 1000 - 900, exp: startMs / 1000 - 301 } },
      700024,
    ],
    [
      'a time to come',
      { claims: { nbf: startMs / 1000 + 301, exp: startMs / 1000 + 900 } },
      700024,
    ],
    ['no end', { claims: { exp: undefined } }, 700024],
    ['no id', { claims: { jti: undefined } }, 700024],
  ])('refuses %s', async (_what, change, code) => {
    const { ask } = await startCertified()
    const { status, json } = await ask(await assertion(change))
    expect([status, json.error, json.error_codes]).toEqual([401, 'invalid_client', [code]])
  })

  it('refuses what is no assertion', async () => {
    const { ask } = await startCertified()
    for (const text of ['nonsense', 'a.b.c', 'e30.e30.', `${await assertion()}.x`]) {
      expect((await ask(text)).json.error_codes).toEqual([50027])
    }
  })

  it('takes registered certificates only in a shape that it can read', async () => {
    const { simulator, registration } = await startGraph()
    const answer = await simulator.api('PATCH', registration, { certificates: ['nonsense'] })
    expect(answer).toMatchObject({
      status: 400,
      json: { problem: expect.stringMatching(/^A certificate is not an X.509/) },
    })
  })
})

describe('the token endpoint with a secret', () => {
  it('answers as Entra does, under both names of the resource', async () => {
    const { token } = await startGraph()
    expect((await token()).json).toEqual({
      token_type: 'Bearer',
      expires_in: 3599,
      ext_expires_in: 3599,
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    })
    expect((await token({ scope: `${baseUrl}/.default` })).status).toBe(200)
    expect((await token({}, '/contoso.com/oauth2/v2.0/token')).status).toBe(200)
  })

  it.each<readonly [string, Record<string, string>, number, string, number]>([
    ['a wrong secret', { client_secret: 'x' }, 401, 'invalid_client', 7000215],
    ['no credential', { client_secret: '' }, 401, 'invalid_client', 7000218],
    ['another client', { client_id: 'x' }, 400, 'unauthorized_client', 700016],
    ['no client', { client_id: '' }, 400, 'invalid_request', 900144],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
    ['no grant', { grant_type: '' }, 400, 'invalid_request', 900144],
    ['a scope of its own', { scope: 'User.Read' }, 400, 'invalid_scope', 1002012],
    ['another resource', { scope: 'https://x.test/.default' }, 400, 'invalid_resource', 500011],
  ])('refuses %s', async (_what, fields, status, error, code) => {
    const { token } = await startGraph()
    const answer = await token(fields)
    expect([answer.status, answer.json.error]).toEqual([status, error])
    expect(answer.json).toMatchObject({
      error_codes: [code],
      error_description: expect.stringMatching(
        new RegExp(`^AADSTS${code}: .* Trace ID: .* Timestamp: 2026-11-24 09:00:00Z$`),
      ),
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    })
  })

  it('refuses another tenant, and every tenant at once', async () => {
    const { token } = await startGraph()
    const at = async (tenant: string) =>
      (await token({}, `/${tenant}/oauth2/v2.0/token`)).json.error_codes
    expect(await at('fabrikam.com')).toEqual([90002])
    expect(await at('common')).toEqual([50059])
  })

  it('refuses a secret after its time, and takes the next one', async () => {
    const { call, registration, token, simulator } = await startGraph()
    const expiresAt = '2026-11-24T10:00:00Z'
    const made = await call('POST', `${registration}/secrets`, { secret: 'short', expiresAt })
    expect((await token({ client_secret: 'short' })).status).toBe(200)
    simulator.time.nowMs += 3_600_000
    expect((await token({ client_secret: 'short' })).json.error_codes).toEqual([7000222])
    const next = await call('POST', `${registration}/secrets`, {})
    expect((await token({ client_secret: next.secret })).status).toBe(200)
    await call('DELETE', `${registration}/secrets/${made.id}`)
    expect((await token({ client_secret: 'short' })).json.error_codes).toEqual([7000215])
    expect((await call('GET', registration)).secrets).toHaveLength(2)
  })
})

describe('a token', () => {
  it('is good for as long as the setting says', async () => {
    const { get, set, renew, simulator } = await startGraph()
    await set({ tokenSeconds: 60 })
    await renew()
    simulator.time.nowMs += 59_999
    expect((await get('/users/delta')).status).toBe(200)
    simulator.time.nowMs += 1
    const { status, json, headers } = await get('/users/delta')
    expect([status, json.error.code]).toEqual([401, 'InvalidAuthenticationToken'])
    expect(headers.get('www-authenticate')).toMatch(/^Bearer /)
  })

  it('ends on demand', async () => {
    const { call, get, renew } = await startGraph()
    await call('POST', '/graph/expire-tokens')
    expect((await get('/users/delta')).status).toBe(401)
    await renew()
    expect((await get('/users/delta')).status).toBe(200)
  })

  it('is needed for everything', async () => {
    const { simulator, send } = await startGraph()
    for (const path of ['/v1.0/users/delta', '/v1.0/$batch', '/v1.0/nothing']) {
      expect((await simulator.request(path)).status).toBe(401)
      const headers = { authorization: 'Bearer e30.e30.e30' }
      expect((await send(path, { headers })).status).toBe(401)
    }
  })

  it('has the permissions of the moment in which it was made', async () => {
    const { call, get, registration, renew } = await startGraph(['User.Read.All'])
    const path = `/servicePrincipals(appId='${appId}')/appRoleAssignedTo`
    const { status, json } = await get(path)
    expect([status, json.error.code]).toEqual([403, 'Authorization_RequestDenied'])
    expect(JSON.stringify(json)).not.toContain('Application.Read.All')
    await call('PATCH', registration, { permissions: ['Application.Read.All'] })
    expect((await get(path)).status).toBe(403)
    await renew()
    expect((await get(path)).status).toBe(200)
    expect((await get('/users/delta')).status).toBe(403)
  })
})
