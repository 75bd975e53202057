import { eq, sql } from 'drizzle-orm'
import { type Database, type Statement, tables } from '../db/index.ts'
import type { SourceView } from '../directory/index.ts'
import { foldCase } from '../kernel/index.ts'
import { identityKeyOf, principalName } from './plan-identity.ts'
import type { GraphState, GraphStatement, HeldPerson, KnownUser, PlanInput } from './plan-types.ts'
import type { ReconcilerKey } from './runs-store.ts'

const { graphUsers, identities, people, scimUsers, sourceViews, tombstones } = tables

/** Whose people are read: those of a connection, by ids of its tenant. */
export type Scope = ReconcilerKey & { readonly tenantId: string }

/** What is held that bears on a page of statements. */
export type PageRead = Pick<PlanInput, 'people' | 'strangers' | 'erased' | 'personOf'>

/**
 * Asks for everything that a page of statements is judged by, whatever their number: in one batch, read by
 * `readPage`. `json_each … cross join`: the list is the outer loop (DESIGN 6).
 */
export function pageQueries(
  db: Database,
  scope: Scope,
  statements: readonly GraphStatement[],
): readonly Statement[] {
  const { organizationId, connectionId, tenantId } = scope
  const objectIds = [...new Set(statements.map(({ objectId }) => objectId))]
  const keys = JSON.stringify(objectIds.map((id) => identityKeyOf(tenantId, id)))
  const names = statements.flatMap((one) => principalName(one) ?? []).map(foldCase)
  const managers = statements.flatMap(({ stated }) => stated.get('manager') ?? [])
  const bound = sql`select i.person_id from json_each(${keys}) j cross join ${identities} i where i.organization_id = ${organizationId} and i.key = j.value`
  const named = sql`select p.id from json_each(${JSON.stringify([...new Set(names)])}) j cross join ${people} p where p.organization_id = ${organizationId} and p.user_name_key = j.value and p.retired_at is null`
  return [
    db
      .select({
        person: people,
        identityKey: identities.key,
        scimSaidAt: sql<number | null>`${scimUsers.modifiedAt}`.as('scim_said_at'),
        views:
          sql<string>`(select json_group_array(json_object('source', v.source, 'at', v.at, 'attributes', json(v.attributes))) from ${sourceViews} v where v.person_id = ${people.id})`.as(
            'views',
          ),
      })
      .from(people)
      .leftJoin(identities, eq(identities.personId, people.id))
      .leftJoin(scimUsers, eq(scimUsers.personId, people.id))
      .where(sql`${people.id} in (${bound} union ${named})`),
    db.all(
      sql`select g.object_id as "objectId", g.assigned, g.app_roles as "appRoles", g.state, g.changed_at as "changedAt", g.person_id as "personId"
        from json_each(${JSON.stringify(objectIds)}) j cross join ${graphUsers} g
        where g.organization_id = ${organizationId} and g.connection_id = ${connectionId} and g.object_id = j.value`,
    ),
    db.all(
      sql`select t.key from json_each(${keys}) j cross join ${tombstones} t
        where t.organization_id = ${organizationId} and t.key = j.value and t.lifted_at is null`,
    ),
    db.all(
      sql`select i.key, i.person_id as "personId" from json_each(${JSON.stringify([...new Set(managers)].map((id) => identityKeyOf(tenantId, id)))}) j
        cross join ${identities} i where i.organization_id = ${organizationId} and i.key = j.value`,
    ),
  ]
}

type PersonRow = Pick<HeldPerson, 'person' | 'identityKey' | 'scimSaidAt'> & {
  readonly views: string
}

type KnownRow = {
  readonly objectId: string
  readonly assigned: number
  readonly appRoles: string
  readonly state: GraphState
  readonly changedAt: number
  readonly personId: string | null
}

/** What `pageQueries` found. */
export function readPage({ tenantId }: Scope, answers: readonly unknown[]): PageRead {
  const [rows, knownRows, buried, managers] = answers as [
    readonly PersonRow[],
    readonly KnownRow[],
    readonly { key: string }[],
    readonly { key: string; personId: string }[],
  ]
  const start = identityKeyOf(tenantId, '').length
  const known = new Map(
    knownRows.map(({ objectId, state, changedAt, ...row }): [string, KnownUser] => [
      objectId,
      {
        state,
        changedAt,
        assigned: row.assigned === 1,
        appRoles: JSON.parse(row.appRoles) as string[],
      },
    ]),
  )
  const joined = new Map(knownRows.map(({ objectId, personId }) => [objectId, personId]))
  const held = rows.map(({ person, identityKey, scimSaidAt, views }): HeldPerson => {
    const objectId = identityKey?.slice(start) ?? ''
    const isOfTenant = identityKey === identityKeyOf(tenantId, objectId)
    return {
      person,
      identityKey,
      scimSaidAt,
      views: JSON.parse(views) as SourceView[],
      known: isOfTenant ? (known.get(objectId) ?? null) : null,
      isUnjoined: isOfTenant && joined.get(objectId) === null,
    }
  })
  return {
    people: held,
    strangers: known,
    erased: new Set(buried.map(({ key }) => key.slice(start))),
    personOf: new Map(managers.map(({ key, personId }) => [key.slice(start), personId])),
  }
}
