import { type Bytes, err, limits, ok, type Result, utf8 } from '../kernel/index.ts'
import { sortedAttributes, sortedNamespaces } from './canonical-order.ts'
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

/** An element that is being written, and the declarations that hold in the output below its start tag. */
type Level = {
  readonly element: XmlElement
  readonly name: string
  readonly declared: readonly XmlNamespace[]
  readonly rendered: Scope
  readonly outer: Level | null
  /** Index of the child to write next. */
  next: number
}

const noScope: Scope = Object.freeze([])

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
  const text = canonicalText(element, options)
  return text.ok ? ok(utf8(text.value)) : text
}

/** As `canonicalize`, before it is encoded: to compare with other text. */
export function canonicalText(
  element: XmlElement,
  { prefixes = [], without, maxLength = limits.metadataBytes }: CanonicalizeOptions = {},
): Result<string, XmlFailure> {
  if (prefixes.length > limits.prefixListLength)
    return err({ code: 'xml.limit', limit: 'prefix_list', max: limits.prefixListLength })
  const namespaces = new VisibleNamespaces(prefixes)

  let isOmitted = without === undefined
  let level: Level | null = namespaces.enter(element, null)
  let output = startTag(level)
  while (level !== null) {
    const child: XmlNode | undefined = level.element.children[level.next++]
    if (child === undefined) {
      output += `</${level.name}>`
      level = level.outer
    } else if (typeof child === 'string') {
      output += escapeText(child)
    } else if (child === without) {
      isOmitted = true
    } else {
      level = namespaces.enter(child, level)
      output += startTag(level)
    }
    if (output.length > maxLength)
      return err({ code: 'xml.limit', limit: 'length', max: maxLength })
  }
  if (!isOmitted) {
    const expected = without === undefined ? '' : expandedName(without)
    return err({ code: 'xml.missing_element', parent: expandedName(element), expected })
  }
  // Encoding would write U+FFFD for half a character, and another name would stand in the octets.
  if (!output.startsWith(`<${qualifiedName(element)}`) || !output.isWellFormed())
    throw new Error('the canonical form is not what its own element would give')
  return ok(output)
}

/** Decides which namespaces each start tag declares (xml-exc-c14n 3). */
class VisibleNamespaces {
  readonly #inclusive: readonly string[]
  readonly #inScope = new PrefixResolver()
  readonly #inOutput = new PrefixResolver()

  constructor(prefixes: readonly string[]) {
    this.#inclusive = prefixes.map((prefix) => (prefix === '#default' ? '' : prefix))
  }

  enter(element: XmlElement, outer: Level | null): Level {
    const around = outer === null ? noScope : outer.rendered
    const declared: XmlNamespace[] = []
    // Visibly utilized: the prefix of the element and those of its attributes.
    this.#declare(element, around, declared)
    for (const attribute of element.attributes)
      if (attribute.prefix !== '') this.#declare(attribute, around, declared)
    // What the PrefixList names is treated inclusively: it can only differ where something is declared.
    if (outer === null || element.namespaces.length > 0) {
      for (const prefix of this.#inclusive) {
        const uri = this.#inScope.uriOf(prefix, element.scope)
        if (uri !== null) this.#declare({ prefix, uri }, around, declared)
      }
    }
    return {
      element,
      name: qualifiedName(element),
      declared,
      rendered: declared.length === 0 ? around : bind(around, declared),
      outer,
      next: 0,
    }
  }

  #declare({ prefix, uri }: XmlNamespace, around: Scope, declared: XmlNamespace[]): void {
    if (this.#inOutput.uriOf(prefix, around) === uri) return
    if (!declared.some((known) => known.prefix === prefix)) declared.push({ prefix, uri })
  }
}

function startTag({ name, declared, element }: Level): string {
  let tag = `<${name}`
  for (const { prefix, uri } of sortedNamespaces(declared))
    tag += `${prefix === '' ? ' xmlns' : ` xmlns:${prefix}`}="${escapeValue(uri)}"`
  for (const attribute of sortedAttributes(element.attributes))
    tag += ` ${qualifiedName(attribute)}="${escapeValue(attribute.value)}"`
  return `${tag}>`
}

function qualifiedName({ prefix, local }: XmlElement | XmlAttribute): string {
  return prefix === '' ? local : `${prefix}:${local}`
}
