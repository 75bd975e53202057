import { sql } from 'drizzle-orm'
import { type Guard, tables } from '../db/index.ts'

const { people } = tables

/** Whether the person of an event in `value` still has the version that it is about; one of nobody's version is told. */
export function personIsAt(): Guard {
  return sql`(value ->> '$.version' is null or exists (select 1 from ${people} p where p.id = value ->> '$.personId' and p.version = value ->> '$.version'))`
}
