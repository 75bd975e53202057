import { and, asc, eq, gt, isNotNull, or } from 'drizzle-orm'
import { type Database, tables } from '../db/index.ts'

const { domains, organizations } = tables

export type Organization = typeof organizations.$inferSelect
export type OrganizationDomain = typeof domains.$inferSelect

/** An organization by id or slug, or null. */
export async function findOrganization(
  db: Database,
  idOrSlug: string,
): Promise<Organization | null> {
  const rows = await db
    .select()
    .from(organizations)
    .where(or(eq(organizations.id, idOrSlug), eq(organizations.slug, idOrSlug)))
    .limit(1)
  return rows[0] ?? null
}

/** One page of organizations ordered by id; ask for one more than shown. */
export async function listOrganizations(
  db: Database,
  page: { after: string; limit: number },
): Promise<readonly Organization[]> {
  return db
    .select()
    .from(organizations)
    .where(gt(organizations.id, page.after))
    .orderBy(asc(organizations.id))
    .limit(page.limit)
}

/** The domains of an organization, verified or not. */
export async function listDomains(
  db: Database,
  organizationId: string,
): Promise<readonly OrganizationDomain[]> {
  return db
    .select()
    .from(domains)
    .where(eq(domains.organizationId, organizationId))
    .orderBy(asc(domains.domain))
}

/** The organization that proved a domain, as a subquery of the caller's own read. */
export function verifiedDomain(domain: string) {
  return and(eq(domains.domain, domain), isNotNull(domains.verifiedAt))
}
