import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/kernel/index.ts'
import { limits } from '../../src/kernel/index.ts'
import {
  type DsigFailure,
  decodeCertificateText,
  importVerifyKey,
  parseCertificate,
} from '../../src/xmldsig/index.ts'
import { unwrap } from './expect.ts'
import {
  ecPair,
  generalizedTime,
  makeCertificate,
  name,
  oid,
  rsaPair,
  rsaSpki,
  tlv,
  utcTime,
} from './make-certificate.ts'

const rsa = rsaPair()
const spki = rsa.publicKey.export({ type: 'spki', format: 'der' })
const good = makeCertificate({ spki })
const modulus = Buffer.concat([Buffer.from([0]), Buffer.alloc(256, 0xff)])

function reasonOf(result: Result<unknown, DsigFailure>): string {
  if (result.ok) return 'ok'
  return result.failure.code === 'xmldsig.bad_certificate' ? result.failure.reason : 'other'
}

async function judge(der: Uint8Array): Promise<string> {
  return reasonOf(await parseCertificate(der))
}

const judgeKey = (key: Uint8Array) => judge(makeCertificate({ spki: key }))

describe('a certificate that is accepted', () => {
  it('K08 reads RSA 2048: names, dates, fingerprint, as node:crypto reads them', async () => {
    const certificate = unwrap(await parseCertificate(good))
    const peer = new X509Certificate(good)
    expect(certificate.sha256).toBe(peer.fingerprint256.replaceAll(':', '').toLowerCase())
    expect(certificate.notBeforeMs).toBe(Date.parse(peer.validFrom))
    expect(certificate.notAfterMs).toBe(Date.parse(peer.validTo))
    expect(certificate.subject).toBe('CN=Example Signing')
    expect(certificate.issuer).toBe(peer.issuer)
    expect(certificate.key).toEqual({ family: 'rsa', bits: 2048, exponent: 65537 })
    expect(Buffer.from(certificate.spki).equals(spki)).toBe(true)
  })

  it.each([
    ['prime256v1', 'P-256'],
    ['secp384r1', 'P-384'],
    ['secp521r1', 'P-521'],
  ])('K08 reads an EC key on %s', async (namedCurve, curve) => {
    const certificate = unwrap(await parseCertificate(ecPair(namedCurve).certificate))
    expect(certificate.key).toEqual({ family: 'ec', curve })
    expect((await importVerifyKey(certificate)).ok).toBe(true)
  })

  it('K08 reads RSA 3072 and 4096, and the limits 2048 and 8192', async () => {
    for (const bytes of [384, 512]) {
      const number = Buffer.concat([Buffer.from([0]), Buffer.alloc(bytes, 0xff)])
      expect(await judgeKey(rsaSpki(number, [1, 0, 1]))).toBe('ok')
    }
    expect(await judgeKey(rsaSpki(modulus, [3]))).toBe('ok')
    const largest = Buffer.concat([Buffer.from([0]), Buffer.alloc(1024, 0xff)])
    expect(await judgeKey(rsaSpki(largest, [3]))).toBe('ok')
  })

  it('reads a certificate without a version, with unique ids, and with extensions', async () => {
    const none = Buffer.alloc(0)
    expect(await judge(makeCertificate({ spki, version: none }))).toBe('ok')
    const ids = Buffer.concat([tlv(0x81, [0, 1]), tlv(0x82, [0, 1]), tlv(0xa3, tlv(0x30))])
    expect(await judge(makeCertificate({ spki, tail: ids }))).toBe('ok')
  })

  it('reads times of this century, of the last, and after 2049', async () => {
    const validity = tlv(0x30, utcTime('991231235959Z'), generalizedTime('99991231235959Z'))
    const certificate = unwrap(await parseCertificate(makeCertificate({ spki, validity })))
    expect(certificate.notBeforeMs).toBe(Date.UTC(1999, 11, 31, 23, 59, 59))
    expect(certificate.notAfterMs).toBe(Date.UTC(9999, 11, 31, 23, 59, 59))
  })

  it.each([
    [tlv(0x0c, Buffer.from('Ä, "B"')), 'CN=Ä\\, \\"B\\"'],
    [tlv(0x13, Buffer.from(' #a ')), 'CN=\\ #a\\ '],
    [tlv(0x1e, [0x00, 0x41, 0x20, 0xac]), 'CN=A€'],
    [tlv(0x14, [0xe4]), 'CN=ä'],
    [tlv(0x04, [1, 2]), 'CN=#04020102'],
    [tlv(0x0c, [0xff]), 'CN=#0c01ff'],
    [tlv(0x1e, [0x41]), 'CN=#1e0141'],
  ])('writes names as RFC 4514 text %#', async (value, text) => {
    const certificate = unwrap(
      await parseCertificate(makeCertificate({ spki, subject: name(value) })),
    )
    expect(certificate.subject).toBe(text)
  })

  it('writes the last component first, joins multi-valued ones and spells unknown types', async () => {
    const component = (type: string, text: string) =>
      tlv(0x30, oid(type), tlv(0x13, Buffer.from(text)))
    const subject = tlv(
      0x30,
      tlv(0x31, component('550406', 'US')),
      tlv(0x31, component('55040a', 'Contoso'), component('2b060104018237', 'x')),
    )
    const certificate = unwrap(await parseCertificate(makeCertificate({ spki, subject })))
    expect(certificate.subject).toBe('O=Contoso+1.3.6.1.4.1.311=x,C=US')
  })
})

describe('a key that is refused', () => {
  it.each([
    ['512', 64, 0xff],
    ['1024', 128, 0xff],
    ['2047', 256, 0x7f],
  ])('K08 refuses RSA of %s bits', async (_, bytes, first) => {
    const number = Buffer.concat([Buffer.from([0, first]), Buffer.alloc(bytes - 1, 0xff)])
    const magnitude = first < 0x80 ? number.subarray(1) : number
    expect(await judgeKey(rsaSpki(magnitude, [1, 0, 1]))).toBe('rsa_size')
  })

  it('K08 refuses RSA above 8192 bits', async () => {
    const large = Buffer.concat([Buffer.from([1]), Buffer.alloc(1024, 0xff)])
    expect(await judgeKey(rsaSpki(large, [1, 0, 1]))).toBe('rsa_size')
  })

  it.each([[[1]], [[2]], [[4]], [[1, 0, 0]], [[1, 0, 0, 0, 1]]])(
    'K08 refuses the exponent %j',
    async (exponent) => {
      expect(await judgeKey(rsaSpki(modulus, exponent))).toBe('rsa_exponent')
      expect(await judgeKey(rsaSpki(modulus, [1, 0, 1]))).toBe('ok')
    },
  )

  it('K08 refuses an even, a negative and a padded modulus', async () => {
    const even = Buffer.from(modulus)
    even[256] = 0xfe
    expect(await judgeKey(rsaSpki(even, [1, 0, 1]))).toBe('rsa_modulus')
    expect(await judgeKey(rsaSpki(modulus.subarray(1), [1, 0, 1]))).toBe('not_der')
    const padded = Buffer.concat([Buffer.from([0]), modulus])
    expect(await judgeKey(rsaSpki(padded, [1, 0, 1]))).toBe('not_der')
    expect(await judgeKey(rsaSpki(modulus, [0]))).toBe('not_der')
  })

  it('K08 refuses the RSA-PSS, DSA and Ed25519 key kinds', async () => {
    const pss = tlv(0x30, tlv(0x30, oid('2a864886f70d01010a')), tlv(0x03, [0]))
    expect(await judgeKey(pss)).toBe('key_kind')
    const ed = generateKeyPairSync('ed25519').publicKey
    expect(await judgeKey(ed.export({ type: 'spki', format: 'der' }))).toBe('key_kind')
    const dsa = tlv(0x30, tlv(0x30, oid('2a8648ce380401'), tlv(0x30)), tlv(0x03, [0]))
    expect(await judgeKey(dsa)).toBe('key_kind')
  })

  it('K08 refuses explicit EC parameters, P-224 and secp256k1', async () => {
    expect(await judge(ecPair('prime256v1', 'explicit').certificate)).toBe('ec_explicit_parameters')
    expect(await judge(ecPair('secp224r1').certificate)).toBe('ec_curve')
    expect(await judge(ecPair('secp256k1').certificate)).toBe('ec_curve')
  })

  it('K08 refuses an EC point that is compressed, short or off the curve', async () => {
    const spkiFor = (point: Uint8Array) =>
      tlv(0x30, tlv(0x30, oid('2a8648ce3d0201'), oid('2a8648ce3d030107')), tlv(0x03, [0], point))
    expect(await judgeKey(spkiFor(Buffer.concat([Buffer.from([2]), Buffer.alloc(32, 1)])))).toBe(
      'ec_point',
    )
    expect(await judgeKey(spkiFor(Buffer.concat([Buffer.from([4]), Buffer.alloc(63, 1)])))).toBe(
      'ec_point',
    )
    const off = makeCertificate({
      spki: spkiFor(Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)])),
    })
    const certificate = unwrap(await parseCertificate(off))
    expect(reasonOf(await importVerifyKey(certificate))).toBe('key_refused')
  })

  it('K08 refuses a key with parameters, fields or bits that its kind does not have', async () => {
    const key = tlv(0x30, tlv(0x02, modulus), tlv(0x02, [1, 0, 1]))
    const rsaOid = oid('2a864886f70d010101')
    const good = [tlv(0x30, rsaOid, [5, 0]), tlv(0x03, [0], key)] as const
    expect(await judgeKey(tlv(0x30, ...good))).toBe('ok')
    for (const bad of [
      tlv(0x30, ...good, [5, 0]),
      tlv(0x30, tlv(0x30, rsaOid), good[1]),
      tlv(0x30, tlv(0x30, rsaOid, [5, 1, 0]), good[1]),
      tlv(0x30, tlv(0x30, rsaOid, [5, 0, 5, 0]), good[1]),
      tlv(0x30, good[0], tlv(0x03, [1], key)),
      tlv(0x30, good[0], tlv(0x03, [0], key, [0])),
      tlv(0x30, good[0], tlv(0x04, [0], key)),
      tlv(0x30, good[0], tlv(0x03, [0], tlv(0x30, tlv(0x02, modulus)))),
      tlv(0x30, tlv(0x30, oid('2a8648ce3d0201'), [5, 0]), good[1]),
    ]) {
      expect(await judgeKey(bad)).toBe('not_der')
    }
  })
})

describe('bytes that are not a certificate', () => {
  it('K08 refuses bytes after the certificate', async () => {
    expect(await judge(Buffer.concat([good, Buffer.from([0])]))).toBe('trailing_data')
    expect(await judge(Buffer.concat([good, good]))).toBe('trailing_data')
    expect(await judge(good)).toBe('ok')
  })

  it('K08 refuses every truncation', async () => {
    for (let length = 0; length < good.length; length++) {
      expect(await judge(good.subarray(0, length))).not.toBe('ok')
    }
  })

  it('K08 refuses indefinite, long and too long lengths, and tags of several bytes', async () => {
    const body = good.subarray(4)
    const header = (...bytes: number[]) => Buffer.concat([Buffer.from(bytes), body])
    expect(await judge(header(0x30, 0x82, body.length >> 8, body.length & 255))).toBe('ok')
    expect(await judge(header(0x30, 0x83, 0, body.length >> 8, body.length & 255))).toBe('not_der')
    expect(await judge(Buffer.concat([header(0x30, 0x80), Buffer.from([0, 0])]))).toBe('not_der')
    expect(await judge(header(0x30, 0x84, 0, 0, body.length >> 8, body.length & 255))).toBe(
      'not_der',
    )
    expect(await judge(header(0x3f, 0x82, body.length >> 8, body.length & 255))).toBe('not_der')
    expect(await judge(Buffer.from([0x30, 0x81, 0x05, 1, 2, 3, 4, 5]))).toBe('not_der')
  })

  it('K08 refuses more than the size limit before reading', async () => {
    expect(await judge(new Uint8Array(limits.certificateBytes + 1))).toBe('size')
  })

  it('K08 refuses parts that are absent, doubled, out of order or of another type', async () => {
    const time = utcTime('250101000000Z')
    for (const part of [
      { serial: tlv(0x04, [1]) },
      { algorithm: tlv(0x31) },
      { issuer: tlv(0x31) },
      { subject: tlv(0x30, tlv(0x30)) },
      { subject: tlv(0x30, tlv(0x31)) },
      { subject: tlv(0x30, tlv(0x31, tlv(0x30, oid('550403')))) },
      { subject: tlv(0x30, tlv(0x31, tlv(0x30, tlv(0x04, [1]), tlv(0x0c)))) },
      { subject: Buffer.alloc(0) },
      { validity: tlv(0x30, time) },
      { validity: tlv(0x30, time, time, time) },
      { validity: tlv(0x30, tlv(0x0c, Buffer.from('250101000000Z')), time) },
      { tail: tlv(0xa4, tlv(0x30)) },
      { tail: Buffer.concat([tlv(0xa3, tlv(0x30)), tlv(0x82, [0, 1])]) },
      { tail: Buffer.concat([tlv(0xa3, tlv(0x30)), tlv(0xa3, tlv(0x30))]) },
      { tail: tlv(0x30) },
      { version: Buffer.concat([tlv(0xa0, tlv(0x02, [2])), tlv(0xa0, tlv(0x02, [2]))]) },
    ]) {
      expect(await judge(makeCertificate({ spki, ...part }))).toBe('not_a_certificate')
    }
    expect(await judge(tlv(0x30, tlv(0x30), tlv(0x30), tlv(0x03, [0])))).toBe('not_a_certificate')
    expect(await judge(tlv(0x30, tlv(0x30)))).toBe('not_a_certificate')
    expect(await judge(spki)).toBe('not_a_certificate')
    expect(await judge(tlv(0x02, [1]))).toBe('not_a_certificate')
  })

  it.each([
    '2501010000Z',
    '250101000000',
    '250101000000+0000',
    '250230000000Z',
    '251301000000Z',
    '250101240000Z',
    '25010100000\u0660Z',
    '',
  ])('K08 refuses the time %j', async (text) => {
    const validity = tlv(0x30, utcTime(text), utcTime('280101000000Z'))
    expect(await judge(makeCertificate({ spki, validity }))).toBe('not_a_certificate')
  })
})

describe('what an admin pastes', () => {
  const base64 = good.toString('base64')
  const lines = base64.replace(/.{64}/g, '$&\r\n')
  const pem = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`

  it.each([base64, lines, pem, `\n  ${pem}  \n`])(
    'reads one certificate as PEM or base64 %#',
    (text) => {
      expect(good.equals(unwrap(decodeCertificateText(text)))).toBe(true)
    },
  )

  it.each([
    [pem + pem, 'not_one_certificate'],
    [`Bag Attributes\n${pem}`, 'not_one_certificate'],
    [`${pem}${base64}`, 'not_one_certificate'],
    [pem.replaceAll('CERTIFICATE', 'PRIVATE KEY'), 'not_one_certificate'],
    [pem.replace('-----END CERTIFICATE-----', ''), 'not_one_certificate'],
    ['', 'not_base64'],
    [base64.replace('M', '-'), 'not_base64'],
    [`${base64}\u00a0`.replace('\u00a0', '\u00a0x'), 'not_base64'],
    ['-----BEGIN CERTIFICATE----------END CERTIFICATE-----', 'not_base64'],
    ['A'.repeat(40_000), 'size'],
  ])('K08 refuses text that is not exactly one certificate %#', (text, reason) => {
    expect(reasonOf(decodeCertificateText(text))).toBe(reason)
  })

  it('K08 refuses two certificates as one run of base64', async () => {
    const two = Buffer.concat([good, good]).toString('base64')
    expect(await judge(unwrap(decodeCertificateText(two)))).toBe('trailing_data')
  })
})

/** The values inside a DER value, taken apart without the reader under test. */
function inside(der: Buffer): readonly Buffer[] {
  const lengthOf = (at: number) => {
    const first = der[at + 1] ?? 0
    if (first < 0x80) return { header: 2, length: first }
    const count = first - 0x80
    return { header: 2 + count, length: der.readUIntBE(at + 2, count) }
  }
  const parts: Buffer[] = []
  for (let at = lengthOf(0).header; at < der.length; ) {
    const { header, length } = lengthOf(at)
    parts.push(der.subarray(at, at + header + length))
    at += header + length
  }
  return parts
}

describe('DER that is cut off, crooked, or no certificate', () => {
  const [tbs = good, algorithm = good, signature = good] = inside(good)
  const other = tlv(0x31, [0])

  it('K08 positive control: the parts together are the certificate', async () => {
    expect(tlv(0x30, tbs, algorithm, signature).equals(good)).toBe(true)
    expect(await judge(good)).toBe('ok')
  })

  it.each([
    ['nothing', Buffer.alloc(0), 'not_der'],
    ['one octet', Buffer.from([0x30]), 'not_der'],
    ['an indefinite length', Buffer.from([0x30, 0x80, 0, 0]), 'not_der'],
    ['a length of four octets', Buffer.from([0x30, 0x84, 1, 0, 0, 0]), 'not_der'],
    ['a length that is cut off', Buffer.from([0x30, 0x82, 1]), 'not_der'],
    ['a tag of several octets', Buffer.from([0x3f, 0x81, 0]), 'not_der'],
    ['a lone octet inside', tlv(0x30, [0x30]), 'not_a_certificate'],
    ['only a body', tlv(0x30, tbs), 'not_a_certificate'],
    ['a body that is no sequence', tlv(0x30, other, algorithm, signature), 'not_a_certificate'],
    ['an algorithm that is none', tlv(0x30, tbs, other, signature), 'not_a_certificate'],
    ['a signature that is none', tlv(0x30, tbs, algorithm, other), 'not_a_certificate'],
    ['a fourth part', tlv(0x30, tbs, algorithm, signature, other), 'not_a_certificate'],
    ['no key', makeCertificate({ spki: Buffer.alloc(0) }), 'not_a_certificate'],
    [
      'a time of another type',
      makeCertificate({
        spki,
        validity: tlv(
          0x30,
          tlv(0x0c, Buffer.from('20250101000000Z')),
          generalizedTime('20280101000000Z'),
        ),
      }),
      'not_a_certificate',
    ],
    [
      'one time',
      makeCertificate({ spki, validity: tlv(0x30, utcTime('250101000000Z')) }),
      'not_a_certificate',
    ],
  ])('K08 %s is refused', async (_what, der, reason) => {
    expect(await judge(der)).toBe(reason)
  })
})
