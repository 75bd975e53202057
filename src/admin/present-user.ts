import type * as z from '#zod'
import type { Database } from '../db/index.ts'
import {
  deniers,
  type Organization,
  type PersonWithViews,
  type Provenance,
} from '../directory/index.ts'
import { toIso } from '../kernel/index.ts'
import { type Access, accessOf, loadProvisioned, notProvisioned } from '../session/index.ts'
import type { userAnswer } from './user-schema.ts'

type UserAnswer = z.input<typeof userAnswer>

/** People of an organization as the API shows them, with the groups and roles that their sessions have. */
export async function presentUsers(
  db: Database,
  organization: Organization,
  rows: readonly PersonWithViews[],
): Promise<readonly UserAnswer[]> {
  const ids = rows.map(({ person }) => person.id)
  const provisioned = await loadProvisioned(db, organization.id, ids)
  return rows.map((row) => {
    const stated = provisioned.get(row.person.id) ?? notProvisioned
    return presentUser(row, accessOf(organization, row.person, stated))
  })
}

/** A person: the profile, where each value came from, and what each source said. */
function presentUser({ person, identityKey, views }: PersonWithViews, access: Access): UserAnswer {
  const provenance = Object.entries(person.provenance as Readonly<Record<string, Provenance>>)
  return {
    id: person.id,
    userName: person.userName,
    externalId: person.externalId,
    active: person.active,
    status: statusOf(person),
    deniedBy: deniers(person) as UserAnswer['deniedBy'],
    profile: person.profile as UserAnswer['profile'],
    provenance: Object.fromEntries(
      provenance.map(([key, { source, at, rule }]) => [key, { source, at: toIso(at), rule }]),
    ),
    sources: Object.fromEntries(
      views.map((view) => [
        view.source,
        {
          at: toIso(view.at),
          attributes: Object.fromEntries(
            Object.entries(view.attributes).map(([name, { values, changedAt }]) => [
              name,
              { values: [...values], changedAt: toIso(changedAt) },
            ]),
          ),
        },
      ]),
    ),
    groups: [...access.groups],
    roles: [...access.roles],
    connection: person.connectionId,
    identity: identityKey,
    createdBy: person.createdBy,
    lastSignInAt: person.lastSignInAt === null ? null : toIso(person.lastSignInAt),
    createdAt: toIso(person.createdAt),
    updatedAt: toIso(person.updatedAt),
  }
}

function statusOf({ retiredAt, deniedByManual, active }: PersonWithViews['person']) {
  if (retiredAt !== null) return 'retired'
  if (deniedByManual) return 'blocked'
  return active ? 'active' : 'denied'
}
