import { mappingState } from '../directory/index.ts'
import { inBackground } from '../http/index.ts'
import { limits } from '../kernel/index.ts'
import { advance } from '../reconcile/index.ts'
import type { AdminRequest } from './endpoint.ts'

/** Begins the re-resolve that a change of attributes, mapping or claim names asked for, once the answer is out. */
export function resolveBehind(request: AdminRequest, organizationId: string): void {
  inBackground(request.c, resolveNow(request, organizationId))
}

async function resolveNow({ db, deps }: AdminRequest, organizationId: string): Promise<void> {
  const { run } = await mappingState(db, organizationId)
  if (run === null) return
  const { workersPlan: plan } = deps.config
  const only = { organizationId, runId: run }
  await advance(deps, { plan, wallMs: limits.reconcileBehindMs, only })
}
