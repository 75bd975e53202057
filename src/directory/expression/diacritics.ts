import { normalized } from '../../kernel/index.ts'

/** Letters that Unicode does not take apart into a plain one and a mark, as Microsoft's table has them, and đ. */
const letters: ReadonlyMap<string, string> = new Map([
  ['æ', 'ae'],
  ['Æ', 'AE'],
  ['ø', 'oe'],
  ['Ø', 'OE'],
  ['œ', 'oe'],
  ['Œ', 'OE'],
  ['ß', 'ss'],
  ['ł', 'l'],
  ['Ł', 'L'],
  ['đ', 'd'],
  ['Đ', 'D'],
  ['ı', 'i'],
])

/**
 * Plain letters for those with diacritical marks (Microsoft's table of NormalizeDiacritics). Only marks of the block
 * for Latin, Greek and Cyrillic go: a voiced Japanese letter is another letter, not one with an accent.
 */
export function normalizeDiacritics(text: string): string {
  const plain = normalized(text, 'NFD').replace(/[\u0300-\u036F]/g, '')
  const replaced = plain.replace(/[^\0-\x7F]/g, (letter) => letters.get(letter) ?? letter)
  return normalized(replaced, 'NFC')
}
