import { described } from '#described'
import * as z from '#zod'
import { type Guard, runBatch } from '../db/index.ts'
import { ok, type Result } from '../kernel/index.ts'
import {
  acceptDrift,
  type DriftRow,
  decideDrift,
  driftIsOpen,
  findDrift,
  listDrift,
  type NamedDrift,
} from '../reconcile/index.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath, pathId } from './fields.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf } from './organization-of.ts'
import { cutPage, idCursor, pageOf, pageQuery } from './paging.ts'
import { presentDrift } from './present-run.ts'
import { driftAnswer } from './reconcile-schema.ts'
import { type Refusal, refuse } from './refusal.ts'

const tag = 'Reconciliation'
const path = '/organizations/{org}/drift'
const driftPath = organizationPath.extend({ drift: pathId })
const refusals = [
  'admin.organization_not_found',
  'admin.drift_not_found',
  'reconcile.drift_decided',
  'reconcile.drift_not_repairable',
] as const

export const driftEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path,
    id: 'listDrift',
    described: described(() => ({
      tag,
      summary: 'Differences between the tenants and what Portico holds, newest first.',
      answer: pageOf(driftAnswer),
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    query: z.strictObject({
      ...pageQuery(idCursor('drf')),
      state: z.enum(['open', 'done', 'accepted', 'dismissed']).optional(),
    }),
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { limit, cursor, state } = request.query
      const rows = await listDrift(request.db, organization.value.id, {
        before: cursor ?? null,
        limit: limit + 1,
        ...(state === undefined ? {} : { state }),
      })
      return ok(cutPage(rows, { limit, cursorOf: ({ id }) => id, present: presentDrift }))
    },
  }),
  endpoint({
    method: 'post',
    path: `${path}/{drift}/accept`,
    id: 'acceptDrift',
    described: described(() => ({
      tag,
      summary: 'Repair a difference once, whatever its policy is.',
      answer: driftAnswer,
      refusals,
    })),
    params: driftPath,
    async handle(request) {
      const found = await driftOf(request)
      if (!found.ok) return found
      const drift = found.value
      const { deps, db, nowMs } = request
      const accepted = await acceptDrift({
        deps,
        db,
        drift,
        nowMs,
        event: ({ personId, changed }, guard) =>
          decisionEvent(request, drift, { type: 'drift.accepted', personId, changed, guard }),
      })
      return accepted.ok
        ? ok(presentDrift({ ...accepted.value, userName: drift.userName }))
        : refuse(accepted.failure.code)
    },
  }),
  endpoint({
    method: 'post',
    path: `${path}/{drift}/dismiss`,
    id: 'dismissDrift',
    described: described(() => ({
      tag,
      summary: 'Leave a difference as it is; while it is the same, it is not told again.',
      answer: driftAnswer,
      refusals: refusals.slice(0, 3),
    })),
    params: driftPath,
    async handle(request) {
      const found = await driftOf(request)
      if (!found.ok) return found
      const { db, nowMs } = request
      const { organizationId, id: driftId, personId } = found.value
      const guard = driftIsOpen(organizationId, driftId)
      const results = await runBatch(db, [
        ...decisionEvent(request, found.value, {
          type: 'drift.dismissed',
          personId,
          changed: [],
          guard,
        }),
        decideDrift(db, { organizationId, driftId }, { state: 'dismissed', nowMs, guard }),
      ])
      const [row] = results.at(-1) as readonly DriftRow[]
      return row === undefined
        ? refuse('reconcile.drift_decided')
        : ok(presentDrift({ ...row, userName: found.value.userName }))
    },
  }),
]

/** The difference that the path names; another organization's is not found. */
async function driftOf(
  request: AdminRequest<{ org: string; drift: string }>,
): Promise<Result<NamedDrift, Refusal>> {
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  const key = { organizationId: organization.value.id, driftId: request.params.drift }
  const found = await findDrift(request.db, key)
  return found === null ? refuse('admin.drift_not_found') : ok(found)
}

function decisionEvent(
  request: AdminRequest,
  { organizationId, connectionId, id, kind, attribute }: DriftRow,
  {
    type,
    personId,
    changed,
    guard,
  }: {
    type: 'drift.accepted' | 'drift.dismissed'
    personId: string | null
    changed: readonly string[]
    guard: Guard
  },
) {
  return operatorEvent(
    request,
    {
      type,
      organizationId,
      ...(connectionId === '' ? {} : { connectionId }),
      ...(personId === null ? {} : { personId }),
      facts: { drift: id, kind, ...(attribute === null ? {} : { attribute }), changed },
    },
    guard,
  )
}
