import { describe, expect, it } from 'vitest'
import { context, createContoso, doorWorld, tables } from './support/door-world.ts'

describe('a first sign-in', () => {
  it('creates the person, the session and an event, and says who it is', async () => {
    const { db } = await createContoso()
    const world = doorWorld()
    const browser = world.browser()
    const response = await browser.signIn({ query: '?return_to=/welcome' })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe(`${context.publicUrl}/welcome`)
    const session = await browser.go('/session')
    expect(session.status).toBe(200)
    expect(await session.json()).toMatchObject({
      user: { userName: 'ann@contoso.example', active: true },
      profile: { email: 'ann@contoso.example', givenName: 'Ann', familyName: 'Example' },
      roles: ['member'],
      organization: { slug: 'contoso' },
      connection: context.connectionId,
    })
    expect(await db.select().from(tables.people)).toHaveLength(1)
    expect(await db.select().from(tables.events)).toMatchObject([
      { type: 'sign_in', outcome: 'success', facts: { admission: 'create' } },
    ])
  })
})
