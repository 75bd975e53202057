import type * as z from '#zod'
import { inBackground } from '../http/index.ts'
import { limits, ok, type Result } from '../kernel/index.ts'
import { advance, findRun, listDrift, type Run } from '../reconcile/index.ts'
import type { AdminRequest } from './endpoint.ts'
import { organizationOf } from './organization-of.ts'
import { cutPage } from './paging.ts'
import { presentDrift, presentRun } from './present-run.ts'
import type { runAnswer } from './reconcile-schema.ts'
import { type Refusal, refuse } from './refusal.ts'

/** What every event about a run says. */
export function runFacts({ organizationId, connectionId, id }: Run) {
  return {
    organizationId,
    ...(connectionId === '' ? {} : { connectionId }),
    facts: { run: id },
  }
}

/** The run that the path names; another organization's is not found. */
export async function runOf(
  request: AdminRequest<{ org: string; run: string }>,
): Promise<Result<Run, Refusal>> {
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  const key = { organizationId: organization.value.id, runId: request.params.run }
  const run = await findRun(request.db, key)
  return run === null ? refuse('admin.run_not_found') : ok(run)
}

export type RunAnswer = z.input<typeof runAnswer>
export type RunKey = { readonly organizationId: string; readonly runId: string }

/** A run with the first page of what it found. */
export async function answerRun(
  { db }: Pick<AdminRequest, 'db'>,
  run: Run,
): Promise<Result<RunAnswer, Refusal>> {
  const limit = limits.pageSizeDefault
  const filter = { runId: run.id, before: null, limit: limit + 1 }
  const rows = await listDrift(db, run.organizationId, filter)
  const page = cutPage(rows, { limit, cursorOf: ({ id }) => id, present: presentDrift })
  return ok({ ...presentRun(run), drift: page.items, nextDrift: page.nextCursor })
}

/** The run as it is now. */
export async function answerNow(
  request: AdminRequest,
  key: RunKey,
): Promise<Result<RunAnswer, Refusal>> {
  const run = await findRun(request.db, key)
  return run === null ? refuse('admin.run_not_found') : answerRun(request, run)
}

/** Takes a run, or all that can go on, further once the answer is out: it need not wait for the next tick. */
export function goOnBehind({ c, deps }: AdminRequest, only?: RunKey): void {
  const { workersPlan: plan } = deps.config
  inBackground(
    c,
    advance(deps, {
      plan,
      wallMs: limits.reconcileBehindMs,
      ...(only === undefined ? {} : { only }),
    }),
  )
}
