import type { KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { pin, template, verifyIn } from './documents.ts'
import { codeOf, unwrap } from './expect.ts'
import { ecPair, rsaPair } from './make-certificate.ts'
import { slot } from './sign-document.ts'
import { signByPeer } from './xmldsigjs.ts'

const rsa = rsaPair()
const large = rsaPair(3072)
const rsaName = 'RSASSA-PKCS1-v1_5'

function load(key: KeyObject, algorithm: { name: string; hash: string; namedCurve?: string }) {
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' })
  return crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
}

describe('documents signed by xmldsigjs', () => {
  it.each([
    ['RSA SHA-256', rsa, { name: rsaName, hash: 'SHA-256' }],
    ['RSA SHA-384', rsa, { name: rsaName, hash: 'SHA-384' }],
    ['RSA SHA-512', rsa, { name: rsaName, hash: 'SHA-512' }],
    ['RSA 3072', large, { name: rsaName, hash: 'SHA-256' }],
    ['P-256', ecPair('prime256v1'), { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }],
    ['P-384', ecPair('secp384r1'), { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' }],
    ['P-521', ecPair('secp521r1'), { name: 'ECDSA', namedCurve: 'P-521', hash: 'SHA-512' }],
  ])('K07 accepts an assertion and a response: %s', async (_, pair, algorithm) => {
    const privateKey = await load(pair.privateKey, algorithm)
    const certificate = pair.certificate.toString('base64')
    const keys = [await pin(pair)]
    for (const place of ['assertion', 'response'] as const) {
      const xml = template(place, 'Zoë 𝄞').replace(slot, '')
      const signing = { xml, id: '_a', algorithm, privateKey, certificate }
      const signed = await signByPeer(signing)
      expect(unwrap(await verifyIn(signed, keys, place)).keyId).toBe(keys[0]?.id)
      expect(codeOf(await verifyIn(signed.replace('Zoë', 'Zoe'), keys, place))).toBe(
        'xmldsig.digest_mismatch',
      )
    }
  })
})
