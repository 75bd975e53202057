export type SqlValue = string | number | null
export type SqlRow = Readonly<Record<string, SqlValue>>

/** SQLite without waiting: a Durable Object's storage, or node:sqlite in tests. */
export type Sql = {
  /** Runs one statement. @returns its rows */
  all(statement: string, ...values: readonly SqlValue[]): readonly SqlRow[]
  /** All or nothing. */
  transaction<T>(work: () => T): T
}

/** A text column. @throws when the column holds none, which would be a wrong query */
export function textIn(row: SqlRow, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new Error(`${column} is not text`)
  return value
}

/** A number column. @throws when the column holds none */
export function numberIn(row: SqlRow, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw new Error(`${column} is not a number`)
  return value
}

/** A JSON document that one of our own functions wrote, filled up with what was added to its type since. */
export function documentIn<T extends object>(row: SqlRow, defaults: T): T {
  return { ...defaults, ...JSON.parse(textIn(row, 'doc')) }
}
