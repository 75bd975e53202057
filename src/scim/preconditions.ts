import type { ProvisionedGroup, ProvisionedUser } from '../directory/index.ts'
import { err, ok, type Result } from '../kernel/index.ts'
import type { ScimFailure } from './errors.ts'

/** What If-Match and If-None-Match ask for: versions, `*`, or nothing. */
export type Precondition = {
  readonly ifMatch: readonly string[] | null
  readonly ifNoneMatch: readonly string[] | null
}

export const noPrecondition: Precondition = { ifMatch: null, ifNoneMatch: null }

/** Reads the two headers (RFC 7232 2.3 and 3; RFC 7644 3.14). Versions are weak, and compared so. */
export function readPrecondition(headers: Headers): Precondition {
  return {
    ifMatch: readTags(headers.get('if-match')),
    ifNoneMatch: readTags(headers.get('if-none-match')),
  }
}

/** The tags of a list without their weakness and quotes; also the bare version that a Bulk operation names. */
export function readTags(header: string | null): readonly string[] | null {
  if (header === null || header.trim() === '') return null
  return header.split(',').map((tag) =>
    tag
      .trim()
      .replace(/^W\//i, '')
      .replace(/^"(.*)"$/, '$1'),
  )
}

/**
 * The version of a user. Its groups are part of what it reads as, but change without it and cost nothing to
 * it, so the tag says both.
 */
export function userVersion({ version, groups }: ProvisionedUser): string {
  if (groups.length === 0) return String(version)
  const names = groups.map(({ id, displayName }) => JSON.stringify([id, displayName])).sort()
  let mark = 0x811c9dc5 // FNV-1a: tells two states apart, and nobody gains anything by a collision
  for (const character of names.join()) {
    mark = Math.imul(mark ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  }
  return `${version}-${mark.toString(16)}`
}

/** The version of a group. */
export function groupVersion({ version }: ProvisionedGroup): string {
  return String(version)
}

/** A version as an entity tag. */
export function entityTag(version: string): string {
  return `W/"${version}"`
}

/** Whether the resource is still the one that the client means. */
export function checkMatch({ ifMatch }: Precondition, version: string): Result<null, ScimFailure> {
  if (ifMatch === null || meets(ifMatch, version)) return ok(null)
  return err({
    code: 'scim.version_mismatch',
    detail: `The resource is at version ${entityTag(version)} now, which If-Match does not name. Read it again, then repeat the change.`,
  })
}

/** Whether the client has this version already: answered 304 to a read. */
export function isKnown({ ifNoneMatch }: Precondition, version: string): boolean {
  return ifNoneMatch !== null && meets(ifNoneMatch, version)
}

function meets(tags: readonly string[], version: string): boolean {
  return tags.includes('*') || tags.includes(version)
}
