/**
 * A document as a tree of its own text: whatever is not changed is written back byte for byte, so that a
 * mutation is all that changes. Reads the well-formed documents of the tests and nothing else.
 */

export type RawAttribute = { name: string; value: string; quote: string }

export type RawElement = {
  name: string
  attributes: RawAttribute[]
  /** White space before the end of the start tag. */
  space: string
  isEmpty: boolean
  children: RawNode[]
}

/** Text as it is written, references and all; also what stands outside the root. */
export type RawNode = RawElement | string

const token = /<\/[^>]*>|<[^!?](?:"[^"]*"|'[^']*'|[^>"'])*>|<\?[^>]*\?>|[^<]+/g
const attribute = /\s+([^\s=]+)\s*=\s*("[^"]*"|'[^']*')/g

/** The document as nodes beside each other, the root among them. */
export function parseRaw(xml: string): RawNode[] {
  const top: RawNode[] = []
  const open: RawElement[] = []
  for (const [text] of xml.matchAll(token)) {
    const siblings = open.at(-1)?.children ?? top
    if (text.startsWith('</')) open.pop()
    else if (!text.startsWith('<') || text.startsWith('<?')) siblings.push(text)
    else {
      const element = startTag(text)
      siblings.push(element)
      if (!element.isEmpty) open.push(element)
    }
  }
  return top
}

function startTag(text: string): RawElement {
  const isEmpty = text.endsWith('/>')
  const inside = text.slice(1, isEmpty ? -2 : -1)
  const name = /^[^\s]+/.exec(inside)?.[0] ?? ''
  const rest = inside.slice(name.length)
  const attributes = [...rest.matchAll(attribute)].map(([, key = '', quoted = '']) => ({
    name: key,
    value: quoted.slice(1, -1),
    quote: quoted.slice(0, 1),
  }))
  return { name, attributes, space: /\s*$/.exec(rest)?.[0] ?? '', isEmpty, children: [] }
}

export function writeRaw(nodes: readonly RawNode[]): string {
  return nodes.map((node) => (typeof node === 'string' ? node : writeElement(node))).join('')
}

function writeElement({ name, attributes, space, isEmpty, children }: RawElement): string {
  const written = attributes.map((a) => ` ${a.name}=${a.quote}${a.value}${a.quote}`).join('')
  const start = `<${name}${written}${space}`
  if (isEmpty && children.length === 0) return `${start}/>`
  return `${start}>${writeRaw(children)}</${name}>`
}

/** An element with the list that it stands in. */
export type Placed = { readonly element: RawElement; readonly siblings: RawNode[] }

/** All elements in document order. */
export function elementsIn(nodes: RawNode[]): Placed[] {
  const found: Placed[] = []
  const visit = (siblings: RawNode[]) => {
    for (const node of siblings) {
      if (typeof node === 'string') continue
      found.push({ element: node, siblings })
      visit(node.children)
    }
  }
  visit(nodes)
  return found
}

export function copyOf(element: RawElement): RawElement {
  return structuredClone(element)
}

export function localName(element: RawElement): string {
  return element.name.slice(element.name.indexOf(':') + 1)
}

export function contains(outer: RawElement, inner: RawElement): boolean {
  return outer === inner || outer.children.some((c) => typeof c !== 'string' && contains(c, inner))
}
