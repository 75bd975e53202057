import { constants, createHash, createSign, privateEncrypt } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../src/kernel/index.ts'
import {
  importVerifyKey,
  parseCertificate,
  rsaSha256,
  verifyOctets,
} from '../../src/xmldsig/index.ts'
import { codeOf, unwrap } from './expect.ts'
import { rsaPair } from './make-certificate.ts'

const pair = rsaPair()
const octets = utf8('the octets that are signed')
const key = unwrap(await importVerifyKey(unwrap(await parseCertificate(pair.certificate))))
const digest = createHash('sha256').update(octets).digest()
const info = Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), digest])

/** 00 01 FF…FF 00 T, with any part replaced. */
function encode(t: Buffer, options: { type?: number; fill?: number; length?: number } = {}) {
  const { type = 1, fill = 0xff, length = 256 - 3 - t.length } = options
  const head = Buffer.concat([Buffer.from([0, type]), Buffer.alloc(length, fill), Buffer.from([0])])
  return Buffer.concat([head, t, Buffer.alloc(Math.max(0, 256 - head.length - t.length))])
}

function signRaw(block: Buffer): Uint8Array<ArrayBuffer> {
  const options = { key: pair.privateKey, padding: constants.RSA_NO_PADDING }
  return new Uint8Array(privateEncrypt(options, block))
}

async function judge(signature: Uint8Array<ArrayBuffer>) {
  return codeOf(await verifyOctets({ algorithm: rsaSha256, signature, octets, keys: [key] }))
}

function modulus(): bigint {
  const { n } = pair.publicKey.export({ format: 'jwk' })
  return BigInt(`0x${Buffer.from(n ?? '', 'base64url').toString('hex')}`)
}

const toBytes = (value: bigint, length: number) =>
  new Uint8Array(Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex'))

describe('PKCS#1 v1.5 padding', () => {
  it('K10 accepts the one encoding there is', async () => {
    expect(await judge(signRaw(encode(info)))).toBe('ok')
  })

  const spoil = (at: number, value: number) => {
    const block = encode(info)
    block[at] = value
    return block
  }
  const withDigest = (prefix: string) => Buffer.concat([Buffer.from(prefix, 'hex'), digest])
  const sha1 = createHash('sha1').update(octets).digest()
  const sha512 = createHash('sha512').update(octets).digest()

  it.each([
    ['no NULL in the algorithm', encode(withDigest('302f300b06096086480165030402010420'))],
    ['long form lengths', encode(withDigest('308131300d060960864801650304020105000420'))],
    ['NULL with content', encode(withDigest('3032300e06096086480165030402010501000420'))],
    ['bytes after the digest', encode(Buffer.concat([info, Buffer.alloc(8, 7)]))],
    ['a short padding, garbage behind', encode(info, { length: 8 })],
    ['block type 2', encode(info, { type: 2 })],
    ['block type 0', encode(info, { type: 0, fill: 0 })],
    ['a padding byte that is not FF', spoil(20, 0xfe)],
    ['no separator', spoil(256 - info.length - 1, 0xff)],
    ['the digest alone', encode(digest)],
    ['the octets instead of their digest', encode(Buffer.from(octets))],
    ['SHA-1', encode(Buffer.concat([Buffer.from('3021300906052b0e03021a05000414', 'hex'), sha1]))],
    [
      'SHA-512',
      encode(Buffer.concat([Buffer.from('3051300d060960864801650304020305000440', 'hex'), sha512])),
    ],
    ['another digest', encode(Buffer.concat([info.subarray(0, -1), Buffer.from([0])]))],
  ])('K10 refuses %s', async (_, block) => {
    expect(await judge(signRaw(block))).toBe('xmldsig.signature_invalid')
  })

  it('K10 refuses PSS, signatures of 0, 1 and n, s + n, and any other length', async () => {
    const good = signRaw(encode(info))
    const n = modulus()
    const value = BigInt(`0x${Buffer.from(good).toString('hex')}`)
    const padding = constants.RSA_PKCS1_PSS_PADDING
    const pss = createSign('sha256').update(octets).sign({ key: pair.privateKey, padding })
    for (const signature of [
      new Uint8Array(pss),
      toBytes(0n, 256),
      toBytes(1n, 256),
      toBytes(n, 256),
      toBytes(n - 1n, 256),
      toBytes(value + n, 257),
      toBytes(value, 257),
      good.slice(0, 255),
      new Uint8Array(),
      new Uint8Array([...good, 0]),
    ]) {
      expect(await judge(signature)).toBe('xmldsig.signature_invalid')
    }
    expect(await judge(good)).toBe('ok')
  })
})
