import type { XmlAttribute, XmlNamespace } from './tree.ts'

/** A text node (Canonical XML 1.0, 2.3). */
export function canonicalText(text: string): string {
  if (!/[&<>\r]/.test(text)) return text
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#xD;')
}

/** Declarations as they stand in a tag, the default one first, then by prefix. */
export function canonicalDeclarations(declared: readonly XmlNamespace[]): string {
  let output = ''
  for (const { prefix, uri } of sorted(declared, byPrefix))
    output += `${prefix === '' ? ' xmlns' : ` xmlns:${prefix}`}="${canonicalValue(uri)}"`
  return output
}

/** Attributes as they stand in a tag: by namespace URI, then by local name, both in code point order. */
export function canonicalAttributes(attributes: readonly XmlAttribute[]): string {
  let output = ''
  for (const { prefix, local, value } of sorted(attributes, byExpandedName))
    output += ` ${prefix === '' ? local : `${prefix}:${local}`}="${canonicalValue(value)}"`
  return output
}

function canonicalValue(value: string): string {
  if (!/[&<"\t\n\r]/.test(value)) return value
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#x9;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\r', '&#xD;')
}

function sorted<T>(items: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
  return items.length < 2 ? items : items.toSorted(compare)
}

function byPrefix(a: XmlNamespace, b: XmlNamespace): number {
  return compareCodePoints(a.prefix, b.prefix)
}

function byExpandedName(a: XmlAttribute, b: XmlAttribute): number {
  return compareCodePoints(a.uri, b.uri) || compareCodePoints(a.local, b.local)
}

/** JavaScript compares UTF-16 units, which puts U+10000 before U+FFFD. */
function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0
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
