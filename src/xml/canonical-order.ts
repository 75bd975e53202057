import type { XmlAttribute, XmlNamespace } from './tree.ts'

/** The default declaration first, then by prefix (Canonical XML 1.0, 2.2). */
export function sortedNamespaces(declared: readonly XmlNamespace[]): readonly XmlNamespace[] {
  return declared.length < 2 ? declared : declared.toSorted((a, b) => compare(a.prefix, b.prefix))
}

/**
 * Puts attributes in order: by namespace URI, those without one first, then by local name. Like elements list
 * the same attributes, so it remembers the order of the last list that was sorted.
 */
export class AttributeOrder {
  #last: readonly XmlAttribute[] = []
  /** Null when the last list was in order as it came. */
  #places: readonly number[] | null = null

  sorted(attributes: readonly XmlAttribute[]): readonly XmlAttribute[] {
    if (attributes.length < 2) return attributes
    if (!isBeginning(attributes, this.#last)) {
      this.#last = attributes
      this.#places = isSorted(attributes) ? null : placesOf(attributes)
    }
    const places = this.#places
    return places === null ? attributes : inPlaces(attributes, places)
  }
}

function inPlaces(
  attributes: readonly XmlAttribute[],
  places: readonly number[],
): readonly XmlAttribute[] {
  const sorted: XmlAttribute[] = []
  for (const place of places) {
    const attribute = attributes[place]
    if (attribute !== undefined) sorted.push(attribute)
  }
  return sorted
}

function isBeginning(a: readonly XmlAttribute[], b: readonly XmlAttribute[]): boolean {
  // The beginning of a longer list is in that list's order.
  for (let i = 0; i < a.length; i++) {
    const one = a[i]
    const other = b[i]
    if (one !== other && (one?.local !== other?.local || one?.uri !== other?.uri)) return false
  }
  return true
}

/** Which attribute comes first, second and so on. */
function placesOf(attributes: readonly XmlAttribute[]): readonly number[] {
  return attributes
    .map((attribute, place) => ({ attribute, place }))
    .sort((a, b) => byUriAndLocal(a.attribute, b.attribute))
    .map(({ place }) => place)
}

/** Most documents are in order as they come, and what was digested always is. */
function isSorted(attributes: readonly XmlAttribute[]): boolean {
  for (let i = 1; i < attributes.length; i++) {
    const before = attributes[i - 1]
    const item = attributes[i]
    if (before !== undefined && item !== undefined && byUriAndLocal(before, item) > 0) return false
  }
  return true
}

function byUriAndLocal(a: XmlAttribute, b: XmlAttribute): number {
  return a.uri === b.uri ? compare(a.local, b.local) : compare(a.uri, b.uri)
}

/** The reader lets only ASCII into names and namespaces, so the order of UTF-16 units is that of code points. */
function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
