import { describe, expect, it } from 'vitest'
import { base64Encode, concatBytes, systemRandom, utf8 } from '../../src/kernel/index.ts'
import { parseXml } from '../../src/xml/index.ts'
import {
  type Certificate,
  createSigningKeyPair,
  importSigningKey,
  importVerifyKey,
  parseCertificate,
  signEnveloped,
  verifyEnveloped,
  verifyOctets,
} from '../../src/xmldsig/index.ts'
import { decryptElement, importDecryptKey } from '../../src/xmlenc/index.ts'
import p256 from '../fixtures/wycheproof/ecdsa_secp256r1_sha256_p1363_test.json'
import p384 from '../fixtures/wycheproof/ecdsa_secp384r1_sha384_p1363_test.json'
import p521 from '../fixtures/wycheproof/ecdsa_secp521r1_sha512_p1363_test.json'
import rsa from '../fixtures/wycheproof/rsa_signature_2048_sha256_test.json'
import { codeOf, unwrap } from '../xmldsig/expect.ts'

/** The same guards where they will run: workerd has its own WebCrypto, with its own ideas of what throws. */
const dsigMore = 'http://www.w3.org/2001/04/xmldsig-more#'
const xmlenc = 'http://www.w3.org/2001/04/xmlenc#'
const xmlenc11 = 'http://www.w3.org/2009/xmlenc11#'

function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function certificate(spki: string, key: Certificate['key']): Certificate {
  const dates = { notBeforeMs: 0, notAfterMs: 0 }
  const names = { subject: '', issuer: '' }
  return { der: new Uint8Array(), sha256: 'id', spki: fromHex(spki), key, ...dates, ...names }
}

const pair = await createSigningKeyPair({
  commonName: 'login.example',
  notBeforeMs: Date.UTC(2026, 0, 1),
  notAfterMs: Date.UTC(2029, 0, 1),
  random: systemRandom,
})

describe('signatures in workerd', () => {
  it.each([
    ['RSA', rsa, 'rsa-sha256', { family: 'rsa', bits: 2048, exponent: 65537 }],
    ['P-256', p256, 'ecdsa-sha256', { family: 'ec', curve: 'P-256' }],
    ['P-384', p384, 'ecdsa-sha384', { family: 'ec', curve: 'P-384' }],
    ['P-521', p521, 'ecdsa-sha512', { family: 'ec', curve: 'P-521' }],
  ] as const)(
    'K09 K10 gives every Wycheproof vector of %s its verdict',
    async (_, file, name, kind) => {
      for (const { publicKeyDer, tests } of file.testGroups) {
        const key = unwrap(await importVerifyKey(certificate(publicKeyDer, kind)))
        for (const { tcId, comment, msg, sig, result } of tests) {
          const verdict = await verifyOctets({
            algorithm: dsigMore + name,
            signature: fromHex(sig),
            octets: fromHex(msg),
            keys: [key],
          })
          const expected = result === 'valid' ? 'ok' : 'xmldsig.signature_invalid'
          expect(`${tcId} ${comment}: ${codeOf(verdict)}`).toBe(`${tcId} ${comment}: ${expected}`)
        }
      }
    },
  )

  it('K08 refuses a point off the curve', async () => {
    const spki = `3059301306072a8648ce3d020106082a8648ce3d03010703420004${'01'.repeat(64)}`
    const result = await importVerifyKey(certificate(spki, { family: 'ec', curve: 'P-256' }))
    expect(result).toMatchObject({ failure: { reason: 'key_refused' } })
  })

  it('K02 refuses SHA-1, which workerd itself verifies', async () => {
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-1' }
    const octets = utf8('x')
    const usages = ['sign'] as const
    const pkcs8 = pair.privateKeyPkcs8
    const signer = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, [...usages])
    const signature = new Uint8Array(await crypto.subtle.sign(algorithm, signer, octets))
    const pinned = unwrap(await parseCertificate(pair.certificateDer))
    const spki = pinned.spki
    const verifier = await crypto.subtle.importKey('spki', spki, algorithm, false, ['verify'])
    expect(await crypto.subtle.verify(algorithm, verifier, signature, octets)).toBe(true)
    const keys = [unwrap(await importVerifyKey(pinned))]
    const uri = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
    expect(codeOf(await verifyOctets({ algorithm: uri, signature, octets, keys }))).toBe(
      'xmldsig.algorithm',
    )
  })

  it('S10 verifies an enveloped signature, and refuses it when changed', async () => {
    const keys = [
      unwrap(await importVerifyKey(unwrap(await parseCertificate(pair.certificateDer)))),
    ]
    const signed = await signEnveloped({
      xml: '<a xmlns="urn:a" ID="_a"><b>x</b></a>',
      key: await importSigningKey(pair.privateKeyPkcs8),
      certificateDer: pair.certificateDer,
      position: 'second',
    })
    const judge = async (xml: string) => {
      const { root } = unwrap(parseXml(xml))
      return codeOf(await verifyEnveloped({ root, element: root, keys }))
    }
    expect(await judge(signed)).toBe('ok')
    expect(await judge(signed.replace('<b>x', '<b>y'))).toBe('xmldsig.digest_mismatch')
    expect(await judge(signed.replace('URI="#_a"', 'URI="#_b"'))).toBe('xmldsig.signature_invalid')
  })
})

describe('decryption in workerd', () => {
  type Sealed = { uri: string; rawKey: Uint8Array<ArrayBuffer>; bytes: Uint8Array }

  async function sealGcm(plaintext: Uint8Array<ArrayBuffer>): Promise<Sealed> {
    const [rawKey, iv] = [systemRandom(32), systemRandom(12)]
    const key = await crypto.subtle.importKey('raw', rawKey, 'AES-GCM', false, ['encrypt'])
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plaintext)
    return { uri: `${xmlenc11}aes256-gcm`, rawKey, bytes: concatBytes(iv, new Uint8Array(sealed)) }
  }

  /** CBC of whole blocks: WebCrypto adds one of its own padding, which is cut off. */
  async function sealCbc(blocks: Uint8Array<ArrayBuffer>): Promise<Sealed> {
    const [rawKey, iv] = [systemRandom(16), systemRandom(16)]
    const key = await crypto.subtle.importKey('raw', rawKey, 'AES-CBC', false, ['encrypt'])
    const sealed = new Uint8Array(
      await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, key, blocks),
    ).subarray(0, blocks.length)
    return { uri: `${xmlenc}aes128-cbc`, rawKey, bytes: concatBytes(iv, sealed) }
  }

  async function decrypt(
    { uri, rawKey, bytes }: Sealed,
    wrap: (wrapped: Uint8Array) => Uint8Array = (wrapped) => wrapped,
  ) {
    const { spki } = unwrap(await parseCertificate(pair.certificateDer))
    const oaep = { name: 'RSA-OAEP', hash: 'SHA-1' }
    const key = await crypto.subtle.importKey('spki', spki, oaep, false, ['encrypt'])
    const wrapped = wrap(new Uint8Array(await crypto.subtle.encrypt(oaep, key, rawKey)))
    const value = (content: Uint8Array) =>
      `<x:CipherData><x:CipherValue>${base64Encode(content)}</x:CipherValue></x:CipherData>`
    const method = (algorithm: string) => `<x:EncryptionMethod Algorithm="${algorithm}"/>`
    const xml =
      `<EncryptedAssertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:x="${xmlenc}">` +
      `<x:EncryptedData>${method(uri)}${value(bytes)}</x:EncryptedData>` +
      `<x:EncryptedKey>${method(`${xmlenc}rsa-oaep-mgf1p`)}${value(wrapped)}</x:EncryptedKey>` +
      '</EncryptedAssertion>'
    const keys = [await importDecryptKey(pair.privateKeyPkcs8)]
    return decryptElement(unwrap(parseXml(xml)).root, keys, { allowCbc: true })
  }

  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

  it('E04 decrypts GCM, and refuses a flipped tag', async () => {
    const sealed = await sealGcm(utf8('plaintext'))
    expect(text(unwrap(await decrypt(sealed)))).toBe('plaintext')
    const last = sealed.bytes.length - 1
    sealed.bytes[last] = (sealed.bytes[last] ?? 0) ^ 1
    expect(codeOf(await decrypt(sealed))).toBe('saml.decrypt_failed')
  })

  it('E01 decrypts CBC with the padding of XML Encryption, and refuses wrong lengths alike', async () => {
    const block = utf8('plaintext*random')
    for (const [last, expected] of [
      [7, 'plaintext'],
      [16, ''],
      [1, 'plaintext*rando'],
    ] as const) {
      block[15] = last
      expect(text(unwrap(await decrypt(await sealCbc(block))))).toBe(expected)
    }
    for (const last of [0, 17, 255]) {
      block[15] = last
      expect(codeOf(await decrypt(await sealCbc(block)))).toBe('saml.decrypt_failed')
    }
  })

  it('E11 refuses wrapped keys that our key does not open: cut, long, random, empty', async () => {
    const sealed = await sealGcm(utf8('plaintext'))
    for (const wrap of [
      (wrapped: Uint8Array) => wrapped.subarray(1),
      (wrapped: Uint8Array) => concatBytes(wrapped, wrapped),
      () => new Uint8Array(256).fill(0xff),
      () => new Uint8Array(256),
      () => new Uint8Array(),
    ]) {
      expect(codeOf(await decrypt(sealed, wrap))).toBe('saml.decrypt_failed')
    }
    expect(codeOf(await decrypt(sealed))).toBe('ok')
  })
})
