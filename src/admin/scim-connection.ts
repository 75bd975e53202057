import { allOf, type Database, type Guard } from '../db/index.ts'
import { ok, type Result } from '../kernel/index.ts'
import {
  type ConnectionRow,
  connectionExists,
  isOnlyConnection,
  listConnections,
  loadConnection,
} from '../saml/index.ts'
import { type Refusal, refuse, refuseFields } from './refusal.ts'

/** The connection that a SCIM credential is made for, and what must still hold when it is stored. */
export type ScimConnection = {
  /** Null before the organization's first connection, which will take the credential over. */
  readonly connection: ConnectionRow | null
  readonly guard: Guard
}

/**
 * The connection that a request names. It may be left out while there is at most one (DESIGN 2.1).
 * @param connectionId as the body has it
 */
export async function scimConnection(
  db: Database,
  organizationId: string,
  connectionId: string | undefined,
): Promise<Result<ScimConnection, Refusal>> {
  if (connectionId !== undefined) {
    const record = await loadConnection(db, connectionId, organizationId)
    const message = 'is not a connection of the organization'
    return record === null
      ? refuse('admin.connection_not_found', { field: 'connection', message })
      : ok({
          connection: record.connection,
          guard: connectionExists({ organizationId, connectionId }),
        })
  }
  const [only, another] = await listConnections(db, organizationId, { after: '', limit: 2 })
  if (another !== undefined) {
    const message = 'is required, since the organization has several connections'
    return refuseFields({ field: 'connection', message })
  }
  const key = { organizationId, connectionId: only?.connection.id ?? '' }
  const isAlone = isOnlyConnection(key)
  return ok({
    connection: only?.connection ?? null,
    guard: only === undefined ? isAlone : allOf(connectionExists(key), isAlone),
  })
}

/** Whether a time that was entered as the end of something lies in the past. */
export function isPast(expiresAtMs: number | undefined, nowMs: number): boolean {
  return expiresAtMs !== undefined && expiresAtMs <= nowMs
}

export function refusePast(field: string) {
  return refuseFields({ field, message: 'must be in the future' })
}

/** Refuses one more of something of the organization. */
export function refuseMany(message: string, field = 'org') {
  return refuse('admin.limit_reached', { field, message })
}
