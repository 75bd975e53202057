import { describe, expect, it } from 'vitest'
import { movedKeys, searchKeys, searchPrefix } from '../../src/directory/index.ts'

describe('what search finds somebody by', () => {
  it('is folded, and empty where the profile says nothing', () => {
    const profile = { displayName: 'Ärzte GmbH', familyName: 'ÄRZTE', email: 'A@Mail.example' }
    expect(searchKeys(profile, 'ann@contoso.com')).toEqual({
      searchName: 'ärzte gmbh',
      searchFamily: 'ärzte',
      searchEmail: 'a@mail.example',
    })
    const none = { searchName: '', searchFamily: '', searchEmail: '' }
    expect(searchKeys({}, 'ann@contoso.com')).toEqual(none)
    expect(searchKeys({ displayName: 7, email: ['a@b.example'] }, 'x')).toEqual(none)
  })

  it('leaves out an email that the userName finds already', () => {
    const keys = searchKeys({ email: 'Ann@contoso.com' }, 'ann@contoso.com')
    expect(keys.searchEmail).toBe('')
    expect(searchKeys({ email: 'ann@contoso.com.au' }, 'ann@contoso.com').searchEmail).not.toBe('')
  })

  it('is cut by characters, so that no half of one is stored', () => {
    const { searchName } = searchKeys({ displayName: `x${'😀'.repeat(100)}` }, '')
    expect(searchName).toBe(`x${'😀'.repeat(63)}`)
    expect(searchName.isWellFormed()).toBe(true)
  })

  it('is written only where it is another, or was never written', () => {
    const keys = { searchName: 'ann', searchFamily: '', searchEmail: '' }
    expect(movedKeys(keys, keys)).toEqual({})
    expect(movedKeys({ ...keys, searchName: 'bob', searchEmail: null }, keys)).toEqual({
      searchName: 'ann',
      searchEmail: '',
    })
  })

  it('is compared with what was typed in the same form', () => {
    expect(searchPrefix('  A\u0308RZ ')).toBe('ärz')
  })
})
