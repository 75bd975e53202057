import { type SQL, sql } from 'drizzle-orm'
import { type Database, tables } from '../db/index.ts'
import type { Person } from './person.ts'
import type { SourceView } from './source-view.ts'

const { people, sourceViews } = tables

/** Somebody a change of the mapping is tried on. */
export type Tried = { readonly person: Person; readonly views: readonly SourceView[] }

/** People by id, as far as they are the organization's; in the order of their ids. One call. */
export async function peopleById(
  db: Database,
  organizationId: string,
  ids: readonly string[],
): Promise<readonly Tried[]> {
  return withViews(
    db,
    sql`select p.id from json_each(${JSON.stringify(ids)}) j cross join ${people} p where p.id = j.value and p.organization_id = ${organizationId}`,
  )
}

/** The newest people of the organization who are not retired. One call. */
export async function newestPeople(
  db: Database,
  organizationId: string,
  count: number,
): Promise<readonly Tried[]> {
  return withViews(
    db,
    sql`select p.id from ${people} p where p.organization_id = ${organizationId} and p.retired_at is null order by p.id desc limit ${count}`,
  )
}

async function withViews(db: Database, ids: SQL): Promise<readonly Tried[]> {
  const [rows, views] = await db.batch([
    db.select().from(people).where(sql`${people.id} in (${ids})`).orderBy(people.id),
    db.select().from(sourceViews).where(sql`${sourceViews.personId} in (${ids})`),
  ])
  const viewsOf = Map.groupBy(views, ({ personId }) => personId)
  return rows.map((person) => ({
    person,
    views: (viewsOf.get(person.id) ?? []).map(({ source, at, attributes }) => ({
      source,
      at,
      attributes: attributes as SourceView['attributes'],
    })),
  }))
}
