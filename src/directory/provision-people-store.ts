import { and, eq, type SQL, sql } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'
import { foldCase } from '../kernel/index.ts'
import type { Person } from './person.ts'
import type { ProvisionedUser, Provisioner, ScimView } from './provisioning.ts'
import type { SourceView } from './source-view.ts'

const {
  groupMembers,
  groups,
  identities,
  organizations,
  people,
  scimUsers,
  sourceViews,
  tombstones,
} = tables

/** What of a person a SCIM statement is judged by; the profile is made anew, so nobody reads it. */
export type HeldPerson = Pick<
  Person,
  | 'id'
  | 'connectionId'
  | 'userName'
  | 'userNameKey'
  | 'externalId'
  | 'deniedByScim'
  | 'deniedByGraph'
  | 'deniedByManual'
  | 'scimAt'
  | 'version'
  | 'retiredAt'
  | 'createdAt'
  | 'searchName'
  | 'searchFamily'
  | 'searchEmail'
>

/** A person with everything that a SCIM statement about them is judged and written by. */
export type Candidate = {
  readonly person: HeldPerson
  readonly identityKey: string | null
  /** Null for somebody whom SCIM has not written. */
  readonly scim: {
    readonly view: ScimView
    readonly version: number
    readonly modifiedAt: number
  } | null
  readonly views: readonly SourceView[]
  /** The version of the organization's mapping at this moment, not the one that made the profile. */
  readonly mappingVersion: number
  readonly groups: ProvisionedUser['groups']
}

/** Whom a statement names: by userName, by identity, or both. */
export type Named = { readonly userName: string; readonly identityKey: string | null }

/** The person of an id, as far as the credential reaches; part of a batch, read by `readCandidates`. */
export function personQuery(db: Database, by: Provisioner, personId: string): Statement {
  return candidatesWhere(
    db,
    sql`p.id = ${personId} and p.organization_id = ${by.organizationId} and p.connection_id is ${by.connectionId} and p.retired_at is null`,
  )
}

/**
 * Whoever has the userName or the identity, of any connection of the organization; of those with the identity
 * also who is retired, since a binding is for good. Part of a batch, read by `readCandidates`.
 * @param except an id that is left out: of somebody whom the same batch makes or changes
 */
export function namedQuery(
  db: Database,
  { organizationId }: Provisioner,
  { userName, identityKey }: Named,
  except: string,
): Statement {
  const byName = sql`select id from ${people} where organization_id = ${organizationId} and user_name_key = ${foldCase(userName)} and retired_at is null`
  const byIdentity =
    identityKey === null
      ? sql``
      : sql` union all select person_id from ${identities} where organization_id = ${organizationId} and key = ${identityKey}`
  return candidatesWhere(db, sql`p.id in (${byName}${byIdentity}) and p.id <> ${except}`)
}

/**
 * Written out, and not by Drizzle's builder, which makes the text and reads each column anew every time. The
 * sub-selects cost nothing where nobody is found, which is so for almost every create.
 */
function candidatesWhere(db: Database, where: SQL): Statement {
  return db.all(
    sql`select p.id id, p.connection_id "connectionId", p.user_name "userName", p.user_name_key "userNameKey", p.external_id "externalId", p.denied_by_scim "deniedByScim", p.denied_by_graph "deniedByGraph", p.denied_by_manual "deniedByManual", p.scim_at "scimAt", p.version version, p.retired_at "retiredAt", p.created_at "createdAt", p.search_name "searchName", p.search_family "searchFamily", p.search_email "searchEmail",
      i.key "identityKey", s.view "scimView", s.version "scimVersion", s.modified_at "scimModifiedAt",
      (select json_group_array(json_object('source', v.source, 'at', v.at, 'attributes', json(v.attributes))) from ${sourceViews} v where v.person_id = p.id) views,
      (select o.mapping_version from ${organizations} o where o.id = p.organization_id) "mappingNow",
      (select json_group_array(json_object('id', g.id, 'displayName', g.display_name)) from ${groupMembers} m cross join ${groups} g where m.member_id = p.id and g.id = m.group_id and g.organization_id = p.organization_id and g.connection_id = ifnull(p.connection_id, '')) "groupList"
      from ${people} p left join ${identities} i on i.person_id = p.id left join ${scimUsers} s on s.person_id = p.id where ${where}`,
  )
}

type Row = Omit<HeldPerson, 'deniedByScim' | 'deniedByGraph' | 'deniedByManual'> & {
  readonly deniedByScim: number
  readonly deniedByGraph: number
  readonly deniedByManual: number
  readonly identityKey: string | null
  readonly scimView: string | null
  readonly scimVersion: number
  readonly scimModifiedAt: number
  readonly views: string
  readonly mappingNow: number
  readonly groupList: string
}

/** The people of an answer to `personQuery` or `namedQuery`. */
export function readCandidates(answer: unknown): readonly Candidate[] {
  return (answer as readonly Row[]).map((row) => ({
    person: {
      id: row.id,
      connectionId: row.connectionId,
      userName: row.userName,
      userNameKey: row.userNameKey,
      externalId: row.externalId,
      deniedByScim: row.deniedByScim === 1,
      deniedByGraph: row.deniedByGraph === 1,
      deniedByManual: row.deniedByManual === 1,
      scimAt: row.scimAt,
      version: row.version,
      retiredAt: row.retiredAt,
      createdAt: row.createdAt,
      searchName: row.searchName,
      searchFamily: row.searchFamily,
      searchEmail: row.searchEmail,
    },
    identityKey: row.identityKey,
    scim:
      row.scimView === null
        ? null
        : {
            view: JSON.parse(row.scimView) as ScimView,
            version: row.scimVersion,
            modifiedAt: row.scimModifiedAt,
          },
    views: JSON.parse(row.views) as SourceView[],
    mappingVersion: row.mappingNow,
    groups: JSON.parse(row.groupList) as ProvisionedUser['groups'],
  }))
}

/** The ETag of somebody whom SCIM has not written. */
export const unwrittenVersion = 0

/** A person as SCIM reads it: what SCIM wrote, or what Entra needs to match somebody it has not written. */
export function provisionedUser({ person, scim, groups }: Candidate): ProvisionedUser {
  return {
    id: person.id,
    userName: person.userName,
    externalId: person.externalId,
    // What SCIM says, whatever other sources deny.
    active: !person.deniedByScim,
    view: scim?.view ?? null,
    version: scim?.version ?? unwrittenVersion,
    createdAt: person.createdAt,
    modifiedAt: scim?.modifiedAt ?? person.createdAt,
    groups,
  }
}

export type Erased = { readonly personId: string; readonly wasBlocked: boolean }

/** Who was erased with this identity, lifted or not: a lifted one still remembers the id. */
export function tombstoneQuery(
  db: Database,
  { organizationId }: Provisioner,
  identityKey: string,
): Statement {
  return db
    .select({ personId: tombstones.personId, wasBlocked: tombstones.wasBlocked })
    .from(tombstones)
    .where(and(eq(tombstones.organizationId, organizationId), eq(tombstones.key, identityKey)))
}

/** The tombstone of an answer to `tombstoneQuery`, or null. */
export function readTombstone(answer: unknown): Erased | null {
  return (answer as readonly Erased[])[0] ?? null
}

/** Whether the person still is what was read, and within the credential's reach. */
export function personAt(by: Provisioner, { id, version }: HeldPerson): Guard {
  return sql`exists (select 1 from ${people} where id = ${id} and organization_id = ${by.organizationId} and connection_id is ${by.connectionId} and retired_at is null and version = ${version})`
}

/** Whether the person is there. */
export function personExists(personId: string): Guard {
  return sql`exists (select 1 from ${people} where id = ${personId})`
}

/** Whether nobody else has the userName. */
export function userNameFree(by: Provisioner, userName: string, except = ''): Guard {
  return sql`not exists (select 1 from ${people} where organization_id = ${by.organizationId} and user_name_key = ${foldCase(userName)} and retired_at is null and id <> ${except})`
}

/** Whether nobody is bound to the identity. */
export function identityFree(by: Provisioner, identityKey: string): Guard {
  return sql`not exists (select 1 from ${identities} where organization_id = ${by.organizationId} and key = ${identityKey})`
}

/** Whether the identity is bound to the person. */
export function identityBound(by: Provisioner, identityKey: string, personId: string): Guard {
  return sql`exists (select 1 from ${identities} where organization_id = ${by.organizationId} and key = ${identityKey} and person_id = ${personId})`
}

/** Whether nobody was erased with the identity. */
export function neverErased(by: Provisioner, identityKey: string): Guard {
  return sql`not exists (select 1 from ${tombstones} where organization_id = ${by.organizationId} and key = ${identityKey})`
}

/** Whether the person was erased with the identity and has not come back. */
export function wasErased(by: Provisioner, identityKey: string, personId: string): Guard {
  return sql`exists (select 1 from ${tombstones} where organization_id = ${by.organizationId} and key = ${identityKey} and person_id = ${personId})`
}
