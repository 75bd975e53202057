import { and, asc, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
import { type Database, tables } from '../db/index.ts'
import { foldCase } from '../kernel/index.ts'
import type { Person } from './person.ts'
import type { SourceView } from './source-view.ts'

const { identities, people, sourceViews, tombstones } = tables

/** A person with the statements behind the profile. */
export type PersonWithViews = {
  readonly person: Person
  readonly identityKey: string | null
  readonly views: readonly SourceView[]
}

/** One page of an organization's people with their source views, ordered by id; ask for one more than shown. */
export async function listPeople(
  db: Database,
  organizationId: string,
  page: { after: string; limit: number; userName?: string },
): Promise<readonly PersonWithViews[]> {
  const isListed = and(
    eq(people.organizationId, organizationId),
    gt(people.id, page.after),
    page.userName === undefined ? undefined : eq(people.userNameKey, foldCase(page.userName)),
  )
  const ids = db
    .select({ id: people.id })
    .from(people)
    .where(isListed)
    .orderBy(asc(people.id))
    .limit(page.limit)
  const [rows, keys, views] = await db.batch([
    db.select().from(people).where(isListed).orderBy(asc(people.id)).limit(page.limit),
    db
      .select({ personId: identities.personId, key: identities.key })
      .from(identities)
      .where(inArray(identities.personId, ids)),
    db.select().from(sourceViews).where(inArray(sourceViews.personId, ids)),
  ])
  return withViews(rows, keys, views)
}

function withViews(
  rows: readonly Person[],
  keys: readonly { readonly personId: string; readonly key: string }[],
  views: readonly (typeof sourceViews.$inferSelect)[],
): readonly PersonWithViews[] {
  const keyOf = new Map(keys.map(({ personId, key }) => [personId, key]))
  const viewsOf = Map.groupBy(views, ({ personId }) => personId)
  return rows.map((person) => ({
    person,
    identityKey: keyOf.get(person.id) ?? null,
    views: (viewsOf.get(person.id) ?? []).map(readView),
  }))
}

/** People of an organization by their ids, with their source views, in the order of the ids. One call. */
export async function listPeopleByIds(
  db: Database,
  organizationId: string,
  ids: readonly string[],
): Promise<readonly PersonWithViews[]> {
  if (ids.length === 0) return []
  const list = sql`(select value from json_each(${JSON.stringify(ids)}))`
  const [rows, keys, views] = await db.batch([
    db
      .select()
      .from(people)
      .where(and(sql`${people.id} in ${list}`, sql`+${people.organizationId} = ${organizationId}`)),
    db
      .select({ personId: identities.personId, key: identities.key })
      .from(identities)
      .where(sql`${identities.personId} in ${list}`),
    db.select().from(sourceViews).where(sql`${sourceViews.personId} in ${list}`),
  ])
  const place = new Map(ids.map((id, i) => [id, i]))
  return withViews(rows, keys, views).toSorted(
    (a, b) => (place.get(a.person.id) ?? 0) - (place.get(b.person.id) ?? 0),
  )
}

/** A person of the organization with source views, or null: another organization's id finds nothing. */
export async function loadPerson(
  db: Database,
  organizationId: string,
  personId: string,
): Promise<PersonWithViews | null> {
  const ofPerson = and(eq(people.organizationId, organizationId), eq(people.id, personId))
  const [rows, views] = await db.batch([
    db
      .select({ person: people, identityKey: identities.key })
      .from(people)
      .leftJoin(identities, eq(identities.personId, people.id))
      .where(ofPerson),
    db
      .select()
      .from(sourceViews)
      .where(
        and(eq(sourceViews.organizationId, organizationId), eq(sourceViews.personId, personId)),
      ),
  ])
  const row = rows[0]
  if (row === undefined) return null
  return {
    ...row,
    views: views.map(readView),
  }
}

function readView({ source, at, attributes }: typeof sourceViews.$inferSelect): SourceView {
  return { source, at, attributes: attributes as SourceView['attributes'] }
}

export type Tombstone = { readonly personId: string; readonly at: number }

/** One page of the erased people who are still remembered, ordered by id; ask for one more than shown. */
export async function listTombstones(
  db: Database,
  organizationId: string,
  page: { after: string; limit: number },
): Promise<readonly Tombstone[]> {
  return db
    .select({ personId: tombstones.personId, at: sql<number>`max(${tombstones.at})` })
    .from(tombstones)
    .where(
      and(
        eq(tombstones.organizationId, organizationId),
        isNull(tombstones.liftedAt),
        gt(tombstones.personId, page.after),
      ),
    )
    .groupBy(tombstones.personId)
    .orderBy(asc(tombstones.personId))
    .limit(page.limit)
}
