import { err, ok, type Result } from '../kernel/index.ts'
import type { XmlFailure } from './errors.ts'
import type { XmlElement } from './tree.ts'

/** `{uri}local`: how evidence names an element. */
export function expandedName(element: { readonly uri: string; readonly local: string }): string {
  return `{${element.uri}}${element.local}`
}

/** The element children in document order; text is left out. */
export function childElements(parent: XmlElement): readonly XmlElement[] {
  const found: XmlElement[] = []
  for (let i = 0; i < parent.children.length; i++) {
    const child = parent.children[i]
    if (typeof child === 'object') found.push(child)
  }
  return found
}

/**
 * The children of this name, at most `max`.
 * @returns `xml.limit` when there are more: count before loop
 */
export function all(
  parent: XmlElement,
  uri: string,
  local: string,
  max: number,
): Result<readonly XmlElement[], XmlFailure> {
  const found = named(parent, uri, local)
  if (found.length > max) return err({ code: 'xml.limit', limit: 'children', max })
  return ok(found)
}

/**
 * The one child of this name, or null.
 * @returns `xml.ambiguous_element` when there are two: the second one is how wrapping works
 */
export function optional(
  parent: XmlElement,
  uri: string,
  local: string,
): Result<XmlElement | null, XmlFailure> {
  const found = named(parent, uri, local)
  const [first = null] = found
  if (found.length > 1) {
    return err({
      code: 'xml.ambiguous_element',
      parent: expandedName(parent),
      expected: expandedName({ uri, local }),
      got: found.length,
    })
  }
  return ok(first)
}

/**
 * The one child of this name.
 * @returns `xml.missing_element` or `xml.ambiguous_element` when there is not exactly one
 */
export function only(
  parent: XmlElement,
  uri: string,
  local: string,
): Result<XmlElement, XmlFailure> {
  const found = optional(parent, uri, local)
  if (!found.ok) return found
  if (found.value === null) {
    return err({
      code: 'xml.missing_element',
      parent: expandedName(parent),
      expected: expandedName({ uri, local }),
    })
  }
  return ok(found.value)
}

/**
 * The whole text of an element that holds nothing else; `''` when it is empty.
 * @returns `xml.mixed_content` when it has a child element: `<NameID>a<x/>b</NameID>` is no name
 */
export function leafText(element: XmlElement): Result<string, XmlFailure> {
  let text = ''
  for (const child of element.children) {
    if (typeof child !== 'string') {
      return err({
        code: 'xml.mixed_content',
        element: expandedName(element),
        got: expandedName(child),
      })
    }
    text += child
  }
  return ok(text)
}

/** The value of the attribute without a namespace, or null; `evil:ID` is not `ID`. */
export function attributeOf(element: XmlElement, local: string): string | null {
  for (const attribute of element.attributes)
    if (attribute.local === local && attribute.uri === '') return attribute.value
  return null
}

/** Whether any text but white space stands directly in the element. */
export function hasOwnText(element: XmlElement): boolean {
  return element.children.some((child) => typeof child === 'string' && /[^ \t\n\r]/.test(child))
}

function named(parent: XmlElement, uri: string, local: string): readonly XmlElement[] {
  const found: XmlElement[] = []
  for (const child of parent.children)
    if (typeof child !== 'string' && child.local === local && child.uri === uri) found.push(child)
  return found
}
