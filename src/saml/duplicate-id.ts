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
    for (const { local, value } of element.attributes) {
      if (local.length !== 2 || local.toLowerCase() !== 'id') continue
      const count = counts.get(value)
      if (count === undefined) continue
      if (count > 0) return value
      counts.set(value, 1)
    }
    for (const child of element.children) {
      if (typeof child !== 'string' && !signatures.includes(child)) pending.push(child)
    }
  }
  return null
}
