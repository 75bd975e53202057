import { base64Encode, hexEncode, limits, utf8 } from '../../kernel/index.ts'
import { pieces, tooMuchSearched } from './search-functions.ts'
import { type FunctionEntry, parameters } from './signature.ts'
import {
  eachText,
  fault,
  integerOf,
  isList,
  type Scalar,
  singleText,
  textOf,
  tooLong,
  truthOf,
} from './value.ts'

/** Functions over lists, numbers and forms of a value, after Microsoft's reference for writing expressions. */
export const valueFunctions: readonly FunctionEntry[] = [
  {
    name: 'Split',
    parameters: parameters('source delimiter'),
    does: 'The pieces of a text as a list, without spaces around them; empty ones are left out.',
    example: 'Split([extensionAttribute1], ";")',
    gives: 'Payroll, Travel',
    apply: ([source = null, delimiter = null]) => {
      const at = singleText(delimiter)
      if (typeof at !== 'string') return at
      if (at.length > limits.expressionSearchLength) return tooMuchSearched
      const items = pieces(source, at)
      return items.length > limits.expressionItems ? tooLong : items
    },
  },
  {
    name: 'Item',
    parameters: parameters('source index'),
    does: 'One item of a list, the first being 1; blank when there are fewer.',
    example: 'Item([businessPhones], 1)',
    gives: '+46 8 123',
    apply: ([source = null, index = null]) => {
      const at = integerOf(index)
      if (typeof at !== 'number') return at
      if (at < 1) return fault('counts items from 1')
      return itemsOf(source)[at - 1] ?? null
    },
  },
  {
    name: 'Count',
    parameters: parameters('source'),
    does: 'How many items a list has; a single value is one, a blank none.',
    example: 'Count([businessPhones])',
    gives: '2',
    apply: ([source = null]) => itemsOf(source).length,
  },
  {
    name: 'RemoveDuplicates',
    parameters: parameters('source'),
    does: 'The list with each value once.',
    example: 'RemoveDuplicates(Split("a;b;a", ";"))',
    gives: 'a, b',
    apply: ([source = null]) => {
      const seen = new Map(itemsOf(source).map((item) => [textOf(item), item]))
      return [...seen.values()]
    },
  },
  {
    name: 'CStr',
    parameters: parameters('source'),
    does: 'The value as text: a truth value is True or False, a time is in ISO 8601.',
    example: 'CStr(BitAnd(12, 10))',
    gives: '8',
    apply: ([source = null]) => eachText(source, (text) => text),
  },
  {
    name: 'CBool',
    parameters: parameters('source'),
    does: 'True for True, for a number that is not zero and for a comparison that holds; else False.',
    example: 'CBool([department] = "Research")',
    gives: 'True',
    apply: ([source = null]) => truthOf(source),
  },
  {
    name: 'Not',
    parameters: parameters('source'),
    does: 'False for True, and True for False or a blank.',
    example: 'Not([accountEnabled])',
    gives: 'False',
    apply: ([source = null]) => {
      const truth = truthOf(source)
      return typeof truth === 'boolean' ? !truth : truth
    },
  },
  {
    name: 'BitAnd',
    parameters: parameters('value1 value2'),
    does: 'The bits that both numbers have; &H begins a hexadecimal number.',
    example: 'BitAnd(&HF, &HF7)',
    gives: '7',
    apply: ([value1 = null, value2 = null]) => {
      const [a, b] = [integerOf(value1), integerOf(value2)]
      if (typeof a !== 'number') return a
      return typeof b === 'number' ? Number(BigInt(a) & BigInt(b)) : b
    },
  },
  {
    name: 'ConvertToBase64',
    parameters: parameters('source'),
    does: 'The text in UTF-16, little end first, as base64: what Entra makes.',
    example: 'ConvertToBase64("Hello world!")',
    gives: 'SABlAGwAbABvACAAdwBvAHIAbABkACEA',
    apply: ([source = null]) => eachText(source, (text) => base64Encode(utf16(text))),
  },
  {
    name: 'ConvertToUTF8Hex',
    parameters: parameters('source'),
    does: 'The text in UTF-8, each byte as two hexadecimal digits.',
    example: 'ConvertToUTF8Hex("Hello world!")',
    gives: '48656C6C6F20776F726C6421',
    apply: ([source = null]) => eachText(source, (text) => hexEncode(utf8(text)).toUpperCase()),
  },
  {
    name: 'IsString',
    parameters: parameters('source'),
    does: 'True for a text; what a source states is always text or a list.',
    example: 'IsString([department])',
    gives: 'True',
    apply: ([source = null]) => typeof source === 'string',
  },
]

function itemsOf(value: null | Scalar | readonly Scalar[]): readonly Scalar[] {
  const items = isList(value) ? value : value === null ? [] : [value]
  return items.filter((item) => item !== '')
}

function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    bytes[2 * i] = unit & 0xff
    bytes[2 * i + 1] = unit >> 8
  }
  return bytes
}
