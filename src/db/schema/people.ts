import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { organizations } from './organizations.ts'

import { sourceNames } from './source-names.ts'

/** A person of one organization. The profile is resolved from the source views, never written by hand. */
export const people = sqliteTable(
  'people',
  {
    id: text().primaryKey(),
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** The connection the person belongs to; null before the organization's first connection. */
    connectionId: text(),
    userName: text().notNull(),
    /** userName folded (kernel/text.ts): RFC 7643 makes it case-insensitive, SQLite folds ASCII only. */
    userNameKey: text().notNull(),
    /** externalId as SCIM stated it; the object id of somebody whom only a sign-in at Entra knows. */
    externalId: text(),
    /** No source denies. Kept beside the denials so that every guard reads one column. */
    active: integer({ mode: 'boolean' }).notNull().default(true),
    deniedByScim: integer({ mode: 'boolean' }).notNull().default(false),
    deniedByGraph: integer({ mode: 'boolean' }).notNull().default(false),
    deniedByManual: integer({ mode: 'boolean' }).notNull().default(false),
    createdBy: text({ enum: sourceNames }).notNull(),
    /** When SCIM first wrote the person; null for somebody only a sign-in knows. */
    scimAt: integer(),
    profile: text({ mode: 'json' }).$type<Readonly<Record<string, unknown>>>().notNull(),
    provenance: text({ mode: 'json' }).$type<Readonly<Record<string, unknown>>>().notNull(),
    groups: text({ mode: 'json' }).$type<readonly string[]>().notNull().default(sql`'[]'`),
    roles: text({ mode: 'json' }).$type<readonly string[]>().notNull().default(sql`'[]'`),
    /**
     * What people search finds somebody by, beside the userName: parts of the profile, folded (directory/search-keys.ts)
     * and written with it. Empty where there is none; null of people from before there were these columns.
     */
    searchName: text(),
    searchFamily: text(),
    searchEmail: text(),
    mappingVersion: integer().notNull(),
    version: integer().notNull().default(1),
    lastSignInAt: integer(),
    retiredAt: integer(),
    /** When somebody deleted in the tenant is erased; null while nothing is to be erased. */
    eraseAt: integer(),
    createdAt: integer().notNull(),
    updatedAt: integer().notNull(),
  },
  (t) => [
    // A retired person gives the name free: the remedy for a reused user principal name.
    uniqueIndex('people_user_name')
      .on(t.organizationId, t.userNameKey)
      .where(sql`retired_at is null`),
    index('people_organization').on(t.organizationId, t.id),
    // What SCIM lists, in the order in which people were made.
    index('people_listed')
      .on(t.organizationId, t.connectionId, t.id)
      .where(sql`retired_at is null`),
    index('people_erase').on(t.eraseAt).where(sql`erase_at is not null`),
    index('people_external_id').on(t.organizationId, t.externalId),
    // Search by prefix. An empty part, and an email that is the userName, cost a write nothing.
    index('people_search_name')
      .on(t.organizationId, t.searchName, t.id)
      .where(sql`search_name <> ''`),
    index('people_search_family')
      .on(t.organizationId, t.searchFamily, t.id)
      .where(sql`search_family <> ''`),
    index('people_search_email')
      .on(t.organizationId, t.searchEmail, t.id)
      .where(sql`search_email <> ''`),
    index('people_unsearchable').on(t.id).where(sql`search_name is null`),
    // The few whom a list picks out; everybody else costs these nothing.
    index('people_retired_name')
      .on(t.organizationId, t.userNameKey, t.id)
      .where(sql`retired_at is not null`),
    index('people_retired').on(t.organizationId, t.id).where(sql`retired_at is not null`),
    index('people_blocked')
      .on(t.organizationId, t.id)
      .where(sql`denied_by_manual = 1 and retired_at is null`),
    index('people_inactive')
      .on(t.organizationId, t.id)
      .where(sql`active = 0 and retired_at is null`),
    index('people_not_by_scim')
      .on(t.organizationId, t.createdBy, t.id)
      .where(sql`created_by <> 'scim'`),
  ],
)

/**
 * Who a person is at the identity provider. With Entra `entra:{tenant}:{object id}`; otherwise
 * `saml:{connection}:{SHA-256 of issuer and NameID or chosen claim}`.
 */
export const identities = sqliteTable(
  'identities',
  {
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    key: text().notNull(),
    personId: text()
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    connectionId: text().notNull(),
    boundBy: text({ enum: sourceNames }).notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.key] }),
    // One binding for life: a bound object id does not change.
    uniqueIndex('identities_person').on(t.personId),
  ],
)

/** What a source last said of a person, value and time per attribute, as it said it. */
export const sourceViews = sqliteTable(
  'source_views',
  {
    personId: text()
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    source: text({ enum: sourceNames }).notNull(),
    organizationId: text().notNull(),
    connectionId: text(),
    attributes: text({ mode: 'json' }).$type<unknown>().notNull(),
    sha256: text().notNull(),
    at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.source] })],
)

/** Remembers an erased person, so that nobody else is taken for them. */
export const tombstones = sqliteTable(
  'tombstones',
  {
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** An identity key, or `name:` and the HMAC of the folded userName where no object id was bound. */
    key: text().notNull(),
    personId: text().notNull(),
    at: integer().notNull(),
    liftedAt: integer(),
    /** Whether the person was blocked by hand: a revived id stays blocked. */
    wasBlocked: integer({ mode: 'boolean' }).notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.key] })],
)
