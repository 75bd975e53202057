import type { XmlAttribute, XmlNamespace } from './tree.ts'

/** The default declaration first, then by prefix (Canonical XML 1.0, 2.2). */
export function sortedNamespaces(declared: readonly XmlNamespace[]): readonly XmlNamespace[] {
  if (declared.length < 2) return declared
  return declared.toSorted((a, b) => compareCodePoints(a.prefix, b.prefix))
}

/** By namespace URI, those without one first, then by local name. */
export function sortedAttributes(attributes: readonly XmlAttribute[]): readonly XmlAttribute[] {
  if (attributes.length < 2) return attributes
  return attributes.toSorted(
    (a, b) => compareCodePoints(a.uri, b.uri) || compareCodePoints(a.local, b.local),
  )
}

const surrogate = /[\ud800-\udfff]/

/** JavaScript compares UTF-16 units, which puts U+10000 before U+FFFD: right unless a surrogate is there. */
function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0
  if (!surrogate.test(a) && !surrogate.test(b)) return a < b ? -1 : 1
  const end = Math.min(a.length, b.length)
  for (let i = 0; i < end; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1
  }
  return a.length - b.length
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff
}
