import type { Database } from '../db/index.ts'
import type { TokenCache } from '../graph/index.ts'
import { err, newTimedId } from '../kernel/index.ts'
import type { Spending } from './budget.ts'
import type { Lease } from './lease-store.ts'
import { type OpenGraph, openGraph } from './open-graph.ts'
import { defaultReconciler, loadReconciler } from './reconcilers-store.ts'
import type { Run } from './run.ts'
import { type ReconcileDeps, startWork, type Work } from './work.ts'

type Opened = {
  readonly db: Database
  readonly spending: Spending
  readonly tokens: TokenCache
  readonly requestId: string
  readonly lease: Lease
  readonly run: Run
}

const noGraph: OpenGraph = { tenantId: '', graph: err({ code: 'reconcile.no_credential' }) }

/** Opens what a run works with: the settings and Graph, of which a re-resolve needs neither. */
export async function openWork(deps: ReconcileDeps, opened: Opened): Promise<Work> {
  const { db, run, lease, spending, tokens } = opened
  const key = { organizationId: lease.organizationId, connectionId: run.connectionId }
  const needsGraph = run.kind === 'reconcile'
  spending.spend({ statements: needsGraph ? 2 : 0 })
  const [reconciler, { tenantId, graph }] = needsGraph
    ? await Promise.all([loadReconciler(db, key), openGraph(deps, { db, key, tokens })])
    : [defaultReconciler(key), noGraph]
  return startWork({
    db,
    lease,
    spending,
    reconciler,
    graph,
    first: run,
    requestId: opened.requestId,
    scope: { ...key, tenantId },
    requests: () => (graph.ok ? graph.value.client.used() : 0),
    nowMs: () => deps.clock.nowMs(),
    newId: (prefix) => newTimedId(prefix, deps.clock.nowMs(), deps.random),
  })
}
