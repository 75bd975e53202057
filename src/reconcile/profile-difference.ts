import type { Person, Resolved } from '../directory/index.ts'

/** Keys of attributes whose value is not the same in two profiles, in a fixed order. */
export function differingKeys(before: Resolved, after: Resolved): readonly string[] {
  if (before === after) return []
  const keys: string[] = []
  for (const key of Object.keys(before.profile)) {
    if (!sameJson(before.profile[key], after.profile[key])) keys.push(key)
  }
  for (const key of Object.keys(after.profile)) {
    if (before.profile[key] === undefined) keys.push(key)
  }
  return keys.sort()
}

/** A person's profile as it is stored: what `resolve` made, and nothing else writes one. */
export function heldProfile({
  profile,
  provenance,
}: Pick<Person, 'profile' | 'provenance'>): Resolved {
  return { profile, provenance } as Resolved
}

/** Whether the stored profile and its provenance are what was resolved. */
export function isHeldProfile(
  held: Pick<Person, 'profile' | 'provenance'>,
  { profile, provenance }: Resolved,
): boolean {
  return sameJson(held.profile, profile) && sameJson(held.provenance, provenance)
}

/** Whether two values are the same JSON; the order of names says nothing. */
function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const names = Object.keys(a)
  return (
    Array.isArray(a) === Array.isArray(b) &&
    names.length === Object.keys(b).length &&
    names.every(
      (name) =>
        Object.hasOwn(b, name) && sameJson(a[name as keyof typeof a], b[name as keyof typeof b]),
    )
  )
}
