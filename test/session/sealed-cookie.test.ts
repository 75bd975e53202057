import { describe, expect, it } from 'vitest'
import { type KeyRing, seal, utf8 } from '../../src/kernel/index.ts'
import { openCookie, sealCookie } from '../../src/session/index.ts'

const one = { kid: 'k1', key: new Uint8Array(32).fill(1) }
const two = { kid: 'k2', key: new Uint8Array(32).fill(2) }
const ring: KeyRing = [one]
const value = { returnTo: '/', at: 1 }
const expiresAtMs = 1000

function made(purpose = 'login'): Promise<string> {
  return sealCookie(ring, purpose, { value, expiresAtMs })
}

const open = (sealed: string, { purpose = 'login', nowMs = 999, keys = ring } = {}) =>
  openCookie(keys, purpose, { sealed, nowMs })

describe('a sealed cookie', () => {
  it('opens for its purpose in its time, also under a key that only reads any more', async () => {
    const sealed = await made()
    expect(await open(sealed)).toEqual(value)
    expect(await open(sealed, { keys: [two, one] })).toEqual(value)
  })

  it('is closed from its last millisecond on', async () => {
    expect(await open(await made(), { nowMs: 1000 })).toBeNull()
  })

  it('opens for no other purpose, and without its key not at all', async () => {
    const sealed = await made()
    expect(await open(sealed, { purpose: 'logout' })).toBeNull()
    expect(await open(sealed, { keys: [two] })).toBeNull()
    // The same kid, another key.
    expect(await open(sealed, { keys: [{ ...two, kid: 'k1' }] })).toBeNull()
  })

  it('is never something that was sealed for the database', async () => {
    const place = { table: 'connection_keys', column: 'login', organization: '', row: '' }
    const secret = utf8(JSON.stringify({ value, expiresAtMs }))
    expect(await open(await seal(ring, place, { secret }))).toBeNull()
  })

  it('cannot be altered in any character', async () => {
    const sealed = await made()
    for (let i = 0; i < sealed.length; i++) {
      const other = sealed[i] === 'A' ? 'B' : 'A'
      const altered = sealed.slice(0, i) + other + sealed.slice(i + 1)
      const opened = await open(altered)
      // The last character of base64url may carry bits that mean nothing.
      expect([i, opened === null || JSON.stringify(opened) === JSON.stringify(value)]).toEqual([
        i,
        true,
      ])
      if (i < sealed.length - 1 && sealed[i + 1] !== '.') expect([i, opened]).toEqual([i, null])
    }
  })

  it.each([
    '',
    '.',
    '..',
    '...',
    'k1',
    'k1..',
    'k1.AAAA.AAAA',
    'k1.AAAAAAAAAAAAAAAA.',
    'x'.repeat(9000),
  ])('is not %j', async (sealed) => {
    expect(await open(sealed)).toBeNull()
  })
})
