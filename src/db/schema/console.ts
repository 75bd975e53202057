import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { connections } from './connections.ts'
import { organizations } from './organizations.ts'
import { people } from './people.ts'

/** Ways into the console for a customer's IT admin; the secret is stored hashed. */
export const setupLinks = sqliteTable(
  'setup_links',
  {
    id: text().primaryKey(),
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** What the operator calls it, such as whom it was sent to. */
    name: text().notNull(),
    /** What may be set up with it. */
    parts: text({ mode: 'json' }).$type<readonly ('saml' | 'scim' | 'attributes')[]>().notNull(),
    tokenSha256: text().notNull().unique(),
    createdAt: integer().notNull(),
    expiresAt: integer().notNull(),
    lastUsedAt: integer(),
    revokedAt: integer(),
  },
  (t) => [
    index('setup_links_organization').on(t.organizationId, t.createdAt),
    index('setup_links_expiry').on(t.expiresAt),
  ],
)

/** A browser in the console by an admin key, Cloudflare Access or a setup link; people come with their own session. */
export const consoleSessions = sqliteTable(
  'console_sessions',
  {
    id: text().primaryKey(),
    tokenSha256: text().notNull().unique(),
    kind: text({ enum: ['key', 'access', 'setup-link'] }).notNull(),
    /** Null for an operator, who may see all. */
    organizationId: text().references(() => organizations.id, { onDelete: 'cascade' }),
    setupLinkId: text().references(() => setupLinks.id, { onDelete: 'cascade' }),
    /** Which admin key opened it, as a digest: it ends when that key is taken out. */
    keySha256: text(),
    /** Whom Cloudflare Access named: its subject. */
    accessSubject: text(),
    createdAt: integer().notNull(),
    expiresAt: integer().notNull(),
    /** When the holder last proved who they are: secrets are shown for a while after. */
    confirmedAt: integer().notNull(),
  },
  (t) => [index('console_sessions_expiry').on(t.expiresAt)],
)

/** One try of a connection that ends in a report and never in a session. */
export const testSignIns = sqliteTable(
  'test_sign_ins',
  {
    id: text().primaryKey(),
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    connectionId: text()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    /** Of the link that one tester opens. */
    tokenSha256: text().notNull().unique(),
    status: text({ enum: ['waiting', 'started', 'passed', 'failed'] })
      .notNull()
      .default('waiting'),
    createdAt: integer().notNull(),
    expiresAt: integer().notNull(),
    startedAt: integer(),
    finishedAt: integer(),
    /** Whether somebody new is to be made as a first sign-in would. */
    createPerson: integer({ mode: 'boolean' }).notNull().default(false),
    /** Whom the report names; it is erased with them. */
    personId: text().references(() => people.id, { onDelete: 'cascade' }),
    /** Checks with their evidence, claims and what would become of them: personal, so it goes with the row. */
    report: text({ mode: 'json' }).$type<unknown>(),
  },
  (t) => [
    index('test_sign_ins_connection').on(t.organizationId, t.connectionId, t.createdAt),
    index('test_sign_ins_expiry').on(t.expiresAt),
    index('test_sign_ins_person').on(t.personId),
  ],
)

/** Steps of the set-up guide that somebody marked as done by hand; all others are seen by what happened. */
export const setupSteps = sqliteTable(
  'setup_steps',
  {
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    step: text().notNull(),
    doneAt: integer().notNull(),
    actor: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.step] })],
)

/**
 * Events of a day (since 1970, UTC) by type, outcome and code, summed on schedule from the event log: `scim.write` for
 * whatever SCIM did, and `scim.read` for its reads, which are no events. An empty organization is the sum of all.
 */
export const dailyCounts = sqliteTable(
  'daily_counts',
  {
    organizationId: text().notNull(),
    day: integer().notNull(),
    type: text().notNull(),
    outcome: text().notNull(),
    code: text().notNull(),
    count: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.day, t.type, t.outcome, t.code] }),
    index('daily_counts_day').on(t.day),
  ],
)

/** How far the event log is summed: the one row holds the id of the last event that counts. */
export const countedEvents = sqliteTable('counted_events', {
  id: integer().primaryKey(),
  lastEventId: text().notNull(),
})

/** How long the Worker took to finish sign-ins on a day, as a histogram. An empty organization is the sum of all. */
export const signInTimes = sqliteTable(
  'sign_in_times',
  {
    organizationId: text().notNull(),
    day: integer().notNull(),
    /** Upper bound of the bucket in milliseconds. */
    bucketMs: integer().notNull(),
    count: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.day, t.bucketMs] }),
    index('sign_in_times_day').on(t.day),
  ],
)
