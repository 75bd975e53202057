import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { utf8 } from '../../src/kernel/index.ts'
import {
  importVerifyKey,
  parseCertificate,
  type VerifyKey,
  verifyOctets,
} from '../../src/xmldsig/index.ts'
import { codeOf, unwrap } from './expect.ts'
import { ecPair, type KeyPair, rsaPair, signWith } from './make-certificate.ts'

const dsigMore = 'http://www.w3.org/2001/04/xmldsig-more#'
const dsig = 'http://www.w3.org/2000/09/xmldsig#'
const octets = utf8('SAMLRequest=abc&SigAlg=def')

async function pin(pair: KeyPair): Promise<VerifyKey> {
  return unwrap(await importVerifyKey(unwrap(await parseCertificate(pair.certificate))))
}

const rsa = rsaPair()
const p256 = ecPair('prime256v1')
const p384 = ecPair('secp384r1')
const p521 = ecPair('secp521r1')
const keys = {
  rsa: await pin(rsa),
  p256: await pin(p256),
  p384: await pin(p384),
  p521: await pin(p521),
}

async function judge(algorithm: string | null, pinned: VerifyKey[], signature: Uint8Array) {
  return verifyOctets({ algorithm, signature: new Uint8Array(signature), octets, keys: pinned })
}

afterEach(() => vi.restoreAllMocks())

describe('signatures over octets', () => {
  it.each([
    ['rsa-sha256', 'sha256', rsa, keys.rsa],
    ['rsa-sha384', 'sha384', rsa, keys.rsa],
    ['rsa-sha512', 'sha512', rsa, keys.rsa],
    ['ecdsa-sha256', 'sha256', p256, keys.p256],
    ['ecdsa-sha384', 'sha384', p384, keys.p384],
    ['ecdsa-sha512', 'sha512', p521, keys.p521],
  ])('accepts %s and says which key', async (name, hash, pair, key) => {
    const signature = signWith(pair.privateKey, hash, octets)
    const all = [keys.p521, keys.p384, keys.p256, keys.rsa]
    expect(unwrap(await judge(dsigMore + name, all, signature)).keyId).toBe(key.id)
    signature[8] = (signature[8] ?? 0) ^ 1
    expect(codeOf(await judge(dsigMore + name, all, signature))).toBe('xmldsig.signature_invalid')
  })

  it('K06 K14 tries every pinned key, and no other', async () => {
    const other = rsaPair()
    const otherKey = await pin(other)
    const signature = signWith(other.privateKey, 'sha256', octets)
    const rsaSha256 = `${dsigMore}rsa-sha256`
    const both = await judge(rsaSha256, [keys.rsa, otherKey], signature)
    expect(unwrap(both).keyId).toBe(otherKey.id)
    const one = await judge(rsaSha256, [keys.rsa], signature)
    expect(one).toMatchObject({
      failure: { code: 'xmldsig.signature_invalid', keyIds: [keys.rsa.id] },
    })
  })

  it('K01 refuses an HMAC keyed with anything public, before any cryptography', async () => {
    const spy = vi.spyOn(crypto.subtle, 'verify')
    const spki = rsa.publicKey.export({ type: 'spki', format: 'der' })
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' })
    for (const secret of [spki, pem, rsa.certificate]) {
      for (const [uri, hash] of [
        [`${dsig}hmac-sha1`, 'sha1'],
        [`${dsigMore}hmac-sha256`, 'sha256'],
      ] as const) {
        const mac = createHmac(hash, secret).update(octets).digest()
        expect(codeOf(await judge(uri, [keys.rsa], mac))).toBe('xmldsig.algorithm')
      }
    }
    expect(spy).not.toHaveBeenCalled()
  })

  it('K02 refuses SHA-1, which WebCrypto would verify, and MD5, though correctly signed', async () => {
    for (const [uri, hash] of [
      [`${dsig}rsa-sha1`, 'sha1'],
      [`${dsigMore}rsa-md5`, 'md5'],
      [`${dsigMore}rsa-ripemd160`, 'ripemd160'],
      [`${dsigMore}rsa-sha224`, 'sha224'],
      [`${dsig}dsa-sha1`, 'sha1'],
    ] as const) {
      const signature = signWith(rsa.privateKey, hash, octets)
      expect(codeOf(await judge(uri, [keys.rsa], signature))).toBe('xmldsig.algorithm')
    }
  })

  it.each([
    null,
    '',
    '__proto__',
    'constructor',
    'toString',
    `${dsigMore}rsa-sha256 `,
    `${dsigMore}rsa-sha256\n`,
    ` ${dsigMore}rsa-sha256`,
    `${dsigMore}RSA-SHA256`,
    `${dsigMore.replace('http:', 'https:')}rsa-sha256`,
    'rsa-sha256',
  ])('K03 X18 refuses the algorithm %j', async (uri) => {
    const signature = signWith(rsa.privateKey, 'sha256', octets)
    expect(codeOf(await judge(uri, [keys.rsa], signature))).toBe('xmldsig.algorithm')
    expect(codeOf(await judge(`${dsigMore}rsa-sha256`, [keys.rsa], signature))).toBe('ok')
  })

  it('K05 refuses an algorithm of another family or curve than the pinned key', async () => {
    const signed = [
      ['rsa-sha256', 'sha256', keys.p256, p256],
      ['ecdsa-sha256', 'sha256', keys.rsa, rsa],
      ['ecdsa-sha256', 'sha256', keys.p384, p384],
      ['ecdsa-sha256', 'sha256', keys.p521, p521],
      ['ecdsa-sha384', 'sha384', keys.p256, p256],
      ['ecdsa-sha512', 'sha512', keys.p256, p256],
      ['ecdsa-sha512', 'sha512', keys.p384, p384],
    ] as const
    for (const [name, hash, key, pair] of signed) {
      const signature = signWith(pair.privateKey, hash, octets)
      expect(await judge(dsigMore + name, [key], signature)).toMatchObject({
        failure: { code: 'xmldsig.algorithm', keyMismatch: true },
      })
    }
  })

  it('K05 refuses RSA-PSS by every name it has', async () => {
    for (const uri of [
      `${dsigMore}rsa-pss`,
      'http://www.w3.org/2007/05/xmldsig-more#rsa-pss',
      'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
    ]) {
      expect(codeOf(await judge(uri, [keys.rsa], new Uint8Array(256)))).toBe('xmldsig.algorithm')
    }
  })

  it('K09 refuses ECDSA signatures as DER, padded or cut', async () => {
    const uri = `${dsigMore}ecdsa-sha256`
    const raw = signWith(p256.privateKey, 'sha256', octets)
    const half = (part: Buffer) => Buffer.concat([Buffer.from([2, 33, 0]), part])
    const der = Buffer.concat([
      Buffer.from([0x30, 70]),
      half(raw.subarray(0, 32)),
      half(raw.subarray(32)),
    ])
    const padded = Buffer.concat([
      Buffer.alloc(1),
      raw.subarray(0, 32),
      Buffer.alloc(1),
      raw.subarray(32),
    ])
    for (const bad of [der, padded, raw.subarray(1), raw.subarray(0, 63), Buffer.alloc(0)]) {
      expect(codeOf(await judge(uri, [keys.p256], bad))).toBe('xmldsig.signature_invalid')
    }
    expect(codeOf(await judge(uri, [keys.p256], raw))).toBe('ok')
  })

  it('K13 refuses when no key is pinned', async () => {
    const signature = signWith(rsa.privateKey, 'sha256', octets)
    expect(codeOf(await judge(`${dsigMore}rsa-sha256`, [], signature))).toBe('xmldsig.algorithm')
  })

  it('K15 imports keys non-extractable, to verify only, with the algorithm of the key', async () => {
    const spy = vi.spyOn(crypto.subtle, 'importKey')
    const key = await pin(rsa)
    const signature = signWith(rsa.privateKey, 'sha512', octets)
    expect(codeOf(await judge(`${dsigMore}rsa-sha512`, [key], signature))).toBe('ok')
    expect(codeOf(await judge(`${dsigMore}rsa-sha512`, [key], signature))).toBe('ok')
    const calls = spy.mock.calls.map(([format, , algorithm, extractable, usages]) => ({
      format,
      algorithm,
      extractable,
      usages,
    }))
    const name = 'RSASSA-PKCS1-v1_5'
    const rest = { format: 'spki', extractable: false, usages: ['verify'] }
    expect(calls).toEqual([
      { ...rest, algorithm: { name, hash: 'SHA-256' } },
      { ...rest, algorithm: { name, hash: 'SHA-512' } },
    ])
  })
})
