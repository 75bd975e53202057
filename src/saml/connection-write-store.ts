import { and, eq, type SQL, sql } from 'drizzle-orm'
import { type Database, type Guard, insertWhere, type Statement, tables } from '../db/index.ts'
import { base64Encode, limits } from '../kernel/index.ts'
import type { Certificate } from '../xmldsig/index.ts'
import type { CertificateRow, ConnectionKeyRow, ConnectionRow } from './connection-store.ts'

const {
  connectionCertificates,
  connectionKeys,
  connections,
  connectionTesters,
  identities,
  people,
} = tables

/** A connection of one organization, by which every statement here is bound. */
export type ConnectionKey = { readonly organizationId: string; readonly connectionId: string }

/** Whether the connection is there. */
export function connectionExists({ organizationId, connectionId }: ConnectionKey): Guard {
  return sql`exists (select 1 from ${connections} where id = ${connectionId} and organization_id = ${organizationId})`
}

/** Whether the connection still is what was read. */
export function connectionAt({ id, organizationId, version }: ConnectionRow): Guard {
  return sql`exists (select 1 from ${connections} where id = ${id} and organization_id = ${organizationId} and version = ${version})`
}

/** Whether the organization may have one more connection. */
export function mayAddConnection(organizationId: string): Guard {
  return sql`(select count(*) from ${connections} where organization_id = ${organizationId}) < ${limits.connectionsPerOrganization}`
}

/** Whether the organization has no connection but this one. */
export function isOnlyConnection({ organizationId, connectionId }: ConnectionKey): Guard {
  return sql`not exists (select 1 from ${connections} where organization_id = ${organizationId} and id <> ${connectionId})`
}

/**
 * Whether nobody would be locked out without this connection: no one is known by what only its provider
 * says of them. An identity of Entra is not only this connection's while another one trusts the same tenant
 * (docs/decisions/0004), and somebody retired does not come back.
 */
export function nobodyIsBound(key: ConnectionKey): Guard {
  return sql`not exists (${boundPeople(key)})`
}

/** How many people would be, as evidence. */
export function boundQuery(db: Database, key: ConnectionKey): Statement {
  return db.all(sql`select count(*) as bound from (${boundPeople(key)})`)
}

/** Reads the answer of `boundQuery`. */
export function readBound(answer: unknown): number {
  return (answer as readonly { bound: number }[])[0]?.bound ?? 0
}

/** Identity keys of one connection or tenant lie side by side in the primary key: from `…:` to before `…;`. */
function boundPeople({ organizationId, connectionId }: ConnectionKey): SQL {
  const prefix = sql`case when c.tenant_id is null then 'saml:' || c.id else 'entra:' || c.tenant_id end`
  return sql`select 1 from ${connections} c
    cross join ${identities} i on i.organization_id = c.organization_id
      and i.key > ${prefix} || ':' and i.key < ${prefix} || ';'
    cross join ${people} p on p.id = i.person_id and p.retired_at is null
    where c.id = ${connectionId} and c.organization_id = ${organizationId} and not exists (
      select 1 from ${connections} o where o.organization_id = c.organization_id and o.id <> c.id
        and o.tenant_id = c.tenant_id)`
}

/** Stores a connection while the guard holds. */
export function insertConnection(
  db: Database,
  row: typeof connections.$inferInsert,
  guard: Guard,
): Statement {
  return insertWhere(db, connections, { row, guard })
}

/**
 * Changes a connection while the guard holds and its version is still what was read, and counts the
 * version up: a sign-in judged by the old one is judged again. The last of its batch; answers with the new
 * version.
 */
export function updateConnection(
  db: Database,
  {
    before,
    set,
    nowMs,
    guard,
  }: {
    before: ConnectionRow
    set: Partial<typeof connections.$inferInsert>
    nowMs: number
    guard?: Guard
  },
): Statement {
  return db
    .update(connections)
    .set({ ...set, version: before.version + 1, updatedAt: nowMs })
    .where(
      and(
        eq(connections.id, before.id),
        eq(connections.organizationId, before.organizationId),
        eq(connections.version, before.version),
        guard,
      ),
    )
    .returning({ version: connections.version })
}

/** Deletes a connection with its certificates, keys and testers while the guard holds; answers with its id. */
export function deleteConnection(db: Database, key: ConnectionKey, guard: Guard): Statement {
  return db
    .delete(connections)
    .where(
      and(
        eq(connections.id, key.connectionId),
        eq(connections.organizationId, key.organizationId),
        guard,
      ),
    )
    .returning({ id: connections.id })
}

export type NewCertificate = {
  readonly certificate: Certificate
  readonly origin: CertificateRow['origin']
}

/**
 * Trusts certificates, in one statement. One that is held already takes the new origin and is not retired, nor due
 * to be; when it last verified a sign-in stays known.
 */
export function saveCertificates(
  db: Database,
  {
    key,
    added,
    nowMs,
    guard,
  }: {
    key: ConnectionKey
    added: readonly NewCertificate[]
    nowMs: number
    guard: Guard
  },
): Statement {
  const rows = added.map(({ certificate, origin }) => ({
    sha256: certificate.sha256,
    der: base64Encode(certificate.der),
    notBefore: certificate.notBeforeMs,
    notAfter: certificate.notAfterMs,
    origin,
  }))
  return db.run(
    sql`insert into ${connectionCertificates} (connection_id, organization_id, sha256, der, not_before, not_after, origin, added_at)
      select ${key.connectionId}, ${key.organizationId}, j.value ->> 'sha256', j.value ->> 'der', j.value ->> 'notBefore',
        j.value ->> 'notAfter', j.value ->> 'origin', ${nowMs}
      from json_each(${JSON.stringify(rows)}) j where ${guard}
      on conflict (connection_id, sha256) do update set origin = excluded.origin, retire_at = null, retired_at = null`,
  )
}

/** Trusts certificates no longer. */
export function removeCertificates(
  db: Database,
  { key, removed, guard }: { key: ConnectionKey; removed: readonly string[]; guard: Guard },
): Statement {
  return db.run(
    sql`delete from ${connectionCertificates} where connection_id = ${key.connectionId}
      and sha256 in (select value from json_each(${JSON.stringify(removed)})) and ${guard}`,
  )
}

/** Stores a key pair while the guard holds. */
export function insertConnectionKey(db: Database, row: ConnectionKeyRow, guard: Guard): Statement {
  return insertWhere(db, connectionKeys, { row, guard })
}

/** Moves a key pair to its next state. */
export function setKeyState(
  db: Database,
  {
    row,
    state,
    guard,
  }: {
    row: ConnectionKeyRow
    state: ConnectionKeyRow['state']
    guard: Guard
  },
): Statement {
  return db
    .update(connectionKeys)
    .set({ state })
    .where(
      and(
        eq(connectionKeys.id, row.id),
        eq(connectionKeys.organizationId, row.organizationId),
        guard,
      ),
    )
}

/** Deletes a key pair for good: what was encrypted for it can no longer be read. */
export function deleteConnectionKey(db: Database, row: ConnectionKeyRow, guard: Guard): Statement {
  return db
    .delete(connectionKeys)
    .where(
      and(
        eq(connectionKeys.id, row.id),
        eq(connectionKeys.organizationId, row.organizationId),
        guard,
      ),
    )
}

/** Names a tester while the guard holds. */
export function insertTester(
  db: Database,
  row: typeof connectionTesters.$inferInsert,
  guard: Guard,
): Statement {
  return insertWhere(db, connectionTesters, { row, guard })
}

/** Takes a tester from the list. */
export function deleteTester(
  db: Database,
  row: typeof connectionTesters.$inferSelect,
  guard: Guard,
): Statement {
  return db
    .delete(connectionTesters)
    .where(
      and(
        eq(connectionTesters.connectionId, row.connectionId),
        eq(connectionTesters.kind, row.kind),
        eq(connectionTesters.valueKey, row.valueKey),
        guard,
      ),
    )
}
