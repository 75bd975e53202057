import { createPrivateKey, createSign, createVerify, X509Certificate } from 'node:crypto'
import { deflateRawSync, deflateSync, gzipSync, inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { limits } from '../../../src/kernel/index.ts'
import { postForm, readRedirectMessage, redirectUrl } from '../../../src/saml/redirect-binding.ts'
import { importSigningKey, type VerifyKey } from '../../../src/xmldsig/index.ts'
import { cases } from '../../support/cases.ts'
import { certificateDer, type KeyName, privateKeyDer } from '../../support/keys.ts'
import { verifyKey } from './verify-keys.ts'

const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const xml =
  '<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">é</samlp:LogoutRequest>'
const deflated = deflateRawSync(Buffer.from(xml))
const message = encodeURIComponent(deflated.toString('base64'))

let keys: VerifyKey[]
beforeAll(async () => {
  keys = await Promise.all([verifyKey('K'), verifyKey('KE')])
})

const lower = (text: string) => text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())

/** Signs a raw query as an identity provider does: by Node's crypto, not by ours. */
function signed(raw: string, name: KeyName = 'K', algorithm: string = rsaSha256, hash = 'sha256') {
  const octets = `${raw}&SigAlg=${encodeURIComponent(algorithm)}`
  const key = createPrivateKey({
    key: Buffer.from(privateKeyDer(name)),
    format: 'der',
    type: 'pkcs8',
  })
  const signature = createSign(hash).update(octets).sign({ key, dsaEncoding: 'ieee-p1363' })
  return `${octets}&Signature=${encodeURIComponent(signature.toString('base64'))}`
}

const read = (query: string) => readRedirectMessage(query, { keys })
const refusal = (code: string, evidence: object = {}) => ({
  ok: false,
  failure: { code, ...evidence },
})

describe('a message in a query', () => {
  it('R01 positive control: an unsigned message is read, and called unsigned', async () => {
    const result = await read(`SAMLRequest=${message}&RelayState=a%20b%2Bc+d`)
    expect(result).toMatchObject({
      ok: true,
      value: { kind: 'SAMLRequest', relayState: 'a b+c d', signature: 'absent' },
    })
    expect(result.ok && Buffer.from(result.value.message).toString()).toBe(xml)
  })

  it('R01 a question mark in front, foreign parameters and no RelayState change nothing', async () => {
    expect(await read(`?sso_reload=true&SAMLResponse=${message}&x`)).toMatchObject({
      ok: true,
      value: { kind: 'SAMLResponse', relayState: null, signature: 'absent' },
    })
  })

  it.each([
    ['twice', `SAMLRequest=${message}&SAMLRequest=${message}`],
    ['twice, once empty', `SAMLRequest=&SAMLRequest=${message}`],
    ['twice, once without a value', `SAMLRequest&SAMLRequest=${message}`],
    ['request and response', `SAMLRequest=${message}&SAMLResponse=${message}`],
    ['request and an empty response', `SAMLResponse=&SAMLRequest=${message}`],
    ['RelayState twice', `SAMLRequest=${message}&RelayState=a&RelayState=b`],
    ['SAMLEncoding twice', `SAMLRequest=${message}&SAMLEncoding=a&SAMLEncoding=a`],
    ['a longer name', `xSAMLRequest=${message}&SAMLRequest=${message}`],
    ['a longer name alone', `xSAMLRequest=${message}`],
    ['an escaped letter', `SAML%52equest=${message}`],
    ['an escaped letter beside the plain name', `SAMLRequest=${message}&SAML%52equest=${message}`],
    ['an escaped letter in RelayState', `SAMLRequest=${message}&Relay%53tate=x`],
    ['an escaped letter in Signature', `SAMLRequest=${message}&%53ignature=x`],
    ['another case', `SAMLRequest=${message}&samlrequest=${message}`],
    ['a PHP array', `SAMLRequest=${message}&SAMLRequest[]=${message}`],
    ['an escaped PHP array', `SAMLRequest=${message}&SAMLRequest%5b%5d=${message}`],
    ['a NUL behind the name', `SAMLRequest=${message}&SAMLRequest%00=${message}`],
    ['a space in front of the name', `SAMLRequest=${message}&+SAMLRequest=${message}`],
    ['an escaped equals sign', `SAMLRequest=${message}&SAMLRequest%3d${message}`],
    ['a semicolon as separator', `x=1;SAMLRequest=${message}&a;SAMLRequest=${message}`],
  ])('R01 ambiguous parameters are refused: %s', async (_name, query) => {
    expect(await read(query)).toMatchObject(refusal('saml.ambiguous_parameter'))
  })

  it.each([
    ['no message', 'RelayState=x', 'no_message'],
    ['nothing', '', 'no_message'],
    ['an artifact', 'SAMLart=AAQA', 'no_message'],
    ['another encoding', `SAMLRequest=${message}&SAMLEncoding=urn%3Ax`, 'message_encoding'],
    ['an empty encoding', `SAMLRequest=${message}&SAMLEncoding=`, 'message_encoding'],
    ['an escape cut short in a name', `SAMLRequest=${message}&a%4=1`, 'encoding'],
    ['an escape cut short in RelayState', `SAMLRequest=${message}&RelayState=%`, 'encoding'],
    ['RelayState that is not UTF-8', `SAMLRequest=${message}&RelayState=%c0%af`, 'encoding'],
    ['a raw letter beyond ASCII', `SAMLRequest=${message}&RelayState=é`, 'encoding'],
    [
      'a raw letter that ends in an ASCII octet',
      `SAMLRequest=${message}&RelayState=\u0141`,
      'encoding',
    ],
    ['a raw space', `SAMLRequest=${message}&RelayState=a b`, 'encoding'],
    ['a raw line feed', `SAMLRequest=${message}&RelayState=a\nb`, 'encoding'],
    ['seventeen parameters', `SAMLRequest=${message}${'&a=1'.repeat(16)}`, 'parameters'],
  ])('R01 %s is not this binding', async (_name, query, reason) => {
    expect(await read(query)).toMatchObject(refusal('saml.bad_binding', { reason }))
  })

  it('R01 positive control: sixteen parameters and the DEFLATE encoding are read', async () => {
    const encoding = encodeURIComponent('urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE')
    const query = `SAMLRequest=${message}&SAMLEncoding=${encoding}${'&a=1'.repeat(14)}`
    expect((await read(query)).ok).toBe(true)
  })

  it('R01 a query beyond 32 Ki characters is refused before it is taken apart', async () => {
    const query = `SAMLRequest=${message}&a=${'x'.repeat(limits.redirectQueryLength)}`
    expect(await read(query)).toMatchObject(refusal('saml.body_too_large'))
  })

  const base64 = deflated.toString('base64')
  it.each([
    ['a raw plus sign', 'AAA+'],
    ['URL-safe letters', encodeURIComponent('ab-_')],
    ['no padding', encodeURIComponent(base64.slice(0, base64.length - (base64.length % 4) - 1))],
    ['junk behind the padding', encodeURIComponent('QQ==QQ==')],
    ['trailing bits', encodeURIComponent('QR==')],
    ['NUL', `${message}%00`],
    ['a space', `${message}%20`],
    ['nothing', ''],
    ['an escape cut short', `${message}%4`],
  ])('T04 base64 with %s is refused', async (_name, value) => {
    expect(await read(`SAMLRequest=${value}`)).toMatchObject(refusal('saml.bad_base64'))
  })

  it('T04 positive control: base64 in lines is read', async () => {
    const lines = base64.replaceAll(/(.{20})/g, '$1\r\n')
    expect((await read(`SAMLRequest=${encodeURIComponent(lines)}`)).ok).toBe(true)
  })
})

describe('the signature of a query', () => {
  const cases: readonly [name: string, query: () => string, keyName: KeyName][] = [
    ['with RelayState', () => signed(`SAMLRequest=${message}&RelayState=x%2Fy`), 'K'],
    ['without RelayState', () => signed(`SAMLRequest=${message}`), 'K'],
    ['with an empty RelayState', () => signed(`SAMLRequest=${message}&RelayState=`), 'K'],
    ['of a response', () => signed(`SAMLResponse=${message}&RelayState=x`), 'K'],
    [
      'by ECDSA',
      () => signed(`SAMLRequest=${message}`, 'KE', rsaSha256.replace('rsa', 'ecdsa')),
      'KE',
    ],
    [
      'with SHA-512',
      () => signed(`SAMLRequest=${message}`, 'K', rsaSha256.replace('256', '512'), 'sha512'),
      'K',
    ],
  ]
  it.each(cases)('R01 positive control: a signature %s verifies', async (_name, query, keyName) => {
    const { id } = await verifyKey(keyName)
    expect(await read(query())).toMatchObject({ ok: true, value: { signature: { keyId: id } } })
  })

  it('R01 lower-case percent encoding verifies, since the octets are taken as they came', async () => {
    const raw = lower(`SAMLRequest=${message}&RelayState=${encodeURIComponent('https://a/b=c')}`)
    expect(raw).toContain('%2f')
    const octets = `${raw}&SigAlg=${lower(encodeURIComponent(rsaSha256))}`
    const key = createPrivateKey({
      key: Buffer.from(privateKeyDer('K')),
      format: 'der',
      type: 'pkcs8',
    })
    const signature = createSign('sha256').update(octets).sign(key).toString('base64')
    const query = `${octets}&Signature=${lower(encodeURIComponent(signature))}`
    expect(await read(query)).toMatchObject({ ok: true, value: { relayState: 'https://a/b=c' } })
    // The same message, encoded again by something on the way, no longer is what was signed.
    const upper = query.replaceAll(/%[0-9a-f]{2}/g, (code) => code.toUpperCase())
    expect(await read(upper)).toMatchObject(refusal('xmldsig.signature_invalid'))
  })

  it('R01 the order in the query does not matter, the order that was signed does', async () => {
    const query = signed(`SAMLRequest=${message}&RelayState=x`)
    expect((await read(query.split('&').reverse().join('&'))).ok).toBe(true)
    const swapped = signed(`RelayState=x&SAMLRequest=${message}`)
    expect(await read(swapped)).toMatchObject(refusal('xmldsig.signature_invalid'))
  })

  const tampered: readonly [name: string, change: (query: string) => string, code: string][] = [
    ['RelayState changed', (q) => q.replace('State=x', 'State=y'), 'xmldsig.signature_invalid'],
    ['RelayState removed', (q) => q.replace('&RelayState=x', ''), 'xmldsig.signature_invalid'],
    [
      'an escape in RelayState',
      (q) => q.replace('State=x', 'State=%78'),
      'xmldsig.signature_invalid',
    ],
    [
      'the message changed',
      (q) => q.replace(message, encodeURIComponent(deflateRawSync('<a/>').toString('base64'))),
      'xmldsig.signature_invalid',
    ],
    [
      'the parameter of the other kind',
      (q) => q.replace('SAMLRequest', 'SAMLResponse'),
      'xmldsig.signature_invalid',
    ],
    ['a second RelayState', (q) => `${q}&RelayState=y`, 'saml.ambiguous_parameter'],
    ['a second Signature', (q) => `${q}&Signature=AAAA`, 'saml.ambiguous_parameter'],
    ['no SigAlg', (q) => q.replace(/&SigAlg=[^&]*/, ''), 'xmldsig.algorithm'],
    ['an empty SigAlg', (q) => q.replace(/SigAlg=[^&]*/, 'SigAlg='), 'xmldsig.algorithm'],
    ['SigAlg without Signature', (q) => q.replace(/&Signature=.*/, ''), 'saml.unsigned'],
    ['an empty Signature', (q) => q.replace(/Signature=.*/, 'Signature='), 'saml.bad_base64'],
    [
      'a Signature that is no base64',
      (q) => q.replace(/Signature=.*/, 'Signature=*'),
      'saml.bad_base64',
    ],
    [
      'SHA-1 named',
      (q) =>
        q.replace(
          /SigAlg=[^&]*/,
          `SigAlg=${encodeURIComponent('http://www.w3.org/2000/09/xmldsig#rsa-sha1')}`,
        ),
      'xmldsig.algorithm',
    ],
    ['SHA-512 named', (q) => q.replace('rsa-sha256', 'rsa-sha512'), 'xmldsig.signature_invalid'],
    [
      'an ECDSA algorithm named',
      (q) => q.replace('rsa-sha256', 'ecdsa-sha256'),
      'xmldsig.signature_invalid',
    ],
    [
      'a prototype name as algorithm',
      (q) => q.replace(/SigAlg=[^&]*/, 'SigAlg=__proto__'),
      'xmldsig.algorithm',
    ],
  ]
  it.each(tampered)('R02 refuses %s', async (_name, change, code) => {
    const query = signed(`SAMLRequest=${message}&RelayState=x`)
    expect((await read(query)).ok).toBe(true)
    expect(await read(change(query))).toMatchObject(refusal(code))
  })

  it.each([
    ['http://www.w3.org/2000/09/xmldsig#rsa-sha1', 'sha1'],
    ['http://www.w3.org/2001/04/xmldsig-more#rsa-md5', 'md5'],
    ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha224', 'sha224'],
    [`${rsaSha256} `, 'sha256'],
    [rsaSha256.toUpperCase(), 'sha256'],
    ['http://www.w3.org/2001/04/xmldsig-more#hmac-sha256', 'sha256'],
  ])('R02 refuses a correct signature made with %s', async (algorithm, hash) => {
    const query = signed(`SAMLRequest=${message}`, 'K', algorithm, hash)
    expect(await read(query)).toMatchObject(refusal('xmldsig.algorithm', { got: algorithm }))
  })

  it('R02 refuses an unknown key, and any signature when no key is pinned', async () => {
    expect(await read(signed(`SAMLRequest=${message}`, 'Kprime'))).toMatchObject(
      refusal('xmldsig.signature_invalid'),
    )
    expect(await readRedirectMessage(signed(`SAMLRequest=${message}`), { keys: [] })).toMatchObject(
      refusal('xmldsig.algorithm'),
    )
  })

  it('R02 a broken signature is refused before anything is inflated', async () => {
    const junk = encodeURIComponent(Buffer.from('not deflate').toString('base64'))
    expect(await read(signed(`SAMLRequest=${junk}`, 'Kprime'))).toMatchObject(
      refusal('xmldsig.signature_invalid'),
    )
    expect(await read(signed(`SAMLRequest=${junk}`))).toMatchObject(refusal('saml.inflate'))
  })
})

describe('inflating', () => {
  const deflatedXml = Buffer.from(deflated)
  const storedLoop = Buffer.concat(
    Array.from({ length: 2000 }, () => Buffer.from([0, 0, 0, 255, 255])),
  )
  it.each([
    ['a bomb of 1 : 1000', deflateRawSync(Buffer.alloc(10_000_000)), 'too_large'],
    [
      'one octet too many',
      deflateRawSync(Buffer.alloc(limits.redirectMessageBytes + 1)),
      'too_large',
    ],
    ['one trailing octet', Buffer.concat([deflatedXml, Buffer.from([0])]), 'malformed'],
    ['a second stream behind the first', Buffer.concat([deflatedXml, deflatedXml]), 'malformed'],
    ['a zlib header', deflateSync(Buffer.from(xml)), 'malformed'],
    ['a gzip header', gzipSync(Buffer.from(xml)), 'malformed'],
    ['a truncated stream', deflatedXml.subarray(0, -1), 'malformed'],
    ['a stream without its end', deflatedXml.subarray(0, deflatedXml.length >> 1), 'malformed'],
    ['stored blocks without end', storedLoop, 'malformed'],
    ['a reserved block type', Buffer.from([7]), 'malformed'],
    ['plain XML', Buffer.from(xml), 'malformed'],
  ])('R03 %s is refused', async (_name, octets, reason) => {
    const value = encodeURIComponent(octets.toString('base64'))
    const result = await read(`SAMLRequest=${value}`)
    expect(result).toMatchObject(refusal('saml.inflate', { reason }))
  })

  it('R03 positive control: 64 KiB, stored blocks and empty blocks before the end are read', async () => {
    const full = deflateRawSync(Buffer.alloc(limits.redirectMessageBytes))
    const stored = deflateRawSync(Buffer.from(xml), { level: 0 })
    for (const octets of [full, stored, Buffer.concat([storedLoop, deflatedXml])]) {
      const value = encodeURIComponent(octets.toString('base64'))
      expect((await read(`SAMLRequest=${value}`)).ok).toBe(true)
    }
  })

  it('R03 whatever the octets, the answer is a message or saml.inflate', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (octets) => {
        const value = encodeURIComponent(Buffer.from(octets).toString('base64'))
        const result = await read(`SAMLRequest=${value}`)
        if (result.ok) expect(result.value.message.length).toBeLessThanOrEqual(65536)
        else expect(result.failure.code).toBe('saml.inflate')
      }),
      { numRuns: cases(150) },
    )
  }, 30_000)
})

describe('sending by Redirect and POST', () => {
  const ssoUrl = 'https://login.microsoftonline.com/tid/saml2'

  it('deflates, encodes and appends to the endpoint', async () => {
    const url = new URL(await redirectUrl({ endpoint: ssoUrl, kind: 'SAMLRequest', xml }))
    expect([...url.searchParams.keys()]).toEqual(['SAMLRequest'])
    const sent = Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')
    expect(inflateRawSync(sent).toString()).toBe(xml)
    expect(url.href.startsWith(`${ssoUrl}?SAMLRequest=`)).toBe(true)
  })

  it.each([
    ['https://idp.example/sso?idpid=C03', 'https://idp.example/sso?idpid=C03&SAMLRequest='],
    ['https://idp.example/sso?', 'https://idp.example/sso?SAMLRequest='],
    ['https://idp.example/sso?a=1&', 'https://idp.example/sso?a=1&SAMLRequest='],
  ])('keeps the query of %s', async (endpoint, start) => {
    const url = await redirectUrl({ endpoint, kind: 'SAMLRequest', xml })
    expect(url.startsWith(start)).toBe(true)
  })

  it('puts the login hint behind what is signed', async () => {
    const key = await importSigningKey(privateKeyDer('K'))
    const url = await redirectUrl({
      endpoint: ssoUrl,
      kind: 'SAMLRequest',
      xml,
      relayState: 'req_1/ä+ ',
      loginHint: 'ann+x@contoso.com',
      signingKey: key,
    })
    const query = url.slice(url.indexOf('?') + 1)
    const names = query.split('&').map((part) => part.split('=')[0])
    expect(names).toEqual(['SAMLRequest', 'RelayState', 'SigAlg', 'Signature', 'login_hint'])
    expect(url).toContain('&login_hint=ann%2Bx%40contoso.com')
    const octets = query.slice(0, query.indexOf('&Signature='))
    const signature = new URL(url).searchParams.get('Signature') ?? ''
    const certificate = new X509Certificate(certificateDer('K'))
    const verify = createVerify('sha256').update(octets)
    expect(verify.verify(certificate.publicKey, signature, 'base64')).toBe(true)
  })

  it('sends a form by POST: base64 of the XML itself, not deflated', () => {
    expect(
      postForm({ endpoint: ssoUrl, kind: 'SAMLRequest', xml, relayState: 'r', loginHint: 'a@b' }),
    ).toEqual({
      action: `${ssoUrl}?login_hint=a%40b`,
      fields: { SAMLRequest: Buffer.from(xml).toString('base64'), RelayState: 'r' },
    })
    expect(postForm({ endpoint: ssoUrl, kind: 'SAMLResponse', xml })).toEqual({
      action: ssoUrl,
      fields: { SAMLResponse: Buffer.from(xml).toString('base64') },
    })
  })

  it('R01 what we send, signed or not, is what we read', async () => {
    const key = await importSigningKey(privateKeyDer('K'))
    const { id } = await verifyKey('K')
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, maxLength: 300, unit: 'binary' }),
        fc.option(fc.string({ maxLength: 40, unit: 'binary' }), { nil: undefined }),
        fc.boolean(),
        fc.constantFrom('SAMLRequest' as const, 'SAMLResponse' as const),
        async (text, relayState, isSigned, kind) => {
          const url = await redirectUrl({
            endpoint: 'https://idp.example/slo?tenant=1',
            kind,
            xml: text,
            ...(relayState === undefined ? {} : { relayState }),
            ...(isSigned ? { signingKey: key } : {}),
          })
          const result = await read(url.slice(url.indexOf('?')))
          expect(result).toMatchObject({
            ok: true,
            value: {
              kind,
              relayState: relayState ?? null,
              signature: isSigned ? { keyId: id } : 'absent',
            },
          })
          expect(result.ok && Buffer.from(result.value.message).toString()).toBe(text)
        },
      ),
      { numRuns: cases(60) },
    )
  }, 30_000)
})
