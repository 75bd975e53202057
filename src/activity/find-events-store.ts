import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import { type Database, runBatch, tables } from '../db/index.ts'
import { limits, mergeArms, timedIdFrom } from '../kernel/index.ts'
import type { EventInput } from './event.ts'
import { type EventFamily, typesOf } from './families.ts'

const { eventDetails, events } = tables

export type EventFilter = {
  readonly type?: string
  readonly family?: EventFamily
  readonly outcome?: EventInput['outcome']
  readonly code?: string
  readonly personId?: string
  readonly requestId?: string
  readonly fromMs?: number
  /** Exclusive. */
  readonly toMs?: number
  /** The id of the last event of the page before; newest come first. */
  readonly before?: string
  readonly limit: number
}

export type StoredEvent = typeof events.$inferSelect & {
  readonly detail: Readonly<Record<string, unknown>> | null
}

type Row = Pick<
  typeof events.$inferSelect,
  'id' | 'at' | 'type' | 'outcome' | 'code' | 'personId' | 'requestId'
>

/**
 * One page of an organization's events, newest first. Reads by the index that names the fewest, a bounded number of
 * rows, so that a page costs the same at a hundred and at a hundred thousand events; where several filters meet it
 * may hold fewer than `limit` and yet have a next one. Two calls.
 * @returns the events, and the id after which the next page goes on, or null
 */
export async function findEvents(
  db: Database,
  organizationId: string,
  filter: EventFilter,
): Promise<{ readonly events: readonly StoredEvent[]; readonly next: string | null }> {
  const types = typesAsked(filter)
  const byType = types !== null && isByType(filter)
  const isPlain =
    filter.outcome !== 'success' && Object.keys(filter).filter((key) => !bounds.has(key)).length < 2
  const perRead = isPlain
    ? filter.limit + 1
    : Math.max(filter.limit + 1, Math.floor(limits.scanRows / (byType ? types.length : 1)))
  const page = { organizationId, range: rangeOf(filter), limit: perRead }
  const [answer] = await runBatch(db, [
    db.all(byType ? readByType(types, page) : readBy(filter, page)),
  ])
  const rows = answer as readonly Row[]
  // A read for each type in one statement: what one of them left out bounds the page.
  const arms = byType ? [...Map.groupBy(rows, ({ type }) => type).values()] : [rows]
  const { shown, next } = mergeArms(
    arms.map((arm) => ({ rows: arm, isFull: arm.length === perRead })),
    {
      order: (a, b) => (a.id === b.id ? 0 : a.id > b.id ? -1 : 1),
      matches: (row) => passes(row, filter, types),
      limit: filter.limit,
    },
  )
  const ids = shown.map(({ id }) => id)
  return { events: await loadEvents(db, organizationId, ids), next: next?.id ?? null }
}

/** What bounds a read by itself, whatever else is asked. */
const bounds: ReadonlySet<string> = new Set(['fromMs', 'toMs', 'before', 'limit'])

function typesAsked({ type, family }: EventFilter): readonly string[] | null {
  if (type !== undefined) return [type]
  return family === undefined ? null : typesOf(family)
}

type Page = { readonly organizationId: string; readonly range: SQL; readonly limit: number }

/** Whether nothing that is asked for is rarer than a type. */
function isByType({ requestId, personId, code, outcome }: EventFilter): boolean {
  return [requestId, personId, code].every((value) => value === undefined) && !isBad(outcome)
}

function isBad(outcome: EventFilter['outcome']): boolean {
  return outcome !== undefined && outcome !== 'success'
}

const columns = sql`id, at, type, outcome, code, person_id as "personId", request_id as "requestId"`

/** The read for a filter: of what is asked for together, by the index of the rarest. */
function readBy({ requestId, personId, code, outcome }: EventFilter, page: Page): SQL {
  const by = (index: string, where: SQL) =>
    sql`select ${columns} from ${events} indexed by ${sql.identifier(index)}
      where organization_id = ${page.organizationId} and ${where} ${page.range} order by id desc limit ${page.limit}`
  if (requestId !== undefined) return by('events_request', sql`request_id = ${requestId}`)
  if (personId !== undefined) return by('events_person', sql`person_id = ${personId}`)
  if (code !== undefined) return by('events_code', sql`code is not null and code = ${code}`)
  if (isBad(outcome)) {
    return by('events_outcome', sql`outcome <> 'success' and outcome = ${outcome}`)
  }
  return by('events_organization', sql`1 = 1`)
}

/** As many of each type. The list is the outer loop, whatever SQLite believes of its length (DESIGN 6). */
function readByType(types: readonly string[], { organizationId, range, limit }: Page): SQL {
  const ids = sql`select id from ${events} indexed by events_type
    where organization_id = ${organizationId} and type = t.value ${range} order by id desc limit ${limit}`
  return sql`select e.id, e.at, e.type, e.outcome, e.code, e.person_id as "personId", e.request_id as "requestId" from json_each(${JSON.stringify(types)}) t cross join ${events} e where e.id in (${ids}) order by e.id desc`
}

/** The time as a range of ids, which begin with it: what the indexes are ordered by. */
function rangeOf({ fromMs, toMs, before }: EventFilter): SQL {
  const to = toMs === undefined ? null : timedIdFrom('evt', toMs)
  const below = [before ?? null, to].filter((id) => id !== null).toSorted()[0]
  return sql.join([
    ...(fromMs === undefined ? [] : [sql`and id >= ${timedIdFrom('evt', fromMs)} `]),
    ...(below === undefined ? [] : [sql`and id < ${below}`]),
  ])
}

function passes(row: Row, filter: EventFilter, types: readonly string[] | null): boolean {
  return (
    (types === null || types.includes(row.type)) &&
    (filter.outcome === undefined || row.outcome === filter.outcome) &&
    (filter.code === undefined || row.code === filter.code) &&
    (filter.personId === undefined || row.personId === filter.personId) &&
    (filter.requestId === undefined || row.requestId === filter.requestId) &&
    (filter.fromMs === undefined || row.at >= filter.fromMs)
  )
}

/** Events of an organization by their ids, newest first, with what is still kept of their detail. One call. */
export async function loadEvents(
  db: Database,
  organizationId: string,
  ids: readonly string[],
): Promise<readonly StoredEvent[]> {
  if (ids.length === 0) return []
  const rows = await db
    .select({ event: events, detail: eventDetails.detail })
    .from(events)
    .leftJoin(eventDetails, eq(eventDetails.eventId, events.id))
    .where(
      and(
        sql`${events.id} in (select value from json_each(${JSON.stringify(ids)}))`,
        // Not by the index of the organization, through which SQLite would read all of it.
        sql`+${events.organizationId} = ${organizationId}`,
      ),
    )
    .orderBy(desc(events.id))
  return rows.map(({ event, detail }) => ({ ...event, detail }))
}
