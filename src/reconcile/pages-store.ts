import { sql } from 'drizzle-orm'
import { type Database, type Guard, type Statement, tables } from '../db/index.ts'
import type { Lease } from './lease-store.ts'

const { graphUsers, identities, people, reconcilePages } = tables

/**
 * What a run keeps of what it has read, a JSON list a row: whom it has seen, who is assigned (by app role), members
 * of a group, whose assignment differs from what is known, and statements that wait for the brake.
 */
export type ListKind =
  | 'seen'
  | 'assigned'
  | 'members'
  | 'different'
  | 'lacking'
  | 'waiting'
  | 'leaving'

export type ListRow = {
  readonly kind: ListKind
  readonly subject?: string
  readonly page: number
  /** A JSON list. */
  readonly ids: string
}

/** Stores rows, while the guard holds; one that is there already came of the same page. */
export function savePages(
  db: Database,
  { organizationId, runId }: Lease,
  { rows, guard }: { rows: readonly ListRow[]; guard: Guard },
): readonly Statement[] {
  return rows.map(({ kind, subject = '', page, ids }) =>
    db.run(
      sql`insert into ${reconcilePages} (run_id, kind, subject, page, organization_id, ids)
        select ${runId}, ${kind}, ${subject}, ${page}, ${organizationId}, ${ids} where ${guard}
        on conflict (run_id, kind, subject, page) do update set ids = excluded.ids`,
    ),
  )
}

/** One row of a list, after a page number; read by `readList`. */
export function nextPage(
  db: Database,
  { runId }: Lease,
  { kind, subject = '', after }: { kind: ListKind; subject?: string; after: number },
): Statement {
  return db.all(
    sql`select page, ids from ${reconcilePages} where run_id = ${runId} and kind = ${kind} and subject = ${subject} and page > ${after} order by page limit 1`,
  )
}

/** Rows of a kind that one answer has: together far below what an isolate holds. */
export const pagesPerAnswer = 10

/** The next rows of a kind, after a page number; read by `readList`. */
export function pagesAfter(
  db: Database,
  { runId }: Lease,
  { kind, after }: { kind: ListKind; after: number },
): Statement {
  return db.all(
    sql`select page, ids from ${reconcilePages} where run_id = ${runId} and kind = ${kind} and subject = '' and page > ${after} order by page limit ${pagesPerAnswer}`,
  )
}

/** The rows of an answer. */
export function readList<T>(answer: unknown): readonly { page: number; ids: readonly T[] }[] {
  return (answer as readonly { page: number; ids: string }[]).map(({ page, ids }) => ({
    page,
    ids: JSON.parse(ids) as T[],
  }))
}

/** Forgets rows of a kind, while the guard holds. */
export function deleteKind(
  db: Database,
  { runId }: Lease,
  { kind, subject = '', guard }: { kind: ListKind; subject?: string; guard: Guard },
): Statement {
  return db.run(
    sql`delete from ${reconcilePages} where run_id = ${runId} and kind = ${kind} and subject = ${subject} and ${guard}`,
  )
}

type Of = {
  readonly organizationId: string
  readonly connectionId: string
  readonly tenantId: string
}

/**
 * Asks how many are assigned by the read and, only where nobody is, how many were by the one before: to count those
 * reads them all.
 */
export function assignedCounts(
  db: Database,
  { runId }: Lease,
  { organizationId, connectionId }: Of,
): Statement {
  const now = sql`(select count(*) from ${reconcilePages} p, json_each(p.ids) where p.run_id = ${runId} and p.kind = 'assigned')`
  return db.all(
    sql`select a.now, case when a.now > 0 then 0 else (select count(*) from ${graphUsers}
        where organization_id = ${organizationId} and connection_id = ${connectionId} and assigned = 1) end as before
      from (select ${now} as now) a`,
  )
}

/**
 * Users whose assignment or app roles are not what is known, in the order of their ids: each with its roles. So is
 * whoever was nobody when Graph told of them and is somebody since: it does not tell again.
 */
export function differentAssignments(
  db: Database,
  { runId }: Lease,
  { of, after, limit }: { of: Of; after: string; limit: number },
): Statement {
  return db.all(
    sql`select a.id, a.roles from (
        select u.id, json_group_array(u.role) filter (where u.role <> '') as roles from (
          select j.value as id, p.subject as role from ${reconcilePages} p, json_each(p.ids) j
          where p.run_id = ${runId} and p.kind = 'assigned' and j.value > ${after} group by 1, 2 order by 1, 2) u
        group by u.id) a
      left join ${graphUsers} g on g.organization_id = ${of.organizationId} and g.connection_id = ${of.connectionId} and g.object_id = a.id
      where g.object_id is null or g.assigned = 0 or g.app_roles <> a.roles
        or (g.person_id is null and exists (select 1 from ${identities} i cross join ${people} p where i.organization_id = ${of.organizationId} and i.key = ${`entra:${of.tenantId}:`} || a.id
          and p.id = i.person_id and p.retired_at is null and (p.connection_id is null or p.connection_id = ${of.connectionId})))
      order by a.id limit ${limit}`,
  )
}

/** Users who are known as assigned and whom the complete list lacks, in the order of their ids. */
export function lackingAssignments(
  db: Database,
  { runId }: Lease,
  { of, after, limit }: { of: Of; after: string; limit: number },
): Statement {
  return db.all(
    sql`select object_id as id from ${graphUsers}
      where organization_id = ${of.organizationId} and connection_id = ${of.connectionId} and object_id > ${after} and assigned = 1
        and object_id not in (select j.value from ${reconcilePages} p, json_each(p.ids) j where p.run_id = ${runId} and p.kind = 'assigned')
      order by object_id limit ${limit}`,
  )
}

/** Users who are held or known as there, and whom the complete read has not seen, in the order of their ids. */
export function unseenUsers(
  db: Database,
  { runId }: Lease,
  { of, after, limit }: { of: Of; after: string; limit: number },
): Statement {
  const start = `entra:${of.tenantId}:`
  const seen = sql`(select j.value from ${reconcilePages} p, json_each(p.ids) j where p.run_id = ${runId} and p.kind = 'seen')`
  return db.all(
    sql`select * from (
        select substr(i.key, ${start.length + 1}) as id from ${identities} i
        where i.organization_id = ${of.organizationId} and i.key > ${start + after} and i.key < ${`entra:${of.tenantId};`} and i.connection_id = ${of.connectionId}
          and not exists (select 1 from ${graphUsers} g where g.organization_id = i.organization_id and g.connection_id = i.connection_id and g.object_id = substr(i.key, ${start.length + 1}) and g.state in ('deleted', 'gone'))
        union
        select g.object_id from ${graphUsers} g
        where g.organization_id = ${of.organizationId} and g.connection_id = ${of.connectionId} and g.object_id > ${after} and g.state not in ('deleted', 'gone')
      ) u where u.id not in ${seen} order by u.id limit ${limit}`,
  )
}

/** Of a page of `different`, those whom a full read has not seen; in the order of their ids. */
export function differentUnseen(
  db: Database,
  { runId }: Lease,
  { after, limit }: { after: string; limit: number },
): Statement {
  return db.all(
    sql`select j.value ->> '$.id' as id, j.value -> '$.roles' as roles from ${reconcilePages} d, json_each(d.ids) j
      where d.run_id = ${runId} and d.kind = 'different' and j.value ->> '$.id' > ${after}
        and j.value ->> '$.id' not in (select s.value from ${reconcilePages} p, json_each(p.ids) s where p.run_id = ${runId} and p.kind = 'seen')
      order by 1 limit ${limit}`,
  )
}

/** Ids of a list, in their order. */
export function listAfter(
  db: Database,
  { runId }: Lease,
  { kind, after, limit }: { kind: ListKind; after: string; limit: number },
): Statement {
  return db.all(
    sql`select j.value as id from ${reconcilePages} p, json_each(p.ids) j where p.run_id = ${runId} and p.kind = ${kind} and j.value > ${after} order by 1 limit ${limit}`,
  )
}
