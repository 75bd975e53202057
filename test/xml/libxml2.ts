/** libxml2, as a second opinion: its reading of a document and its canonical form. */
import { ParseOption, XmlC14NMode, XmlDocument, XmlElement, XmlText } from 'libxml2-wasm'
import type { XmlElement as OurElement } from '../../src/xml/index.ts'

/** Runs with a parsed document and frees it; throws when libxml2 refuses it. */
export function withLibxml2<T>(source: string, use: (root: XmlElement) => T): T {
  const document = XmlDocument.fromString(source, {
    option: ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_HUGE,
  })
  try {
    return use(document.root)
  } finally {
    document.dispose()
  }
}

/** Exclusive canonicalization without comments. */
export function libxml2Canonical(element: XmlElement, prefixes: readonly string[]): string {
  return element.canonicalizeToString({
    mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
    inclusiveNamespacePrefixes: [...prefixes],
    withComments: false,
  })
}

export function elementChildren(element: XmlElement): XmlElement[] {
  const found: XmlElement[] = []
  for (let node = element.firstChild; node !== null; node = node.next)
    if (node instanceof XmlElement) found.push(node)
  return found
}

/** What both trees must agree on: names, attributes in document order, text. */
export type Shape = {
  readonly name: readonly [uri: string, local: string, prefix: string]
  readonly attributes: readonly (readonly [uri: string, local: string, value: string])[]
  readonly children: readonly (Shape | string)[]
}

export function libxml2Shape(element: XmlElement): Shape {
  const children: (Shape | string)[] = []
  for (const node of element.find('* | text()')) {
    if (node instanceof XmlElement) children.push(libxml2Shape(node))
    else if (node instanceof XmlText) addText(children, decoded(node.content))
  }
  return {
    name: [element.namespaceUri, element.name, element.prefix],
    attributes: element.attrs.map((attribute) => [
      attribute.namespaceUri,
      attribute.name,
      decoded(attribute.value),
    ]),
    children,
  }
}

export function ourShape(element: OurElement): Shape {
  return {
    name: [element.uri, element.local, element.prefix],
    attributes: element.attributes.map(({ uri, local, value }) => [uri, local, decoded(value)]),
    children: element.children.map((child) =>
      typeof child === 'string' ? decoded(child) : ourShape(child),
    ),
  }
}

/** The binding decodes each piece of text by itself, and takes U+FEFF at its beginning for a byte order mark. */
function decoded(text: string): string {
  return text.replaceAll('\ufeff', '')
}

/** libxml2 leaves text in pieces around comments. */
function addText(children: (Shape | string)[], text: string): void {
  const last = children.at(-1)
  if (typeof last === 'string') children[children.length - 1] = last + text
  else children.push(text)
}
