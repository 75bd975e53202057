import { drizzle } from 'drizzle-orm/d1'

/**
 * Where a read may be served. `nearest` may lag behind (starting a sign-in, the first look of a
 * finishing one); everything that decides for good reads at the `primary`.
 */
export type Consistency = 'nearest' | 'primary'

/** The database as the domains see it: Drizzle over D1's Sessions API. */
export type Database = ReturnType<typeof openDatabase>

/**
 * Opens D1 for one request. Never continues a client's bookmark: a stranger must not choose how old
 * the data is that judges them.
 */
export function openDatabase(d1: D1Database, consistency: Consistency) {
  const session = d1.withSession(
    consistency === 'nearest' ? 'first-unconstrained' : 'first-primary',
  )
  // Drizzle is typed for D1Database; a session has the two methods that it uses, prepare and batch.
  // Without the schema: only relational queries need it, and working out relations anew costs each request
  // more than anything else here.
  return drizzle(session as unknown as D1Database, { casing: 'snake_case' })
}
