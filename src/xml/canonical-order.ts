import type { XmlAttribute, XmlNamespace } from './tree.ts'

/** The default declaration first, then by prefix (Canonical XML 1.0, 2.2). */
export function sortedNamespaces(declared: readonly XmlNamespace[]): readonly XmlNamespace[] {
  return inOrder(declared, (a, b) => compare(a.prefix, b.prefix))
}

/** By namespace URI, those without one first, then by local name. */
export function sortedAttributes(attributes: readonly XmlAttribute[]): readonly XmlAttribute[] {
  return attributes.length < 2 ? attributes : inOrder(attributes, byUriAndLocal)
}

function byUriAndLocal(a: XmlAttribute, b: XmlAttribute): number {
  return a.uri === b.uri ? compare(a.local, b.local) : compare(a.uri, b.uri)
}

/** Most documents are in order as they come, and what was digested always is: looking costs less than sorting. */
function inOrder<T>(items: readonly T[], order: (a: T, b: T) => number): readonly T[] {
  let before: T | undefined
  for (const item of items) {
    if (before !== undefined && order(before, item) > 0) return items.toSorted(order)
    before = item
  }
  return items
}

/** The reader lets only ASCII into names and namespaces, so the order of UTF-16 units is that of code points. */
function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
