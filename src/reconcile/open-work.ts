import type { Database } from '../db/index.ts'
import {
  createGraphClient,
  type GraphClient,
  loadGraphCredential,
  openGraphCredential,
  type TokenCache,
} from '../graph/index.ts'
import { err, newTimedId, ok } from '../kernel/index.ts'
import type { Spending } from './budget.ts'
import type { Lease } from './lease-store.ts'
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

/** Opens what a run works with: the settings, and the credential for Graph unless it needs none. */
export async function openWork(deps: ReconcileDeps, opened: Opened): Promise<Work> {
  const { db, run, lease, spending } = opened
  const key = { organizationId: lease.organizationId, connectionId: run.connectionId }
  const needsGraph = run.kind === 'reconcile'
  spending.spend({ statements: needsGraph ? 2 : 0 })
  const [reconciler, row] = needsGraph
    ? await Promise.all([loadReconciler(db, key), loadGraphCredential(db, key)])
    : [defaultReconciler(key), null]
  const credential =
    row === null
      ? err({ code: 'reconcile.no_credential' } as const)
      : await openGraphCredential(deps.config.keyRing, row)
  const client: GraphClient | null = credential.ok
    ? createGraphClient(
        {
          fetch: deps.fetch,
          clock: deps.clock,
          random: deps.random,
          loginUrl: deps.config.entraLoginUrl,
          graphUrl: deps.config.graphUrl,
          tokens: opened.tokens,
        },
        credential.value,
      )
    : null
  return startWork({
    db,
    lease,
    spending,
    reconciler,
    first: run,
    requestId: opened.requestId,
    scope: { ...key, tenantId: row?.tenantId ?? '' },
    graph:
      client !== null && row !== null
        ? ok({ client, appId: row.appId })
        : credential.ok
          ? err({ code: 'reconcile.no_credential' })
          : credential,
    requests: () => client?.used() ?? 0,
    nowMs: () => deps.clock.nowMs(),
    newId: (prefix) => newTimedId(prefix, deps.clock.nowMs(), deps.random),
  })
}
