import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, type Statement, tables } from '../db/index.ts'
import { limits } from '../kernel/index.ts'
import type { OrganizationDomain } from './organizations-store.ts'

const { domains } = tables

/** A domain of an organization, by which every statement here is bound to one organization. */
export type DomainKey = { readonly organizationId: string; readonly domain: string }

/** A domain that the organization claims, proved or not, or null. */
export async function findDomain(db: Database, key: DomainKey): Promise<OrganizationDomain | null> {
  const rows = await domainQuery(db, key)
  return rows[0] ?? null
}

/** The same as a statement of a batch. */
export function domainQuery(db: Database, key: DomainKey) {
  return db.select().from(domains).where(isDomain(key))
}

/** Whether the organization claims the domain with this challenge; challenges are never the same twice. */
export function domainHolds(key: DomainKey, challenge: string): Guard {
  return sql`exists (select 1 from ${domains} where organization_id = ${key.organizationId} and domain = ${key.domain} and challenge = ${challenge})`
}

/** Whether the organization claims the domain and has not proved it. */
export function domainWaits(key: DomainKey): Guard {
  return sql`exists (select 1 from ${domains} where organization_id = ${key.organizationId} and domain = ${key.domain} and verified_at is null)`
}

/** Whether the organization claims the domain at all. */
export function domainIsClaimed(key: DomainKey): Guard {
  return sql`exists (select 1 from ${domains} where organization_id = ${key.organizationId} and domain = ${key.domain})`
}

/** Whether there is room for one more domain that the organization does not claim yet. */
export function mayClaimDomain(key: DomainKey): Guard {
  return sql`(not ${domainIsClaimed(key)} and (select count(*) from ${domains} where organization_id = ${key.organizationId}) < ${limits.domainsPerOrganization})`
}

/** Whether no other organization has proved the domain. */
export function domainIsFree(key: DomainKey): Guard {
  return sql`not exists (${otherOwner(key)})`
}

/** Whether another organization has, as evidence. */
export function domainTakenQuery(db: Database, key: DomainKey): Statement {
  return db.all(sql`select exists (${otherOwner(key)}) as taken`)
}

/** Reads the answer of `domainTakenQuery`. */
export function readDomainTaken(answer: unknown): boolean {
  return (answer as readonly { taken: number }[])[0]?.taken === 1
}

function otherOwner({ organizationId, domain }: DomainKey): SQL {
  return sql`select 1 from ${domains} where domain = ${domain} and verified_at is not null and organization_id <> ${organizationId}`
}

/** Claims a domain while the guard holds. */
export function insertDomain(
  db: Database,
  row: typeof domains.$inferInsert,
  guard: Guard,
): Statement {
  return insertWhere(db, domains, { row, guard })
}

/** Marks a waiting domain as proved while nobody else has proved it; answers with the row. */
export function proveDomain(
  db: Database,
  { key, verifiedBy, nowMs }: { key: DomainKey; verifiedBy: 'dns' | 'operator'; nowMs: number },
): Statement {
  return db
    .update(domains)
    .set({ verifiedAt: nowMs, verifiedBy })
    .where(and(isDomain(key), isNull(domains.verifiedAt), domainIsFree(key)))
    .returning()
}

/** Gives a domain up; answers with its name. */
export function deleteDomain(db: Database, key: DomainKey): Statement {
  return db.delete(domains).where(isDomain(key)).returning({ domain: domains.domain })
}

function isDomain({ organizationId, domain }: DomainKey) {
  return and(eq(domains.organizationId, organizationId), eq(domains.domain, domain))
}
