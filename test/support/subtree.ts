/**
 * Cuts, moves and copies elements of a signed document as text, so that nothing but the change itself
 * changes a byte. Elements are found by local name; prefixes do not matter.
 */

export type Subtree = { readonly text: string; readonly start: number; readonly end: number }

function tags(xml: string, local: string): RegExpExecArray[] {
  const pattern = new RegExp(
    `<(/?)((?:[\\w.-]+:)?${local})(?=[\\s/>])(?:"[^"]*"|'[^']*'|[^>"'])*>`,
    'g',
  )
  return [...xml.matchAll(pattern)]
}

/** Every element with this local name in document order, nested ones too. */
export function subtrees(xml: string, local: string): Subtree[] {
  const found: { start: number; end: number; order: number }[] = []
  const open: { start: number; order: number }[] = []
  let order = 0
  for (const tag of tags(xml, local)) {
    const end = tag.index + tag[0].length
    if (tag[1] === '/') {
      const started = open.pop()
      if (started !== undefined) found.push({ ...started, end })
    } else if (tag[0].endsWith('/>')) {
      found.push({ start: tag.index, end, order: order++ })
    } else {
      open.push({ start: tag.index, order: order++ })
    }
  }
  found.sort((a, b) => a.order - b.order)
  return found.map(({ start, end }) => ({ start, end, text: xml.slice(start, end) }))
}

/** The nth element with this local name; throws when there is none. */
export function subtree(xml: string, local: string, nth = 0): Subtree {
  const found = subtrees(xml, local)[nth]
  if (found === undefined) throw new Error(`no ${local} number ${nth}`)
  return found
}

export function hasElement(xml: string, local: string): boolean {
  return subtrees(xml, local).length > 0
}

/** The document with the part replaced by another text; the part must come from this document. */
export function splice(xml: string, part: Subtree, replacement: string): string {
  return xml.slice(0, part.start) + replacement + xml.slice(part.end)
}

export function removeElement(xml: string, local: string, nth = 0): string {
  return splice(xml, subtree(xml, local, nth), '')
}

export function insertBefore(xml: string, local: string, text: string): string {
  const { start } = subtree(xml, local)
  return xml.slice(0, start) + text + xml.slice(start)
}

export function insertAfter(xml: string, local: string, text: string): string {
  const { end } = subtree(xml, local)
  return xml.slice(0, end) + text + xml.slice(end)
}

function parts(element: string): { open: string; content: string; close: string } {
  const match = /^<((?:[\w.-]+:)?[\w.-]+)(?:"[^"]*"|'[^']*'|[^>"'])*>/.exec(element)
  const open = match?.[0]
  const name = match?.[1]
  if (open === undefined || name === undefined) throw new Error('not an element')
  if (open.endsWith('/>'))
    return { open: `${open.slice(0, -2)}>`, content: '', close: `</${name}>` }
  const close = element.slice(element.lastIndexOf('</'))
  return { open, content: element.slice(open.length, element.length - close.length), close }
}

/** The document with text as first content of the element. */
export function prependInto(xml: string, local: string, text: string): string {
  const part = subtree(xml, local)
  const { open, content, close } = parts(part.text)
  return splice(xml, part, open + text + content + close)
}

/** The document with text as last content of the element. */
export function appendInto(xml: string, local: string, text: string): string {
  const part = subtree(xml, local)
  const { open, content, close } = parts(part.text)
  return splice(xml, part, open + content + text + close)
}

/** The document with the content of the element replaced. */
export function replaceContent(xml: string, local: string, text: string): string {
  const part = subtree(xml, local)
  const { open, close } = parts(part.text)
  return splice(xml, part, open + text + close)
}

/** The document with raw attributes added to the nth start tag of this name. */
export function addAttributes(xml: string, local: string, attributes: string, nth = 0): string {
  const part = subtree(xml, local, nth)
  const name = /^<[\w.:-]+/.exec(part.text)?.[0] ?? ''
  return splice(xml, part, name + attributes + part.text.slice(name.length))
}

/** An element's text with one attribute of its start tag changed. */
export function withAttribute(element: string, name: string, value: string): string {
  const pattern = new RegExp(`^(<[^>]*?\\s${name}=)(?:"[^"]*"|'[^']*')`)
  if (!pattern.test(element)) throw new Error(`no attribute ${name}`)
  return element.replace(pattern, (_all, head: string) => `${head}"${value}"`)
}
