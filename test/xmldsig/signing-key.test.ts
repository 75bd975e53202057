import { createPrivateKey, createVerify, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { systemRandom, utf8 } from '../../src/kernel/index.ts'
import {
  createSigningKeyPair,
  importSigningKey,
  importVerifyKey,
  parseCertificate,
  rsaSha256,
  signOctets,
  verifyOctets,
} from '../../src/xmldsig/index.ts'
import { codeOf, unwrap } from './expect.ts'

const request = {
  commonName: 'login.example — con_1',
  notBeforeMs: Date.UTC(2026, 10, 1),
  notAfterMs: Date.UTC(2056, 10, 1, 12, 30, 15, 999),
  random: systemRandom,
}
const pair = await createSigningKeyPair(request)
const peer = new X509Certificate(pair.certificateDer)

describe('a key pair of our own', () => {
  it('has a self-signed certificate that node:crypto reads and verifies', () => {
    expect(peer.subject).toBe('CN=login.example — con_1')
    expect(peer.issuer).toBe(peer.subject)
    expect(Date.parse(peer.validFrom)).toBe(request.notBeforeMs)
    expect(Date.parse(peer.validTo)).toBe(request.notAfterMs - 999)
    expect(peer.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/)
    expect(peer.verify(peer.publicKey)).toBe(true)
    expect(peer.publicKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 })
    expect(peer.checkPrivateKey(privateKey())).toBe(true)
  })

  it('passes our own reader', async () => {
    const certificate = unwrap(await parseCertificate(pair.certificateDer))
    expect(certificate.key).toEqual({ family: 'rsa', bits: 2048, exponent: 65537 })
    expect(certificate.subject).toBe('CN=login.example — con_1')
    expect(certificate.notAfterMs).toBe(request.notAfterMs - 999)
  })

  it.each([
    [0x00, `40${'00'.repeat(15)}`],
    [0xff, `7F${'FF'.repeat(15)}`],
  ])('takes the serial number from the given randomness %#', async (fill, serial) => {
    const random = (length: number) => new Uint8Array(length).fill(fill)
    const { certificateDer } = await createSigningKeyPair({ ...request, random })
    expect(new X509Certificate(certificateDer).serialNumber).toBe(serial)
  })

  it('cuts a common name at the 64 characters X.509 allows', async () => {
    const { certificateDer } = await createSigningKeyPair({
      ...request,
      commonName: 'x'.repeat(70),
    })
    expect(new X509Certificate(certificateDer).subject).toBe(`CN=${'x'.repeat(64)}`)
  })

  it('signs octets so that node:crypto and our verifier accept them', async () => {
    const octets = utf8('SAMLRequest=a&RelayState=b&SigAlg=c')
    const key = await importSigningKey(pair.privateKeyPkcs8)
    expect(key.extractable).toBe(false)
    expect(key.usages).toEqual(['sign'])
    const signature = await signOctets(key, octets)
    expect(createVerify('sha256').update(octets).verify(peer.publicKey, signature)).toBe(true)
    const keys = [
      unwrap(await importVerifyKey(unwrap(await parseCertificate(pair.certificateDer)))),
    ]
    const verdict = await verifyOctets({ algorithm: rsaSha256, signature, octets, keys })
    expect(codeOf(verdict)).toBe('ok')
  })
})

function privateKey() {
  return createPrivateKey({
    key: Buffer.from(pair.privateKeyPkcs8),
    format: 'der',
    type: 'pkcs8',
  })
}
