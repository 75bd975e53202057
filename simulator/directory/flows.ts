import { uuid } from '../keys/index.ts'
import { type Sql, textIn } from './sql.ts'

/** What happens once somebody has been chosen on the sign-in page. */
export type Flow =
  | {
      /** A service provider asked. */
      readonly kind: 'authn-request'
      readonly appId: string
      readonly acsUrl: string
      readonly requestId: string
      readonly audience: string
      readonly relayState: string | null
      readonly nameIdFormat: string | null
      readonly requestedContexts: readonly string[]
      readonly forceAuthn: boolean
    }
  | {
      /** My Apps, or the portal's test button. */
      readonly kind: 'unsolicited'
      readonly appId: string
    }
  | { readonly kind: 'my-apps' }
  | {
      /** A service provider asked to sign out, and several people are signed in. */
      readonly kind: 'logout'
      readonly appId: string
    }

/** Keeps a flow while somebody looks at the sign-in page. @returns its id */
export function saveFlow(sql: Sql, flow: Flow, nowMs: number): string {
  const id = uuid()
  sql.all(
    'INSERT INTO flows (id, created_at, doc) VALUES (?, ?, ?)',
    id,
    nowMs,
    JSON.stringify(flow),
  )
  return id
}

/** A flow by its id; it stays, so that going back in the browser works. */
export function loadFlow(sql: Sql, id: string): Flow | null {
  const [row] = sql.all('SELECT doc FROM flows WHERE id = ?', id)
  return row === undefined ? null : JSON.parse(textIn(row, 'doc'))
}
