import { describe, expect, it } from 'vitest'
import type { Bytes } from '../../src/kernel/index.ts'
import { derTag, readDer, readDerChildren, readDerPositive } from '../../src/xmldsig/der.ts'
import { writeBits, writeDer, writeSequence } from '../../src/xmldsig/der-write.ts'
import { renderName } from '../../src/xmldsig/distinguished-name.ts'
import { readPublicKey } from '../../src/xmldsig/public-key.ts'

const hex = (text: string) => Uint8Array.fromHex(text.replaceAll(' ', '')) as Bytes
const oid = (text: string) => writeDer(derTag.oid, hex(text))
const parse = (bytes: Bytes) => readDer(bytes) ?? undefined

describe('one DER value', () => {
  it.each([
    ['nothing', ''],
    ['a tag alone', '04'],
    ['a tag of more bytes', '1f 01 00'],
    ['a length without end', '04 80 00 00'],
    ['a length in four bytes', '04 84 00 00 00 01 00'],
    ['a length that is cut off', '04 82 01'],
    ['a length that a shorter form could say', '04 81 01 00'],
    ['a length with a zero before it', '04 82 00 80'],
    ['content that is cut off', '04 02 00'],
  ])('is refused when it is %s', (_, bytes) => {
    expect(readDer(hex(bytes))).toBeNull()
  })

  it('is refused although four bytes of length say how much there is', () => {
    const bytes = new Uint8Array(6 + 0x0100_0000)
    bytes.set([0x04, 0x84, 0x01, 0x00, 0x00, 0x00])
    expect(readDer(bytes)).toBeNull()
  })

  it('is read with a length of one and of three bytes', () => {
    expect(readDer(hex('04 01 ff'))?.content).toEqual(hex('ff'))
    expect(readDer(writeDer(4, new Uint8Array(70_000)))?.content.length).toBe(70_000)
  })

  it('an INTEGER needs content, no sign and its shortest form', () => {
    const positive = (content: string) =>
      readDerPositive(parse(writeDer(derTag.integer, hex(content))))
    expect([positive(''), positive('80'), positive('00'), positive('00 7f')]).toEqual([
      null,
      null,
      null,
      null,
    ])
    expect([positive('01'), positive('00 80')]).toEqual([hex('01'), hex('80')])
  })

  it('children fill their parent exactly', () => {
    expect(readDerChildren(parse(hex('30 03 04 01 ff')), derTag.sequence)).toHaveLength(1)
    expect(readDerChildren(parse(hex('30 04 04 01 ff 04')), derTag.sequence)).toBeNull()
    expect(readDerChildren(parse(hex('31 03 04 01 ff')), derTag.sequence)).toBeNull()
  })
})

describe('a Name', () => {
  const commonName = oid('550403')
  const text = writeDer(derTag.utf8String, hex('41'))
  const name = (...parts: Bytes[]) =>
    renderName(parse(writeSequence(writeDer(derTag.set, writeSequence(...parts)))))

  it('has a type and a value in each part, and nothing else', () => {
    expect(name(commonName, text)).toBe('CN=A')
    expect([name(commonName), name(text, text), name(commonName, text, text)]).toEqual([
      null,
      null,
      null,
    ])
  })
})

describe('a public key', () => {
  const rsa = oid('2a864886f70d010101')
  const ec = oid('2a8648ce3d0201')
  const p256 = oid('2a8648ce3d030107')
  const none = writeDer(derTag.null)
  const modulus = writeDer(derTag.integer, hex(`00${'c1'.repeat(256)}`))
  const exponent = writeDer(derTag.integer, hex('010001'))
  const key = (algorithm: Bytes[], ...rest: Bytes[]) =>
    readPublicKey(parse(writeSequence(writeSequence(...algorithm), ...rest)))
  const rsaKey = (...parts: Bytes[]) => key([rsa, none], writeBits(writeSequence(...parts)))
  const point = hex(`04${'11'.repeat(64)}`)

  it('of RSA is a modulus and an exponent, and nothing else', () => {
    expect(rsaKey(modulus, exponent)).toMatchObject({
      ok: true,
      value: { family: 'rsa', bits: 2048 },
    })
    expect(rsaKey(modulus, exponent, exponent)).toEqual({ ok: false, failure: 'not_der' })
    expect(rsaKey(modulus)).toEqual({ ok: false, failure: 'not_der' })
  })

  it('on a curve is an uncompressed point of its size', () => {
    const onCurve = (bits: Bytes) => key([ec, p256], bits)
    expect(onCurve(writeBits(point))).toEqual({ ok: true, value: { family: 'ec', curve: 'P-256' } })
    expect(onCurve(writeBits(hex(`02${'11'.repeat(64)}`)))).toEqual({
      ok: false,
      failure: 'ec_point',
    })
    expect(onCurve(writeBits(point.subarray(0, 33)))).toEqual({ ok: false, failure: 'ec_point' })
    expect(onCurve(writeDer(derTag.bitString, hex('01'), point))).toEqual({
      ok: false,
      failure: 'not_der',
    })
  })

  it('names its kind by an OID, and holds two parts', () => {
    const bits = writeBits(point)
    const notDer = { ok: false, failure: 'not_der' }
    const spelled = writeDer(derTag.utf8String, hex('2a8648ce3d0201'))
    expect(key([spelled, p256], bits)).toEqual(notDer)
    expect(key([ec, p256], bits, bits)).toEqual(notDer)
    expect(key([ec, p256, none], bits)).toEqual(notDer)
    expect(key([oid('2a03')], bits)).toEqual({ ok: false, failure: 'key_kind' })
  })
})
