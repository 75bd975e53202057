import type { XmlElement } from '../xml/index.ts'

/**
 * Which of the given ids stands in another attribute named `id`, in any case and namespace, than its own.
 * Nothing here looks elements up by id; whoever repeats one hopes that something does (CVE-2026-63182; rows
 * W07, W14, W16). The signatures themselves are left out: xmldsig judges what lies in them.
 * @returns the id, or null
 */
export function findDuplicateId(
  root: XmlElement,
  ids: readonly string[],
  signatures: readonly (XmlElement | null)[],
): string | null {
  const counts = new Map(ids.map((id) => [id, 0]))
  if (counts.size < ids.length) return ids[0] ?? null
  const pending: XmlElement[] = [root]
  for (let element = pending.pop(); element !== undefined; element = pending.pop()) {
    const { attributes, children } = element
    for (let i = 0; i < attributes.length; i++) {
      const attribute = attributes[i]
      if (attribute?.local.length !== 2 || attribute.local.toLowerCase() !== 'id') continue
      const count = counts.get(attribute.value)
      if (count === undefined) continue
      if (count > 0) return attribute.value
      counts.set(attribute.value, 1)
    }
    for (let i = 0; i < children.length; i++) {
      const child = children[i]
      if (typeof child === 'object' && !signatures.includes(child)) pending.push(child)
    }
  }
  return null
}
