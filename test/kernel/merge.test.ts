import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeArms, orderTexts } from '../../src/kernel/index.ts'

const order = (a: number, b: number) => a - b

/** Reads at most `window` rows of each list behind a place, as the stores do. */
function page(
  lists: readonly (readonly number[])[],
  asked: {
    readonly after: number
    readonly window: number
    readonly limit: number
    readonly matches: (row: number) => boolean
  },
) {
  const arms = lists.map((list) => {
    const rows = list.filter((row) => row > asked.after).slice(0, asked.window)
    return { rows, isFull: rows.length === asked.window }
  })
  return mergeArms(arms, { order, matches: asked.matches, limit: asked.limit })
}

describe('pages of several reads', () => {
  it('show everything that matches, once and in order, whatever the sizes', () => {
    const rows = fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 60 })
    fc.assert(
      fc.property(
        rows,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 5 }),
        (all, count, window, limit, divisor) => {
          const sorted = all.toSorted(order)
          const lists = Array.from({ length: count }, (_, arm) =>
            sorted.filter((row) => row % count === arm),
          )
          const matches = (row: number) => row % divisor === 0
          const shown: number[] = []
          let after = -1
          for (;;) {
            const found = page(lists, { after, window, limit, matches })
            // Thousands of times: assertions of their own would take most of the time.
            if (found.shown.length > limit) throw new Error('a page is too long')
            shown.push(...found.shown)
            if (found.next === null) break
            if (found.next <= after) throw new Error('a page leads back')
            after = found.next
          }
          expect(shown).toEqual(sorted.filter(matches))
        },
      ),
    )
  })
})

describe('the order of texts', () => {
  it('is that of their UTF-8, which SQLite compares', () => {
    const bytes = (text: string) => Buffer.from(text).toString('hex')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        const wanted = bytes(a) < bytes(b) ? -1 : bytes(a) > bytes(b) ? 1 : 0
        expect(Math.sign(orderTexts(a, b))).toBe(wanted)
      }),
    )
    expect(orderTexts('\u{1f600}', '\uffee')).toBeGreaterThan(0)
  })
})
