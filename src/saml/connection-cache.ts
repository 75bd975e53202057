import { openDatabase } from '../db/index.ts'
import type { Deps } from '../http/index.ts'
import { limits } from '../kernel/index.ts'
import { loadConnection } from './connection-store.ts'
import { type OpenConnection, openConnection } from './open-connection.ts'

type Entry = { readonly open: OpenConnection; readonly loadedAtMs: number }

/**
 * This isolate's opened connections. What it holds may be up to a minute old: enough to start a sign-in
 * and to verify an answer, but never to accept one, which the batch at the primary decides by the
 * connection's version (docs/decisions/0002-two-trips.md).
 */
export function createConnectionCache(deps: Deps) {
  const entries = new Map<string, Entry>()

  function remember(id: string, open: OpenConnection, nowMs: number): OpenConnection {
    entries.delete(id)
    entries.set(id, { open, loadedAtMs: nowMs })
    const [oldest] = entries.keys()
    if (entries.size > limits.connectionCacheEntries && oldest !== undefined) entries.delete(oldest)
    return open
  }

  async function load(
    id: string,
    consistency: 'nearest' | 'primary',
  ): Promise<OpenConnection | null> {
    const nowMs = deps.clock.nowMs()
    const record = await loadConnection(openDatabase(deps.d1, consistency), id)
    if (record === null) return null
    const known = entries.get(id)?.open
    // The same version is the same keys: importing them again would only cost time.
    const isSame =
      known !== undefined &&
      sameVersion(known, record.connection.version, record.organization.version)
    return remember(
      id,
      isSame ? { ...known, record } : await openConnection(record, deps.config),
      nowMs,
    )
  }

  return {
    /**
     * The connection as this isolate knows it, read from the nearest copy when it is not fresh. A miss
     * there is asked of the primary, and not remembered.
     */
    async get(id: string): Promise<OpenConnection | null> {
      const entry = entries.get(id)
      if (entry !== undefined && deps.clock.nowMs() - entry.loadedAtMs < limits.connectionCacheMs) {
        return entry.open
      }
      return (await load(id, 'nearest')) ?? (await load(id, 'primary'))
    },

    /** The connection as the primary holds it now. */
    getFresh(id: string): Promise<OpenConnection | null> {
      return load(id, 'primary')
    },
  }
}

export type ConnectionCache = ReturnType<typeof createConnectionCache>

function sameVersion(open: OpenConnection, connection: number, organization: number): boolean {
  const { record } = open
  return record.connection.version === connection && record.organization.version === organization
}
