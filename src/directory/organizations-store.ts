import { and, asc, eq, gt, isNotNull, or, sql } from 'drizzle-orm'
import { type Database, tables } from '../db/index.ts'

const { domains, organizations } = tables

export type Organization = typeof organizations.$inferSelect
export type OrganizationDomain = typeof domains.$inferSelect

/** One page of an organization's domains, proved or not, in the order of their names. */
export async function listDomains(
  db: Database,
  organizationId: string,
  page: { after: string; limit: number },
): Promise<readonly OrganizationDomain[]> {
  return db
    .select()
    .from(domains)
    .where(and(eq(domains.organizationId, organizationId), gt(domains.domain, page.after)))
    .orderBy(asc(domains.domain))
    .limit(page.limit)
}

/** The organization that proved a domain, as a subquery of the caller's own read. */
export function verifiedDomain(domain: string) {
  return and(eq(domains.domain, domain), isNotNull(domains.verifiedAt))
}

/** An organization with the domains it has proved. */
export type OrganizationWithDomains = {
  readonly organization: Organization
  readonly domains: readonly string[]
}

const provedDomains = sql<string>`(select json_group_array(d.domain) from
  (select domain from ${domains} where organization_id = organizations.id and verified_at is not null order by domain) d)`

/** An organization by id or slug with its proved domains, or null. */
export async function loadOrganization(
  db: Database,
  idOrSlug: string,
): Promise<OrganizationWithDomains | null> {
  const rows = await db
    .select({ organization: organizations, domains: provedDomains })
    .from(organizations)
    .where(or(eq(organizations.id, idOrSlug), eq(organizations.slug, idOrSlug)))
    .limit(1)
  return rows.map(withDomains)[0] ?? null
}

/** One page of organizations with their proved domains, ordered by id; ask for one more than shown. */
export async function listOrganizationsWithDomains(
  db: Database,
  page: { after: string; limit: number },
): Promise<readonly OrganizationWithDomains[]> {
  const rows = await db
    .select({ organization: organizations, domains: provedDomains })
    .from(organizations)
    .where(gt(organizations.id, page.after))
    .orderBy(asc(organizations.id))
    .limit(page.limit)
  return rows.map(withDomains)
}

function withDomains(row: { organization: Organization; domains: string }) {
  return { organization: row.organization, domains: JSON.parse(row.domains) as readonly string[] }
}
