import { limits } from '../kernel/index.ts'
import type { XmlNamespace } from './tree.ts'

/** Bindings that hold at one place, one per prefix; `xml` is bound everywhere and never listed. */
export type Scope = readonly XmlNamespace[]

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'
const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/'

/** A scheme, a colon, and characters of a URI (RFC 3986): ASCII, no space, quotes, brackets of markup. */
const absolute = /^[A-Za-z][A-Za-z0-9+.-]*:[!#-&(-;=?-[\]_a-z~]+$/

/**
 * Whether a declaration may stand (Namespaces in XML 1.0, 2.2 and 3). Stricter than the standard in one
 * thing: the name must be an absolute URI. A relative one makes some canonicalizers return nothing, the
 * digest of which everybody knows (ruby-saml CVE-2025-66568).
 */
export function isDeclarable({ prefix, uri }: XmlNamespace): boolean {
  if (prefix === 'xml') return uri === xmlNamespace
  if (prefix === 'xmlns' || uri === xmlNamespace || uri === xmlnsNamespace) return false
  if (prefix === '' && uri === '') return true
  return uri.length <= limits.xmlNamespaceLength && absolute.test(uri)
}

/** The bindings below these declarations: each in place of an older one, `xmlns=""` in place of any default. */
export function bind(scope: Scope, declared: Scope): Scope {
  const bound = scope.slice()
  for (const added of declared) {
    if (added.prefix === 'xml') continue
    const older = bound.findIndex((known) => known.prefix === added.prefix)
    if (older >= 0) bound.splice(older, 1)
    if (added.uri !== '') bound.push(added)
  }
  return bound
}

/**
 * Looks prefixes up, and remembers each for as long as the bindings stay the same array: 5,000 elements under
 * 32 declarations would be a search of 32 each.
 */
export class PrefixResolver {
  /** Lookups and comparisons so far. */
  steps = 0
  readonly #found = new Map<string, { readonly scope: Scope; readonly uri: string | null }>()

  /** The URI a prefix is bound to; null when it is not, `''` for no default namespace. */
  uriOf(prefix: string, scope: Scope): string | null {
    this.steps++
    const found = this.#found.get(prefix)
    if (found !== undefined && found.scope === scope) return found.uri
    this.steps += scope.length
    const uri = search(prefix, scope)
    this.#found.set(prefix, { scope, uri })
    return uri
  }
}

function search(prefix: string, scope: Scope): string | null {
  for (const known of scope) if (known.prefix === prefix) return known.uri
  if (prefix === '') return ''
  return prefix === 'xml' ? xmlNamespace : null
}
