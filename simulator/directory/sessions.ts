import { numberIn, type Sql, textIn } from './sql.ts'
import type { User } from './users.ts'

/** Somebody signed in to the simulator in one browser. There may be several. */
export type SessionAccount = {
  readonly userId: string
  readonly method: User['authentication']
  readonly authenticatedAtMs: number
}

/** An application that got an assertion in this session, and what it knows the person by. */
export type Participant = {
  readonly appId: string
  readonly sessionIndex: string
  readonly nameId: string
  readonly nameIdFormat: string
}

/** Those signed in in a browser, the last used first. */
export function listAccounts(sql: Sql, browser: string): readonly SessionAccount[] {
  return sql
    .all('SELECT * FROM sessions WHERE browser = ? ORDER BY used_at DESC, user_id', browser)
    .map((row) => ({
      userId: textIn(row, 'user_id'),
      method: methodOf(textIn(row, 'method')),
      authenticatedAtMs: numberIn(row, 'authenticated_at'),
    }))
}

/** Signs somebody in, or notes that they were seen again. */
export function startAccount(
  sql: Sql,
  browser: string,
  account: SessionAccount & { readonly usedAtMs: number },
): void {
  sql.all(
    'INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?, ?)',
    browser,
    account.userId,
    account.method,
    account.authenticatedAtMs,
    account.usedAtMs,
  )
}

/** Signs somebody out, and forgets which applications they used. */
export function endAccount(sql: Sql, browser: string, userId: string): void {
  sql.all('DELETE FROM sessions WHERE browser = ? AND user_id = ?', browser, userId)
  sql.all('DELETE FROM participants WHERE browser = ? AND user_id = ?', browser, userId)
}

/** Of several assertions for one application only the last session index is remembered, as Entra does. */
export function recordParticipant(
  sql: Sql,
  at: { readonly browser: string; readonly userId: string },
  participant: Participant,
): void {
  sql.all(
    'INSERT OR REPLACE INTO participants VALUES (?, ?, ?, ?)',
    at.browser,
    at.userId,
    participant.appId,
    JSON.stringify(participant),
  )
}

export function listParticipants(
  sql: Sql,
  browser: string,
  userId: string,
): readonly Participant[] {
  return sql
    .all('SELECT doc FROM participants WHERE browser = ? AND user_id = ?', browser, userId)
    .map((row) => JSON.parse(textIn(row, 'doc')))
}

function methodOf(text: string): User['authentication'] {
  return text === 'mfa' || text === 'passkey' || text === 'certificate' ? text : 'password'
}
