import { limits, printable } from '../../kernel/index.ts'
import type { XmlElement } from '../../xml/index.ts'

/** Characters of one value that are shown: certificates and ciphertexts are told by their beginning. */
const shownLength = 600

/**
 * A tree as indented text for people: what it says, not the octets that were signed. Long values are cut, and
 * invisible characters become visible. As deep as the reader lets a document be.
 */
export function prettyXml(root: XmlElement): string {
  const lines: string[] = []
  write(root, 0, lines)
  return lines.join('\n')
}

function write(element: XmlElement, depth: number, lines: string[]): void {
  const indent = '  '.repeat(Math.min(depth, limits.xmlDepth))
  const open = `${indent}<${element.name}${attributesOf(element)}`
  const { children } = element
  if (children.length === 0) {
    lines.push(`${open}/>`)
    return
  }
  const [only] = children
  if (children.length === 1 && typeof only === 'string') {
    lines.push(`${open}>${shown(only)}</${element.name}>`)
    return
  }
  lines.push(`${open}>`)
  for (const child of children) {
    if (typeof child !== 'string') write(child, depth + 1, lines)
    else if (child.trim() !== '') lines.push(`${indent}  ${shown(child)}`)
  }
  lines.push(`${indent}</${element.name}>`)
}

function attributesOf({ attributes, namespaces }: XmlElement): string {
  const declared = namespaces.map(
    ({ prefix, uri }) => ` xmlns${prefix === '' ? '' : `:${prefix}`}="${shown(uri)}"`,
  )
  const stated = attributes.map(({ name, value }) => ` ${name}="${shown(value)}"`)
  return [...declared, ...stated].join('')
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' }

function shown(text: string): string {
  const trimmed = text.trim()
  const rest = trimmed.length - shownLength
  const cut = rest > 0 ? `${trimmed.slice(0, shownLength)}… (${rest} more)` : trimmed
  return printable(cut, cut.length).replace(/[&<"]/g, (c) => escapes[c] ?? c)
}
