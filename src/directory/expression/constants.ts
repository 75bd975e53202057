/** Words that stand for a value, in lower case; InStr knows two of Entra's names for ways to compare. */
export const constantWords: ReadonlyMap<string, string | boolean> = new Map<
  string,
  string | boolean
>([
  ['true', true],
  ['false', false],
  ['vbtextcompare', 'vbTextCompare'],
  ['vbbinarycompare', 'vbBinaryCompare'],
])
