import { and, desc, eq } from 'drizzle-orm'
import { type Database, tables } from '../db/index.ts'
import { verifiedDomain } from '../directory/index.ts'

const { connections, domains, organizations } = tables

/** Where the people of an email domain sign in. */
export type Discovered = {
  readonly organization: typeof organizations.$inferSelect
  /** The active connection, the newest where there are several; null while there is none. */
  readonly connectionId: string | null
}

/**
 * The domain of an email address as domains are stored: lower case, internationalized names as
 * punycode. Null when the text is not an address.
 */
function emailDomain(email: string): string | null {
  const at = email.lastIndexOf('@')
  const host = at < 1 || email.length > 320 ? '' : email.slice(at + 1).trim()
  if (/[\s/?#:@\\]/.test(host)) return null
  const url = URL.parse(`https://${host}`)
  if (url === null) return null // of an empty host as well
  return url.hostname.includes('.') ? url.hostname : null
}

/** Finds the organization that proved an email's domain, and its active connection, in one read. */
export async function discover(db: Database, email: string): Promise<Discovered | null> {
  const domain = emailDomain(email)
  if (domain === null) return null
  const rows = await db
    .select({ organization: organizations, connectionId: connections.id })
    .from(domains)
    .innerJoin(organizations, eq(organizations.id, domains.organizationId))
    .leftJoin(
      connections,
      and(eq(connections.organizationId, organizations.id), eq(connections.status, 'active')),
    )
    .where(verifiedDomain(domain))
    .orderBy(desc(connections.createdAt))
    .limit(1)
  return rows[0] ?? null
}
