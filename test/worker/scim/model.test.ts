import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import '../support/search-keys-hold.ts'
import {
  contosoId,
  createGroup,
  createUser,
  dumpOf,
  fabrikamId,
  forget,
  Run,
  type Step,
  step,
} from './model-world.ts'
import { addFabrikam } from './rfc/rfc-world.ts'
import { type Wire, wireOf, wireWorld } from './wire-world.ts'

/** Twelve requests, the first of which make somebody. */
const sequence = fc
  .tuple(createUser, createGroup, createUser, fc.array(step, { minLength: 9, maxLength: 9 }))
  .map(([ann, ops, bob, more]): readonly Step[] => [ann, ops, bob, ...more])
/** Pairs of requests at the same moment, once somebody is there. */
const pairs = fc.tuple(
  fc.tuple(createUser, createGroup, createUser),
  fc.array(fc.tuple(step, step), { minLength: 5, maxLength: 5 }),
)

let scim: Wire
let foreign: { userId: string; groupId: string }
beforeEach(async () => {
  scim = await wireWorld()
  await addFabrikam()
  const other = wireOf(scim.world, { token: 'fabrikam' })
  const user = await other.made('/Users', { userName: 'ann@x.example', externalId: 'nick' })
  const group = await other.made('/Groups', { displayName: 'Ops', members: [{ value: user.id }] })
  foreign = { userId: user.id, groupId: group.id }
})

describe('any sequence of requests', () => {
  it('leaves what a plain model of the RFCs has, and nothing of another customer changes', async () => {
    const before = await dumpOf(fabrikamId)
    await fc.assert(
      fc.asyncProperty(sequence, async (steps) => {
        await forget(contosoId)
        const run = new Run(scim, foreign)
        for (const one of steps) await run.take(one)
        await run.check()
        expect(await dumpOf(fabrikamId)).toEqual(before)
      }),
      { numRuns: 25 },
    )
  }, 120_000)

  it('leaves what one order of them has, where two come at once', async () => {
    const before = await dumpOf(fabrikamId)
    await fc.assert(
      fc.asyncProperty(pairs, async ([first, atOnce]) => {
        await forget(contosoId)
        const run = new Run(scim, foreign)
        for (const one of first) await run.take(one)
        for (const [one, other] of atOnce) await run.takeBoth(one, other)
        await run.check()
        expect(await dumpOf(fabrikamId)).toEqual(before)
      }),
      { numRuns: 15 },
    )
  }, 120_000)
})
