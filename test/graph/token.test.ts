import { createPublicKey, verify as verifySignature } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createGraphClient, type GraphCredential } from '../../src/graph/index.ts'
import { base64UrlDecode, base64UrlEncode, sha256, systemRandom } from '../../src/kernel/index.ts'
import { createSigningKeyPair, parseCertificate } from '../../src/xmldsig/index.ts'
import {
  clientId,
  graphUrl,
  json,
  openStub,
  secretCredential,
  startMs,
  tokenAnswer,
  tokenUrl,
} from './graph-stub.ts'

const page = () =>
  json({ value: [], '@odata.deltaLink': `${graphUrl}/v1.0/users/delta?$deltatoken=a` })
const from = { select: [] }

async function refusal(code: number, status = 401) {
  const body = {
    error: 'invalid_client',
    error_description: `AADSTS${code}: Something about <b>you</b>. Trace ID: 1`,
    error_codes: [code],
  }
  const { client } = openStub([tokenAnswer(body, status)])
  const read = await client.usersDeltaPage(from)
  return read.ok ? null : read.failure
}

describe('a token', () => {
  it('is asked for at the tenant’s own endpoint with the secret in the form', async () => {
    const { client, sent } = openStub([page()])
    await client.usersDeltaPage(from)
    expect([sent[0]?.url, sent[0]?.method]).toEqual([tokenUrl, 'POST'])
    expect(Object.fromEntries(new URLSearchParams(sent[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: clientId,
      scope: 'https://graph.microsoft.com/.default',
      client_secret: 's3cr3t',
    })
  })

  it('is remembered until shortly before its end, by credential', async () => {
    const { client, sent, clock, world, tokens } = openStub([page, page, page, page])
    await client.usersDeltaPage(from)
    clock.ms += (3599 - 121) * 1000
    await client.usersDeltaPage(from)
    const asked = () => sent.filter(({ url }) => url === tokenUrl).length
    expect(asked()).toBe(1)
    clock.ms += 2000
    await client.usersDeltaPage(from)
    expect(asked()).toBe(2)
    await createGraphClient(world, { ...secretCredential, cacheKey: 'another' }).usersDeltaPage(
      from,
    )
    expect([asked(), tokens.size]).toEqual([3, 2])
  })

  it('of a short life is used for half of it', async () => {
    const short = { token_type: 'Bearer', expires_in: '60', access_token: 'brief' }
    const { client, clock, sent } = openStub([tokenAnswer(short, 200), page, page, page])
    await client.usersDeltaPage(from)
    clock.ms += 29_000
    await client.usersDeltaPage(from)
    expect(sent).toHaveLength(3)
    clock.ms += 1000
    await client.usersDeltaPage(from)
    expect(sent).toHaveLength(5)
  })

  it('is proved for by an assertion that the certificate signed', async () => {
    const { privateKeyPkcs8, certificateDer } = await createSigningKeyPair({
      commonName: 'Portico',
      notBeforeMs: startMs,
      notAfterMs: startMs + 1000,
      random: systemRandom,
    })
    const credential: GraphCredential = {
      ...secretCredential,
      proof: { kind: 'certificate', privateKeyPkcs8, certificateDer },
    }
    const { client, sent } = openStub([page()], credential)
    expect(await client.usersDeltaPage(from)).toMatchObject({ ok: true })
    const form = new URLSearchParams(sent[0]?.body)
    expect(form.get('client_assertion_type')).toBe(
      'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    )
    expect(form.has('client_secret')).toBe(false)
    const [header = '', claims = '', signature = ''] = (form.get('client_assertion') ?? '').split(
      '.',
    )
    expect(read(header)).toEqual({
      alg: 'PS256',
      typ: 'JWT',
      'x5t#S256': base64UrlEncode(await sha256(certificateDer)),
    })
    const now = startMs / 1000
    expect(read(claims)).toEqual({
      iss: clientId,
      sub: clientId,
      aud: tokenUrl,
      jti: '80808080-8080-4080-8080-808080808080',
      nbf: now,
      iat: now,
      exp: now + 300,
    })
    const certificate = await parseCertificate(certificateDer)
    if (!certificate.ok) throw new Error('not a certificate')
    const key = createPublicKey({
      key: Buffer.from(certificate.value.spki),
      format: 'der',
      type: 'spki',
    })
    const isRight = verifySignature(
      'sha256',
      Buffer.from(`${header}.${claims}`),
      { key, padding: 6, saltLength: 32 },
      base64UrlDecode(signature) ?? Buffer.alloc(0),
    )
    expect(isRight).toBe(true)
  })

  it('cannot be had with a key that is none', async () => {
    const { client, sent } = openStub([], {
      ...secretCredential,
      proof: {
        kind: 'certificate',
        privateKeyPkcs8: Uint8Array.of(1, 2, 3),
        certificateDer: Uint8Array.of(4),
      },
    })
    expect(await client.usersDeltaPage(from)).toMatchObject({
      failure: { code: 'graph.unauthorized', explanation: expect.stringContaining('private key') },
    })
    expect(sent).toEqual([])
  })
})

describe('a refusal of the token endpoint', () => {
  it.each([
    [7000215, 'Copy the Value of the secret'],
    [7000222, 'secret has expired'],
    [700016, 'does not know this client id'],
    [90002, 'no tenant with this id'],
    [500011, 'GRAPH_URL'],
    [700027, 'Upload the certificate'],
    [700024, 'clocks differ'],
    [7000112, 'is disabled in the tenant'],
    [53003, 'Conditional Access'],
  ])('is told in our own words: %i', async (code, words) => {
    expect(await refusal(code)).toEqual({
      code: 'graph.unauthorized',
      aadsts: String(code),
      explanation: expect.stringContaining(words),
    })
  })

  it('of an unknown kind keeps the number and none of the text', async () => {
    const failure = await refusal(99999, 400)
    expect(failure).toMatchObject({ code: 'graph.unauthorized', aadsts: '99999' })
    expect(JSON.stringify(failure)).not.toMatch(/<b>|Trace|s3cr3t/)
    const { client } = openStub([tokenAnswer('constructor', 400)])
    expect(await client.usersDeltaPage(from)).toMatchObject({
      failure: { code: 'graph.unauthorized', aadsts: null },
    })
  })

  it('for now is a pause, and an outage is one', async () => {
    const busy = openStub([tokenAnswer({}, 429, { 'retry-after': '7' })])
    expect(await busy.client.usersDeltaPage(from)).toMatchObject({
      failure: { code: 'graph.throttled', retryAfterMs: expect.any(Number) },
    })
    const broken = openStub([tokenAnswer({}, 500)])
    expect(await broken.client.usersDeltaPage(from)).toMatchObject({
      failure: { code: 'graph.unavailable' },
    })
  })

  it.each([
    ['a redirect', {}, 302],
    ['no token', { expires_in: 3599 }, 200],
    ['no end', { access_token: 'a' }, 200],
    ['a token that cannot stand in a header', { access_token: 'a\nb', expires_in: 3599 }, 200],
    ['something else', [], 200],
  ])('is no answer to work with: %s', async (_what, body, status) => {
    const { client } = openStub([tokenAnswer(body, status)])
    expect(await client.usersDeltaPage(from)).toMatchObject({
      failure: { code: 'graph.bad_answer' },
    })
  })
})

function read(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
}
