import { describe, expect, it } from 'vitest'
import { replaceUser } from '../../../src/scim/resource/replace-user.ts'
import { unwrap } from '../patch/patching.ts'

const current = {
  userName: 'ann',
  externalId: 'ann',
  active: false,
  view: { title: 'VP', name: { givenName: 'Ann' } },
}

describe('a PUT of a user', () => {
  it('clears what it leaves out, and says so', () => {
    const replaced = unwrap(replaceUser(current, { userName: 'ann', title: 'VP', nickName: '' }))
    expect(replaced).toEqual({
      userName: 'ann',
      externalId: null,
      active: false,
      view: { title: 'VP' },
      sent: ['userName', 'title', 'nickName'],
      blanks: ['nickName', 'externalId', 'name.givenName'],
      changed: true,
    })
  })

  it('changes nothing when it says what is', () => {
    const { view, ...rest } = current
    expect(unwrap(replaceUser(current, { ...rest, ...view })).changed).toBe(false)
    expect(unwrap(replaceUser({ ...current, view: null }, rest)).changed).toBe(true)
  })

  it('is refused like a POST', () => {
    expect(replaceUser(current, {})).toMatchObject({
      ok: false,
      failure: { code: 'scim.invalid_value' },
    })
  })
})
