import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** A customer of the app: the unit that every query carries. */
export const organizations = sqliteTable('organizations', {
  id: text().primaryKey(),
  slug: text().notNull().unique(),
  name: text().notNull(),
  /** Whether the app must send this organization's people to single sign-on. */
  signIn: text({ enum: ['optional', 'required'] })
    .notNull()
    .default('optional'),
  sessionHours: integer().notNull().default(24),
  /** Whether a first sign-in creates the person. */
  firstLogin: integer({ mode: 'boolean' }).notNull().default(true),
  scim: integer({ mode: 'boolean' }).notNull().default(true),
  defaultRole: text().notNull().default('member'),
  /** Which groups and app roles give which role; neither gives one by its name alone. */
  roleRules: text({ mode: 'json' })
    .$type<
      readonly (
        | { readonly group: string; readonly role: string }
        | { readonly appRole: string; readonly role: string }
      )[]
    >()
    .notNull()
    .default(sql`'[]'`),
  /** Whether provisioning events keep the values that were sent, in their short-lived detail. */
  keepProvisionedValues: integer({ mode: 'boolean' }).notNull().default(false),
  appOrigins: text({ mode: 'json' }).$type<readonly string[]>().notNull().default(sql`'[]'`),
  /** Grows with every change of the attribute definitions and of the mapping: a profile carries the one that made it. */
  mappingVersion: integer().notNull().default(1),
  version: integer().notNull().default(1),
  createdAt: integer().notNull(),
  updatedAt: integer().notNull(),
})

/** Email domains that lead to an organization's sign-in once verified. */
export const domains = sqliteTable(
  'domains',
  {
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    domain: text().notNull(),
    /** What the DNS TXT record must hold. */
    challenge: text().notNull(),
    verifiedAt: integer(),
    verifiedBy: text({ enum: ['dns', 'operator'] }),
    createdAt: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.domain] }),
    // Several organizations may claim a domain; only one can have proved it.
    uniqueIndex('domains_verified').on(t.domain).where(sql`verified_at is not null`),
  ],
)

/** One-use ways in for an admin while the identity provider is broken; the token is stored hashed. */
export const recoveryLinks = sqliteTable(
  'recovery_links',
  {
    id: text().primaryKey(),
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    personId: text().notNull(),
    tokenSha256: text().notNull().unique(),
    createdAt: integer().notNull(),
    expiresAt: integer().notNull(),
    usedAt: integer(),
  },
  (t) => [index('recovery_links_organization').on(t.organizationId, t.createdAt)],
)

/** What a create with an Idempotency-Key made, so that a repeat returns the same id. */
export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    /** SHA-256 of route and key: keys of two routes never meet. */
    key: text().primaryKey(),
    requestSha256: text().notNull(),
    resourceId: text().notNull(),
    expiresAt: integer().notNull(),
  },
  (t) => [index('idempotency_keys_expiry').on(t.expiresAt)],
)
