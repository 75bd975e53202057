import { describe, expect, it } from 'vitest'
import { createGraphCertificate, readGraphCertificate } from '../../src/graph/index.ts'
import { base64Encode, sha256Hex, systemRandom } from '../../src/kernel/index.ts'
import { certificateDer, certificatePem, privateKeyDer, toPem } from '../support/keys.ts'
import { clientId, startMs } from './graph-stub.ts'

const keyPem = (name: 'K' | 'KE' | 'Knext') =>
  toPem(base64Encode(privateKeyDer(name)), 'PRIVATE KEY')

async function read(text: string) {
  const result = await readGraphCertificate(text, startMs)
  return result.ok ? 'read' : result.failure
}

describe('a certificate with its key', () => {
  it('is read in either order, with text around it', async () => {
    for (const text of [
      certificatePem('K') + keyPem('K'),
      `Bag Attributes\n${keyPem('K')}\n${certificatePem('K')}`,
    ]) {
      const result = await readGraphCertificate(text, startMs)
      if (!result.ok) throw new Error(result.failure)
      const { proof, notAfterMs } = result.value
      expect(await sha256Hex(proof.certificateDer)).toBe(await sha256Hex(certificateDer('K')))
      expect(notAfterMs).toBeGreaterThan(startMs)
    }
  })

  it.each([
    ['nothing', '', 'certificate'],
    ['a key alone', keyPem('K'), 'certificate'],
    ['a certificate alone', certificatePem('K'), 'key_missing'],
    [
      'two certificates',
      certificatePem('K') + certificatePem('Knext') + keyPem('K'),
      'certificate',
    ],
    ['two keys', certificatePem('K') + keyPem('K') + keyPem('Knext'), 'key_missing'],
    ['the key of another one', certificatePem('K') + keyPem('Knext'), 'key_mismatch'],
    ['an elliptic key', certificatePem('KE') + keyPem('KE'), 'not_rsa'],
    ['a key of another kind', certificatePem('K') + keyPem('KE'), 'key_format'],
    ['one that has expired', certificatePem('Kexpired') + keyPem('K'), 'expired'],
    ['a key in PKCS#1', certificatePem('K') + toPem('AAAA', 'RSA PRIVATE KEY'), 'key_format'],
    ['a key that is none', certificatePem('K') + toPem('AAAA', 'PRIVATE KEY'), 'key_format'],
    [
      'a key with a password',
      certificatePem('K') + toPem('AAAA', 'ENCRYPTED PRIVATE KEY'),
      'key_encrypted',
    ],
    ['no certificate in it', toPem('AAAA', 'CERTIFICATE') + keyPem('K'), 'certificate'],
  ])('is refused for %s', async (_what, text, defect) => {
    expect(await read(text)).toBe(defect)
  })

  it('that is made here is read again, and each is another one', async () => {
    const request = { clientId, nowMs: startMs, random: systemRandom }
    const [one, two] = [
      await createGraphCertificate(request),
      await createGraphCertificate(request),
    ]
    const pem =
      toPem(base64Encode(one.proof.certificateDer), 'CERTIFICATE') +
      toPem(base64Encode(one.proof.privateKeyPkcs8), 'PRIVATE KEY')
    expect(await readGraphCertificate(pem, startMs)).toMatchObject({
      ok: true,
      value: { notAfterMs: one.notAfterMs },
    })
    expect(await sha256Hex(one.proof.certificateDer)).not.toBe(
      await sha256Hex(two.proof.certificateDer),
    )
  })
})
