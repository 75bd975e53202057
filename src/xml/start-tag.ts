import { type Err, limits } from '../kernel/index.ts'
import { isName, nameEnd, spaceEnd } from './characters.ts'
import { beyond, type Fault, fault, malformed } from './fault.ts'
import type { QualifiedName } from './qualified-names.ts'
import { decodeReferences } from './references.ts'

const greaterThan = 0x3e
const slash = 0x2f
const equals = 0x3d
const doubleQuote = 0x22
const singleQuote = 0x27

/** What an attribute value cannot be taken with as it stands. */
const special = /[<&\t\n]/

/**
 * One start tag as it is written: names with their prefixes, values decoded, namespace declarations still
 * among the attributes. One instance serves a whole document, and is overwritten by each `scan`.
 */
export class StartTag {
  /** The offset of its `<`. */
  at = 0
  name = ''
  /** Of the attributes; only the first `count` belong to this tag. */
  readonly names: string[] = []
  readonly values: string[] = []
  /** Their names taken apart, by whoever gives them their meaning. */
  readonly qualified: QualifiedName[] = []
  count = 0
  /** `<a/>` */
  isEmpty = false
  /** The offset behind the tag. */
  end = 0

  /** Reads the tag whose `<` stands at this offset; null when it is well formed (XML 1.0, 3.1). */
  scan(text: string, start: number): Err<Fault> | null {
    this.at = start
    const nameStart = start + 1
    let at = nameEnd(text, nameStart)
    if (at === nameStart) return malformed(at, at < text.length ? 'bad_name' : 'unclosed')
    if (at - nameStart > limits.xmlNameLength) return nameTooLong(nameStart)
    this.name = text.slice(nameStart, at)
    this.count = 0
    for (;;) {
      const gap = spaceEnd(text, at)
      const code = text.charCodeAt(gap)
      if (code === greaterThan || code === slash) return this.#close(text, gap)
      if (gap >= text.length) return malformed(start, 'unclosed')
      if (gap === at) return malformed(at, this.count === 0 ? 'bad_name' : 'bad_attribute')
      const failed = this.#attribute(text, gap)
      if (failed !== null) return failed
      at = this.end
    }
  }

  #close(text: string, at: number): Err<Fault> | null {
    this.isEmpty = text.charCodeAt(at) === slash
    const last = this.isEmpty ? at + 1 : at
    if (text.charCodeAt(last) !== greaterThan) return malformed(at, 'bad_tag')
    this.end = last + 1
    return null
  }

  #attribute(text: string, nameStart: number): Err<Fault> | null {
    // Like elements list the same names: taking the last one at this place over saves making it anew.
    const before = this.names[this.count]
    const isSame = before !== undefined && isName(text, nameStart, before)
    const end = isSame ? nameStart + before.length : nameEnd(text, nameStart)
    if (end === nameStart) return malformed(nameStart, 'bad_name')
    if (end - nameStart > limits.xmlNameLength) return nameTooLong(nameStart)
    if (this.count === limits.xmlAttributesPerElement)
      return beyond(nameStart, 'attributes', limits.xmlAttributesPerElement)

    const sign = spaceEnd(text, end)
    if (text.charCodeAt(sign) !== equals) return malformed(sign, 'bad_attribute')
    const quote = spaceEnd(text, sign + 1)
    const code = text.charCodeAt(quote)
    if (code !== doubleQuote && code !== singleQuote) return malformed(quote, 'bad_attribute')
    const close = text.indexOf(code === doubleQuote ? '"' : "'", quote + 1)
    if (close < 0) return malformed(quote, 'unclosed')

    const raw = text.slice(quote + 1, close)
    let value: string | number = raw
    if (raw !== '' && special.test(raw)) {
      const lessThan = raw.indexOf('<')
      if (lessThan >= 0) return malformed(quote + 1 + lessThan, 'less_than_in_attribute')
      // Only literal white space becomes a space; what a reference names survives (XML 1.0, 3.3.3).
      value = decodeReferences(raw.replace(/[\t\n]/g, ' '))
      if (typeof value === 'number') return fault(quote + 1 + value, 'xml.bad_reference')
    }
    if (value.length > limits.xmlTextLength)
      return beyond(quote, 'text_length', limits.xmlTextLength)
    if (!isSame) this.names[this.count] = text.slice(nameStart, end)
    this.values[this.count] = value
    this.count++
    this.end = close + 1
    return null
  }
}

function nameTooLong(at: number): Err<Fault> {
  return beyond(at, 'name_length', limits.xmlNameLength)
}
