import { describe, expect, it } from 'vitest'
import {
  ann,
  annObjectId,
  countOf,
  detailOf,
  outcomeOf,
  peopleWorld,
  rows,
  statement,
} from './people-world.ts'

const givenName = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname'

/** A connection whose admin makes names of a claim that people may choose themselves. */
function namedByChoice() {
  return peopleWorld({ connection: { claimNames: { userName: [givenName] } } })
}

describe('a userName that a mapped claim made', () => {
  it('adopts nobody: whoever chooses a name is not who has it', async () => {
    const { signIn, create } = await namedByChoice()
    expect(await signIn()).toBe(303)
    const [made] = await rows('select id, user_name_key from people')
    expect(made?.['user_name_key']).toBe('ann')
    const other = await create('ann', { externalId: 'ann' })
    expect(outcomeOf(other)).toBe('directory.user_name_taken')
    expect(detailOf(other)).toContain(`${String(made?.['id'])}, whom a first sign-in made`)
    expect(await countOf('people')).toBe(1)
  })

  it('lets no change of SCIM take them over, whom a filter by the name has found', async () => {
    const { signIn, change } = await namedByChoice()
    await signIn()
    const [made] = await rows('select id from people')
    const wanted = statement('ann', { externalId: 'ann', stated: { title: ['Head'] } })
    const changed = await change(String(made?.['id']), wanted)
    expect(changed).toMatchObject({ ok: false, failure: { code: 'directory.user_name_taken' } })
    expect(await countOf('scim_users')).toBe(0)
  })

  it('is no hindrance where the object id says who it is', async () => {
    const { signIn, create } = await namedByChoice()
    await signIn()
    expect(outcomeOf(await create('ann', { externalId: annObjectId }))).toBe('adopted')
    expect(await signIn()).toBe(303)
    expect(await countOf('people')).toBe(1)
  })

  it('still adopts by the UPN that the sign-in stated, in any case', async () => {
    const { signIn, create } = await peopleWorld()
    await signIn()
    expect(outcomeOf(await create(ann.toUpperCase(), { externalId: 'ann' }))).toBe('adopted')
  })
})
