import { type Bytes, err, limits, ok, type Result, utf8 } from '../kernel/index.ts'
import { AttributeOrder, sortedNamespaces } from './canonical-order.ts'
import { Collected, Compared, type Sink } from './canonical-sink.ts'
import type { XmlFailure } from './errors.ts'
import { escapeText, escapeValue } from './escape.ts'
import { bind, PrefixResolver, type Scope } from './namespaces.ts'
import { expandedName } from './select.ts'
import type { XmlAttribute, XmlElement, XmlNamespace, XmlNode } from './tree.ts'

export type CanonicalizeOptions = {
  /** The InclusiveNamespaces PrefixList; `#default` for the default namespace. */
  readonly prefixes?: readonly string[]
  /** The one descendant that is left out, as the enveloped signature transform does. */
  readonly without?: XmlElement
  /**
   * Characters after which to stop. Declarations move to where they are used, so a message can grow thirty
   * times; nothing beyond the default could be read again.
   */
  readonly maxLength?: number
}

/** An element with content whose end tag is not written yet, and the declarations that hold in the output below its start tag. */
type Level = {
  readonly element: XmlElement
  readonly rendered: Scope
  readonly outer: Level | null
  /** Index of the child to write next. */
  next: number
}

const noScope: Scope = Object.freeze([])
const nothingDeclared: readonly XmlNamespace[] = Object.freeze([])

/**
 * Exclusive XML Canonicalization 1.0 without comments (W3C xml-exc-c14n) of an element.
 * @returns octets that start with the element's tag, so never none: a canonicalizer that answers an error
 *   with nothing makes a digest that everybody knows (GHSA-wx95-c6cv-8532). `xml.limit` when it grows too
 *   long, or for a PrefixList longer than any signer writes; `xml.missing_element` when `without` is not a
 *   descendant.
 */
export function canonicalize(
  element: XmlElement,
  options: CanonicalizeOptions = {},
): Result<Bytes, XmlFailure> {
  const { maxLength = limits.metadataBytes } = options
  const collected = new Collected(maxLength)
  const failure = write(element, options, collected)
  if (failure !== null) return err(failure)
  if (collected.isDone) return err({ code: 'xml.limit', limit: 'length', max: maxLength })
  const output = collected.text
  // Encoding would write U+FFFD for half a character, and another name would stand in the octets.
  if (!output.startsWith(`<${element.name}`) || !output.isWellFormed())
    throw new Error('the canonical form is not what its own element would give')
  return ok(utf8(output))
}

/** Whether a text is the canonical form of an element: compared with what would be written, piece by piece. */
export function isCanonical(
  text: string,
  element: XmlElement,
  options: Pick<CanonicalizeOptions, 'prefixes'>,
): boolean {
  const compared = new Compared(text)
  return write(element, options, compared) === null && compared.isWhole
}

/** Writes the canonical form for as long as the sink takes it; a failure for what cannot be written at all. */
function write(
  apex: XmlElement,
  { prefixes = [], without }: CanonicalizeOptions,
  sink: Sink,
): XmlFailure | null {
  if (prefixes.length > limits.prefixListLength)
    return { code: 'xml.limit', limit: 'prefix_list', max: limits.prefixListLength }
  const namespaces = new VisibleNamespaces(prefixes)
  const order = new AttributeOrder()

  let isOmitted = without === undefined
  let level: Level | null = open(apex, null)
  while (level !== null && !sink.isDone) {
    const child: XmlNode | undefined = level.element.children[level.next++]
    if (child === undefined) {
      sink.write(`</${level.element.name}>`)
      level = level.outer
    } else if (typeof child === 'string') {
      sink.write(escapeText(child))
    } else if (child === without) {
      isOmitted = true
    } else {
      level = open(child, level)
    }
  }
  if (isOmitted || sink.isDone) return null
  const expected = without === undefined ? '' : expandedName(without)
  return { code: 'xml.missing_element', parent: expandedName(apex), expected }

  /** Writes a start tag, and of an element without content the end tag as well. */
  function open(element: XmlElement, outer: Level | null): Level | null {
    const around = outer?.rendered ?? noScope
    const declared = namespaces.declaredBy(element, around, outer === null)
    sink.write(startTag(element.name, declared, order.sorted(element.attributes)))
    if (element.children.length === 0) {
      sink.write(`</${element.name}>`)
      return outer
    }
    const rendered = declared.length === 0 ? around : bind(around, declared)
    return { element, rendered, outer, next: 0 }
  }
}

/** Decides which namespaces each start tag declares (xml-exc-c14n 3). */
class VisibleNamespaces {
  readonly #inclusive: readonly string[]
  readonly #inScope = new PrefixResolver()
  readonly #inOutput = new PrefixResolver()

  constructor(prefixes: readonly string[]) {
    this.#inclusive = prefixes.map((prefix) => (prefix === '#default' ? '' : prefix))
  }

  declaredBy(element: XmlElement, around: Scope, isApex: boolean): readonly XmlNamespace[] {
    // Visibly utilized: the prefix of the element and those of its attributes.
    let declared = this.#declare(element, around, nothingDeclared)
    const { attributes } = element
    for (let i = 0; i < attributes.length; i++) {
      const attribute = attributes[i]
      if (attribute !== undefined && attribute.prefix !== '')
        declared = this.#declare(attribute, around, declared)
    }
    // What the PrefixList names is treated inclusively: it can only differ where something is declared.
    if (isApex || element.namespaces.length > 0) {
      for (const prefix of this.#inclusive) {
        const uri = this.#inScope.uriOf(prefix, element.scope)
        if (uri !== null) declared = this.#declare({ prefix, uri }, around, declared)
      }
    }
    return declared
  }

  #declare(
    { prefix, uri }: XmlNamespace,
    around: Scope,
    declared: readonly XmlNamespace[],
  ): readonly XmlNamespace[] {
    if (this.#inOutput.uriOf(prefix, around) === uri) return declared
    const isDeclared = declared.some((known) => known.prefix === prefix)
    return isDeclared ? declared : [...declared, { prefix, uri }]
  }
}

function startTag(
  name: string,
  declared: readonly XmlNamespace[],
  attributes: readonly XmlAttribute[],
): string {
  let tag = `<${name}`
  for (const { prefix, uri } of sortedNamespaces(declared))
    tag += `${prefix === '' ? ' xmlns' : ` xmlns:${prefix}`}="${escapeValue(uri)}"`
  for (let i = 0; i < attributes.length; i++) {
    const attribute = attributes[i]
    if (attribute !== undefined) tag += ` ${attribute.name}="${escapeValue(attribute.value)}"`
  }
  return `${tag}>`
}
