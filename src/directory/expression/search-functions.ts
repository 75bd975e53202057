import { limits } from '../../kernel/index.ts'
import { constantText, type FunctionEntry, parameters } from './signature.ts'
import {
  eachText,
  type Fault,
  fault,
  integerOf,
  type Plain,
  singleText,
  textsOf,
  tooLong,
} from './value.ts'

/** Functions that look for something in a text, after Microsoft's reference for writing expressions. */
export const searchFunctions: readonly FunctionEntry[] = [
  {
    name: 'Replace',
    parameters: parameters(
      'source oldValue? regexPattern? regexGroupName? replacementValue? replacementAttributeName? template?',
    ),
    does: 'Every oldValue in the source replaced by replacementValue; or every oldValue in the template replaced by the source. Case counts. Regular expressions are refused.',
    example: 'Replace([userPrincipalName], "@contoso.com", , , "", , )',
    gives: 'zoe',
    check: (args) => {
      if ([args[2], args[3], args[5]].some((arg) => arg !== undefined && arg !== null)) {
        return 'takes no regular expression here, since one can take for ever; use oldValue, Split, Word or Mid'
      }
      if (args[1] === undefined || args[1] === null) return 'needs oldValue'
      const isReplaced = args[4] !== undefined && args[4] !== null
      const hasTemplate = args[6] !== undefined && args[6] !== null
      if (isReplaced === hasTemplate) return 'needs either replacementValue or template'
      return constantText(args[1]) === '' ? 'needs an oldValue that is not empty' : null
    },
    apply: ([source = null, oldValue = null, , , replacement = null, , template = null]) => {
      const [old, by, form] = [singleText(oldValue), singleText(replacement), singleText(template)]
      if (typeof old !== 'string') return old
      if (old.length > limits.expressionSearchLength) return tooMuchSearched
      if (typeof by !== 'string') return by
      if (typeof form !== 'string') return form
      return eachText(source, (text) =>
        form === '' ? replaceAll(text, old, by) : replaceAll(form, old, text),
      )
    },
  },
  {
    name: 'InStr',
    parameters: parameters('source search start? compareType?'),
    does: 'Where the searched text begins, the first character being 1; 0 when it is not there. vbTextCompare ignores case.',
    example: 'InStr([userPrincipalName], "@")',
    gives: '4',
    apply: ([source = null, search = null, start = null, compareType = null]) => {
      const [text, part, way] = [singleText(source), singleText(search), singleText(compareType)]
      if (typeof text !== 'string') return text
      if (typeof part !== 'string') return part
      if (part.length > limits.expressionSearchLength) return tooMuchSearched
      if (typeof way !== 'string') return way
      const from = start === null ? 1 : integerOf(start)
      if (typeof from !== 'number') return from
      if (from < 1) return fault('counts characters from 1')
      if (way === '' || way === 'vbBinaryCompare') return text.indexOf(part, from - 1) + 1
      if (way !== 'vbTextCompare') return fault('compares by vbTextCompare or vbBinaryCompare')
      return text.toLowerCase().indexOf(part.toLowerCase(), from - 1) + 1
    },
  },
  {
    name: 'Word',
    parameters: parameters('source number delimiters'),
    does: 'The word of a number, the first being 1; each of the delimiters ends a word. Empty when there are fewer.',
    example: 'Word([userPrincipalName], 2, "@.")',
    gives: 'contoso',
    apply: ([source = null, wordNumber = null, delimiters = null]) => {
      const [text, ends, index] = [
        singleText(source),
        singleText(delimiters),
        integerOf(wordNumber),
      ]
      if (typeof text !== 'string') return text
      if (typeof ends !== 'string') return ends
      if (ends.length > limits.expressionSearchLength) return tooMuchSearched
      if (typeof index !== 'number') return index
      return wordsOf(text, ends)[index - 1] ?? ''
    },
  },
]

/** Why a text is not looked for. */
export const tooMuchSearched = fault(
  `searches for ${limits.expressionSearchLength} characters at most`,
)

/** Replaces, once it is known how long the result is. */
function replaceAll(text: string, old: string, by: string): string | Fault {
  if (old === '') return text
  const parts = text.split(old)
  const length = text.length + (parts.length - 1) * (by.length - old.length)
  return length > limits.expressionValueLength ? tooLong : parts.join(by)
}

/** Pieces of a text between any of the delimiters, without empty ones. */
function wordsOf(text: string, delimiters: string): readonly string[] {
  const ends = new Set(delimiters)
  const words: string[] = []
  let word = ''
  for (const character of text) {
    if (!ends.has(character)) word += character
    else if (word !== '') {
      words.push(word)
      word = ''
    }
  }
  return word === '' ? words : [...words, word]
}

/** The texts of what is split: one blank has none. */
export function pieces(source: Plain, delimiter: string): readonly string[] {
  return textsOf(source)
    .flatMap((text) => (delimiter === '' ? [text] : text.split(delimiter)))
    .map((text) => text.trim())
    .filter((text) => text !== '')
}
