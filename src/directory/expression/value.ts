import { limits, toIso } from '../../kernel/index.ts'

/** A point in time, which only date functions make. */
export type Moment = { readonly kind: 'moment'; readonly ms: number }

export type Scalar = string | number | boolean | Moment

/** Why an expression has no value; `at` is the offset of the call, set by whoever knows it. */
export type Fault = { readonly kind: 'fault'; readonly message: string; readonly at: number | null }

/** What IgnoreFlowIfNullOrEmpty makes of a blank: as if the source had said nothing. */
export type Ignored = { readonly kind: 'ignored' }

/** What an argument or a result is; null is blank. */
export type Plain = null | Scalar | readonly Scalar[]

export type Value = Plain | Fault | Ignored

export const ignored: Ignored = { kind: 'ignored' }

/** The rest of a sentence that begins with the name of the function. */
export function fault(message: string, at: number | null = null): Fault {
  return { kind: 'fault', message, at }
}

export function isList(value: Value): value is readonly Scalar[] {
  return Array.isArray(value)
}

/** Whether a value ends the whole expression. */
export function isEnd(value: Value): value is Fault | Ignored {
  return (
    typeof value === 'object' &&
    value !== null &&
    !isList(value) &&
    (value.kind === 'fault' || value.kind === 'ignored')
  )
}

/** Whether there is nothing in it: null, empty text, an empty list or one of nothing but empty texts. */
export function isBlank(value: Plain): boolean {
  return isList(value) ? value.every((item) => item === '') : value === null || value === ''
}

/** The text of one value: truth values as Entra writes them, times in ISO 8601 UTC. */
export function textOf(value: Scalar): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return toIso(value.ms).replace('.000Z', 'Z')
}

/** Texts of all that a value holds. */
export function textsOf(value: Plain): readonly string[] {
  if (value === null) return []
  return isList(value) ? value.map(textOf) : [textOf(value)]
}

/** The only value of what may be a list of one. */
export function single(value: Plain): Scalar | null | Fault {
  if (!isList(value)) return value
  if (value.length > 1) return fault('takes one value, and here are several; choose with Item')
  return value[0] ?? null
}

/** The only text of a value, empty when blank. */
export function singleText(value: Plain): string | Fault {
  const one = single(value)
  if (one === null) return ''
  return typeof one === 'object' && one.kind === 'fault' ? one : textOf(one)
}

const number = /^[+-]?\d{1,15}(\.\d{1,15})?$/

/** A number, or text that is one. */
export function numberOf(value: Plain): number | Fault {
  const one = single(value)
  if (typeof one === 'number') return one
  if (typeof one === 'boolean') return one ? 1 : 0
  if (typeof one === 'string' && number.test(one.trim())) return Number(one)
  if (one !== null && typeof one === 'object' && one.kind === 'fault') return one
  return fault(`takes a number, not ${one === null ? 'a blank' : `"${cut(textOf(one))}"`}`)
}

/** A whole number, or text that is one. */
export function integerOf(value: Plain): number | Fault {
  const one = numberOf(value)
  if (typeof one !== 'number' || Number.isSafeInteger(one)) return one
  return fault('takes a whole number')
}

/** True or False in any case, or a number that is not zero; a blank is false. */
export function truthOf(value: Plain): boolean | Fault {
  const one = single(value)
  if (one === null || one === '') return false
  if (typeof one === 'boolean') return one
  if (typeof one === 'number') return one !== 0
  if (typeof one === 'object') {
    return one.kind === 'fault' ? one : fault('takes True or False, not a time')
  }
  const text = one.toLowerCase()
  if (text === 'true' || text === 'false') return text === 'true'
  if (number.test(text)) return Number(text) !== 0
  return fault(`takes True or False, not "${cut(one)}"`)
}

/** Changes each text of a value; a blank stays one, so that no suffix is left of a value that was cleared. */
export function eachText(value: Plain, change: (text: string) => Value): Value {
  if (value === null) return null
  const unlessBlank = (text: string) => (text === '' ? text : change(text))
  if (!isList(value)) return unlessBlank(textOf(value))
  const items: Scalar[] = []
  for (const item of value) {
    const changed = unlessBlank(textOf(item))
    if (isEnd(changed)) return changed
    if (changed !== null && !isList(changed)) items.push(changed)
  }
  return items
}

/** How much there is of a value, against the limits. */
export function sizeOf(value: Plain): { readonly length: number; readonly items: number } {
  if (!isList(value)) return { length: typeof value === 'string' ? value.length : 0, items: 0 }
  let length = 0
  for (const item of value) if (typeof item === 'string') length += item.length
  return { length, items: value.length }
}

export const tooLong = fault(
  `makes more than ${limits.expressionValueLength} characters or ${limits.expressionItems} values`,
)

/** Enough of a text to recognise it by. */
export function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
