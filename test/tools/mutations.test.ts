import { describe, expect, it } from 'vitest'
import { applyMutation, findGuards } from '../../tools/mutations.ts'

function without(source: string): readonly string[] {
  return findGuards(source).map((mutation) => applyMutation(source, mutation))
}

describe('taking out guards', () => {
  it.each([
    ['if (a > max) return err(x)', ['if (false) return err(x)']],
    ["if (a) {\n  return refuse('b')\n}", ["if (false) {\n  return refuse('b')\n}"]],
    [
      'if (a === 0 || b(c || d)) return null',
      ['if (false || b(c || d)) return null', 'if (a === 0 || false) return null'],
    ],
    ['return a === b ? ok(a) : err(x)', ['return true ? ok(a) : err(x)']],
    ['const f = (a) => a > 1 ? refuse(a) : ok(a)', ['const f = (a) => false ? refuse(a) : ok(a)']],
    ["return n === 1 ? null : { code: 'x' }", ["return true ? null : { code: 'x' }"]],
  ])('finds them in %j', (source, mutants) => {
    expect(without(source)).toEqual(mutants)
  })

  it.each([
    ['if (!x.ok) return x'],
    ['if (a) return ok(b)'],
    ['if (a) count++'],
    ['return x.ok ? ok(1) : x'],
    ["const label = a ? 'b' : 'c'"],
    ['// if (a) return err(b)'],
  ])('leaves %j alone', (source) => {
    expect(without(source)).toEqual([])
  })

  it('says where a guard stands, whatever the comments before it', () => {
    const source = '/* one\n two */ // three\nif (a) return err(b)'
    expect(findGuards(source)).toEqual([
      expect.objectContaining({ line: 3, condition: 'a', replacement: 'false' }),
    ])
    expect(without(source)).toEqual(['/* one\n two */ // three\nif (false) return err(b)'])
  })
})
