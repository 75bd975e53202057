import { and, asc, eq, sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, type Statement, tables } from '../db/index.ts'
import { limits } from '../kernel/index.ts'

const { attributeDefinitions, organizations } = tables

/** An attribute that an organization defined, as stored. */
export type CustomAttributeRow = typeof attributeDefinitions.$inferSelect

/** An attribute of an organization; its key in any case. */
export type AttributeKey = { readonly organizationId: string; readonly key: string }

/** A key as it is compared: it is part of a URN, in which case says nothing. ASCII only, by its form. */
export function foldKey(key: string): string {
  return key.toLowerCase()
}

/** The attributes that an organization defined, in the order in which it did; a hundred at most. */
export function customAttributesQuery(db: Database, organizationId: string) {
  return db
    .select()
    .from(attributeDefinitions)
    .where(eq(attributeDefinitions.organizationId, organizationId))
    .orderBy(asc(attributeDefinitions.createdAt), asc(attributeDefinitions.keyFolded))
}

/** One of them, or null. */
export async function findCustomAttribute(
  db: Database,
  key: AttributeKey,
): Promise<CustomAttributeRow | null> {
  const rows = await db.select().from(attributeDefinitions).where(isAttribute(key))
  return rows[0] ?? null
}

/** Whether the attribute still is what was read. */
export function attributeAt({ organizationId, keyFolded, updatedAt }: CustomAttributeRow): Guard {
  return sql`exists (select 1 from ${attributeDefinitions} where organization_id = ${organizationId} and key_folded = ${keyFolded} and updated_at = ${updatedAt})`
}

/** Whether the organization has the attribute. */
export function attributeExists({ organizationId, key }: AttributeKey): Guard {
  return sql`exists (select 1 from ${attributeDefinitions} where organization_id = ${organizationId} and key_folded = ${foldKey(key)})`
}

/** Whether the organization is there, has no attribute of this key, and room for one. */
export function mayAddAttribute(key: AttributeKey): Guard {
  return sql`(exists (select 1 from ${organizations} where id = ${key.organizationId}) and not ${attributeExists(key)} and (select count(*) from ${attributeDefinitions} where organization_id = ${key.organizationId}) < ${limits.attributesPerOrganization})`
}

/** Stores an attribute while the guard holds. The last of its batch, since the guard is that it is not there. */
export function insertAttribute(db: Database, row: CustomAttributeRow, guard: Guard): Statement {
  return insertWhere(db, attributeDefinitions, { row, guard })
}

/** Changes an attribute while it is what was read; answers with it as it is then. The last of its batch. */
export function updateAttribute(
  db: Database,
  before: CustomAttributeRow,
  set: Partial<CustomAttributeRow>,
): Statement {
  return db
    .update(attributeDefinitions)
    .set(set)
    .where(and(isAttribute(before), eq(attributeDefinitions.updatedAt, before.updatedAt)))
    .returning()
}

/** Deletes an attribute; answers with it when it was there. The last of its batch. */
export function deleteAttribute(db: Database, key: AttributeKey): Statement {
  return db.delete(attributeDefinitions).where(isAttribute(key)).returning()
}

function isAttribute({ organizationId, key }: AttributeKey) {
  return and(
    eq(attributeDefinitions.organizationId, organizationId),
    eq(attributeDefinitions.keyFolded, foldKey(key)),
  )
}

/** Asks why an attribute may not be added: `readAddable` reads the answer. The first of its batch. */
export function addableQuery(db: Database, key: AttributeKey): Statement {
  return db.all(
    sql`select ${mayAddAttribute(key)} as "mayAdd", ${attributeExists(key)} as "isTaken"`,
  )
}

/** Whether the batch adds the attribute, and why not: it is there, or there are as many as there may be. */
export function readAddable(answer: unknown): 'added' | 'taken' | 'full' {
  const [row] = answer as readonly { mayAdd: number; isTaken: number }[]
  if (row?.mayAdd === 1) return 'added'
  return row?.isTaken === 1 ? 'taken' : 'full'
}
