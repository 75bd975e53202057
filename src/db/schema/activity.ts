import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** The append-only log. People are named by id; personal values stand in `event_details`. */
export const events = sqliteTable(
  'events',
  {
    /** Sorts by time. */
    id: text().primaryKey(),
    at: integer().notNull(),
    organizationId: text(),
    type: text().notNull(),
    outcome: text({ enum: ['success', 'refused', 'warning'] }).notNull(),
    code: text(),
    connectionId: text(),
    personId: text(),
    /** `operator`, `system`, `person`, `stranger`, `identity-provider` or `provisioning`. */
    actor: text().notNull(),
    /** The reference number that was shown or returned. */
    requestId: text().notNull(),
    /** Names of what changed, counts, versions: nothing personal. */
    facts: text({ mode: 'json' }).$type<Readonly<Record<string, unknown>>>(),
  },
  (t) => [
    index('events_organization').on(t.organizationId, t.id),
    index('events_type').on(t.organizationId, t.type, t.id),
    index('events_person').on(t.organizationId, t.personId, t.id),
    index('events_request').on(t.organizationId, t.requestId, t.id),
    // What went wrong: a success costs these nothing, a refusal one row each.
    index('events_outcome').on(t.organizationId, t.outcome, t.id).where(sql`outcome <> 'success'`),
    index('events_code').on(t.organizationId, t.code, t.id).where(sql`code is not null`),
  ],
)

/** Evidence with personal values: kept for a shorter time and erased with the person. */
export const eventDetails = sqliteTable(
  'event_details',
  {
    eventId: text().primaryKey(),
    organizationId: text(),
    personId: text(),
    detail: text({ mode: 'json' }).$type<Readonly<Record<string, unknown>>>().notNull(),
    expiresAt: integer().notNull(),
  },
  (t) => [
    index('event_details_expiry').on(t.expiresAt),
    index('event_details_person').on(t.organizationId, t.personId),
  ],
)

/** Refusals beyond the evidence limit, summed: a flood costs one row per connection, hour (since 1970) and code. */
export const refusalCounts = sqliteTable(
  'refusal_counts',
  {
    connectionId: text().notNull(),
    hour: integer().notNull(),
    code: text().notNull(),
    organizationId: text(),
    count: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.connectionId, t.hour, t.code] }),
    index('refusal_counts_organization').on(t.organizationId, t.hour, t.connectionId, t.code),
    index('refusal_counts_hour').on(t.hour),
  ],
)
