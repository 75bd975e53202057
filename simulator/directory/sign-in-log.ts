import { numberIn, type Sql, textIn } from './sql.ts'

/** A line of the sign-in log. */
export type SignInRecord = {
  readonly what: 'sign-in' | 'sign-out' | 'refused'
  readonly appId: string | null
  readonly user: string | null
  /** `AADSTS50011` …; null when all went well. */
  readonly code: string | null
  readonly detail: string
  readonly correlationId: string
}

export function recordSignIn(sql: Sql, record: SignInRecord, nowMs: number): void {
  sql.all('INSERT INTO sign_ins (at, doc) VALUES (?, ?)', nowMs, JSON.stringify(record))
}

/** The newest first. */
export function listSignIns(
  sql: Sql,
  limit: number,
): readonly (SignInRecord & { readonly atMs: number })[] {
  return sql
    .all('SELECT at, doc FROM sign_ins ORDER BY id DESC LIMIT ?', limit)
    .map((row) => ({ ...JSON.parse(textIn(row, 'doc')), atMs: numberIn(row, 'at') }))
}
