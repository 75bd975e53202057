import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { assertionTemplate, pin, verifyIn } from './documents.ts'
import { codeOf, unwrap } from './expect.ts'
import { ecPair, rsaPair } from './make-certificate.ts'
import { ds, dsigMore, method, type Pieces, signDocument } from './sign-document.ts'

const pinned = rsaPair()
const unknown = rsaPair()
const p256 = ecPair('prime256v1')
const p384 = ecPair('secp384r1')
const p521 = ecPair('secp521r1')
const key = await pin(pinned)

const signed = (pair: typeof pinned, pieces: Partial<Pieces> = {}) =>
  signDocument(assertionTemplate, pair.privateKey, pieces)
const signatureMethod = (name: string) => method('SignatureMethod', dsigMore + name)

async function judge(xml: string, keys = [key]) {
  return codeOf(await verifyIn(xml, keys))
}

describe('which key', () => {
  it.each([
    ['RSA SHA-256', pinned, 'rsa-sha256', 'sha256'],
    ['RSA SHA-384', pinned, 'rsa-sha384', 'sha384'],
    ['RSA SHA-512', pinned, 'rsa-sha512', 'sha512'],
    ['P-256', p256, 'ecdsa-sha256', 'sha256'],
    ['P-384', p384, 'ecdsa-sha384', 'sha384'],
    ['P-521', p521, 'ecdsa-sha512', 'sha512'],
  ])('accepts %s', async (_, pair, name, hash) => {
    const xml = signed(pair, { signatureMethod: signatureMethod(name), hash })
    expect(await judge(xml, [await pin(pair)])).toBe('ok')
  })

  it('K06 K11 refuses an unknown key, also when it brings its certificate', async () => {
    const certificate = unknown.certificate.toString('base64')
    const keyInfo = `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`
    expect(await judge(signed(unknown))).toBe('xmldsig.signature_invalid')
    expect(await judge(signed(unknown, { keyInfo }))).toBe('xmldsig.signature_invalid')
    expect(await judge(signed(pinned, { keyInfo }))).toBe('ok')
  })

  it('K07 refuses an unknown key under the certificate of the pinned one', async () => {
    const certificate = pinned.certificate.toString('base64')
    const keyInfo = `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`
    expect(await judge(signed(unknown, { keyInfo }))).toBe('xmldsig.signature_invalid')
    expect(await judge(signed(pinned, { keyInfo }))).toBe('ok')
  })

  it('K14 accepts the second pinned key and names it', async () => {
    const second = await pin(unknown)
    const result = await verifyIn(signed(unknown), [key, second])
    expect(unwrap(result).keyId).toBe(second.id)
    expect(await judge(signed(unknown), [key])).toBe('xmldsig.signature_invalid')
  })

  it('K13 refuses when no key is pinned', async () => {
    expect(await judge(signed(pinned), [])).toBe('xmldsig.algorithm')
  })
})

describe('which algorithm', () => {
  it('K01 refuses HMAC keyed with what is public of the pinned key', async () => {
    for (const secret of [
      pinned.publicKey.export({ type: 'spki', format: 'der' }),
      pinned.publicKey.export({ type: 'spki', format: 'pem' }),
      pinned.certificate,
    ]) {
      const mac = createHmac('sha256', secret).update('x').digest('base64')
      for (const uri of [`${ds}hmac-sha1`, `${dsigMore}hmac-sha256`]) {
        const xml = signed(pinned, {
          signatureMethod: method('SignatureMethod', uri),
          signatureValue: () => `<ds:SignatureValue>${mac}</ds:SignatureValue>`,
        })
        expect(await judge(xml)).toBe('xmldsig.algorithm')
      }
    }
  })

  it.each([
    [`${ds}rsa-sha1`, 'sha1'],
    [`${dsigMore}rsa-md5`, 'md5'],
    [`${dsigMore}rsa-ripemd160`, 'ripemd160'],
    [`${dsigMore}rsa-sha224`, 'sha224'],
    [`${ds}dsa-sha1`, 'sha1'],
  ])('K02 refuses %s, though it is a correct signature', async (uri, hash) => {
    const xml = signed(pinned, { signatureMethod: method('SignatureMethod', uri), hash })
    expect(await judge(xml)).toBe('xmldsig.algorithm')
    expect(await judge(signed(pinned))).toBe('ok')
  })

  it.each([
    '',
    '__proto__',
    'toString',
    `${dsigMore}rsa-sha256 `,
    `${dsigMore}rsa-sha256&#10;`,
    `${dsigMore}RSA-SHA256`,
    `${dsigMore}rsa-sha256`.replace('http:', 'https:'),
  ])('K03 refuses the SignatureMethod %j', async (uri) => {
    const xml = signed(pinned, { signatureMethod: method('SignatureMethod', uri) })
    expect(await judge(xml)).toBe('xmldsig.algorithm')
  })

  it('K03 W24 refuses a SignatureMethod without a plain Algorithm', async () => {
    const uri = `${dsigMore}rsa-sha256`
    expect(await judge(signed(pinned, { signatureMethod: '<ds:SignatureMethod/>' }))).toBe(
      'xmldsig.algorithm',
    )
    const foreign = `<ds:SignatureMethod xmlns:e="urn:e" e:Algorithm="${uri}"/>`
    expect(await judge(signed(pinned, { signatureMethod: foreign }))).toBe(
      'xmldsig.unexpected_child',
    )
  })

  it.each(['<ds:HMACOutputLength>8</ds:HMACOutputLength>', '<e xmlns="urn:e"/>', 'x'])(
    'K04 refuses %s inside SignatureMethod',
    async (inner) => {
      const xml = signed(pinned, {
        signatureMethod: method('SignatureMethod', `${dsigMore}rsa-sha256`, inner),
      })
      expect(await judge(xml)).toBe('xmldsig.unexpected_child')
    },
  )

  it.each([
    ['rsa-sha256', p256, 'sha256'],
    ['ecdsa-sha256', pinned, 'sha256'],
    ['ecdsa-sha256', p384, 'sha256'],
    ['ecdsa-sha384', p256, 'sha384'],
    ['ecdsa-sha512', p384, 'sha512'],
  ])('K05 refuses %s with a key of another kind %#', async (name, pair, hash) => {
    const xml = signed(pair, { signatureMethod: signatureMethod(name), hash })
    expect(await judge(xml, [await pin(pair)])).toBe('xmldsig.algorithm')
  })

  it('K09 refuses ECDSA values that are not r and s of full length', async () => {
    const ec = [await pin(p256)]
    const xml = (change: (value: Buffer) => Buffer) =>
      signed(p256, {
        signatureMethod: signatureMethod('ecdsa-sha256'),
        signatureValue: (value) =>
          `<ds:SignatureValue>${change(Buffer.from(value, 'base64')).toString('base64')}</ds:SignatureValue>`,
      })
    const order = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'
    const half = (value: Buffer) => Buffer.concat([Buffer.from([2, 33, 0]), value])
    for (const change of [
      () => Buffer.alloc(64),
      () => Buffer.from(order + order, 'hex'),
      (v: Buffer) => Buffer.concat([Buffer.from(order, 'hex'), v.subarray(32)]),
      (v: Buffer) => v.subarray(0, 63),
      (v: Buffer) => Buffer.concat([v, Buffer.alloc(2)]),
      (v: Buffer) =>
        Buffer.concat([Buffer.alloc(1), v.subarray(0, 32), Buffer.alloc(1), v.subarray(32)]),
      (v: Buffer) =>
        Buffer.concat([Buffer.from([0x30, 70]), half(v.subarray(0, 32)), half(v.subarray(32))]),
    ]) {
      expect(await judge(xml(change), ec)).toBe('xmldsig.signature_invalid')
    }
    expect(
      await judge(
        xml((v) => v),
        ec,
      ),
    ).toBe('ok')
  })
})
