import { nameEnd } from './characters.ts'
import { PrefixResolver, type Scope } from './namespaces.ts'
import type { XmlAttribute } from './tree.ts'

/** A name as written in one document, taken apart once, with what was last known of it. */
export type QualifiedName = {
  readonly name: string
  readonly prefix: string
  readonly local: string
  /** `xmlns` or `xmlns:…` */
  readonly isDeclaration: boolean
  /** What the prefix is bound to where `scope` holds; null when it is not bound. */
  scope: Scope | null
  uri: string | null
  /** The number of the element that last had an attribute of this name. */
  element: number
  /** The attribute it last was: frozen, so that the next one that says the same can be the same. */
  attribute: XmlAttribute | null
}

/**
 * The names of one document. Few of them are different, and each is taken apart and looked up once for as long
 * as the bindings stay the same: 5,000 elements under 32 declarations would be a search of 32 each.
 */
export class QualifiedNames {
  readonly #resolver = new PrefixResolver()
  readonly #known = new Map<string, QualifiedName>()
  #steps = 0

  /** Lookups and comparisons so far. */
  get steps(): number {
    return this.#steps + this.#resolver.steps
  }

  /** The parts of a Name; null when it is no qualified name (Namespaces in XML 1.0, 4). */
  of(name: string): QualifiedName | null {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const colon = prefixLength(name)
    if (colon === null) return null
    const prefix = name.slice(0, Math.max(0, colon))
    const local = name.slice(colon + 1)
    const isDeclaration = name === 'xmlns' || prefix === 'xmlns'
    const added = {
      ...{ name, prefix, local, isDeclaration },
      ...{ scope: null, uri: null, element: 0, attribute: null },
    }
    this.#known.set(name, added)
    return added
  }

  /** The URI that the name's prefix is bound to; null when it is not, `''` for no default namespace. */
  uriOf(name: QualifiedName, scope: Scope): string | null {
    if (name.scope === scope) {
      this.#steps++
      return name.uri
    }
    name.uri = this.#resolver.uriOf(name.prefix, scope)
    name.scope = scope
    return name.uri
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
