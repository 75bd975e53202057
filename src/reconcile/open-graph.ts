import type { Database } from '../db/index.ts'
import {
  createGraphClient,
  type GraphClient,
  type GraphFailure,
  loadGraphCredential,
  openGraphCredential,
  type TokenCache,
} from '../graph/index.ts'
import { err, ok, type Result } from '../kernel/index.ts'
import type { ReconcileFailure } from './errors.ts'
import type { ReconcilerKey } from './runs-store.ts'
import type { ReconcileDeps } from './work.ts'

/** Graph as a connection's credential reads it. */
export type OpenGraph = {
  /** Empty while no credential is stored. */
  readonly tenantId: string
  readonly graph: Result<
    { readonly client: GraphClient; readonly appId: string },
    GraphFailure | ReconcileFailure
  >
}

/**
 * Opens Graph with the stored credential. One call.
 * @returns `reconcile.no_credential`, or why the stored one cannot be used
 */
export async function openGraph(
  deps: Pick<ReconcileDeps, 'config' | 'fetch' | 'clock' | 'random'>,
  { db, key, tokens }: { db: Database; key: ReconcilerKey; tokens: TokenCache },
): Promise<OpenGraph> {
  const row = await loadGraphCredential(db, key)
  if (row === null) return { tenantId: '', graph: err({ code: 'reconcile.no_credential' }) }
  const { tenantId, appId } = row
  const credential = await openGraphCredential(deps.config.keyRing, row)
  if (!credential.ok) return { tenantId, graph: credential }
  const { fetch, clock, random, config } = deps
  const { graphUrl, entraLoginUrl: loginUrl } = config
  const client = createGraphClient(
    { fetch, clock, random, graphUrl, loginUrl, tokens },
    credential.value,
  )
  return { tenantId, graph: ok({ client, appId }) }
}
