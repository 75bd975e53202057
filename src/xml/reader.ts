import { type Err, err, limits, ok, type Result } from '../kernel/index.ts'
import { isSpace, nameEnd, spaceEnd } from './characters.ts'
import type { XmlReadFailure } from './errors.ts'
import { beyond, type Fault, fault, malformed } from './fault.ts'
import { Names, type OpenElement } from './names.ts'
import type { Scope } from './namespaces.ts'
import { placeOf } from './place.ts'
import type { XmlPolicy } from './policy.ts'
import { decodeReferences } from './references.ts'
import { StartTag } from './start-tag.ts'
import type { XmlDocument, XmlElement } from './tree.ts'

/** An open element, its name as written, and the level around it. */
type Level = {
  readonly element: OpenElement
  readonly name: string
  readonly outer: Level | null
  readonly depth: number
}

const noScope: Scope = Object.freeze([])
const slash = 0x2f
const greaterThan = 0x3e
const exclamation = 0x21
const question = 0x3f

/** Reads one document whose characters, line ends and declaration have been seen to. Used once. */
export class Reader {
  readonly #source: string
  readonly #policy: XmlPolicy
  readonly #names = new Names()
  readonly #tag = new StartTag()
  #at = 0
  #elements = 0
  #level: Level | null = null
  #root: XmlElement | null = null
  /** Text since the last tag. */
  #text = ''

  constructor(source: string, policy: XmlPolicy) {
    this.#source = source
    this.#policy = policy
  }

  /** @param start the offset behind the XML declaration */
  read(start: number): Result<XmlDocument, XmlReadFailure> {
    this.#at = start
    const failed = this.#readContent()
    const root = failed === null ? this.#finish() : failed
    const steps = this.#at + this.#names.steps
    if (root.ok) return ok({ root: root.value, steps })
    const { at, ...refusal } = root.failure
    return err({ ...refusal, ...placeOf(this.#source, at, steps) })
  }

  #readContent(): Err<Fault> | null {
    const source = this.#source
    let failed: Err<Fault> | null = null
    while (failed === null && this.#at < source.length) {
      const markup = source.indexOf('<', this.#at)
      if (markup === this.#at) failed = this.#readMarkup(source.charCodeAt(markup + 1))
      else failed = this.#readText(markup < 0 ? source.length : markup)
    }
    return failed
  }

  #readMarkup(kind: number): Err<Fault> | null {
    switch (kind) {
      case slash:
        return this.#readEndTag()
      case exclamation:
        return this.#readComment()
      case question:
        return this.#readInstruction()
      default:
        return this.#readStartTag()
    }
  }

  #readStartTag(): Err<Fault> | null {
    const tag = this.#tag
    const outer = this.#level
    const failed = tag.scan(this.#source, this.#at)
    if (failed !== null) return failed
    if (outer === null && this.#root !== null) return malformed(tag.at, 'outside_root')
    const depth = outer === null ? 1 : outer.depth + 1
    if (depth > limits.xmlDepth) return beyond(tag.at, 'depth', limits.xmlDepth)
    this.#elements++
    if (this.#elements > limits.xmlElements) return beyond(tag.at, 'elements', limits.xmlElements)

    const opened = this.#names.open(tag, outer?.element.scope ?? noScope)
    if (!opened.ok) return opened
    const element = opened.value
    this.#endText()
    if (outer === null) this.#root = element
    else outer.element.children.push(element)
    if (!tag.isEmpty) this.#level = { element, name: tag.name, outer, depth }
    this.#at = tag.end
    return null
  }

  #readEndTag(): Err<Fault> | null {
    const source = this.#source
    const level = this.#level
    const name = this.#at + '</'.length
    if (level === null || !source.startsWith(level.name, name))
      return malformed(this.#at, 'mismatched_tag')
    const at = spaceEnd(source, name + level.name.length)
    if (source.charCodeAt(at) !== greaterThan)
      return malformed(at, at < source.length ? 'mismatched_tag' : 'unclosed')
    this.#endText()
    Object.freeze(level.element.children)
    this.#level = level.outer
    this.#at = at + 1
    return null
  }

  #readText(end: number): Err<Fault> | null {
    const start = this.#at
    const raw = this.#source.slice(start, end)
    this.#at = end
    if (this.#level === null) {
      const stray = raw.search(/[^ \t\n]/)
      return stray < 0 ? null : malformed(start + stray, 'outside_root')
    }
    const cdataEnd = raw.indexOf(']]>')
    if (cdataEnd >= 0) return malformed(start + cdataEnd, 'cdata_end_in_text')
    const text = raw.includes('&') ? decodeReferences(raw) : raw
    if (typeof text === 'number') return fault(start + text, 'xml.bad_reference')
    this.#text += text
    // Hardly any text is long: who may have more is only asked for one that is.
    const isLong = this.#text.length > limits.xmlTextLength
    const max = isLong ? this.#maxTextLength(this.#level.element) : limits.xmlTextLength
    return this.#text.length <= max ? null : beyond(start, 'text_length', max)
  }

  #maxTextLength({ uri, local }: XmlElement): number {
    const { longText } = this.#policy
    return longText?.uri === uri && longText.local === local
      ? longText.maxLength
      : limits.xmlTextLength
  }

  /** Text becomes a node only where a tag ends it: a skipped comment must not split it in two. */
  #endText(): void {
    if (this.#text === '') return
    this.#level?.element.children.push(this.#text)
    this.#text = ''
  }

  #readComment(): Err<Fault> | null {
    const start = this.#at
    if (this.#source.startsWith('<![CDATA[', start)) return fault(start, 'xml.cdata')
    if (!this.#source.startsWith('<!--', start)) return malformed(start, 'bad_tag')
    if (this.#policy.comments === 'refuse') return fault(start, 'xml.comment')
    const end = this.#source.indexOf('--', start + '<!--'.length)
    // Without an end it looks at the document's own, which is never `-->`.
    if (!this.#source.startsWith('-->', end)) return malformed(start, 'bad_comment')
    this.#at = end + '-->'.length
    return null
  }

  #readInstruction(): Err<Fault> | null {
    const source = this.#source
    const start = this.#at
    const target = start + '<?'.length
    const targetEnd = nameEnd(source, target)
    const name = source.slice(target, targetEnd)
    if (name.toLowerCase() === 'xml') return fault(start, 'xml.bad_declaration')
    if (this.#policy.processingInstructions === 'refuse')
      return fault(start, 'xml.processing_instruction')
    const end = source.indexOf('?>', targetEnd)
    const isSeparated = end === targetEnd || isSpace(source.charCodeAt(targetEnd))
    if (name === '' || name.includes(':') || end < 0 || !isSeparated)
      return malformed(start, 'bad_processing_instruction')
    this.#at = end + '?>'.length
    return null
  }

  #finish(): Result<XmlElement, Fault> {
    if (this.#level !== null) return malformed(this.#at, 'unclosed')
    if (this.#root === null) return malformed(this.#at, 'no_root')
    return ok(this.#root)
  }
}
