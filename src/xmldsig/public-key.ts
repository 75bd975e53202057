import { err, hexEncode, limits, ok, type Result } from '../kernel/index.ts'
import type { Curve } from './algorithms.ts'
import { type Der, derTag, readDer, readDerBits, readDerChildren, readDerPositive } from './der.ts'

/** What a pinned key is, known before any library sees it. */
export type KeyKind =
  | { readonly family: 'rsa'; readonly bits: number; readonly exponent: number }
  | { readonly family: 'ec'; readonly curve: Curve }

export type KeyDefect =
  | 'not_der'
  | 'key_kind'
  | 'rsa_size'
  | 'rsa_modulus'
  | 'rsa_exponent'
  | 'ec_explicit_parameters'
  | 'ec_curve'
  | 'ec_point'

const rsaEncryption = '2a864886f70d010101'
const ecPublicKey = '2a8648ce3d0201'
const curves: ReadonlyMap<string, { curve: Curve; fieldBytes: number }> = new Map([
  ['2a8648ce3d030107', { curve: 'P-256', fieldBytes: 32 }],
  ['2b81040022', { curve: 'P-384', fieldBytes: 48 }],
  ['2b81040023', { curve: 'P-521', fieldBytes: 66 }],
])

function readRsa(parameters: Der | undefined, key: Der | undefined): Result<KeyKind, KeyDefect> {
  const bits = readDerBits(key)
  const sequence = bits === null ? null : readDer(bits)
  const [n, e, more] = readDerChildren(sequence, derTag.sequence) ?? []
  const modulus = readDerPositive(n)
  const exponent = readDerPositive(e)
  if (
    parameters?.tag !== derTag.null ||
    parameters.content.length !== 0 ||
    sequence?.bytes.length !== bits?.length ||
    modulus === null ||
    exponent === null ||
    more !== undefined
  ) {
    return err('not_der')
  }
  const size = modulus.length * 8 - Math.clz32((modulus[0] ?? 0) << 24)
  if (size < limits.rsaMinBits || size > limits.rsaMaxBits) return err('rsa_size')
  if (((modulus[modulus.length - 1] ?? 0) & 1) === 0) return err('rsa_modulus')
  const value = exponent.reduce((sum, byte) => sum * 256 + byte, 0)
  // e = 1 makes every message its own signature; more than 32 bits only costs time.
  if (exponent.length > 4 || value < 3 || value % 2 === 0) return err('rsa_exponent')
  return ok({ family: 'rsa', bits: size, exponent: value })
}

function readEc(parameters: Der | undefined, key: Der | undefined): Result<KeyKind, KeyDefect> {
  // Explicit parameters let a certificate bring its own generator (CVE-2020-0601).
  if (parameters?.tag === derTag.sequence) return err('ec_explicit_parameters')
  if (parameters?.tag !== derTag.oid) return err('not_der')
  const row = curves.get(hexEncode(parameters.content))
  if (row === undefined) return err('ec_curve')
  const point = readDerBits(key)
  if (point === null) return err('not_der')
  if (point[0] !== 4 || point.length !== 1 + 2 * row.fieldBytes) return err('ec_point')
  return ok({ family: 'ec', curve: row.curve })
}

/** Judges a SubjectPublicKeyInfo (RFC 5280 4.1.2.7): which key it is, or why it is not used. */
export function readPublicKey(spki: Der | undefined): Result<KeyKind, KeyDefect> {
  const [algorithm, key, more] = readDerChildren(spki, derTag.sequence) ?? []
  const [oid, parameters, extra] = readDerChildren(algorithm, derTag.sequence) ?? []
  if (oid?.tag !== derTag.oid || more !== undefined || extra !== undefined) return err('not_der')
  const name = hexEncode(oid.content)
  if (name === rsaEncryption) return readRsa(parameters, key)
  if (name === ecPublicKey) return readEc(parameters, key)
  return err('key_kind')
}
