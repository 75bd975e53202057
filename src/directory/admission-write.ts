import { and, eq, sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, type Statement, tables } from '../db/index.ts'
import { foldCase, newTimedId, sha256Hex } from '../kernel/index.ts'
import type { Admission, Subject } from './admission.ts'
import { groupsClaim, rolesClaim } from './default-names.ts'
import type { Person } from './person.ts'
import { type Resolved, resolve } from './resolve.ts'
import type { Ruleset } from './ruleset.ts'
import { searchKeys } from './search-keys.ts'
import {
  changedNames,
  mergeView,
  type SourceView,
  type Stated,
  viewFingerprintText,
} from './source-view.ts'
import { forgetErased } from './tombstones-store.ts'

const { identities, people, sourceViews } = tables

export type AdmissionInput = {
  readonly organizationId: string
  readonly subject: Subject
  readonly admission: Admission
  /** What the sign-in states, by claim name, with the lists of groups and roles under their own names. */
  readonly stated: Stated
  /** The provider left the groups out because they are too many: unknown, never none. */
  readonly groupsUnknown: boolean
  readonly views: readonly SourceView[]
  readonly ruleset: Ruleset
  readonly defaultRole: string
  readonly nowMs: number
}

/** A decision ready to be written: statements that each depend on the guard, and what they will say. */
export type PlannedPerson = {
  readonly personId: string
  readonly userName: string
  readonly resolved: Resolved
  readonly groups: readonly string[]
  readonly roles: readonly string[]
  /** Names of the claims whose value is new; names are not personal. */
  readonly changed: readonly string[]
  statements(db: Database, guard: Guard): readonly Statement[]
}

/**
 * Plans what a sign-in writes about its person: the binding, the source view and the profile resolved
 * from all views. Nothing but `resolve` makes a profile.
 */
export async function planPerson(input: AdmissionInput): Promise<PlannedPerson> {
  const { admission, nowMs } = input
  const previous = input.views.find((view) => view.source === 'saml') ?? null
  const replaced = input.groupsUnknown ? [rolesClaim] : [groupsClaim, rolesClaim]
  const view = mergeView(
    previous,
    { source: 'saml', at: nowMs, stated: input.stated },
    { replaced },
  )
  const views = [...input.views.filter((other) => other.source !== 'saml'), view]
  const resolved = resolve(input.ruleset.definitions, input.ruleset.mapping, views)
  const person = {
    groups: view.attributes[groupsClaim]?.values ?? [],
    // Groups and app roles give a role only through a rule, never by name.
    roles: [input.defaultRole],
    mappingVersion: input.ruleset.version,
    profile: resolved.profile,
    provenance: resolved.provenance,
  }
  const sha256 = await sha256Hex(viewFingerprintText(view))
  const viewRow = {
    source: 'saml' as const,
    organizationId: input.organizationId,
    connectionId: input.subject.connectionId,
    attributes: view.attributes,
    sha256,
    at: nowMs,
  }
  const isNew = admission.kind === 'create'
  const personId = isNew ? newTimedId('usr', nowMs) : admission.person.id
  const changed = changedNames(previous, view)
  const userName = isNew
    ? admission.userName
    : ((admission.kind === 'known' ? admission.rename : null) ?? admission.person.userName)

  return {
    personId,
    userName,
    resolved,
    groups: person.groups,
    roles: person.roles,
    changed,
    statements(db, guard) {
      const binding = insertWhere(db, identities, {
        row: {
          organizationId: input.organizationId,
          key: input.subject.identityKey,
          personId,
          connectionId: input.subject.connectionId,
          boundBy: 'saml',
          createdAt: nowMs,
        },
        guard,
      })
      // One identity has one id: whoever was erased with it does not come back beside this person.
      const forget = forgetErased(
        db,
        { organizationId: input.organizationId, key: input.subject.identityKey },
        guard,
      )
      const saveView = insertWhere(db, sourceViews, {
        row: { personId, ...viewRow },
        guard,
        conflict: sql`(person_id, source) do update set attributes = excluded.attributes, sha256 = excluded.sha256, at = excluded.at, connection_id = excluded.connection_id`,
      })
      if (isNew) {
        const row = {
          id: personId,
          organizationId: input.organizationId,
          connectionId: input.subject.connectionId,
          userName,
          userNameKey: foldCase(userName),
          // What SCIM reads of somebody it has not written: Entra matches by it, and adds the rest.
          externalId: input.subject.objectId,
          createdBy: 'saml' as const,
          ...person,
          ...searchKeys(person.profile, foldCase(userName)),
          lastSignInAt: nowMs,
          createdAt: nowMs,
          updatedAt: nowMs,
        }
        return [forget, insertWhere(db, people, { row, guard }), binding, saveView]
      }
      const update = updatePerson(db, guard)
      if (admission.kind !== 'bind') return [update, saveView]
      return [forget, update, binding, saveView]
    },
  }

  /** Whether what is stored is not what was resolved, though the claims are the same: the mapping changed, or a name came free. */
  function isStale(): boolean {
    if (isNew) return true
    const held = admission.person
    const fields = (one: Pick<Person, 'groups' | 'roles' | 'profile' | 'mappingVersion'>) =>
      JSON.stringify([
        one.groups,
        one.roles,
        one.mappingVersion,
        Object.entries(one.profile).sort(),
      ])
    return held.userName !== userName || fields(held) !== fields(person)
  }

  /** The version grows only with what others read, so two tabs signing in do not disturb each other. */
  function updatePerson(db: Database, guard: Guard): Statement {
    const differs = changed.length > 0 || admission.kind === 'bind' || isStale()
    const grown = differs
      ? {
          ...person,
          userName,
          userNameKey: foldCase(userName),
          ...searchKeys(person.profile, foldCase(userName)),
          version: sql`${people.version} + 1`,
          updatedAt: nowMs,
        }
      : {}
    return db
      .update(people)
      .set({
        ...grown,
        lastSignInAt: nowMs,
        ...(admission.kind === 'bind' ? { connectionId: input.subject.connectionId } : {}),
      })
      .where(and(eq(people.id, personId), eq(people.organizationId, input.organizationId), guard))
  }
}
