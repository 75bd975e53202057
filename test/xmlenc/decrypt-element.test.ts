import { constants, generateKeyPairSync, randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { limits } from '../../src/kernel/index.ts'
import { parseXml } from '../../src/xml/index.ts'
import {
  type DecryptKey,
  type DecryptPolicy,
  decryptElement,
  importDecryptKey,
} from '../../src/xmlenc/index.ts'
import { codeOf, unwrap } from '../xmldsig/expect.ts'
import {
  beside,
  type ContentName,
  contents,
  ds,
  encrypt,
  encryptedAssertion,
  insideKeyInfo,
  mgf,
  type Options,
  pad,
  sha1,
  sha256,
  xmlenc,
  xmlenc11,
} from './encrypt.ts'

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
const load = (privateKey: typeof pair.privateKey) =>
  importDecryptKey(new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' })))
const ours = await load(pair.privateKey)
const theirs = await load(other.privateKey)
const plaintext = '<Assertion>Zoë &amp; co</Assertion>'

const decrypt = async (
  xml: string,
  policy: DecryptPolicy = { allowCbc: true },
  keys: DecryptKey[] = [ours],
) => decryptElement(unwrap(parseXml(xml)).root, keys, policy)

const judge = async (replaced: Partial<Options> = {}, policy?: DecryptPolicy) =>
  codeOf(await decrypt(encrypt(plaintext, pair.publicKey, replaced), policy))

function flip(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes)
  const index = at < 0 ? changed.length + at : at
  changed[index] = (changed[index] ?? 0) ^ 1
  return changed
}

afterEach(() => vi.restoreAllMocks())

describe('what is decrypted', () => {
  const transports: [string, Partial<Options>][] = [
    ['mgf1p', {}],
    ['mgf1p with its digest named', { transportMethod: sha1 }],
    ['rsa-oaep by default', { transportUri: `${xmlenc11}rsa-oaep` }],
    [
      'rsa-oaep SHA-1',
      { transportUri: `${xmlenc11}rsa-oaep`, transportMethod: sha1 + mgf('sha1') },
    ],
    [
      'rsa-oaep SHA-256',
      {
        transportUri: `${xmlenc11}rsa-oaep`,
        transportMethod: mgf('sha256') + sha256,
        oaepHash: 'sha256',
      },
    ],
  ]

  describe.each(Object.keys(contents) as ContentName[])('%s', (content) => {
    it.each(transports)('E10 decrypts with %s', async (_, options) => {
      const xml = encrypt(plaintext, pair.publicKey, { content, ...options })
      expect(Buffer.from(unwrap(await decrypt(xml))).toString()).toBe(plaintext)
    })

    it('decrypts content of every length', async () => {
      for (let length = 1; length < 35; length++) {
        const text = 'x'.repeat(length)
        const xml = encrypt(text, pair.publicKey, { content })
        expect(Buffer.from(unwrap(await decrypt(xml))).toString()).toBe(text)
      }
    })
  })

  it('decrypts a key inside KeyInfo, beside the data, and beside it with an arrow to it', async () => {
    const arrow: Options['place'] = (key) => ({
      keyInfo: `<ds:KeyInfo xmlns:ds="${ds}"><ds:RetrievalMethod Type="${xmlenc}EncryptedKey" URI="#_k"/></ds:KeyInfo>`,
      siblings: key,
    })
    expect(await judge({ place: insideKeyInfo })).toBe('ok')
    expect(await judge({ place: beside })).toBe('ok')
    expect(await judge({ place: arrow, keyAttributes: ' Id="_k"' })).toBe('ok')
  })

  it('ignores what KeyInfo says about keys, and white space', async () => {
    const hints =
      '<ds:KeyName>x</ds:KeyName><ds:X509Data><ds:X509Certificate>AA==</ds:X509Certificate></ds:X509Data>'
    const keyInfoOfKey = `<ds:KeyInfo xmlns:ds="${ds}">${hints}</ds:KeyInfo>`
    const place: Options['place'] = (key) => ({
      keyInfo: `\n<ds:KeyInfo xmlns:ds="${ds}">${hints}\n${key}</ds:KeyInfo>\n`,
      siblings: '\n',
    })
    expect(await judge({ place, keyInfoOfKey })).toBe('ok')
  })

  it('accepts data without Type, and ReferenceList and CarriedKeyName in the key', async () => {
    expect(await judge({ dataAttributes: ' Id="_d"' })).toBe('ok')
    const xml = encrypt(plaintext, pair.publicKey).replace(
      '</xenc:EncryptedKey>',
      '<xenc:ReferenceList><xenc:DataReference URI="#_d"/></xenc:ReferenceList>' +
        '<xenc:CarriedKeyName>x</xenc:CarriedKeyName></xenc:EncryptedKey>',
    )
    expect(codeOf(await decrypt(xml))).toBe('ok')
  })

  it('E11 tries every key of ours', async () => {
    const xml = encrypt(plaintext, pair.publicKey)
    expect(codeOf(await decrypt(xml, { allowCbc: false }, [theirs, ours]))).toBe('ok')
    expect(codeOf(await decrypt(xml, { allowCbc: false }, [theirs]))).toBe('saml.decrypt_failed')
    expect(codeOf(await decrypt(xml, { allowCbc: false }, []))).toBe('saml.decrypt_failed')
  })
})

describe('CBC', () => {
  const content = 'aes256-cbc'

  it.each([
    ['random', (length: number) => randomBytes(length)],
    ['zero', (length: number) => Buffer.alloc(length)],
    ['PKCS#7', (length: number) => Buffer.alloc(length, length)],
  ])('accepts %s padding of every length', async (_, fill) => {
    for (let length = 16; length < 33; length++) {
      const text = 'y'.repeat(length)
      const xml = encrypt(text, pair.publicKey, { content, pad: (bytes) => pad(bytes, fill) })
      expect(Buffer.from(unwrap(await decrypt(xml))).toString()).toBe(text)
    }
  })

  it('E01 gives all 256 last bytes one code, but for the 16 lengths there are', async () => {
    const codes = new Map<string, number>()
    for (let last = 0; last < 256; last++) {
      const block = Buffer.alloc(32, 'z')
      block[31] = last
      const code = await judge({ content, pad: () => block })
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    expect(Object.fromEntries(codes)).toEqual({ ok: 16, 'saml.decrypt_failed': 240 })
  })

  it('E01 tells no more about padding than about a broken tag', async () => {
    const padding = await decrypt(
      encrypt('', pair.publicKey, { content, pad: () => Buffer.alloc(16) }),
    )
    const tag = await decrypt(
      encrypt('', pair.publicKey, { ciphertext: (bytes) => flip(bytes, -1) }),
    )
    expect(padding).toEqual(tag)
  })

  it.each([
    ['no block', (bytes: Buffer) => bytes.subarray(0, 16)],
    ['no whole IV', (bytes: Buffer) => bytes.subarray(0, 15)],
    ['nothing', () => Buffer.alloc(0)],
    ['a part of a block', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1)],
    ['a byte more', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(1)])],
  ])('E01 refuses a ciphertext with %s, without using a key', async (_, ciphertext) => {
    const spy = vi.spyOn(crypto.subtle, 'decrypt')
    expect(await judge({ content, ciphertext })).toBe('saml.decrypt_failed')
    expect(spy).not.toHaveBeenCalled()
    expect(await judge({ content })).toBe('ok')
  })

  it('E03 refuses CBC outside a verified response, and says why', async () => {
    const spy = vi.spyOn(crypto.subtle, 'decrypt')
    for (const name of ['aes128-cbc', 'aes256-cbc'] as const) {
      const xml = encrypt(plaintext, pair.publicKey, { content: name })
      expect(await decrypt(xml, { allowCbc: false })).toMatchObject({
        failure: { code: 'saml.encryption_algorithm', cbcUnsigned: true },
      })
    }
    expect(spy).not.toHaveBeenCalled()
    expect(await judge({ content: 'aes256-gcm' }, { allowCbc: false })).toBe('ok')
  })
})

describe('GCM', () => {
  it.each([
    ['a flipped tag', (bytes: Buffer) => flip(bytes, -1)],
    ['a flipped byte', (bytes: Buffer) => flip(bytes, 20)],
    ['a flipped IV', (bytes: Buffer) => flip(bytes, 0)],
    ['a tag of 96 bits', (bytes: Buffer) => bytes.subarray(0, -4)],
    ['an IV of 16 bytes', (bytes: Buffer) => Buffer.concat([Buffer.alloc(4), bytes])],
    ['an IV of 8 bytes', (bytes: Buffer) => bytes.subarray(4)],
    ['no room for a tag', (bytes: Buffer) => bytes.subarray(0, 27)],
    ['nothing', () => Buffer.alloc(0)],
  ])('E04 refuses %s', async (_, ciphertext) => {
    for (const content of ['aes128-gcm', 'aes256-gcm'] as const) {
      expect(await judge({ content, ciphertext })).toBe('saml.decrypt_failed')
      expect(await judge({ content })).toBe('ok')
    }
  })
})

const oaep = `${xmlenc11}rsa-oaep`

describe('algorithms', () => {
  const refusedBeforeAnyKey = async (replaced: Partial<Options>) => {
    const spy = vi.spyOn(crypto.subtle, 'decrypt')
    expect(await judge(replaced)).toBe('saml.encryption_algorithm')
    expect(spy).not.toHaveBeenCalled()
  }

  it('E02 refuses RSA 1.5 before any private key operation', async () => {
    const padding = constants.RSA_PKCS1_PADDING
    await refusedBeforeAnyKey({ transportUri: `${xmlenc}rsa-1_5`, padding })
    expect(await judge()).toBe('ok')
  })

  it.each([
    ['digest', sha1.replace('#sha1', '#md5'), `${ds}md5`],
    ['mask', mgf('md5'), `${xmlenc11}mgf1md5`],
  ])('E08 says which %s it refuses', async (role, transportMethod, got) => {
    const xml = encrypt(plaintext, pair.publicKey, { transportUri: oaep, transportMethod })
    expect(await decrypt(xml)).toEqual({
      ok: false,
      failure: { code: 'saml.encryption_algorithm', role, got },
    })
  })

  it('E02 refuses RSA 1.5 also as the second of two keys', async () => {
    const place: Options['place'] = (key) =>
      insideKeyInfo(key + key.replace('rsa-oaep-mgf1p', 'rsa-1_5'))
    await refusedBeforeAnyKey({ place })
  })

  it.each([
    `${xmlenc}tripledes-cbc`,
    `${xmlenc}aes192-cbc`,
    `${xmlenc11}aes192-gcm`,
    `${xmlenc}kw-aes256`,
    `${xmlenc11}aes256-gcm `,
    '__proto__',
    'toString',
    '',
  ])('E03 refuses the content algorithm %j', async (contentUri) => {
    await refusedBeforeAnyKey({ contentUri })
  })

  it.each([
    ['aes256-gcm', 16],
    ['aes128-gcm', 32],
    ['aes256-cbc', 24],
    ['aes128-cbc', 1],
  ] as const)('E03 refuses %s with a key of %i bytes', async (content, keyLength) => {
    expect(await judge({ content, keyLength })).toBe('saml.encryption_algorithm')
    expect(await judge({ content })).toBe('ok')
  })

  it.each([
    ['mgf1p with SHA-256', { transportMethod: sha256 }],
    ['mgf1p with another mask', { transportMethod: mgf('sha256') }],
    ['SHA-256 with MGF1-SHA-1 by default', { transportUri: oaep, transportMethod: sha256 }],
    ['SHA-256 with MGF1-SHA-1', { transportUri: oaep, transportMethod: sha256 + mgf('sha1') }],
    ['SHA-1 with MGF1-SHA-256', { transportUri: oaep, transportMethod: sha1 + mgf('sha256') }],
    ['mgf1p with its own mask named', { transportMethod: mgf('sha1') }],
    ['an unknown mask', { transportUri: oaep, transportMethod: mgf('md5') }],
    ['an unknown digest', { transportMethod: sha1.replace('#sha1', '#md5') }],
    [
      'an unknown digest and an unknown mask',
      { transportUri: oaep, transportMethod: sha1.replace('#sha1', '#md5') + mgf('md5') },
    ],
    ['no digest algorithm', { transportMethod: `<ds:DigestMethod xmlns:ds="${ds}"/>` }],
    ['OAEPparams', { transportMethod: '<xenc:OAEPparams>AA==</xenc:OAEPparams>' }],
    ['empty OAEPparams', { transportMethod: '<xenc:OAEPparams/>' }],
    ['key wrap', { transportUri: `${xmlenc}kw-aes256` }],
    ['no key transport', { transportUri: '' }],
  ])('E08 refuses %s', async (_, replaced) => {
    await refusedBeforeAnyKey(replaced)
  })
})

describe('shape', () => {
  const cipher = (value: string) => `<xenc:CipherData>${value}</xenc:CipherData>`

  it.each([0, limits.encryptedKeys + 1, 100])('E07 refuses %i EncryptedKeys', async (count) => {
    const spy = vi.spyOn(crypto.subtle, 'decrypt')
    for (const where of [insideKeyInfo, beside]) {
      const place: Options['place'] = (key) => where(key.repeat(count))
      expect(await judge({ place })).toBe('saml.encryption_shape')
    }
    expect(spy).not.toHaveBeenCalled()
  })

  it('E07 accepts four EncryptedKeys, ours the last', async () => {
    const foreign = /<xenc:EncryptedKey>.*<\/xenc:EncryptedKey>/.exec(
      encrypt(plaintext, other.publicKey),
    )?.[0]
    const place: Options['place'] = (key) => insideKeyInfo(`${foreign}${foreign}${foreign}${key}`)
    expect(await judge({ place })).toBe('ok')
  })

  it.each([
    ['to the network', 'https://canary.example/key'],
    ['to another part', '#_r'],
    ['to nothing', '#'],
    ['without URI', ''],
  ])('E07 refuses a RetrievalMethod %s', async (_, uri) => {
    const fetchSpy = vi.spyOn(globalThis, 'fetch')
    const arrow = `<ds:RetrievalMethod URI="${uri}"/>`
    const place: Options['place'] = (key) => ({
      keyInfo: `<ds:KeyInfo xmlns:ds="${ds}">${arrow}</ds:KeyInfo>`,
      siblings: key,
    })
    expect(await judge({ place })).toBe('saml.encryption_shape')
    expect(await judge({ place: (key) => insideKeyInfo(key + arrow) })).toBe(
      'saml.encryption_shape',
    )
    expect(fetchSpy).not.toHaveBeenCalled()
  })

  it('E07 refuses a RetrievalMethod with transforms', async () => {
    const place: Options['place'] = (key) => ({
      keyInfo: `<ds:KeyInfo xmlns:ds="${ds}"><ds:RetrievalMethod URI="#_k"><ds:Transforms/></ds:RetrievalMethod></ds:KeyInfo>`,
      siblings: key,
    })
    expect(await judge({ place, keyAttributes: ' Id="_k"' })).toBe('saml.encryption_shape')
  })

  it.each([
    '<ds:RetrievalMethod URI="#_k"/>',
    '<xenc:EncryptedKey/>',
    '<xenc:AgreementMethod Algorithm="urn:x"/>',
    '<x xmlns="urn:x"/>',
  ])('E07 refuses a key that hangs on another: %s', async (inner) => {
    const info = `<ds:KeyInfo xmlns:ds="${ds}">${inner}</ds:KeyInfo>`
    const keyAttributes = ' Id="_k"'
    expect(await judge({ keyInfoOfKey: info, keyAttributes })).toBe('saml.encryption_shape')
    const place: Options['place'] = () => ({ keyInfo: info, siblings: '' })
    expect(await judge({ place })).toBe('saml.encryption_shape')
    const besideKey: Options['place'] = (key) => insideKeyInfo(key + inner)
    expect(await judge({ place: besideKey, keyAttributes })).toBe('saml.encryption_shape')
  })

  it.each([
    ['a CipherReference', cipher('<xenc:CipherReference URI="https://canary.example/"/>')],
    ['no CipherValue', cipher('')],
    ['two CipherValues', cipher('<xenc:CipherValue>AA==</xenc:CipherValue>'.repeat(2))],
    ['bad base64', cipher('<xenc:CipherValue>A-_=</xenc:CipherValue>')],
    ['an element in the value', cipher('<xenc:CipherValue><x/></xenc:CipherValue>')],
    ['text in CipherData', cipher('x<xenc:CipherValue>AA==</xenc:CipherValue>')],
    ['no CipherData', ''],
    [
      'properties',
      `${cipher('<xenc:CipherValue>AA==</xenc:CipherValue>')}<xenc:EncryptionProperties/>`,
    ],
  ])('E07 refuses %s', async (_, cipherData) => {
    const fetchSpy = vi.spyOn(globalThis, 'fetch')
    expect(await judge({ cipherData: () => cipherData })).toBe('saml.encryption_shape')
    expect(fetchSpy).not.toHaveBeenCalled()
  })

  it.each([
    ['content parameters', { contentMethod: '<xenc:KeySize>256</xenc:KeySize>' }],
    ['two digests', { transportMethod: sha1 + sha1 }],
    ['unknown parameters', { transportMethod: '<x xmlns="urn:x"/>' }],
  ])('E07 refuses an EncryptionMethod with %s', async (_, replaced) => {
    expect(await judge(replaced)).toBe('saml.encryption_shape')
  })

  it.each([
    ['nothing', () => ''],
    ['two EncryptedData', (inner: string) => inner + inner],
    ['an assertion beside it', (inner: string) => `${inner}<Assertion/>`],
    ['text beside it', (inner: string) => `${inner}x`],
    ['a key without data', (inner: string) => inner.replaceAll('EncryptedData', 'EncryptedKey')],
    [
      'no EncryptionMethod',
      (inner: string) => inner.replace(/<xenc:EncryptionMethod.*?<\/xenc:EncryptionMethod>/, ''),
    ],
  ])('E07 refuses an EncryptedAssertion with %s', async (_, change) => {
    expect(await judge({ wrapper: (inner) => encryptedAssertion(change(inner)) })).toBe(
      'saml.encryption_shape',
    )
    expect(await judge()).toBe('ok')
  })

  it('E07 passes over keys for another recipient, and refuses when none is left', async () => {
    const recipient = 'https://sp.example/con_1'
    const spy = vi.spyOn(crypto.subtle, 'decrypt')
    const keyAttributes = ' Recipient="https://sp.example/con_2"'
    const policy = { allowCbc: false, recipient }
    expect(await judge({ keyAttributes }, policy)).toBe('saml.encryption_shape')
    expect(spy).not.toHaveBeenCalled()
    expect(await judge({ keyAttributes: ` Recipient="${recipient}"` }, policy)).toBe('ok')
    expect(await judge({}, policy)).toBe('ok')
    expect(await judge({ keyAttributes })).toBe('ok')
  })

  it.each([
    ['content', { dataAttributes: ` Type="${xmlenc}Content"` }],
    ['an unknown type', { dataAttributes: ' Type=""' }],
    [
      'an identifier',
      {
        wrapper: (inner: string) =>
          encryptedAssertion(inner).replaceAll('EncryptedAssertion', 'EncryptedID'),
      },
    ],
    [
      'an attribute',
      {
        wrapper: (inner: string) =>
          encryptedAssertion(inner).replaceAll('EncryptedAssertion', 'EncryptedAttribute'),
      },
    ],
  ])('E09 refuses %s', async (_, replaced) => {
    expect(await judge(replaced)).toBe('saml.unsupported')
  })
})

describe('keys', () => {
  it('K15 E11 are imported non-extractable, to decrypt only', async () => {
    const spy = vi.spyOn(crypto.subtle, 'importKey')
    await load(pair.privateKey)
    expect(
      spy.mock.calls.map(([format, , algorithm, extractable, usages]) => [
        format,
        algorithm,
        extractable,
        usages,
      ]),
    ).toEqual([
      ['pkcs8', { name: 'RSA-OAEP', hash: 'SHA-1' }, false, ['decrypt']],
      ['pkcs8', { name: 'RSA-OAEP', hash: 'SHA-256' }, false, ['decrypt']],
    ])
  })

  it('E11 are missing rather than wrong when we hold none', async () => {
    const xml = encrypt(plaintext, pair.publicKey)
    expect(await decrypt(xml, { allowCbc: true }, [])).toEqual({
      ok: false,
      failure: { code: 'saml.decrypt_failed', detail: 'no_key' },
    })
  })

  it('E11 refuses a wrapped key without its leading zero, which some libraries open', async () => {
    const { publicKey, privateKey } = await crypto.subtle.generateKey(
      {
        ...{ name: 'RSA-OAEP', hash: 'SHA-256' },
        ...{ modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
      },
      true,
      ['encrypt', 'decrypt'],
    )
    const pkcs8 = await crypto.subtle.exportKey('pkcs8', privateKey)
    const key = await importDecryptKey(new Uint8Array(pkcs8))
    const secret = new Uint8Array(16).fill(7)
    const wrap = async () =>
      new Uint8Array(await crypto.subtle.encrypt({ name: 'RSA-OAEP' }, publicKey, secret))
    let wrapped = await wrap()
    while (wrapped[0] !== 0) wrapped = await wrap()
    expect(await key.unwrap('SHA-256', wrapped)).toEqual(secret)
    expect(await key.unwrap('SHA-256', wrapped.slice(1))).toBeNull()
  })

  it('E11 refuses wrapped keys that no key opens: cut, long, flipped, empty', async () => {
    const change =
      (to: (bytes: Buffer) => Buffer): Options['place'] =>
      (key) =>
        insideKeyInfo(
          key.replace(
            /(<xenc:CipherValue>)(.*)(<\/xenc:CipherValue>)/,
            (_, open: string, value: string, close: string) =>
              open + to(Buffer.from(value, 'base64')).toString('base64') + close,
          ),
        )
    for (const to of [
      (bytes: Buffer) => bytes.subarray(1),
      (bytes: Buffer) => Buffer.concat([bytes, bytes]),
      (bytes: Buffer) => flip(bytes, 100),
      () => Buffer.alloc(256, 0xff),
      () => Buffer.alloc(256),
      () => Buffer.alloc(0),
    ]) {
      expect(await judge({ place: change(to) })).toBe('saml.decrypt_failed')
    }
    expect(await judge({ place: change((bytes) => bytes) })).toBe('ok')
  })
})
