import { sha256Hex } from '../kernel/index.ts'
import type { UserEvent } from './provision-event.ts'
import type { Candidate } from './provision-people-store.ts'
import { differingAttributes, scimSourceView } from './provision-view.ts'
import type { Provisioner, UserStatement } from './provisioning.ts'
import { type Resolved, resolve } from './resolve.ts'
import type { Ruleset } from './ruleset.ts'
import { changedNames, type SourceView, viewFingerprintText } from './source-view.ts'

/** What a statement makes of a person: nothing but `resolve` makes a profile. */
export type PlannedUser = {
  readonly view: SourceView
  readonly sha256: string
  readonly resolved: Resolved
  readonly mappingVersion: number
  /** Whether SCIM reads anything else from now on. */
  readonly isSeen: boolean
  /** Whether the source says anything else from now on. */
  readonly isStated: boolean
  /** Names of all that is different from now on, for the event; empty when nothing is. */
  readonly changed: readonly string[]
}

/**
 * Plans what a statement writes: the source view and the profile resolved from all views.
 * @param before the person as it is, or null for somebody new
 */
export async function planUser(
  by: Provisioner,
  {
    statement,
    before,
    ruleset: { version, definitions, mapping },
  }: { statement: UserStatement; before: Candidate | null; ruleset: Ruleset },
): Promise<PlannedUser> {
  const previous = before?.views.find((view) => view.source === 'scim') ?? null
  const others = before?.views.filter((view) => view.source !== 'scim') ?? []
  const view = scimSourceView(previous, { statement, mapping, nowMs: by.nowMs })
  const columns = changedColumns(statement, before)
  const seen = differingAttributes(before?.scim?.view ?? null, statement.view)
  const restated = changedNames(previous, view)
  const stated = restated.filter((name) => name !== 'userName')
  return {
    view,
    sha256: await sha256Hex(viewFingerprintText(view)),
    resolved: resolve(definitions, mapping, [...others, view]),
    mappingVersion: version,
    isSeen: columns.length > 0 || seen.length > 0 || (before !== null && before.scim === null),
    isStated: restated.length > 0,
    // The flat names say more; what has none, such as an attribute that nothing flattens, is named whole.
    changed: [...new Set([...columns, ...stated, ...seen.filter(hasNoPart(stated))])],
  }
}

function changedColumns(statement: UserStatement, before: Candidate | null): readonly string[] {
  const held = before?.person
  return [
    ...(held?.userName === statement.userName ? [] : ['userName']),
    ...((held?.externalId ?? null) === statement.externalId ? [] : ['externalId']),
    ...((held === undefined || !held.deniedByScim) === statement.active ? [] : ['active']),
  ]
}

/** Whether none of the flat names is, or is part of, the attribute or extension. */
function hasNoPart(flat: readonly string[]): (name: string) => boolean {
  return (name) =>
    !flat.some(
      (one) => one === name || (one.startsWith(name) && '.[:'.includes(one.charAt(name.length))),
    )
}

/** What is told of the request in its event. */
export function userEvent(
  type: UserEvent['type'],
  {
    personId,
    statement,
    planned,
  }: { personId: string; statement: UserStatement; planned: PlannedUser },
): UserEvent {
  const values = {
    userName: [statement.userName],
    ...(statement.externalId === null ? {} : { externalId: [statement.externalId] }),
    ...Object.fromEntries(statement.stated),
  }
  return { type, personId, sent: statement.sent, changed: planned.changed, values }
}
