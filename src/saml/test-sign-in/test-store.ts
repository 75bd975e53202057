import { and, desc, eq, gt, lt, or, type SQL, sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, type Statement, tables } from '../../db/index.ts'
import { limits } from '../../kernel/index.ts'
import type { ConnectionKey } from '../connection-write-store.ts'

const { people, testSignIns } = tables

const dayMs = 24 * 60 * 60 * 1000
/** Counted from the end of the link, which is at most an hour and a login after its making: a report stays less than 7. */
const keptDays = 6
/** Rows that one tick deletes. */
const portion = 200

export type TestSignInRow = typeof testSignIns.$inferSelect

/** A test sign-in of one organization. */
export type TestSignInKey = { readonly organizationId: string; readonly testId: string }

/** Stores a test sign-in, whose token is only kept as a hash, while the guard holds. */
export function insertTestSignIn(
  db: Database,
  row: typeof testSignIns.$inferInsert,
  guard: Guard,
): Statement {
  return insertWhere(db, testSignIns, { row, guard })
}

/** Whether the test sign-in is there. */
export function testSignInExists({ organizationId, testId }: TestSignInKey): Guard {
  return sql`exists (select 1 from ${testSignIns} where id = ${testId} and organization_id = ${organizationId})`
}

/** Whether the connection may have one more test sign-in. */
export function mayAddTestSignIn({ organizationId, connectionId }: ConnectionKey): Guard {
  return sql`(select count(*) from ${testSignIns} where organization_id = ${organizationId} and connection_id = ${connectionId}) < ${limits.testSignInsPerConnection}`
}

/** A test sign-in of a connection, or null. */
export async function findTestSignIn(
  db: Database,
  key: TestSignInKey & { readonly connectionId: string },
): Promise<TestSignInRow | null> {
  const rows = await db
    .select()
    .from(testSignIns)
    .where(
      and(
        eq(testSignIns.id, key.testId),
        eq(testSignIns.organizationId, key.organizationId),
        eq(testSignIns.connectionId, key.connectionId),
      ),
    )
  return rows[0] ?? null
}

/** One page of a connection's test sign-ins, newest first; ask for one more than shown. */
export async function listTestSignIns(
  db: Database,
  { organizationId, connectionId }: { organizationId: string; connectionId: string },
  page: {
    readonly limit: number
    /** The last one of the page before. */
    readonly after: { readonly createdAt: number; readonly id: string } | null
  },
): Promise<readonly TestSignInRow[]> {
  const { after, limit } = page
  return db
    .select()
    .from(testSignIns)
    .where(
      and(
        eq(testSignIns.organizationId, organizationId),
        eq(testSignIns.connectionId, connectionId),
        after === null
          ? undefined
          : or(
              lt(testSignIns.createdAt, after.createdAt),
              and(eq(testSignIns.createdAt, after.createdAt), lt(testSignIns.id, after.id)),
            ),
      ),
    )
    .orderBy(desc(testSignIns.createdAt), desc(testSignIns.id))
    .limit(limit)
}

/** What the doors ask for by id or by token: they speak for one connection, as the path says. */
export type TestAtDoor = Pick<
  TestSignInRow,
  'id' | 'organizationId' | 'connectionId' | 'status' | 'createPerson' | 'report'
>

/** The test sign-in of this id or token at this connection, or null. */
export async function loadTestAtDoor(
  db: Database,
  connectionId: string,
  by: { readonly testId: string } | { readonly tokenSha256: string },
): Promise<TestAtDoor | null> {
  const rows = await db
    .select()
    .from(testSignIns)
    .where(
      and(
        eq(testSignIns.connectionId, connectionId),
        'testId' in by
          ? eq(testSignIns.id, by.testId)
          : eq(testSignIns.tokenSha256, by.tokenSha256),
      ),
    )
  return rows[0] ?? null
}

/** Begins a test sign-in, once, while its link is in time; of two who open it at once, one begins. */
export async function beginTestSignIn(
  db: Database,
  { testId, nowMs }: { testId: string; nowMs: number },
): Promise<boolean> {
  const begun = await db
    .update(testSignIns)
    .set({ status: 'started', startedAt: nowMs })
    .where(
      and(
        eq(testSignIns.id, testId),
        eq(testSignIns.status, 'waiting'),
        gt(testSignIns.expiresAt, nowMs),
      ),
    )
    .returning({ id: testSignIns.id })
  return begun.length === 1
}

/** Whether the test sign-in was begun and has no end yet. */
export function testIsOpen(testId: string): SQL {
  return sql`exists (select 1 from ${testSignIns} where id = ${testId} and status = 'started')`
}

export type TestEnd = {
  readonly testId: string
  readonly status: 'passed' | 'failed'
  readonly report: unknown
  /** Whom it names, if they are there. */
  readonly personId: string | null
  readonly nowMs: number
}

/** Ends a test sign-in with its report, once, while the guard holds; the last of its batch, answers with its id. */
export function endTestSignIn(
  db: Database,
  { testId, status, report, personId, nowMs }: TestEnd,
  guard: Guard,
): Statement {
  const whom =
    personId === null
      ? null
      : sql`(select id from ${people} where id = ${personId} and organization_id = ${testSignIns.organizationId})`
  return db
    .update(testSignIns)
    .set({ status, report, finishedAt: nowMs, personId: whom })
    .where(and(eq(testSignIns.id, testId), eq(testSignIns.status, 'started'), guard))
    .returning({ id: testSignIns.id })
}

/** Deletes test sign-ins with their reports before they are 7 days old, in portions. */
export function pruneTestSignIns(db: Database, nowMs: number): Statement {
  return db.run(
    sql`delete from ${testSignIns} where id in (select id from ${testSignIns} where expires_at < ${nowMs - keptDays * dayMs} order by expires_at limit ${portion})`,
  )
}
