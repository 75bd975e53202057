/**
 * Canonical XML over @xmldom/xmldom for the test signer: exclusive and inclusive, with and without
 * comments, with a PrefixList. Written from the W3C texts and independent of src; test/support's own
 * tests compare it with libxml2. It favours clearness over speed.
 */
import {
  type Attr,
  DOMParser,
  type Document,
  type Element,
  type Node,
  onErrorStopParsing,
} from '@xmldom/xmldom'

export type C14nMode = {
  readonly exclusive: boolean
  readonly comments: boolean
  /** InclusiveNamespaces PrefixList of the exclusive form; `#default` for the default namespace. */
  readonly prefixes?: readonly string[]
}

/** The algorithm URIs that name a canonicalization, and what they mean. */
export const c14nModes: ReadonlyMap<string, C14nMode> = new Map([
  ['http://www.w3.org/2001/10/xml-exc-c14n#', { exclusive: true, comments: false }],
  ['http://www.w3.org/2001/10/xml-exc-c14n#WithComments', { exclusive: true, comments: true }],
  ['http://www.w3.org/TR/2001/REC-xml-c14n-20010315', { exclusive: false, comments: false }],
  [
    'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments',
    { exclusive: false, comments: true },
  ],
  ['http://www.w3.org/2006/12/xml-c14n11', { exclusive: false, comments: false }],
  ['http://www.w3.org/2006/12/xml-c14n11#WithComments', { exclusive: false, comments: true }],
])

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'
const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/'

/** Parses a document of the tests; throws when it is not well formed. */
export function parseDom(xml: string): Document {
  return new DOMParser({ onError: onErrorStopParsing }).parseFromString(xml, 'text/xml')
}

export function isElement(node: Node | null | undefined): node is Element {
  return node?.nodeType === 1
}

/** Elements below and including this one, in document order. */
export function elementsOf(root: Node): Element[] {
  const found: Element[] = isElement(root) ? [root] : []
  for (let child = root.firstChild; child !== null; child = child.nextSibling) {
    found.push(...elementsOf(child))
  }
  return found
}

/** The first element with this ID (attribute `ID` exactly); throws when there is none. */
export function elementById(document: Document, id: string): Element {
  const found = elementsOf(document).find((element) => element.getAttribute('ID') === id)
  if (found === undefined) throw new Error(`no element with ID ${id}`)
  return found
}

function attributesOf(element: Element): Attr[] {
  const list: Attr[] = []
  for (let i = 0; i < element.attributes.length; i++) {
    const attribute = element.attributes.item(i)
    if (attribute !== null) list.push(attribute)
  }
  return list
}

/** Prefix → URI in scope at the element; the default namespace under ''. */
function scopeOf(element: Element): Map<string, string> {
  const parent = element.parentNode
  const scope = isElement(parent) ? scopeOf(parent) : new Map<string, string>()
  for (const attribute of attributesOf(element)) {
    if (attribute.namespaceURI !== xmlnsNamespace) continue
    scope.set(attribute.prefix === 'xmlns' ? (attribute.localName ?? '') : '', attribute.value)
  }
  return scope
}

function compareCodePoints(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

function attributeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#x9;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\r', '&#xD;')
}

function contentText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#xD;')
}

/** Inherited xml:* attributes of the inclusive form, own ones first to win. */
function inheritedXmlAttributes(apex: Element): Attr[] {
  const own = new Set(attributesOf(apex).map((attribute) => attribute.name))
  const list: Attr[] = []
  for (let node: Node | null = apex.parentNode; isElement(node); node = node.parentNode) {
    for (const attribute of attributesOf(node)) {
      if (attribute.namespaceURI !== xmlNamespace || own.has(attribute.name)) continue
      own.add(attribute.name)
      list.push(attribute)
    }
  }
  return list
}

/**
 * The canonical form of an element as text.
 * @param without a descendant that is left out, with everything in it: the enveloped-signature transform
 */
export function canonicalizeDom(apex: Element, mode: C14nMode, without?: Element): string {
  const inclusive = new Set((mode.prefixes ?? []).map((p) => (p === '#default' ? '' : p)))

  function write(node: Node, rendered: ReadonlyMap<string, string>): string {
    if (node === without) return ''
    if (node.nodeType === 3 || node.nodeType === 4) return contentText(node.nodeValue ?? '')
    if (node.nodeType === 8) return mode.comments ? `<!--${node.nodeValue ?? ''}-->` : ''
    if (node.nodeType === 7) {
      const data = node.nodeValue ?? ''
      return `<?${node.nodeName}${data === '' ? '' : ` ${data.replaceAll('\r', '&#xD;')}`}?>`
    }
    if (!isElement(node)) return ''
    return writeElement(node, rendered)
  }

  function writeElement(element: Element, rendered: ReadonlyMap<string, string>): string {
    const scope = scopeOf(element)
    const attributes = attributesOf(element).filter((a) => a.namespaceURI !== xmlnsNamespace)
    if (!mode.exclusive && element === apex) attributes.push(...inheritedXmlAttributes(apex))
    const used = new Set([element.prefix ?? ''])
    for (const attribute of attributes) if (attribute.prefix) used.add(attribute.prefix)

    const declarations = new Map<string, string>()
    const candidates = mode.exclusive ? [...used, ...inclusive] : [...scope.keys()]
    for (const prefix of candidates) {
      if (prefix === 'xml') continue
      const uri = scope.get(prefix)
      if (uri === undefined && prefix !== '') continue
      if ((rendered.get(prefix) ?? '') !== (uri ?? '')) declarations.set(prefix, uri ?? '')
    }
    const inScope = new Map([...rendered, ...declarations])

    let text = `<${element.nodeName}`
    for (const prefix of [...declarations.keys()].sort(compareCodePoints)) {
      const uri = attributeText(declarations.get(prefix) ?? '')
      text += prefix === '' ? ` xmlns="${uri}"` : ` xmlns:${prefix}="${uri}"`
    }
    attributes.sort(
      (a, b) =>
        compareCodePoints(a.namespaceURI ?? '', b.namespaceURI ?? '') ||
        compareCodePoints(a.localName ?? '', b.localName ?? ''),
    )
    for (const attribute of attributes)
      text += ` ${attribute.name}="${attributeText(attribute.value)}"`
    text += '>'
    for (let child = element.firstChild; child !== null; child = child.nextSibling) {
      text += write(child, inScope)
    }
    return `${text}</${element.nodeName}>`
  }

  return writeElement(apex, new Map())
}
