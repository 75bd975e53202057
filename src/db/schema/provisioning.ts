import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { organizations } from './organizations.ts'
import { people } from './people.ts'

type View = Readonly<Record<string, unknown>>

/**
 * The SCIM view of a person: what SCIM wrote and reads back (DESIGN 2.1). Only people whom SCIM has written
 * have a row; userName, externalId and the statement about `active` stand in `people`, where they are unique.
 */
export const scimUsers = sqliteTable('scim_users', {
  personId: text()
    .primaryKey()
    .references(() => people.id, { onDelete: 'cascade' }),
  organizationId: text().notNull(),
  /** Attributes by their canonical names, extensions under their URN. */
  view: text({ mode: 'json' }).$type<View>().notNull(),
  /** The view with every string folded (kernel/text.ts): what filters on caseExact=false attributes compare. */
  folded: text({ mode: 'json' }).$type<View>().notNull(),
  /** The ETag; grows with every change of the view. */
  version: integer().notNull().default(1),
  modifiedAt: integer().notNull(),
})

/** Values that a matching attribute of Entra is looked up by, beside userName, externalId and id. */
export const personKeys = sqliteTable(
  'person_keys',
  {
    organizationId: text().notNull(),
    /** Such as `displayname`, `emails.value`, `emails[work].value` (scim/index-keys.ts). */
    attribute: text().notNull(),
    /** Folded where the attribute is not caseExact. */
    value: text().notNull(),
    personId: text()
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.attribute, t.value, t.personId] }),
    index('person_keys_person').on(t.personId),
  ],
)

/** A group as SCIM wrote it. */
export const groups = sqliteTable(
  'groups',
  {
    id: text().primaryKey(),
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** The connection it belongs to; empty before the organization's first one. */
    connectionId: text().notNull().default(''),
    displayName: text().notNull(),
    displayNameKey: text().notNull(),
    externalId: text(),
    view: text({ mode: 'json' }).$type<View>().notNull(),
    folded: text({ mode: 'json' }).$type<View>().notNull(),
    /** Kept by triggers on `group_members`, so that nothing reads the members to count them. */
    memberCount: integer().notNull().default(0),
    version: integer().notNull().default(1),
    createdAt: integer().notNull(),
    modifiedAt: integer().notNull(),
  },
  (t) => [
    // Entra matches groups by displayName and fails on two (reference a6).
    uniqueIndex('groups_display_name').on(t.organizationId, t.connectionId, t.displayNameKey),
    index('groups_external_id').on(t.organizationId, t.externalId),
    // Search by prefix over all connections of the organization.
    index('groups_search').on(t.organizationId, t.displayNameKey, t.id),
    index('groups_listed').on(t.organizationId, t.connectionId, t.id),
  ],
)

/** Who is in a group: people, and groups as such (nested ones are stored, not expanded). */
export const groupMembers = sqliteTable(
  'group_members',
  {
    groupId: text()
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
    /** `usr_…` or `grp_…`; no foreign key, since it names either. */
    memberId: text().notNull(),
    organizationId: text().notNull(),
    source: text({ enum: ['scim', 'graph'] }).notNull(),
    at: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.groupId, t.memberId] }),
    index('group_members_member').on(t.memberId, t.groupId),
  ],
)

/** How many people and groups a connection has: an unfiltered totalResults. Kept by triggers. */
export const resourceCounts = sqliteTable(
  'resource_counts',
  {
    organizationId: text().notNull(),
    /** Empty before the organization's first connection. */
    connectionId: text().notNull(),
    kind: text({ enum: ['users', 'groups'] }).notNull(),
    count: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.connectionId, t.kind] })],
)

/** A SCIM client that asks for access tokens at /oauth/token: with secrets, or with a federated assertion. */
export const scimClients = sqliteTable(
  'scim_clients',
  {
    id: text().primaryKey(),
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    connectionId: text(),
    name: text().notNull(),
    scopes: text({ mode: 'json' }).$type<readonly ('read' | 'write')[]>().notNull(),
    /** What a federated assertion must say exactly; null for a client with secrets. */
    federation: text({ mode: 'json' }).$type<{
      readonly tenantId: string
      readonly issuer: string
      readonly subject: string
      readonly audience: string
    } | null>(),
    disabledAt: integer(),
    createdAt: integer().notNull(),
    updatedAt: integer().notNull(),
  },
  (t) => [index('scim_clients_organization').on(t.organizationId, t.createdAt)],
)

/** Up to two secrets per client, so that they can be rotated; stored hashed. */
export const scimClientSecrets = sqliteTable(
  'scim_client_secrets',
  {
    id: text().primaryKey(),
    clientId: text()
      .notNull()
      .references(() => scimClients.id, { onDelete: 'cascade' }),
    organizationId: text().notNull(),
    secretSha256: text().notNull(),
    expiresAt: integer(),
    lastUsedAt: integer(),
    /** The expiry warning last written as an event, in days before expiry. */
    warnedDays: integer(),
    createdAt: integer().notNull(),
  },
  (t) => [
    index('scim_client_secrets_client').on(t.clientId),
    index('scim_client_secrets_expiry').on(t.expiresAt),
  ],
)

/** Bearer tokens for SCIM: what an admin pastes into Entra, and what /oauth/token gives a client. Stored hashed. */
export const scimTokens = sqliteTable(
  'scim_tokens',
  {
    id: text().primaryKey(),
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    connectionId: text(),
    /** The client it was given to at /oauth/token; null for a token that an admin made. */
    clientId: text().references(() => scimClients.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    tokenSha256: text().notNull().unique(),
    scopes: text({ mode: 'json' })
      .$type<readonly ('read' | 'write')[]>()
      .notNull()
      .default(sql`'["read","write"]'`),
    expiresAt: integer(),
    disabledAt: integer(),
    lastUsedAt: integer(),
    /** The expiry warning last written as an event, in days before expiry. */
    warnedDays: integer(),
    createdAt: integer().notNull(),
  },
  (t) => [
    index('scim_tokens_organization').on(t.organizationId, t.createdAt),
    index('scim_tokens_expiry').on(t.expiresAt),
    index('scim_tokens_client').on(t.clientId),
  ],
)

/** Successful reads per credential and hour: Entra reads before each write, so they are counted, not logged. */
export const scimReadCounts = sqliteTable(
  'scim_read_counts',
  {
    organizationId: text().notNull(),
    tokenId: text().notNull(),
    /** Hours since the epoch. */
    hour: integer().notNull(),
    count: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.tokenId, t.hour] })],
)
