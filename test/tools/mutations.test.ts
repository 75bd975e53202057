import { describe, expect, it } from 'vitest'
import { applyMutation, findGuards, recordRefusals } from '../../tools/mutations.ts'

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

describe('recording which guards refuse', () => {
  const record = (source: string) =>
    recordRefusals(
      source,
      findGuards(source).map((mutation, id) => ({ id, mutation })),
    )

  it.each([
    [
      'if (a > max) return err(x)',
      'if (globalThis.tellRefusal(0, false, (a > max))) return err(x)',
    ],
    [
      'if (a || b) return null',
      'if (globalThis.tellRefusal(0, false, (a)) || globalThis.tellRefusal(1, false, (b))) return null',
    ],
    [
      'return a === b ? ok(a) : err(x)',
      'return globalThis.tellRefusal(0, true, (a === b)) ? ok(a) : err(x)',
    ],
    ['// none', '// none'],
  ])('wraps the conditions of %j', (source, recorded) => {
    expect(record(source)).toBe(recorded)
  })

  it('keeps guards inside guards apart', () => {
    const mutation = { replacement: 'false', condition: '', line: 1 } as const
    const guards = [
      { id: 7, mutation: { ...mutation, from: 4, to: 5 } },
      { id: 8, mutation: { ...mutation, from: 4, to: 10 } },
    ]
    expect(recordRefusals('if (a && b) x', guards)).toBe(
      'if (globalThis.tellRefusal(8, false, (globalThis.tellRefusal(7, false, (a)) && b))) x',
    )
  })
})
