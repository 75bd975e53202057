import type * as z from '#zod'
import { allOf } from '../db/index.ts'
import { newTimedId, type Result } from '../kernel/index.ts'
import { insertRun, noRunUnfinished, runExists } from '../reconcile/index.ts'
import { createOnce, findReplay } from './create-store.ts'
import type { AdminRequest } from './endpoint.ts'
import { replayedHeader } from './idempotency.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf } from './organization-of.ts'
import type { createRun } from './reconcile-schema.ts'
import { type Refusal, refuse } from './refusal.ts'
import { answerNow, goOnBehind, type RunAnswer } from './run-of.ts'
import { scimConnection } from './scim-connection.ts'

/** Creates a run, which begins behind the answer. */
export async function startRun(
  request: AdminRequest<{ org: string }, unknown, z.output<typeof createRun>>,
): Promise<Result<RunAnswer, Refusal>> {
  const { body, c, db, deps, nowMs, idempotency } = request
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  const organizationId = organization.value.id
  const replay = await findReplay(db, idempotency, nowMs)
  if (replay !== null) return answerEarlier(replay)
  const place = await scimConnection(db, organizationId, body.connection)
  if (!place.ok) return place
  const connectionId = place.value.connection?.id ?? ''
  const run = {
    id: newTimedId('run', nowMs, deps.random),
    organizationId,
    connectionId,
    kind: 'reconcile',
    trigger: 'api',
    dryRun: body.dryRun,
    isFull: body.full,
    nowMs,
  } as const
  const outcome = await createOnce(db, {
    idempotency,
    nowMs,
    resourceId: run.id,
    allowed: allOf(place.value.guard, noRunUnfinished(run)),
    exists: runExists(run),
    questions: [],
    insert: (guard) => insertRun(db, run, { step: 'application', guard }),
    dependents: (guard) =>
      operatorEvent(
        request,
        {
          type: 'reconcile.started',
          organizationId,
          ...(connectionId === '' ? {} : { connectionId }),
          facts: { run: run.id, dryRun: body.dryRun, full: body.full },
        },
        guard,
      ),
  })
  if (outcome.kind === 'refused') return refuse('reconcile.run_unfinished')
  if (outcome.kind !== 'created') return answerEarlier(outcome)
  const key = { organizationId, runId: run.id }
  goOnBehind(request, key)
  return answerNow(request, key)

  async function answerEarlier(
    earlier: NonNullable<typeof replay>,
  ): Promise<Result<RunAnswer, Refusal>> {
    if (earlier.kind === 'conflict') return refuse('admin.idempotency_conflict')
    c.header(replayedHeader, 'true')
    return answerNow(request, { organizationId, runId: earlier.resourceId })
  }
}
