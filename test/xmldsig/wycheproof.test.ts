import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { importVerifyKey, parseCertificate, verifyOctets } from '../../src/xmldsig/index.ts'
import { unwrap } from './expect.ts'
import { makeCertificate } from './make-certificate.ts'

type Vector = { tcId: number; comment: string; msg: string; sig: string; result: string }
type VectorFile = { testGroups: { publicKeyDer: string; tests: Vector[] }[] }

const dsigMore = 'http://www.w3.org/2001/04/xmldsig-more#'
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))

/** `acceptable` vectors are legacy forms; a verifier of today refuses them. */
const expected = (result: string) => (result === 'valid' ? 'ok' : 'xmldsig.signature_invalid')

describe.each([
  ['rsa_signature_2048_sha256_test.json', `${dsigMore}rsa-sha256`, 6],
  ['ecdsa_secp256r1_sha256_p1363_test.json', `${dsigMore}ecdsa-sha256`, 73],
  ['ecdsa_secp384r1_sha384_p1363_test.json', `${dsigMore}ecdsa-sha384`, 59],
  ['ecdsa_secp521r1_sha512_p1363_test.json', `${dsigMore}ecdsa-sha512`, 59],
])('%s', (file, algorithm, count) => {
  const text = readFileSync(`${import.meta.dirname}/../fixtures/wycheproof/${file}`, 'utf8')
  const { testGroups } = JSON.parse(text) as VectorFile

  it('K09 K10 gives every vector its verdict through the octet verifier', async () => {
    let seen = 0
    for (const { publicKeyDer, tests } of testGroups) {
      const der = makeCertificate({ spki: bytes(publicKeyDer) })
      const key = unwrap(await importVerifyKey(unwrap(await parseCertificate(der))))
      for (const { tcId, comment, msg, sig, result } of tests) {
        const verdict = await verifyOctets({
          algorithm,
          signature: bytes(sig),
          octets: bytes(msg),
          keys: [key],
        })
        const got = verdict.ok ? 'ok' : verdict.failure.code
        expect(`${tcId} ${comment}: ${got}`).toBe(`${tcId} ${comment}: ${expected(result)}`)
        seen++
      }
    }
    expect(seen).toBe(count)
  })
})
