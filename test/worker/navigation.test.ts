import { describe, expect, it } from 'vitest'
import {
  answer,
  context,
  createContoso,
  type DoorWorld,
  doorWorld,
  tables,
} from './support/door-world.ts'

const loginPath = `/saml/${context.connectionId}/login`
const acsPath = `/saml/${context.connectionId}/acs`

/** What the doors have counted, read, stored or given. */
async function traces(world: DoorWorld, response: Response) {
  return {
    knocks: world.knocks,
    calls: world.counting.calls.length,
    cookies: response.headers.getSetCookie(),
  }
}
const none = { knocks: [], calls: 0, cookies: [] }

async function openWorld() {
  const { db } = await createContoso()
  return { db, world: doorWorld() }
}

describe('what is no navigation (saml.not_a_navigation)', () => {
  it.each([
    ['an image', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    ['a fetch', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['a fetch of our own site', { 'sec-fetch-mode': 'same-origin', 'sec-fetch-dest': 'empty' }],
    ['a socket', { 'sec-fetch-mode': 'websocket' }],
  ])('does not start a sign-in: %s', async (_, headers) => {
    const { world } = await openWorld()
    const response = await world.request(loginPath, { headers })
    expect(response.status).toBe(403)
    expect(await traces(world, response)).toEqual(none)
  })

  it.each(['no-cors', 'cors', 'same-origin'])('does not finish one: %s', async (mode) => {
    const { db, world } = await openWorld()
    const browser = world.browser()
    const { form } = await answer(await browser.start())
    world.counting.restart()
    world.knocks.length = 0
    const post = (secFetchMode: string) =>
      browser.go(acsPath, {
        method: 'POST',
        crossSite: true,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-mode': secFetchMode,
        },
        body: form,
      })
    const refused = await post(mode)
    expect(refused.status).toBe(403)
    expect(await refused.text()).toContain('That did not work')
    expect(await traces(world, refused)).toEqual(none)
    expect(await db.$count(tables.events)).toBe(0)
    // The response is not used up: the form that a person sends is accepted.
    expect((await post('navigate')).status).toBe(303)
  })
})

describe('a navigation', () => {
  it.each([
    ['a link', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }],
    ['a frame', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
    ['an old browser', {}],
  ])('starts a sign-in: %s', async (_, headers) => {
    const { world } = await openWorld()
    const response = await world.request(loginPath, { headers })
    expect([response.status, response.headers.getSetCookie().length]).toEqual([302, 1])
  })
})

describe('what a browser fetches ahead', () => {
  it.each([
    ['a prefetch', { 'sec-purpose': 'prefetch', 'sec-fetch-mode': 'navigate' }],
    ['a prerendering', { 'sec-purpose': 'prefetch;prerender', 'sec-fetch-mode': 'navigate' }],
    ['a link of rel=prefetch', { 'sec-purpose': 'prefetch', 'sec-fetch-mode': 'no-cors' }],
    ['an older browser’s', { purpose: 'prefetch' }],
  ])('begins nothing, and is not kept for the person: %s', async (_, headers) => {
    const { world } = await openWorld()
    const response = await world.request(loginPath, { headers })
    expect([response.status, response.headers.get('cache-control')]).toEqual([503, 'no-store'])
    expect(await traces(world, response)).toEqual(none)
  })
})
