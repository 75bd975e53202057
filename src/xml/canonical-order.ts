import type { XmlAttribute, XmlNamespace } from './tree.ts'

/** The default declaration first, then by prefix (Canonical XML 1.0, 2.2). */
export function sortedNamespaces(declared: readonly XmlNamespace[]): readonly XmlNamespace[] {
  if (declared.length < 2) return declared
  return declared.toSorted((a, b) => compare(a.prefix, b.prefix))
}

/** By namespace URI, those without one first, then by local name. */
export function sortedAttributes(attributes: readonly XmlAttribute[]): readonly XmlAttribute[] {
  if (attributes.length < 2) return attributes
  return attributes.toSorted((a, b) => compare(a.uri, b.uri) || compare(a.local, b.local))
}

/** The reader lets only ASCII into names and namespaces, so the order of UTF-16 units is that of code points. */
function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
