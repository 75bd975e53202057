import { describe, expect, it } from 'vitest'
import { openLogout, rememberLogout } from '../../src/saml/logout-state.ts'
import { sealCookie } from '../../src/session/index.ts'
import { context, createContoso, doorWorld, tables, testConfig } from './support/door-world.ts'

const { keyRing } = testConfig
const { connectionId, nowMs } = context
const started = { requestId: '_logout', connectionId, returnTo: '/bye' }

async function seal(value: Readonly<Record<string, unknown>>, purpose = 'logout state') {
  return sealCookie(keyRing, purpose, { value, expiresAtMs: nowMs + 60_000 })
}

describe('a logout that a browser remembers', () => {
  it('is what was started', async () => {
    const cookie = await rememberLogout(keyRing, started, nowMs)
    const sealed = cookie.slice(cookie.indexOf('=') + 1, cookie.indexOf(';'))
    expect(await openLogout(keyRing, { sealed, connectionId, nowMs })).toEqual(started)
    expect(await openLogout(keyRing, { sealed, connectionId: 'con_other', nowMs })).toBeNull()
  })

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['no request', { connectionId, returnTo: '/bye' }],
    ['a request that is no text', { ...started, requestId: ['_logout'] }],
    ['no place to go to', { connectionId, requestId: '_logout' }],
    ['a place that is no text', { ...started, returnTo: 7 }],
  ])('is none with %s', async (_, value) => {
    const sealed = await seal(value)
    expect(await openLogout(keyRing, { sealed, connectionId, nowMs })).toBeNull()
  })

  it('is none without a cookie, or with one for another purpose', async () => {
    expect(await openLogout(keyRing, { sealed: undefined, connectionId, nowMs })).toBeNull()
    const sealed = await seal(started, 'login state')
    expect(await openLogout(keyRing, { sealed, connectionId, nowMs })).toBeNull()
  })

  it.each([
    ['the provider gave no NameID', { nameId: null }],
    ['the connection is gone', { connectionId: null }],
  ])('is not started where %s: the browser is led on at once', async (_, change) => {
    const { db } = await createContoso()
    const browser = doorWorld().browser()
    await browser.signIn()
    await db.update(tables.sessions).set(change)
    const response = await browser.go('/logout', {
      method: 'POST',
      headers: { origin: context.publicUrl },
    })
    expect([response.status, browser.jar.has('__Host-portico_logout')]).toEqual([303, false])
  })
})
