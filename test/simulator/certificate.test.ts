import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createKeyPair, readCertificate, toPem } from '../../simulator/keys/index.ts'

describe('a certificate that the simulator makes', () => {
  it('is X.509 that node:crypto reads, signed by its own key', async () => {
    const notBeforeMs = Date.parse('2026-11-24T09:00:00Z')
    const notAfterMs = Date.parse('2029-11-24T09:00:00Z')
    const pair = await createKeyPair({ commonName: 'Contoso', notBeforeMs, notAfterMs })
    const read = new X509Certificate(toPem(pair.certificate))
    expect(read.verify(read.publicKey)).toBe(true)
    expect(read.checkIssued(read)).toBe(true)
    expect(read.subject).toBe('CN=Contoso')
    expect([Date.parse(read.validFrom), Date.parse(read.validTo)]).toEqual([
      notBeforeMs,
      notAfterMs,
    ])
    expect(read.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048)
    expect(read.fingerprint.replaceAll(':', '')).toBe(pair.thumbprint)
  })

  it('reaches past 2049, where the form of its times changes', async () => {
    const notBeforeMs = Date.parse('2049-12-31T23:59:59Z')
    const notAfterMs = Date.parse('2050-01-01T00:00:00Z')
    const pair = await createKeyPair({ commonName: 'Contoso', notBeforeMs, notAfterMs })
    const read = new X509Certificate(toPem(pair.certificate))
    expect(Date.parse(read.validFrom)).toBe(notBeforeMs)
    expect(Date.parse(read.validTo)).toBe(notAfterMs)
  })
})

describe('reading somebody’s certificate', () => {
  it('takes PEM and bare base64, and says what else it got', async () => {
    const pair = await createKeyPair({ commonName: 'SP', notBeforeMs: 0, notAfterMs: 1e12 })
    const pem = readCertificate(toPem(pair.certificate))
    const bare = readCertificate(pair.certificate)
    expect(pem.ok && bare.ok && pem.value.thumbprint === bare.value.thumbprint).toBe(true)
    expect(readCertificate('not a certificate').ok).toBe(false)
    expect(readCertificate('AAAA').ok).toBe(false)
  })
})
