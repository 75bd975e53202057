import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  base64Decode,
  base64Encode,
  base64UrlDecode,
  base64UrlEncode,
  equalBytes,
  foldCase,
  isId,
  keyedDigests,
  newId,
  newTimedId,
  parseKeyRing,
  parseUtcTime,
  printable,
  seal,
  toIso,
  unseal,
  utf8,
} from '../../src/kernel/index.ts'

describe('base64', () => {
  it('reads back every octet string, as Node writes it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(base64Encode(bytes)).toBe(Buffer.from(bytes).toString('base64'))
        expect(base64UrlEncode(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
        expect(base64Decode(base64Encode(bytes))).toEqual(new Uint8Array(bytes))
        expect(base64UrlDecode(base64UrlEncode(bytes))).toEqual(new Uint8Array(bytes))
      }),
    )
  })

  it.each([
    'QQ',
    'QQ=',
    'QQ===',
    'Q',
    '=QQ=',
    'QR==',
    'QUJ=',
    'QQ==QQ==',
    'QQ= =',
    'Q Q==',
    'Q-__',
    'QQ==\0',
    'ＡA==',
    'QQ==!',
  ])('T04 refuses %j', (text) => {
    expect(base64Decode(text)).toBeNull()
  })

  it('skips only what it is told to skip', () => {
    expect(base64Decode('Q\r\nQ=\n=', '\r\n')).toEqual(utf8('A'))
    expect(base64Decode('Q\r\nQ==')).toBeNull()
    expect(base64Decode('Q\tQ==', '\r\n')).toBeNull()
  })
})

describe('parseUtcTime', () => {
  it('reads what Date writes, to the millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 250_000_000_000_000 }), (ms) => {
        expect(parseUtcTime(toIso(ms))).toBe(ms)
      }),
    )
    expect(parseUtcTime('2026-02-28T23:59:59Z')).toBe(Date.UTC(2026, 1, 28, 23, 59, 59))
    expect(parseUtcTime('2026-01-01T00:00:00.1234567Z')).toBe(Date.UTC(2026, 0, 1, 0, 0, 0, 123))
  })

  it.each([
    '',
    '2026-01-01',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00z',
    '2026-01-01T00:00:00+02:00',
    '2026-02-30T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:60Z',
    '12026-01-01T00:00:00Z',
    ' 2026-01-01T00:00:00Z',
    `2026-01-01T00:00:00.${'1'.repeat(40)}Z`,
    '1767225600',
    '2026-13-01T00:00:00Z',
    '2025-02-29T00:00:00Z',
  ])('P07 refuses %j', (text) => {
    expect(parseUtcTime(text)).toBeNull()
  })
})

describe('ids', () => {
  it('have their prefix, are distinct, and are recognized', () => {
    const ids = new Set(Array.from({ length: 1000 }, () => newId('usr')))
    expect(ids.size).toBe(1000)
    for (const id of ids) expect(isId('usr', id)).toBe(true)
    expect(isId('org', newId('usr'))).toBe(false)
    expect(isId('usr', 'usr_short')).toBe(false)
  })

  it('sort by time where they say so', () => {
    const ids = [1, 1000, 1_800_000_000_000, 1_900_000_000_000].map((ms) => newTimedId('evt', ms))
    expect([...ids].sort()).toEqual(ids)
  })
})

describe('seal', () => {
  const ring = parseKeyRing(
    `k2:${base64Encode(new Uint8Array(32).fill(2))},k1:${base64Encode(new Uint8Array(32).fill(1))}`,
    base64Decode,
  )
  const old = parseKeyRing(`k1:${base64Encode(new Uint8Array(32).fill(1))}`, base64Decode)
  if (ring === null || old === null) throw new Error('the test’s own keys must parse')
  const place = { table: 't', column: 'c', organization: 'org_1', row: 'r1' }

  it('opens in its place, under the key that wrote it', async () => {
    const sealed = await seal(ring, place, { secret: utf8('secret') })
    expect(sealed.startsWith('k2.')).toBe(true)
    expect(await unseal(ring, place, sealed)).toEqual(utf8('secret'))
    expect(await unseal(ring, place, await seal(old, place, { secret: utf8('secret') }))).toEqual(
      utf8('secret'),
    )
  })

  it.each([
    ['another table', { table: 'x' }],
    ['another column', { column: 'x' }],
    ['another organization', { organization: 'org_2' }],
    ['another row', { row: 'r2' }],
  ])('does not open in %s', async (_, change) => {
    const sealed = await seal(ring, place, { secret: utf8('secret') })
    expect(await unseal(ring, { ...place, ...change }, sealed)).toBeNull()
  })

  it('does not open when altered, or when its key is gone', async () => {
    const sealed = await seal(ring, place, { secret: utf8('secret') })
    expect(await unseal(ring, place, `${sealed.slice(0, -2)}AA`)).toBeNull()
    expect(await unseal(old, place, sealed)).toBeNull()
    expect(await unseal(ring, place, 'nonsense')).toBeNull()
  })

  it('remembers a name under every key without keeping it', async () => {
    const digests = await keyedDigests(ring, 'tombstone', 'ann')
    expect(digests.map((digest) => digest.split(':')[0])).toEqual(['k2', 'k1'])
    expect(await keyedDigests(old, 'tombstone', 'ann')).toEqual([digests[1]])
    expect(await keyedDigests(old, 'other purpose', 'ann')).not.toEqual([digests[1]])
  })

  it.each([
    '',
    'k1',
    'k1:',
    'k1:AAAA',
    ':AAAA',
    `k 1:${base64Encode(new Uint8Array(32))}`,
    `k:${base64Encode(new Uint8Array(32))},k:${base64Encode(new Uint8Array(32))}`,
  ])('refuses the key ring %j', (text) => {
    expect(parseKeyRing(text, base64Decode)).toBeNull()
  })
})

describe('text', () => {
  it('folds case beyond ASCII and composition, and keeps look-alikes apart', () => {
    expect(foldCase('ÄNNE@X.DE')).toBe('änne@x.de')
    expect(foldCase('A\u0308')).toBe(foldCase('Ä'))
    expect(foldCase('аdmin')).not.toBe(foldCase('admin'))
  })

  it('P18 makes control, zero-width and direction characters visible, and cuts', () => {
    expect(printable('a\u001b[31m\r\n\u202eb\u200b')).toBe(
      'a\\u{1b}[31m\\u{d}\\u{a}\\u{202e}b\\u{200b}',
    )
    expect(printable('x'.repeat(1000), 10)).toBe(`${'x'.repeat(10)}…`)
  })

  it('compares octets', () => {
    expect(equalBytes(utf8('abc'), utf8('abc'))).toBe(true)
    expect(equalBytes(utf8('abc'), utf8('abd'))).toBe(false)
    expect(equalBytes(utf8('abc'), utf8('ab'))).toBe(false)
  })
})
