import { described } from '#described'
import * as z from '#zod'
import { runBatch } from '../db/index.ts'
import { ok } from '../kernel/index.ts'
import {
  cancelRun,
  listDrift,
  listRuns,
  releaseRun,
  runIsHeld,
  runIsUnfinished,
} from '../reconcile/index.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath } from './fields.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf } from './organization-of.ts'
import { cutPage, idCursor, pageOf, pageQuery } from './paging.ts'
import { presentDrift, presentRun } from './present-run.ts'
import { createRun, driftAnswer, runAnswer, runPath, runSummary } from './reconcile-schema.ts'
import { refuse } from './refusal.ts'
import { answerNow, answerRun, goOnBehind, runFacts, runOf } from './run-of.ts'
import { startRun } from './start-run.ts'

const tag = 'Reconciliation'
const path = '/organizations/{org}/reconcile-runs'
const unfound = ['admin.organization_not_found', 'admin.run_not_found'] as const

export const reconcileRunEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'post',
    path,
    id: 'createReconcileRun',
    described: described(() => ({
      tag,
      summary: 'Compare the tenant with what Portico holds, and repair as the settings say.',
      description:
        'Begins at once and goes on by itself; ask for the run to see how far it is. A connection has one run at a time.',
      answer: runAnswer,
      refusals: [
        'admin.organization_not_found',
        'admin.connection_not_found',
        'admin.run_not_found',
        'reconcile.run_unfinished',
      ],
    })),
    params: organizationPath,
    body: createRun,
    created: true,
    idempotent: true,
    handle: startRun,
  }),
  endpoint({
    method: 'get',
    path,
    id: 'listReconcileRuns',
    described: described(() => ({
      tag,
      summary: 'Runs, newest first; those after a change of the mapping too.',
      answer: pageOf(runSummary),
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    query: z.strictObject(pageQuery(idCursor('run'))),
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { limit, cursor } = request.query
      const page = { before: cursor ?? null, limit: limit + 1 }
      const rows = await listRuns(request.db, organization.value.id, page)
      return ok(cutPage(rows, { limit, cursorOf: ({ id }) => id, present: presentRun }))
    },
  }),
  endpoint({
    method: 'get',
    path: `${path}/{run}`,
    id: 'getReconcileRun',
    described: described(() => ({
      tag,
      summary: 'One run: where it stands, and what it found.',
      answer: runAnswer,
      refusals: unfound,
    })),
    params: runPath,
    async handle(request) {
      const found = await runOf(request)
      return found.ok ? answerRun(request, found.value) : found
    },
  }),
  endpoint({
    method: 'get',
    path: `${path}/{run}/drift`,
    id: 'listRunDrift',
    described: described(() => ({
      tag,
      summary: 'What a run found, newest first.',
      answer: pageOf(driftAnswer),
      refusals: unfound,
    })),
    params: runPath,
    query: z.strictObject(pageQuery(idCursor('drf'))),
    async handle(request) {
      const found = await runOf(request)
      if (!found.ok) return found
      const { limit, cursor } = request.query
      const { organizationId, id: runId } = found.value
      const filter = { runId, before: cursor ?? null, limit: limit + 1 }
      const rows = await listDrift(request.db, organizationId, filter)
      return ok(cutPage(rows, { limit, cursorOf: ({ id }) => id, present: presentDrift }))
    },
  }),
  endpoint({
    method: 'post',
    path: `${path}/{run}/release`,
    id: 'releaseReconcileRun',
    described: described(() => ({
      tag,
      summary: 'Let a run do what the brake held.',
      description: 'What it does from then on does not count for the brake.',
      answer: runAnswer,
      refusals: [...unfound, 'reconcile.run_not_held'],
    })),
    params: runPath,
    async handle(request) {
      const found = await runOf(request)
      if (!found.ok) return found
      const { db, nowMs } = request
      const { organizationId, id: runId, held } = found.value
      const results = await runBatch(db, [
        ...operatorEvent(
          request,
          { type: 'reconcile.released', ...runFacts(found.value), facts: { run: runId, ...held } },
          runIsHeld(organizationId, runId),
        ),
        releaseRun(db, { organizationId, runId, nowMs }),
      ])
      if ((results.at(-1) as readonly unknown[]).length === 0) {
        return refuse('reconcile.run_not_held')
      }
      goOnBehind(request, { organizationId, runId })
      return answerNow(request, { organizationId, runId })
    },
  }),
  endpoint({
    method: 'post',
    path: `${path}/{run}/cancel`,
    id: 'cancelReconcileRun',
    described: described(() => ({
      tag,
      summary: 'End a run that is not over; what it has written stands.',
      answer: runAnswer,
      refusals: [...unfound, 'reconcile.run_over'],
    })),
    params: runPath,
    async handle(request) {
      const found = await runOf(request)
      if (!found.ok) return found
      const { db, nowMs } = request
      const { organizationId, id: runId } = found.value
      const results = await runBatch(db, [
        ...operatorEvent(
          request,
          {
            type: 'reconcile.failed',
            outcome: 'warning',
            code: 'reconcile.cancelled',
            ...runFacts(found.value),
          },
          runIsUnfinished(organizationId, runId),
        ),
        ...cancelRun(db, { organizationId, runId, nowMs }),
      ])
      return (results.at(-1) as readonly unknown[]).length === 0
        ? refuse('reconcile.run_over')
        : answerNow(request, { organizationId, runId })
    },
  }),
]
