import { and, eq, type SQL, sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, type Statement, tables } from '../db/index.ts'
import type { Organization } from './organizations-store.ts'

const { domains, organizations } = tables

/** Asks whether there is anybody: `people` is 1 or 0. */
export function someoneQuery(db: Database, organizationId: string): Statement {
  return db.all(
    sql`select exists (select 1 from ${tables.people} where organization_id = ${organizationId}) as people`,
  )
}

/** Whether the organization has no people, retired ones included. */
export function nobodyExists(organizationId: string): Guard {
  return sql`not exists (select 1 from ${tables.people} where organization_id = ${organizationId})`
}

/** Whether the organization is there. */
export function organizationExists(organizationId: string): Guard {
  return sql`exists (select 1 from ${organizations} where id = ${organizationId})`
}

/** Whether the organization still is what was read: every change of it is guarded by its version. */
export function organizationAt({ id, version }: { id: string; version: number }): Guard {
  return sql`exists (select 1 from ${organizations} where id = ${id} and version = ${version})`
}

export type OrganizationClaims = {
  readonly organizationId: string
  readonly slug: string
  /** Domains the organization is to have proved. */
  readonly domains: readonly string[]
}

/** Whether nobody else has the slug or has proved one of the domains. */
export function claimsAreFree(claims: OrganizationClaims): Guard {
  return sql`(not exists (${slugOwner(claims)}) and not exists (${otherOwners(claims)}))`
}

export type ClaimEvidence = {
  readonly slugTaken: boolean
  readonly takenDomains: readonly string[]
}

/** The same, as evidence: whether the slug is taken, and which of the domains are. */
export function readClaims(answer: unknown): ClaimEvidence {
  const found = answer as readonly { kind: 'slug' | 'domain'; name: string }[]
  return {
    slugTaken: found.some(({ kind }) => kind === 'slug'),
    takenDomains: found.filter(({ kind }) => kind === 'domain').map(({ name }) => name),
  }
}

/** Asks what `readClaims` reads. */
export function claimsQuery(db: Database, claims: OrganizationClaims): Statement {
  return db.all(
    sql`select 'slug' as kind, slug as name from (${slugOwner(claims)}) union all select 'domain', domain from (${otherOwners(claims)})`,
  )
}

function slugOwner({ slug, organizationId }: OrganizationClaims): SQL {
  return sql`select slug from ${organizations} where slug = ${slug} and id <> ${organizationId}`
}

function otherOwners({ domains: names, organizationId }: OrganizationClaims): SQL {
  return sql`select d.domain as domain from json_each(${JSON.stringify(names)}) j cross join ${domains} d
    where d.domain = j.value and d.verified_at is not null and d.organization_id <> ${organizationId}`
}

/** Stores a new organization while the guard holds. */
export function insertOrganization(
  db: Database,
  row: typeof organizations.$inferInsert,
  guard: Guard,
): Statement {
  return insertWhere(db, organizations, { row, guard })
}

/**
 * Changes an organization while the guard holds and its version is still what was read, and counts the
 * version up: sign-ins that were judged by the old one are judged again. The last of its batch.
 */
export function updateOrganization(
  db: Database,
  {
    before,
    set,
    nowMs,
    guard,
  }: {
    before: Organization
    set: Partial<typeof organizations.$inferInsert>
    nowMs: number
    guard: Guard
  },
): Statement {
  return db
    .update(organizations)
    .set({ ...set, version: before.version + 1, updatedAt: nowMs })
    .where(and(eq(organizations.id, before.id), eq(organizations.version, before.version), guard))
    .returning({ version: organizations.version })
}

/** Deletes an organization; everything that belongs to it goes with it. */
export function deleteOrganization(db: Database, organizationId: string): Statement {
  return db
    .delete(organizations)
    .where(eq(organizations.id, organizationId))
    .returning({ id: organizations.id })
}

export type NewDomain = { readonly domain: string; readonly challenge: string }

/**
 * Adds domains on an operator's word, in one statement whatever their number; one that waits for its DNS
 * record counts as proved from now on.
 */
export function addProvedDomains(
  db: Database,
  {
    organizationId,
    added,
    nowMs,
    guard,
  }: {
    organizationId: string
    added: readonly NewDomain[]
    nowMs: number
    guard: Guard
  },
): Statement {
  return db.run(
    sql`insert into ${domains} (organization_id, domain, challenge, verified_at, verified_by, created_at)
      select ${organizationId}, j.value ->> 'domain', j.value ->> 'challenge', ${nowMs}, 'operator', ${nowMs}
      from json_each(${JSON.stringify(added)}) j where ${guard}
      on conflict (organization_id, domain) do update
      set verified_at = excluded.verified_at, verified_by = excluded.verified_by where verified_at is null`,
  )
}

/** Removes domains in one statement. */
export function removeDomains(
  db: Database,
  {
    organizationId,
    removed,
    guard,
  }: {
    organizationId: string
    removed: readonly string[]
    guard: Guard
  },
): Statement {
  return db.run(
    sql`delete from ${domains} where organization_id = ${organizationId}
      and domain in (select value from json_each(${JSON.stringify(removed)})) and ${guard}`,
  )
}
