import { limits, ok, type Result } from '../kernel/index.ts'
import { beyond, type Fault, fault } from './fault.ts'
import { bind, isDeclarable, type Scope } from './namespaces.ts'
import { type QualifiedName, QualifiedNames } from './qualified-names.ts'
import type { StartTag } from './start-tag.ts'
import type { XmlAttribute, XmlElement, XmlNamespace, XmlNode } from './tree.ts'

/** An element whose end tag has not come yet; nobody outside the reader sees one. */
export type OpenElement = XmlElement & { readonly children: XmlNode[] }

const noAttributes: readonly XmlAttribute[] = Object.freeze([])
const noNamespaces: readonly XmlNamespace[] = Object.freeze([])
/** Of `<a/>`, to which nothing is ever added: it is frozen. */
const noChildren = Object.freeze([]) as unknown as XmlNode[]

/**
 * Gives the tags of one document their expanded names (Namespaces in XML 1.0). It remembers instead of
 * comparing, so that 64 attributes under 32 prefixes cost no more each than one.
 */
export class Names {
  readonly #names = new QualifiedNames()
  /** A number for each namespace, so that keys of attributes are short. */
  readonly #uriNumbers = new Map<string, number>()
  /** The element in which an attribute with a prefix was last seen, by its expanded name. */
  readonly #seenIn = new Map<string, number>()
  #steps = 0
  #element = 0

  /** Lookups and comparisons so far. */
  get steps(): number {
    return this.#steps + this.#names.steps
  }

  /**
   * @param outer the bindings around the tag
   * @returns the element without children, everything else in it frozen: what a signature was verified over
   *   cannot be changed before it is read
   */
  open(tag: StartTag, outer: Scope): Result<OpenElement, Fault> {
    this.#element++
    const namespaces = tag.count === 0 ? ok(noNamespaces) : this.#declared(tag)
    if (!namespaces.ok) return namespaces
    const scope = this.#scopeBelow(outer, namespaces.value)
    if (scope.length > limits.xmlNamespacesInScope)
      return beyond(tag.at, 'namespaces_in_scope', limits.xmlNamespacesInScope)

    const own = this.#names.of(tag.name)
    const uri = own === null ? null : this.#names.uriOf(own, scope)
    if (own === null || uri === null) return fault(tag.at, 'xml.bad_namespace')
    const attributes = tag.count === 0 ? ok(noAttributes) : this.#attributes(tag, scope)
    if (!attributes.ok) return attributes
    return ok(
      Object.freeze({
        name: own.name,
        uri,
        local: own.local,
        prefix: own.prefix,
        attributes: attributes.value,
        namespaces: namespaces.value,
        children: tag.isEmpty ? noChildren : [],
        scope,
      }),
    )
  }

  /** The declarations of a tag; beside them it sees to it that no name is written twice. */
  #declared(tag: StartTag): Result<readonly XmlNamespace[], Fault> {
    let found: XmlNamespace[] | null = null
    this.#steps += tag.count
    for (let i = 0; i < tag.count; i++) {
      const name = this.#names.of(tag.names[i] ?? '')
      if (name === null) return fault(tag.at, 'xml.bad_namespace')
      if (name.element === this.#element) return fault(tag.at, 'xml.duplicate_attribute')
      name.element = this.#element
      tag.qualified[i] = name
      if (!name.isDeclaration) continue
      const prefix = name.prefix === '' ? '' : name.local
      const declared = { prefix, uri: tag.values[i] ?? '' }
      if (!isDeclarable(declared)) return fault(tag.at, 'xml.bad_namespace')
      found ??= []
      found.push(Object.freeze(declared))
    }
    return ok(found === null ? noNamespaces : Object.freeze(found))
  }

  #attributes(tag: StartTag, scope: Scope): Result<readonly XmlAttribute[], Fault> {
    let found: XmlAttribute[] | null = null
    for (let i = 0; i < tag.count; i++) {
      const name = tag.qualified[i]
      if (name === undefined || name.isDeclaration) continue
      // The default namespace does not apply to attributes (Namespaces in XML 1.0, 6.2).
      const uri = name.prefix === '' ? '' : this.#names.uriOf(name, scope)
      if (uri === null) return fault(tag.at, 'xml.bad_namespace')
      // One written with another prefix may be the same; without a prefix only the name itself is.
      if (uri !== '' && tag.count > 1 && this.#isRepeated(`${this.#uriNumber(uri)}:${name.local}`))
        return fault(tag.at, 'xml.duplicate_attribute')
      found ??= []
      found.push(attributeOf(name, uri, tag.values[i] ?? ''))
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

/** The attribute, the very one as before where it says the same: freezing costs more than looking. */
function attributeOf(name: QualifiedName, uri: string, value: string): XmlAttribute {
  const before = name.attribute
  if (before !== null && before.value === value && before.uri === uri) return before
  const { local, prefix } = name
  const attribute = Object.freeze({ name: name.name, uri, local, prefix, value })
  name.attribute = attribute
  return attribute
}
