import { limits, ok, type Result } from '../kernel/index.ts'
import { nameEnd } from './characters.ts'
import { beyond, type Fault, fault } from './fault.ts'
import { bind, isDeclarable, PrefixResolver, type Scope } from './namespaces.ts'
import type { StartTag } from './start-tag.ts'
import type { XmlAttribute, XmlElement, XmlNamespace, XmlNode } from './tree.ts'

/** An element whose end tag has not come yet; nobody outside the reader sees one. */
export type OpenElement = XmlElement & { readonly children: XmlNode[] }

const noAttributes: readonly XmlAttribute[] = Object.freeze([])
const noNamespaces: readonly XmlNamespace[] = Object.freeze([])

/**
 * Gives the tags of one document their expanded names (Namespaces in XML 1.0). It remembers instead of
 * comparing, so that 64 attributes under 32 prefixes cost no more each than one.
 */
export class Names {
  readonly #resolver = new PrefixResolver()
  /** A number for each namespace, so that keys of attributes are short. */
  readonly #uriNumbers = new Map<string, number>()
  /** The element in which an attribute was last seen. */
  readonly #seenIn = new Map<string, number>()
  #steps = 0
  #element = 0

  /** Lookups and comparisons so far. */
  get steps(): number {
    return this.#steps + this.#resolver.steps
  }

  /**
   * @param outer the bindings around the tag
   * @returns the element without children, everything else in it frozen: what a signature was verified over
   *   cannot be changed before it is read. Freezing all nodes costs a quarter of the reading, under a tenth
   *   of a verification.
   */
  open(tag: StartTag, outer: Scope): Result<OpenElement, Fault> {
    this.#element++
    const namespaces = tag.count === 0 ? ok(noNamespaces) : this.#declared(tag)
    if (!namespaces.ok) return namespaces
    const scope = this.#scopeBelow(outer, namespaces.value)
    if (scope.length > limits.xmlNamespacesInScope)
      return beyond(tag.at, 'namespaces_in_scope', limits.xmlNamespacesInScope)

    const colon = prefixLength(tag.name)
    if (colon === null) return fault(tag.at, 'xml.bad_namespace')
    const prefix = tag.name.slice(0, Math.max(0, colon))
    const uri = this.#resolver.uriOf(prefix, scope)
    if (uri === null) return fault(tag.at, 'xml.bad_namespace')
    const attributes = tag.count === 0 ? ok(noAttributes) : this.#attributes(tag, scope)
    if (!attributes.ok) return attributes
    return ok(
      Object.freeze({
        uri,
        local: tag.name.slice(colon + 1),
        prefix,
        attributes: attributes.value,
        namespaces: namespaces.value,
        children: [],
        scope,
      }),
    )
  }

  #declared(tag: StartTag): Result<readonly XmlNamespace[], Fault> {
    let found: XmlNamespace[] | null = null
    for (let i = 0; i < tag.count; i++) {
      const name = tag.names[i] ?? ''
      if (!isDeclaration(name)) continue
      const declared = { prefix: name.slice('xmlns:'.length), uri: tag.values[i] ?? '' }
      if (prefixLength(name) === null || !isDeclarable(declared))
        return fault(tag.at, 'xml.bad_namespace')
      if (tag.count > 1 && this.#isRepeated(name)) return fault(tag.at, 'xml.duplicate_attribute')
      found ??= []
      found.push(Object.freeze(declared))
    }
    return ok(found === null ? noNamespaces : Object.freeze(found))
  }

  #attributes(tag: StartTag, scope: Scope): Result<readonly XmlAttribute[], Fault> {
    let found: XmlAttribute[] | null = null
    for (let i = 0; i < tag.count; i++) {
      const name = tag.names[i] ?? ''
      if (isDeclaration(name)) continue
      const colon = prefixLength(name)
      if (colon === null) return fault(tag.at, 'xml.bad_namespace')
      const prefix = name.slice(0, Math.max(0, colon))
      const local = name.slice(colon + 1)
      // The default namespace does not apply to attributes (Namespaces in XML 1.0, 6.2).
      const uri = prefix === '' ? '' : this.#resolver.uriOf(prefix, scope)
      if (uri === null) return fault(tag.at, 'xml.bad_namespace')
      if (
        tag.count > 1 &&
        this.#isRepeated(uri === '' ? local : `${this.#uriNumber(uri)}:${local}`)
      )
        return fault(tag.at, 'xml.duplicate_attribute')
      found ??= []
      found.push(Object.freeze({ uri, local, prefix, value: tag.values[i] ?? '' }))
    }
    return ok(found === null ? noAttributes : Object.freeze(found))
  }

  #scopeBelow(outer: Scope, declared: readonly XmlNamespace[]): Scope {
    if (declared.length === 0) return outer
    this.#steps += declared.length * (outer.length + declared.length)
    return Object.freeze(bind(outer, declared))
  }

  #uriNumber(uri: string): number {
    const known = this.#uriNumbers.get(uri)
    if (known !== undefined) return known
    const added = this.#uriNumbers.size
    this.#uriNumbers.set(uri, added)
    return added
  }

  /** Whether this element had an attribute of that key before. */
  #isRepeated(key: string): boolean {
    this.#steps++
    if (this.#seenIn.get(key) === this.#element) return true
    this.#seenIn.set(key, this.#element)
    return false
  }
}

/** The offset of the colon of a qualified name, -1 when it has no prefix, null when it is not one. */
function prefixLength(name: string): number | null {
  const colon = name.indexOf(':')
  if (colon < 0) return -1
  const local = colon + 1
  const isQualified =
    colon > 0 &&
    local < name.length &&
    nameEnd(name, local) === name.length &&
    !name.includes(':', local)
  return isQualified ? colon : null
}

function isDeclaration(name: string): boolean {
  return name === 'xmlns' || name.startsWith('xmlns:')
}
