/** One call to D1 over the network: a batch is one, whatever it holds. */
export type D1Call = {
  readonly kind: 'batch' | 'statement'
  readonly consistency: string
  readonly sql: readonly string[]
  rowsRead: number
  rowsWritten: number
}

/** Where a fault strikes: before the call reaches D1, or after D1 did it and the answer is lost. */
export type Fault = { readonly call: number; readonly when: 'before' | 'after' }

type Prepared = D1PreparedStatement & { readonly inner: D1PreparedStatement; readonly sql: string }

const maxValueBytes = 2_000_000
const maxSqlBytes = 100_000
const maxParameters = 100

/**
 * D1 that counts calls and rows, refuses what production refuses and local D1 accepts, and fails on
 * demand. `lag` makes reads of `first-unconstrained` sessions come from an older copy.
 */
export function countingD1(d1: D1Database, options: { readonly stale?: D1Database } = {}) {
  const calls: D1Call[] = []
  let faults: readonly Fault[] = []
  let before: ((call: D1Call, index: number) => Promise<void>) | null = null

  async function run<T>(
    call: Omit<D1Call, 'rowsRead' | 'rowsWritten'>,
    work: () => Promise<T>,
  ): Promise<T> {
    const index = calls.length
    const counted: D1Call = { ...call, rowsRead: 0, rowsWritten: 0 }
    calls.push(counted)
    for (const sql of call.sql) {
      if (sql.length > maxSqlBytes) throw new Error('D1_ERROR: statement too long: SQLITE_TOOBIG')
    }
    await before?.(counted, index)
    const fault = faults.find((one) => one.call === index)
    if (fault?.when === 'before') throw new Error('D1_ERROR: Network connection lost.')
    const result = await work()
    for (const one of Array.isArray(result) ? result : [result]) {
      const meta = (one as { meta?: { rows_read?: number; rows_written?: number } } | null)?.meta
      counted.rowsRead += meta?.rows_read ?? 0
      counted.rowsWritten += meta?.rows_written ?? 0
    }
    if (fault?.when === 'after') throw new Error('D1_ERROR: Network connection lost.')
    return result
  }

  function wrapStatement(inner: D1PreparedStatement, sql: string, consistency: string): Prepared {
    const one = { kind: 'statement' as const, consistency, sql: [sql] }
    return {
      inner,
      sql,
      bind(...values: unknown[]) {
        if (values.length > maxParameters) throw new Error('D1_ERROR: too many SQL variables')
        for (const value of values) {
          if (typeof value === 'string' && value.length > maxValueBytes) {
            throw new Error('D1_ERROR: string or blob too big: SQLITE_TOOBIG')
          }
        }
        return wrapStatement(inner.bind(...values), sql, consistency)
      },
      all: () => run(one, () => inner.all()),
      run: () => run(one, () => inner.run()),
      first: (...column: [string]) => run(one, () => inner.first(...column)),
      // `raw` gives no meta; the same statement through `all` does, and the rows in column order.
      raw: (options?: { columnNames?: boolean }) =>
        run(one, () => inner.raw(options as { columnNames: true })),
    } as unknown as Prepared
  }

  function wrap(inner: D1Database | D1DatabaseSession, consistency: string) {
    return {
      prepare: (sql: string) => wrapStatement(inner.prepare(sql), sql, consistency),
      batch: (statements: Prepared[]) => {
        if (statements.length > 50)
          throw new Error('D1_ERROR: too many statements for the free plan')
        return run({ kind: 'batch', consistency, sql: statements.map((one) => one.sql) }, () =>
          inner.batch(statements.map((one) => one.inner)),
        )
      },
      getBookmark: () => null,
    }
  }

  const database = {
    ...wrap(d1, 'primary'),
    withSession(constraint: string) {
      const source = constraint === 'first-unconstrained' ? (options.stale ?? d1) : d1
      const session = wrap(source.withSession('first-primary'), constraint)
      if (source === d1) return session
      // A write in a session on a replica is carried out by the primary.
      const primary = wrap(d1.withSession('first-primary'), constraint)
      const writes = (sql: string) => /^\s*(insert|update|delete)/i.test(sql)
      return {
        ...session,
        prepare: (sql: string) => (writes(sql) ? primary.prepare(sql) : session.prepare(sql)),
        batch: (statements: Prepared[]) =>
          statements.some((one) => writes(one.sql))
            ? primary.batch(statements)
            : session.batch(statements),
      }
    },
  }
  return {
    d1: database as unknown as D1Database,
    calls,
    /** Forgets what was counted, before the part that is measured. */
    restart(): void {
      calls.length = 0
    },
    failAt(next: readonly Fault[]): void {
      faults = next
    },
    /** Does something between two calls: the other writer of a race. */
    beforeEachCall(hook: ((call: D1Call, index: number) => Promise<void>) | null): void {
      before = hook
    },
    rows() {
      return {
        read: calls.reduce((sum, call) => sum + call.rowsRead, 0),
        written: calls.reduce((sum, call) => sum + call.rowsWritten, 0),
      }
    },
  }
}

export type CountingD1 = ReturnType<typeof countingD1>
