import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { answer, createContoso, doorWorld } from '../support/door-world.ts'

async function times() {
  const { results } = await env.DB.prepare(
    'select organization_id as organization, bucket_ms as bucket, count from sign_in_times order by 1, 2',
  ).all<Record<string, unknown>>()
  return results.map((row) => Object.values(row).join(' ').trim())
}

const contoso = 'org_00000000000000000000000001'

/** A sign-in whose every call to D1 takes so long. */
async function signInTaking(world: ReturnType<typeof doorWorld>, ms: number) {
  const browser = world.browser()
  const { form } = await answer(await browser.start())
  world.counting.beforeEachCall(async () => {
    world.clock.ms += ms / 2
  })
  const response = await browser.post(form)
  world.counting.beforeEachCall(null)
  return response
}

describe('how long sign-ins take', () => {
  it('is counted from the request to the committed batch, by organization and for all', async () => {
    await createContoso()
    const world = doorWorld()
    await world.browser().start()
    expect((await signInTaking(world, 84)).status).toBe(303)
    expect(await times()).toEqual(['100 1', `${contoso} 100 1`])
  })

  it('is written behind the answer, and once a minute at most', async () => {
    await createContoso()
    const world = doorWorld()
    await world.browser().signIn()
    world.counting.restart()
    await world.browser().signIn()
    await world.browser().signIn()
    const written = () =>
      world.counting.calls.filter(({ sql }) => sql.some((text) => text.includes('sign_in_times')))
    expect(written()).toHaveLength(0)
    world.clock.ms += 61_000
    await world.browser().signIn()
    expect(written()).toHaveLength(1)
    expect(await times()).toEqual(['5 4', `${contoso} 5 4`])
  })

  it('is kept for the next time when it cannot be written, and nobody’s sign-in fails', async () => {
    await createContoso()
    const world = doorWorld()
    const browser = world.browser()
    const { form } = await answer(await browser.start())
    world.counting.restart()
    world.counting.failAt([{ call: 2, when: 'before' }])
    expect((await browser.post(form)).status).toBe(303)
    world.counting.failAt([])
    expect(await times()).toEqual([])
    world.clock.ms += 61_000
    await world.browser().signIn()
    expect(await times()).toEqual(['5 2', `${contoso} 5 2`])
  })

  it('says nothing of a sign-in that was refused', async () => {
    await createContoso({ connection: { status: 'disabled' } })
    const world = doorWorld()
    await world.browser().post((await answer(null)).form)
    expect(await times()).toEqual([])
  })
})
