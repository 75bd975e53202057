import { describe, expect, it } from 'vitest'
import { openCookie, sealCookie } from '../../src/session/index.ts'
import { answer, createContoso, doorWorld } from './support/door-world.ts'

const acceptCookie = '__Host-portico_accept'
const purpose = 'accepted sign-in'

type Value = Readonly<Record<string, unknown>>

/** Takes an accepted response whose waiting session was sealed with another value, or for another purpose. */
async function takeWith(change: (value: Value) => Value, sealedFor = purpose) {
  await createContoso({ connection: { acceptUnsolicited: true } })
  const world = doorWorld()
  const browser = world.browser()
  await browser.post((await answer(null)).form)
  const { keyRing } = world.deps.config
  const nowMs = world.clock.ms
  const ours = browser.jar.get(acceptCookie)?.value ?? ''
  const value = change((await openCookie(keyRing, purpose, { sealed: ours, nowMs })) ?? {})
  const expiresAtMs = nowMs + 60_000
  const sealed = await sealCookie(keyRing, sealedFor, { value, expiresAtMs })
  browser.jar.set(acceptCookie, { value: sealed, sameSite: 'Lax' })
  const response = await browser.go('/saml/accept')
  const isSignedIn = browser.jar.has('__Host-portico_session')
  return { status: response.status, location: response.headers.get('location'), isSignedIn }
}

const nobody = { status: 303, location: '/', isSignedIn: false }

describe('the cookie of an accepted sign-in', () => {
  it('signs in when it is sealed again as it was', async () => {
    expect(await takeWith((value) => value)).toMatchObject({ status: 303, isSignedIn: true })
  })

  it.each<[string, (value: Value) => Value]>([
    ['no token', ({ token, ...rest }) => rest],
    ['a list of tokens', (value) => ({ ...value, token: [value['token']] })],
    ['no place to go to', ({ returnTo, ...rest }) => rest],
    ['no age', ({ maxAge, ...rest }) => rest],
    ['an age in words', (value) => ({ ...value, maxAge: 'long' })],
  ])('leads to the start with %s, and signs nobody in', async (_, change) => {
    expect(await takeWith(change)).toEqual(nobody)
  })

  it('leads to the start when it was sealed for another purpose', async () => {
    expect(await takeWith((value) => value, 'login state')).toEqual(nobody)
  })

  it('leads to the start when there is none', async () => {
    await createContoso({ connection: { acceptUnsolicited: true } })
    const response = await doorWorld().browser().go('/saml/accept')
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
  })
})
