import { type SQL, sql } from 'drizzle-orm'
import { type Database, type Statement, tables } from '../db/index.ts'
import type { GroupOfPerson, Provisioned } from './access.ts'

const { graphUsers, groupMembers, groups, people, resourceCounts, sourceViews } = tables

type Row = {
  readonly personId: string
  readonly decides: number
  readonly id: string | null
  readonly externalId: string | null
  readonly nameKey: string
  /** Of the one row of each person that is of no group. */
  readonly signIn: string | null
  readonly signInAt: number | null
  readonly graph: string | null
  readonly graphAt: number | null
}

/**
 * Asks which groups provisioning put people into, whether it ever made groups, and which app roles they were said to
 * have: a row per person, and one per group. That there were groups is remembered by their count, which stays when
 * it comes to nothing: once provisioning has decided, none is an answer, and no list of an earlier sign-in gives its
 * roles again. Part of the caller's batch; `readProvisioned` reads the answer.
 * @param whose conditions on `p`: the people, and their organization
 */
export function provisionedQuery(db: Database, whose: SQL): Statement {
  const place = sql`g.organization_id = p.organization_id and g.connection_id = coalesce(p.connection_id, '')`
  return db.all(
    sql`select p.id as "personId", null as "id", null as "externalId", null as "nameKey",
      exists (select 1 from ${resourceCounts} c where c.organization_id = p.organization_id and c.connection_id = coalesce(p.connection_id, '') and c.kind = 'groups') as "decides",
      v.attributes ->> ${rolesPath} as "signIn", v.at as "signInAt",
      u.app_roles as "graph", u.changed_at as "graphAt"
      from ${people} p left join ${sourceViews} v on v.person_id = p.id and v.source = 'saml'
      left join ${graphUsers} u on u.person_id = p.id and u.organization_id = p.organization_id and u.connection_id = coalesce(p.connection_id, '')
      where ${whose}
      union all
      select p.id, g.id, g.external_id, g.display_name_key, 1, null, null, null, null
      from ${people} p cross join ${groupMembers} m on m.member_id = p.id cross join ${groups} g on g.id = m.group_id and ${place}
      where ${whose}`,
  )
}

/** Where the list of app roles stands in what a sign-in stated: the directory gives it this name. */
const rolesPath = '$."#roles".values'

type Found = Pick<Provisioned, 'appRoles'> & { decides: boolean; readonly groups: GroupOfPerson[] }

function hasId(row: Row): row is Row & { readonly id: string } {
  return row.id !== null
}

function readNames(text: string | null, at: number | null) {
  return text === null || at === null ? null : { names: JSON.parse(text) as string[], at }
}

/** What `provisionedQuery` found, by person. */
export function readProvisioned(answer: unknown): ReadonlyMap<string, Provisioned> {
  const found = new Map<string, Found>()
  const rows = answer as readonly Row[]
  for (const row of rows.filter(({ id }) => id === null)) {
    const signIn = readNames(row.signIn, row.signInAt)
    const appRoles = { signIn, graph: readNames(row.graph, row.graphAt) }
    found.set(row.personId, { decides: row.decides === 1, groups: [], appRoles })
  }
  // In the order of their ids, which costs SQLite a row for each group.
  const ofGroups = rows.filter(hasId).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  for (const { personId, id, externalId, nameKey } of ofGroups) {
    const person = found.get(personId)
    if (person === undefined) continue
    person.decides = true
    person.groups.push({ id, externalId, nameKey })
  }
  return found
}

/** Somebody of whom provisioning says nothing. */
export const notProvisioned: Provisioned = {
  decides: false,
  groups: [],
  appRoles: { signIn: null, graph: null },
}

/** What provisioning says of people of one organization, by person. */
export async function loadProvisioned(
  db: Database,
  organizationId: string,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, Provisioned>> {
  if (personIds.length === 0) return new Map()
  const ids = sql`(select value from json_each(${JSON.stringify(personIds)}))`
  return readProvisioned(
    await provisionedQuery(db, sql`p.organization_id = ${organizationId} and p.id in ${ids}`),
  )
}
