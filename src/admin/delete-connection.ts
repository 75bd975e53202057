import { allOf, runBatch } from '../db/index.ts'
import { mappingMoved, releasePeople, releaseProvisioning } from '../directory/index.ts'
import { dropGraphCredential, releaseGraphCredential } from '../graph/index.ts'
import { ok, type Result } from '../kernel/index.ts'
import { releaseReconciliation } from '../reconcile/index.ts'
import {
  boundQuery,
  connectionExists,
  deleteConnection,
  isOnlyConnection,
  nobodyIsBound,
  readBound,
} from '../saml/index.ts'
import { endConnectionSessions } from '../session/index.ts'
import { connectionOf } from './connection-of.ts'
import type { AdminRequest } from './endpoint.ts'
import { operatorEvent } from './operator-event.ts'
import { countPeople, type Refusal, refuse } from './refusal.ts'
import { resolveBehind } from './resolve-behind.ts'

/**
 * Deletes a connection in one batch, while it locks nobody out: people of a provider other than Entra are
 * known by the id of the connection, so one created anew would not know them. The guard stands in the batch,
 * where a first sign-in that came between is seen.
 */
export async function deleteConnectionOnce(
  request: AdminRequest<{ org: string; connection: string }>,
): Promise<Result<null, Refusal>> {
  const found = await connectionOf(request)
  if (!found.ok) return found
  const { db } = request
  const { id, organizationId, name, idpEntityId, claimNames } = found.value.connection
  const key = { organizationId, connectionId: id }
  const guard = allOf(connectionExists(key), nobodyIsBound(key))
  const results = await runBatch(db, [
    boundQuery(db, key),
    endConnectionSessions(db, { ...key, guard }),
    releasePeople(db, { ...key, guard: allOf(guard, isOnlyConnection(key)) }),
    ...releaseProvisioning(db, { ...key, guard: allOf(guard, isOnlyConnection(key)) }),
    releaseGraphCredential(db, { ...key, guard: allOf(guard, isOnlyConnection(key)) }),
    // Others stay, so nobody takes its secret over.
    dropGraphCredential(db, { ...key, guard }),
    ...releaseReconciliation(db, { ...key, guard }, isOnlyConnection(key)),
    ...operatorEvent(
      request,
      { type: 'connection.deleted', ...key, facts: { name, idpEntityId } },
      guard,
    ),
    ...(Object.keys(claimNames).length === 0
      ? []
      : mappingMoved(db, { organizationId, nowMs: request.nowMs, guard })),
    deleteConnection(db, key, guard),
  ])
  if ((results.at(-1) as readonly unknown[]).length === 1) {
    if (Object.keys(claimNames).length > 0) resolveBehind(request, organizationId)
    return ok(null)
  }
  const bound = readBound(results[0])
  return bound === 0
    ? refuse('admin.connection_not_found')
    : refuse('admin.connection_people_bound', {
        field: 'connection',
        message: `is the only way in for ${countPeople(bound)}: set status to disabled, or retire them first`,
      })
}
