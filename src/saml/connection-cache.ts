import { openDatabase } from '../db/index.ts'
import type { Deps, HttpFailure } from '../http/index.ts'
import { err, limits, ok, type Result } from '../kernel/index.ts'
import { type ConnectionRecord, loadConnection } from './connection-store.ts'
import type { DoorFailure } from './door-errors.ts'
import { type OpenConnection, openConnection } from './open-connection.ts'

/** Why there is no connection to go on with: none has the id, or the asker has named too many that there are not. */
export type NoConnection =
  | Extract<DoorFailure, { readonly code: 'saml.connection_not_found' }>
  | Extract<HttpFailure, { readonly code: 'http.too_many_requests' }>

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
    const isSame = known !== undefined && sameVersions(known.record, record)
    return remember(
      id,
      isSame ? { ...known, record } : await openConnection(record, deps.config),
      nowMs,
    )
  }

  /** The connection as the primary holds it now. */
  async function getFresh(id: string): Promise<Result<OpenConnection, NoConnection>> {
    const open = await load(id, 'primary')
    return open === null ? err({ code: 'saml.connection_not_found' }) : ok(open)
  }

  return {
    /**
     * The connection as this isolate knows it, read from the nearest copy when it is not fresh. A miss
     * there is asked of the primary, and not remembered.
     * @param network who asks: whoever keeps inventing ids costs the primary nothing, and soon no read at all.
     *   Of connections that there are, an office asks an isolate for a few a minute.
     */
    async get(id: string, network: string): Promise<Result<OpenConnection, NoConnection>> {
      const entry = entries.get(id)
      if (entry !== undefined && deps.clock.nowMs() - entry.loadedAtMs < limits.connectionCacheMs) {
        return ok(entry.open)
      }
      if (entry === undefined && !(await may(deps.doorLimiter, `connection ${network}`))) {
        return err({ code: 'http.too_many_requests' })
      }
      const near = await load(id, 'nearest')
      if (near !== null) return ok(near)
      return (await may(deps.unknownLimiter, network))
        ? getFresh(id)
        : err({ code: 'http.too_many_requests' })
    },

    getFresh,
  }
}

async function may(limiter: RateLimit, key: string): Promise<boolean> {
  return (await limiter.limit({ key })).success
}

export type ConnectionCache = ReturnType<typeof createConnectionCache>

function sameVersions(a: ConnectionRecord, b: ConnectionRecord): boolean {
  return (
    a.connection.version === b.connection.version &&
    a.organization.version === b.organization.version &&
    a.rules.version === b.rules.version
  )
}
