import { limits } from '../../kernel/index.ts'
import { normalizeDiacritics } from './diacritics.ts'
import { tooMuchSearched } from './search-functions.ts'
import { type Arguments, type FunctionEntry, parameters } from './signature.ts'
import {
  cut,
  eachText,
  fault,
  integerOf,
  singleText,
  textsOf,
  tooLong,
  type Value,
} from './value.ts'

/** Functions over text, after Microsoft's reference for writing expressions for attribute mappings. */
export const textFunctions: readonly FunctionEntry[] = [
  {
    name: 'Append',
    parameters: parameters('source suffix'),
    does: 'The source with the suffix at its end.',
    example: 'Append([userPrincipalName], ".test")',
    gives: 'zoe@contoso.com.test',
    apply: ([source = null, suffix = null]) => {
      const tail = singleText(suffix)
      return typeof tail === 'string' ? eachText(source, (text) => text + tail) : tail
    },
  },
  {
    name: 'Join',
    parameters: parameters('separator source…'),
    does: 'All values, lists item by item, as one text with the separator between them; blanks are left out.',
    example: 'Join(", ", [surname], [givenName])',
    gives: 'Ångström, Zoë',
    apply: ([separator = null, ...sources]) => {
      const between = singleText(separator)
      if (typeof between !== 'string') return between
      const parts = sources.flatMap(textsOf).filter((text) => text !== '')
      const length = parts.reduce((sum, part) => sum + part.length + between.length, 0)
      return length > limits.expressionValueLength ? tooLong : parts.join(between)
    },
  },
  {
    name: 'Left',
    parameters: parameters('source length'),
    does: 'The first characters; all of them where the length is negative.',
    example: 'Left([givenName], 2)',
    gives: 'Zo',
    apply: (args) => cutOut(args, (length) => (length < 0 ? [0] : [0, length])),
  },
  {
    name: 'Right',
    parameters: parameters('source length'),
    does: 'The last characters; all of them where the length is negative.',
    example: 'Right([userPrincipalName], 3)',
    gives: 'com',
    apply: (args) =>
      cutOut(args, (length, of) => (length < 0 ? [0] : [Math.max(0, of - length), of])),
  },
  {
    name: 'Mid',
    parameters: parameters('source start length'),
    does: 'So many characters from a place on; the first character is 1.',
    example: 'Mid([userPrincipalName], 5, 7)',
    gives: 'contoso',
    apply: ([source = null, start = null, length = null]) => {
      const from = integerOf(start)
      if (typeof from !== 'number') return from
      if (from < 1) return fault('counts characters from 1')
      return cutOut([source, length], (count) => [from - 1, from - 1 + Math.max(0, count)])
    },
  },
  {
    name: 'Len',
    parameters: parameters('source'),
    does: 'How many characters the text has.',
    example: 'Len([givenName])',
    gives: '3',
    apply: ([source = null]) => {
      const text = singleText(source)
      return typeof text === 'string' ? characters(text).length : text
    },
  },
  {
    name: 'Trim',
    parameters: parameters('source'),
    does: 'The text without white space at its ends.',
    example: 'Trim("  Ops ")',
    gives: 'Ops',
    apply: ([source = null]) => eachText(source, (text) => text.trim()),
  },
  {
    name: 'StripSpaces',
    parameters: parameters('source'),
    does: 'The text without any spaces.',
    example: 'StripSpaces([mobilePhone])',
    gives: '+4612345678',
    apply: ([source = null]) => eachText(source, (text) => text.replaceAll(' ', '')),
  },
  {
    name: 'ToLower',
    parameters: parameters('source culture?'),
    does: 'The text in lower case; the culture, such as tr-TR, matters for few languages.',
    example: 'ToLower([department])',
    gives: 'research',
    apply: (args) => inCulture(args, (text, culture) => text.toLocaleLowerCase(culture)),
  },
  {
    name: 'ToUpper',
    parameters: parameters('source culture?'),
    does: 'The text in upper case; the culture, such as tr-TR, matters for few languages.',
    example: 'ToUpper([department])',
    gives: 'RESEARCH',
    apply: (args) => inCulture(args, (text, culture) => text.toLocaleUpperCase(culture)),
  },
  {
    name: 'PCase',
    parameters: parameters('source wordSeparators?'),
    does: 'Each word with a capital first letter and small ones after it; words end at the separators, or at anything that is no letter, digit or apostrophe.',
    example: 'PCase("ANN-MARIE LEE")',
    gives: 'Ann-Marie Lee',
    apply: ([source = null, separators = null]) => {
      const ends = singleText(separators)
      if (typeof ends !== 'string') return ends
      if (ends.length > limits.expressionSearchLength) return tooMuchSearched
      return eachText(source, (text) => properCase(text, ends))
    },
  },
  {
    name: 'NormalizeDiacritics',
    parameters: parameters('source'),
    does: 'The text with plain letters for those with accents: é becomes e, ß becomes ss.',
    example: 'NormalizeDiacritics([surname])',
    gives: 'Angstrom',
    apply: ([source = null]) => eachText(source, normalizeDiacritics),
  },
]

/** Characters, so that none is cut in its middle. */
function characters(text: string): readonly string[] | string {
  return /[\uD800-\uDFFF]/.test(text) ? [...text] : text
}

/** A part of each text of the first argument, by the number in the second. */
function cutOut(
  [source = null, length = null]: Arguments,
  place: (length: number, of: number) => readonly [number, number?],
): Value {
  const count = integerOf(length)
  if (typeof count !== 'number') return count
  return eachText(source, (text) => {
    const all = characters(text)
    const [from, to] = place(count, all.length)
    return typeof all === 'string' ? all.slice(from, to) : all.slice(from, to).join('')
  })
}

/** The culture names that cannot be malformed: a language, a script, a country. */
const culture = /^[a-z]{2,3}(-[a-z]{4})?(-[a-z]{2})?$/i

function inCulture(
  [source = null, name = null]: Arguments,
  change: (text: string, culture: string) => string,
): Value {
  const given = singleText(name)
  if (typeof given !== 'string') return given
  if (given !== '' && !culture.test(given)) {
    return fault(`does not know the culture "${cut(given)}"; one is written like tr-TR`)
  }
  // Without one the language of the machine would decide; English has no rules of its own, as the invariant culture.
  return eachText(source, (text) => change(text, given === '' ? 'en' : given))
}

function properCase(text: string, separators: string): string {
  const lower = text.toLowerCase()
  if (separators === '') {
    return lower.replace(/[\p{L}\p{M}\p{N}']+/gu, (word) => capital(word))
  }
  const ends = new Set(separators)
  let isStart = true
  let result = ''
  for (const character of lower) {
    result += isStart ? character.toUpperCase() : character
    isStart = ends.has(character)
  }
  return result
}

function capital(word: string): string {
  const [first = ''] = word
  return first.toUpperCase() + word.slice(first.length)
}
