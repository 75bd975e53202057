import { limits } from '../kernel/index.ts'
import type { MemberStep } from './provisioning.ts'

export const memberTypes = ['User', 'Group'] as const
export type MemberType = (typeof memberTypes)[number]

/**
 * What a request's steps come to: for each id the last step that names it decides, so that the order in which
 * the plan is carried out does not matter and nothing that stays is removed and added again.
 */
export type MemberPlan = {
  readonly groupId: string
  readonly adds: Readonly<Record<MemberType, readonly string[]>>
  readonly removes: readonly string[]
  /** Everybody of the type leaves except these; null where nobody leaves who is not named. */
  readonly spared: Readonly<Record<MemberType, readonly string[] | null>>
  /** Asked to be added, though they cannot be: no id of ours, or the group itself. */
  readonly impossible: readonly string[]
}

/** What could be the id of a member; the length also keeps every chunk below what D1 binds. */
const memberId = /^(?:usr|grp)_\w{1,60}$/

/** The type that an id of ours names. */
export function memberTypeOf(id: string): MemberType {
  return id.startsWith('grp_') ? 'Group' : 'User'
}

/**
 * Brings the member steps of one request (RFC 7644 3.5.2) to what they come to, without reading a member.
 * @param groupId the group that is changed, which cannot contain itself
 */
export function planMembers(groupId: string, steps: readonly MemberStep[]): MemberPlan {
  // By type, so that taking one type away again and again looks at nobody of the other.
  const adds: Record<MemberType, Set<string>> = { User: new Set(), Group: new Set() }
  const removes = new Set<string>()
  const impossible = new Set<string>()
  const spared: Record<MemberType, ReadonlySet<string> | null> = { User: null, Group: null }

  function leaveOut(type: MemberType, kept: ReadonlySet<string>): void {
    const before = spared[type]
    spared[type] = before === null ? kept : new Set([...before].filter((id) => kept.has(id)))
    for (const id of adds[type]) if (!kept.has(id)) adds[type].delete(id)
  }

  for (const step of steps) {
    if (step.kind === 'keep') {
      const kept = new Set(step.ids)
      for (const type of memberTypes) leaveOut(type, kept)
    } else if (step.kind === 'removeType') {
      leaveOut(step.type, new Set())
    } else if (step.kind === 'remove') {
      for (const id of step.ids) {
        adds[memberTypeOf(id)].delete(id)
        removes.add(id)
      }
    } else {
      for (const id of step.ids) {
        if (!memberId.test(id) || id === groupId) impossible.add(id)
        else {
          removes.delete(id)
          adds[memberTypeOf(id)].add(id)
        }
      }
    }
  }
  const added = { User: [...adds.User], Group: [...adds.Group] }
  return {
    groupId,
    adds: added,
    removes: [...removes].filter((id) => memberId.test(id)),
    spared: {
      User: sparedOf('User', added.User),
      Group: sparedOf('Group', added.Group),
    },
    impossible: [...impossible],
  }

  /** Whoever is added anyway does not leave before. */
  function sparedOf(type: MemberType, addedOfType: readonly string[]): readonly string[] | null {
    const kept = spared[type]
    if (kept === null) return null
    const usable = [...kept].filter((id) => memberId.test(id) && memberTypeOf(id) === type)
    return [...new Set([...usable, ...addedOfType])]
  }
}

/** Whether the plan touches no member, whoever the members are. */
export function isEmptyPlan({ adds, removes, spared }: MemberPlan): boolean {
  const touched = [adds.User, adds.Group, removes].some((ids) => ids.length > 0)
  return !touched && memberTypes.every((type) => spared[type] === null)
}

/** Ids as JSON lists, each small enough to be bound; none for no ids. */
export function jsonChunks(
  ids: readonly string[],
  maxBytes: number = limits.d1ChunkBytes,
): string[] {
  const chunks: string[] = []
  let chunk: string[] = []
  let bytes = 2
  for (const id of ids) {
    const more = id.length + 3
    if (bytes + more > maxBytes && chunk.length > 0) {
      chunks.push(JSON.stringify(chunk))
      chunk = []
      bytes = 2
    }
    chunk.push(id)
    bytes += more
  }
  if (chunk.length > 0) chunks.push(JSON.stringify(chunk))
  return chunks
}
