import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { connections } from './connections.ts'
import { organizations } from './organizations.ts'
import { people } from './people.ts'

type Json = Readonly<Record<string, unknown>>

/** What Portico signs in to Microsoft Graph with, for one connection's tenant. */
export const graphCredentials = sqliteTable(
  'graph_credentials',
  {
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** Empty before the organization's first connection. */
    connectionId: text().notNull().default(''),
    tenantId: text().notNull(),
    clientId: text().notNull(),
    /** The enterprise application whose assignments count. */
    appId: text().notNull(),
    kind: text({ enum: ['secret', 'certificate'] }).notNull(),
    /** The secret, or the certificate's private key (PKCS#8), sealed (kernel/seal.ts). */
    secretSealed: text().notNull(),
    /** DER in base64, when the credential is a certificate. */
    certificate: text(),
    /** When the secret or the certificate ends, as far as known. */
    expiresAt: integer(),
    warnedDays: integer(),
    /** The last permission check: which are there and which are missing. */
    checkedAt: integer(),
    checked: text({ mode: 'json' }).$type<Json | null>(),
    version: integer().notNull().default(1),
    createdAt: integer().notNull(),
    updatedAt: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.connectionId] }),
    index('graph_credentials_expiry').on(t.expiresAt),
  ],
)

/** How one connection is reconciled, and how far reading its tenant has come. */
export const reconcilers = sqliteTable(
  'reconcilers',
  {
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** Empty before the organization's first connection. */
    connectionId: text().notNull().default(''),
    /** Policies, schedule, brake: what an admin set, without what is as by default. */
    settings: text({ mode: 'json' }).$type<Json>().notNull().default(sql`'{}'`),
    /** When the next run is due; null while the schedule is off. */
    dueAt: integer(),
    /** Where Graph goes on: opaque, good for seven days. Null asks for a full read. */
    deltaLink: text(),
    deltaAt: integer(),
    lastFullAt: integer(),
    version: integer().notNull().default(1),
    updatedAt: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.connectionId] }),
    index('reconcilers_due').on(t.dueAt).where(sql`due_at is not null`),
  ],
)

/** One run at a time in an organization: whoever holds the newest generation may write. */
export const reconcileLeases = sqliteTable('reconcile_leases', {
  organizationId: text()
    .primaryKey()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  generation: integer().notNull(),
  runId: text().notNull(),
  until: integer().notNull(),
})

/** One reconciliation, or one re-resolve of everybody after a mapping change. */
export const reconcileRuns = sqliteTable(
  'reconcile_runs',
  {
    id: text().primaryKey(),
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    connectionId: text().notNull().default(''),
    kind: text({ enum: ['reconcile', 'resolve'] }).notNull(),
    trigger: text({ enum: ['schedule', 'api', 'mapping'] }).notNull(),
    status: text({ enum: ['queued', 'running', 'paused', 'held', 'done', 'failed'] }).notNull(),
    dryRun: integer({ mode: 'boolean' }).notNull().default(false),
    isFull: integer({ mode: 'boolean' }).notNull().default(false),
    /** Where the run stands, and what it needs to go on: written with each page's own writes. */
    step: text().notNull(),
    cursor: text({ mode: 'json' }).$type<Json>().notNull().default(sql`'{}'`),
    counts: text({ mode: 'json' }).$type<Json>().notNull().default(sql`'{}'`),
    /** When reading Graph began: a SCIM statement after it beats what the read lacks. */
    readStartedAt: integer(),
    /** Why the brake holds it; null otherwise. */
    held: text({ mode: 'json' }).$type<Json | null>(),
    failure: text({ mode: 'json' }).$type<Json | null>(),
    /** Failed tries of the present step, and when the next one may be. */
    attempts: integer().notNull().default(0),
    continueAt: integer().notNull(),
    createdAt: integer().notNull(),
    startedAt: integer(),
    finishedAt: integer(),
  },
  (t) => [
    index('reconcile_runs_organization').on(t.organizationId, t.id),
    // What a tick continues: one indexed read when nothing is to be done.
    index('reconcile_runs_unfinished')
      .on(t.continueAt)
      .where(sql`status in ('queued', 'running', 'paused')`),
    // A held run keeps values of people until an admin decides: whoever is erased is taken out of it.
    index('reconcile_runs_held').on(t.organizationId).where(sql`status = 'held'`),
  ],
)

/** What a run has seen, a JSON list of object ids per page: rows by pages, not by people. */
export const reconcilePages = sqliteTable(
  'reconcile_pages',
  {
    runId: text()
      .notNull()
      .references(() => reconcileRuns.id, { onDelete: 'cascade' }),
    kind: text({ enum: ['seen', 'assigned', 'members'] }).notNull(),
    /** The group's object id for `members`; empty otherwise. */
    subject: text().notNull().default(''),
    page: integer().notNull(),
    organizationId: text().notNull(),
    ids: text({ mode: 'json' }).$type<readonly string[]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.kind, t.subject, t.page] })],
)

/** A user of the tenant who is held here or assigned to the application; nobody else is stored. */
export const graphUsers = sqliteTable(
  'graph_users',
  {
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    connectionId: text().notNull().default(''),
    objectId: text().notNull(),
    /** Null while nobody here is the user. */
    personId: text().references(() => people.id, { onDelete: 'set null' }),
    assigned: integer({ mode: 'boolean' }).notNull(),
    /** App role ids of the assignment, without the default access. */
    appRoles: text({ mode: 'json' }).$type<readonly string[]>().notNull().default(sql`'[]'`),
    state: text({ enum: ['enabled', 'disabled', 'deleted', 'gone'] }).notNull(),
    changedAt: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.connectionId, t.objectId] }),
    index('graph_users_person').on(t.personId),
  ],
)

/** A difference between what Entra states and what is held, and what was done about it. */
export const driftItems = sqliteTable(
  'drift_items',
  {
    id: text().primaryKey(),
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    connectionId: text().notNull().default(''),
    runId: text()
      .notNull()
      .references(() => reconcileRuns.id, { onDelete: 'cascade' }),
    kind: text().notNull(),
    personId: text(),
    groupId: text(),
    /** The object in the tenant, where nobody here is it. */
    objectId: text(),
    attribute: text(),
    /** Personal values: gone with the person and after the time that details are kept. */
    stated: text({ mode: 'json' }).$type<unknown>(),
    held: text({ mode: 'json' }).$type<unknown>(),
    rule: text().notNull(),
    action: text({ enum: ['reported', 'planned', 'repaired', 'ignored'] }).notNull(),
    state: text({ enum: ['open', 'done', 'accepted', 'dismissed'] }).notNull(),
    /** What makes two reports the same one: kind, subject, attribute and what was stated, hashed. */
    fingerprint: text().notNull(),
    at: integer().notNull(),
    decidedAt: integer(),
  },
  (t) => [
    index('drift_items_run').on(t.runId, t.id),
    index('drift_items_organization').on(t.organizationId, t.state, t.id),
    index('drift_items_person').on(t.personId),
    uniqueIndex('drift_items_once').on(t.organizationId, t.runId, t.fingerprint),
    // A difference that was reported and still is there is not reported again by each run.
    uniqueIndex('drift_items_open')
      .on(t.organizationId, t.connectionId, t.fingerprint)
      .where(sql`state in ('open', 'dismissed')`),
  ],
)

/** What reconciliation took away, per hour (since 1970): what the brake counts over a day and across runs. */
export const brakeCounts = sqliteTable(
  'brake_counts',
  {
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    connectionId: text().notNull().default(''),
    /** `deactivated`, `role:<name>` or `attribute:<key>`. */
    what: text().notNull(),
    hour: integer().notNull(),
    count: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.connectionId, t.what, t.hour] }),
    index('brake_counts_hour').on(t.hour),
  ],
)

/** How refreshing a connection's metadata stands. */
export const metadataRefreshes = sqliteTable(
  'metadata_refreshes',
  {
    connectionId: text()
      .primaryKey()
      .references(() => connections.id, { onDelete: 'cascade' }),
    organizationId: text().notNull(),
    dueAt: integer().notNull(),
    checkedAt: integer(),
    /** The code of what was wrong with the last document; null when nothing was. */
    failure: text({ mode: 'json' }).$type<Json | null>(),
    failures: integer().notNull().default(0),
    /** Changes that wait for an admin's word. */
    pending: text({ mode: 'json' }).$type<Json | null>(),
    updatedAt: integer().notNull(),
  },
  (t) => [index('metadata_refreshes_due').on(t.dueAt)],
)
