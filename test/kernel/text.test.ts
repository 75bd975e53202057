import { describe, expect, it } from 'vitest'
import { normalizeDiacritics } from '../../src/directory/expression/diacritics.ts'
import { foldCase, normalized } from '../../src/kernel/index.ts'

/** Marks that a normal form puts into another order: in one run, work that grows with its length squared. */
function marks(count: number): string {
  return '\u0301\u0323'.repeat(count / 2)
}

describe('a normal form', () => {
  it('is Unicode’s for whatever people write', () => {
    for (const text of ['', 'Ann', 'Ångström', 'e\u0301', `a${marks(30)}é`, '\u1100\u1161']) {
      expect(normalized(text, 'NFC')).toBe(text.normalize('NFC'))
      expect(normalized(text, 'NFD')).toBe(text.normalize('NFD'))
    }
  })

  it('leaves longer runs of marks as they are, and takes no longer for them', () => {
    const run = marks(500_000)
    expect(normalized(`E\u0301a${run}e\u0301`, 'NFC').length).toBe(run.length + 3)
    expect(foldCase(`E\u0301A${run}`).startsWith('éa\u0301\u0323\u0301')).toBe(true)
    expect(normalizeDiacritics(`Zoe\u0308${run}!`)).toBe('Zoe!')
  })
})
