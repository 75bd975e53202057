import { DOMParser, type Document, type Element, type Node } from '@xmldom/xmldom'
import { err, ok, type Result } from '../result.ts'

export type XmlDocument = Document
export type XmlElement = Element

const maxCharacters = 1_000_000

/**
 * Parses a document and refuses whatever the parser so much as warns about, and every DOCTYPE.
 * @returns the document and its root, or what is wrong
 */
export function parseXml(
  source: string,
): Result<{ readonly document: XmlDocument; readonly root: XmlElement }, string> {
  if (source.length > maxCharacters) return err('The document is too long.')
  const complaints: string[] = []
  try {
    const parser = new DOMParser({
      onError: (_level, message) => {
        complaints.push(message)
      },
    })
    const document = parser.parseFromString(source.replace(/^\uFEFF/, ''), 'text/xml')
    const root = document.documentElement
    if (complaints[0] !== undefined) return err(complaints[0])
    if (root === null) return err('There is no root element.')
    if (document.doctype !== null) return err('A DOCTYPE is not allowed.')
    return ok({ document, root })
  } catch (error) {
    return err(complaints[0] ?? String(error))
  }
}

/** The child elements, or those of one name. */
export function childElements(
  parent: XmlElement,
  uri?: string,
  localName?: string,
): readonly XmlElement[] {
  return Array.from(parent.childNodes)
    .filter(isNodeElement)
    .filter((child) => uri === undefined || child.namespaceURI === uri)
    .filter((child) => localName === undefined || child.localName === localName)
}

/** Whether an element has this name. */
export function isElement(element: XmlElement, uri: string, localName: string): boolean {
  return element.namespaceURI === uri && element.localName === localName
}

/** The text of an element, as it stands; null when there is no element. */
export function textOf(element: XmlElement | undefined): string | null {
  return element === undefined ? null : (element.textContent ?? '')
}

function isNodeElement(node: Node): node is Element {
  return node.nodeType === node.ELEMENT_NODE
}
