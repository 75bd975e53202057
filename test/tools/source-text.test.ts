import { describe, expect, it } from 'vitest'
import { importsOf, loadedImportsOf, stripComments } from '../../tools/source-text.ts'

describe('reading source as text', () => {
  it.each([
    ['a() // atob', 'a() '],
    ['/** atob */\na()', '\na()'],
    ["b('// not a comment')", "b('// not a comment')"],
    ['c(`http://x` /* y */)', 'c(`http://x` )'],
    ['d(/[\'"`]/.test(x)) // e', 'd(/[\'"`]/.test(x)) '],
    ['const r = /[/*]+/ // f', 'const r = /[/*]+/ '],
    ['g(h / i) // j\n/k/', 'g(h / i) \n/k/'],
    ["'it\\'s' // l", "'it\\'s' "],
  ])('takes the comments out of %j', (source, code) => {
    expect(stripComments(source)).toBe(code)
  })

  it('finds every kind of import, and none in comments or strings', () => {
    const source = `
import { a } from './a.ts'
import type { B } from "./b.ts"
import {
  c,
  type D,
} from './c.ts'
import './e.ts'
export * from './f.ts'
export { g } from './g.ts'
const h = await import('./h.ts')
// import { x } from './x.ts'
const text = "import { y } from './y.ts'"
`
    expect(importsOf(source)).toEqual(
      ['a', 'c', 'f', 'g', 'b', 'e', 'h'].map((name) => `./${name}.ts`),
    )
    expect(loadedImportsOf(source)).not.toContain('./b.ts')
    expect(loadedImportsOf(source)).toContain('./a.ts')
  })
})
