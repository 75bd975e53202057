import type { Resolved } from '../directory/index.ts'

/** Keys of attributes whose value is not the same in two profiles, in a fixed order. */
export function differingKeys(before: Resolved, after: Resolved): readonly string[] {
  if (before === after) return []
  const keys = new Set([...Object.keys(before.profile), ...Object.keys(after.profile)])
  return [...keys].filter((key) => !sameValue(before.profile[key], after.profile[key])).toSorted()
}

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b))
}

/** Whether a stored profile and its provenance are what was resolved. */
export function isHeldProfile(
  held: { readonly profile: object; readonly provenance: object },
  resolved: Resolved,
): boolean {
  return (
    orderless(held.profile) === orderless(resolved.profile) &&
    orderless(held.provenance) === orderless(resolved.provenance)
  )
}

/** JSON in which the order of names says nothing. */
function orderless(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
