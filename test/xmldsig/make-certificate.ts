import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'

/** A DER writer and certificate builder of its own, so that the reader is not judged by its twin. */
export function tlv(tag: number, ...parts: (Uint8Array | number[])[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const n = body.length
  const length = n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

export const oid = (hex: string) => tlv(0x06, Buffer.from(hex, 'hex'))
export const utcTime = (text: string) => tlv(0x17, Buffer.from(text))
export const generalizedTime = (text: string) => tlv(0x18, Buffer.from(text))

export function name(commonName: Buffer): Buffer {
  return tlv(0x30, tlv(0x31, tlv(0x30, oid('550403'), commonName)))
}

const sha256WithRsa = tlv(0x30, oid('2a864886f70d01010b'), [5, 0])

export type Parts = {
  version: Uint8Array
  serial: Uint8Array
  algorithm: Uint8Array
  issuer: Uint8Array
  validity: Uint8Array
  subject: Uint8Array
  spki: Uint8Array
  tail: Uint8Array
}

/** A certificate around any SubjectPublicKeyInfo; every part can be replaced by a defect. */
export function makeCertificate(parts: Partial<Parts> & { spki: Uint8Array }): Buffer {
  const commonName = name(tlv(0x0c, Buffer.from('Example Signing')))
  const all: Parts = {
    version: tlv(0xa0, tlv(0x02, [2])),
    serial: tlv(0x02, [1, 2, 3]),
    algorithm: sha256WithRsa,
    issuer: commonName,
    validity: tlv(0x30, utcTime('250101000000Z'), utcTime('280101000000Z')),
    subject: commonName,
    tail: Buffer.alloc(0),
    ...parts,
  }
  const { version, serial, algorithm, issuer, validity, subject, spki, tail } = all
  const tbs = tlv(0x30, version, serial, algorithm, issuer, validity, subject, spki, tail)
  return tlv(0x30, tbs, sha256WithRsa, tlv(0x03, [0, 1, 2, 3, 4]))
}

export type KeyPair = {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly certificate: Buffer
}

const spkiOf = (key: KeyObject) => key.export({ type: 'spki', format: 'der' })

export function rsaPair(modulusLength = 2048): KeyPair {
  const pair = generateKeyPairSync('rsa', { modulusLength })
  return { ...pair, certificate: makeCertificate({ spki: spkiOf(pair.publicKey) }) }
}

export function ecPair(namedCurve: string, paramEncoding: 'named' | 'explicit' = 'named'): KeyPair {
  const pair = generateKeyPairSync('ec', { namedCurve, paramEncoding })
  return { ...pair, certificate: makeCertificate({ spki: spkiOf(pair.publicKey) }) }
}

/** An RSA SubjectPublicKeyInfo of any numbers; no library would make these. */
export function rsaSpki(modulus: Uint8Array, exponent: number[]): Buffer {
  const key = tlv(0x30, tlv(0x02, modulus), tlv(0x02, exponent))
  return tlv(0x30, tlv(0x30, oid('2a864886f70d010101'), [5, 0]), tlv(0x03, [0], key))
}

export function signWith(key: KeyObject, hash: string, octets: Uint8Array): Buffer {
  return createSign(hash).update(octets).sign({ key, dsaEncoding: 'ieee-p1363' })
}
