import type { XmlElement } from '../xml/index.ts'

/**
 * How many attributes named `id`, in any case and any namespace, have this value anywhere in a tree. A second
 * one is a decoy for readers that look elements up by id (CVE-2025-25292, CVE-2026-63182); we never do, but
 * a message that tries is forged.
 */
export function countIds(root: XmlElement, id: string): number {
  let count = 0
  const pending: XmlElement[] = [root]
  for (let element = pending.pop(); element !== undefined; element = pending.pop()) {
    const { attributes, children } = element
    for (let i = 0; i < attributes.length; i++) {
      const attribute = attributes[i]
      if (attribute?.value === id && attribute.local.toLowerCase() === 'id') count++
    }
    for (let i = 0; i < children.length; i++) {
      const child = children[i]
      if (typeof child === 'object') pending.push(child)
    }
  }
  return count
}
