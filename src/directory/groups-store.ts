import { and, eq, sql } from 'drizzle-orm'
import {
  allOf,
  type Database,
  type Guard,
  insertWhere,
  type Statement,
  tables,
} from '../db/index.ts'
import { foldCase } from '../kernel/index.ts'
import type { GroupStatement, ProvisionedGroup } from './provisioning.ts'

const { connections, groups, organizations } = tables

/** A group as a credential may reach it: of its organization and its connection. */
export type GroupKey = {
  readonly organizationId: string
  readonly connectionId: string | null
  readonly groupId: string
}

type Scope = Omit<GroupKey, 'groupId'>

/** The group, as part of a batch; `readGroup` reads the answer. */
export function groupQuery(db: Database, key: GroupKey) {
  return db.select().from(groups).where(isGroup(key))
}

/** The group of an answer to `groupQuery` or of a statement that returns it, or null. */
export function readGroup(answer: unknown): ProvisionedGroup | null {
  const [row] = answer as readonly (typeof groups.$inferSelect)[]
  if (row === undefined) return null
  const { id, displayName, externalId, view, memberCount, version, createdAt, modifiedAt } = row
  return { id, displayName, externalId, view, memberCount, version, createdAt, modifiedAt }
}

/** The id of another group of the connection that has the name. */
export function nameOwnerQuery(db: Database, key: GroupKey, displayName: string): Statement {
  return db.all(sql`select id from ${groups} where ${isNamed(key, displayName)}`)
}

/** Whether somebody answered `nameOwnerQuery`. */
export function isNameTaken(answer: unknown): boolean {
  return (answer as readonly unknown[]).length > 0
}

/**
 * Whether what the credential stands for still is so: its connection is there, or the organization still
 * has none. A credential is remembered for some seconds, and a connection may be made or deleted meanwhile.
 */
export function scopeStands({ organizationId, connectionId }: Scope): Guard {
  const isThere = sql`exists (select 1 from ${organizations} where id = ${organizationId})`
  return connectionId === null
    ? sql`(${isThere} and not exists (select 1 from ${connections} where organization_id = ${organizationId}))`
    : sql`(${isThere} and exists (select 1 from ${connections} where id = ${connectionId} and organization_id = ${organizationId}))`
}

/** Stores a new group while its name is free and the guard holds. */
export function insertGroup(
  db: Database,
  key: GroupKey,
  { statement, nowMs, guard }: { statement: GroupStatement; nowMs: number; guard: Guard },
): Statement {
  return insertWhere(db, groups, {
    row: {
      id: key.groupId,
      organizationId: key.organizationId,
      connectionId: key.connectionId ?? '',
      ...columnsOf(statement),
      createdAt: nowMs,
      modifiedAt: nowMs,
    },
    guard: allOf(guard, isNameFree(key, statement.displayName)),
  })
}

/** Whether the group is there. */
export function groupExists(key: GroupKey): Guard {
  return sql`exists (select 1 from ${groups} where ${scopeOf(key)})`
}

/** Whether the group is there and still is what was read. */
export function groupAt(key: GroupKey, version: number): Guard {
  return sql`exists (select 1 from ${groups} where ${scopeOf(key)} and version = ${version})`
}

/** Whether the group's attributes still are what was read, whoever has become or ceased to be a member. */
export function groupReads(key: GroupKey, group: ProvisionedGroup): Guard {
  const { version, displayName, externalId, view } = group
  return sql`exists (select 1 from ${groups} where ${scopeOf(key)} and (version = ${version} or
    (display_name = ${displayName} and external_id is ${externalId} and view = ${JSON.stringify(view)})))`
}

/**
 * Opens a change inside a batch: the version becomes negative, which nobody outside the batch ever sees, so
 * every later statement of it can tell by one column whether the change takes place (`isOpen`). `closeGroup`
 * ends it in the same batch.
 */
export function openGroup(db: Database, key: GroupKey, guard: Guard): Statement {
  return db
    .update(groups)
    .set({ version: sql`-${groups.version}` })
    .where(and(isGroup(key), guard))
}

/** Whether this batch has opened the group. */
export function isOpen(key: GroupKey): Guard {
  return sql`exists (select 1 from ${groups} where ${scopeOf(key)} and version < 0)`
}

/** Whether no other group of the connection has the name. */
export function isNameFree(key: GroupKey, displayName: string): Guard {
  return sql`not exists (select 1 from ${groups} where ${isNamed(key, displayName)})`
}

/**
 * Closes what `openGroup` opened, with the next version; returns the group.
 * @param statement what the group is from now on, or null when only members changed
 */
export function closeGroup(
  db: Database,
  key: GroupKey,
  { statement, nowMs }: { statement: GroupStatement | null; nowMs: number },
): Statement {
  return db
    .update(groups)
    .set({
      ...(statement === null ? {} : columnsOf(statement)),
      version: sql`1 - ${groups.version}`,
      modifiedAt: nowMs,
    })
    .where(and(isGroup(key), sql`${groups.version} < 0`))
    .returning()
}

/** Deletes a group while the guard holds; its members and its own memberships go with it. Returns its id. */
export function deleteGroup(db: Database, key: GroupKey, guard: Guard): Statement {
  return db
    .delete(groups)
    .where(and(isGroup(key), guard))
    .returning({ id: groups.id })
}

function columnsOf({ displayName, externalId, view, folded }: GroupStatement) {
  return { displayName, displayNameKey: foldCase(displayName), externalId, view, folded }
}

function isGroup({ organizationId, connectionId, groupId }: GroupKey) {
  return and(
    eq(groups.id, groupId),
    eq(groups.organizationId, organizationId),
    eq(groups.connectionId, connectionId ?? ''),
  )
}

function scopeOf({ organizationId, connectionId, groupId }: GroupKey) {
  return sql`id = ${groupId} and organization_id = ${organizationId} and connection_id = ${connectionId ?? ''}`
}

function isNamed({ organizationId, connectionId, groupId }: GroupKey, displayName: string) {
  return sql`organization_id = ${organizationId} and connection_id = ${connectionId ?? ''} and display_name_key = ${foldCase(displayName)} and id <> ${groupId}`
}
