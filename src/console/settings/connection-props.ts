import type { ConnectionAnswer, RefreshAnswer } from '../../admin/index.ts'
import type { ConsoleRequest } from '../route.ts'
import type { Sent } from './sent.ts'

/** What the parts of a connection's page are shown from. */
export type ConnectionProps = {
  readonly request: ConsoleRequest
  readonly connection: ConnectionAnswer
  readonly refresh: RefreshAnswer
  readonly sent: Sent | null
}
