import { type Deps, readBody } from '../../http/index.ts'
import { decodeUtf8, limits } from '../../kernel/index.ts'

/** A public RSA key as a tenant publishes it (RFC 7517). */
export type TenantKey = {
  readonly kty: 'RSA'
  readonly kid: string
  readonly n: string
  readonly e: string
}

export type TenantKeys = {
  readonly keys: readonly TenantKey[]
}

type Entry = { readonly found: TenantKeys; readonly readAtMs: number; readonly triedAtMs: number }

/**
 * The keys of tenants, as this isolate has read them. The address is made of the configured login URL and
 * the configured tenant, never of anything in a token. An unknown key id asks again, at most once a minute:
 * a stranger's invented ids must not become requests to Microsoft. While the tenant's keys cannot be read,
 * those known before go on being used (reference a2).
 */
export function createTenantKeys(deps: Deps) {
  const entries = new Map<string, Entry>()

  return {
    /**
     * The keys of a tenant, among them the named one if there is one.
     * @returns null when none were ever read
     */
    async get(tenantId: string, kid: string): Promise<TenantKeys | null> {
      const nowMs = deps.clock.nowMs()
      const entry = entries.get(tenantId)
      if (entry !== undefined) {
        const isOld = nowMs - entry.readAtMs >= limits.tenantKeysMs
        const isNamed = entry.found.keys.some((key) => key.kid === kid)
        const isEarly = nowMs - entry.triedAtMs < limits.tenantKeysRefetchMs
        if (isEarly || (isNamed && !isOld)) return entry.found
      }
      const found = await fetchKeys(deps, tenantId)
      if (found === null && entry === undefined) return null
      entries.delete(tenantId)
      const kept = found ?? entry?.found ?? { keys: [] }
      const readAtMs = found === null ? (entry?.readAtMs ?? nowMs) : nowMs
      entries.set(tenantId, { found: kept, readAtMs, triedAtMs: nowMs })
      const [oldest] = entries.keys()
      if (entries.size > limits.tenantKeysEntries && oldest !== undefined) entries.delete(oldest)
      return kept
    },
  }
}

export type TenantKeyCache = ReturnType<typeof createTenantKeys>

/** Reads a tenant's keys, with limits of time and size and no redirect; null for any answer but keys. */
async function fetchKeys(deps: Deps, tenantId: string): Promise<TenantKeys | null> {
  const url = `${deps.config.entraLoginUrl}/${tenantId}/discovery/v2.0/keys`
  try {
    const response = await deps.fetch(url, {
      headers: { accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(limits.tenantKeysFetchMs),
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      return told(deps, tenantId, `status ${response.status}`)
    }
    const body = await readBody(response, limits.tenantKeysBytes)
    const text = body === null ? null : decodeUtf8(body)
    const keys = text === null ? [] : readKeys(JSON.parse(text), tenantId)
    return keys.length === 0 ? told(deps, tenantId, 'no usable key') : { keys }
  } catch (error) {
    // Unreachable, too slow or not JSON: an expected outcome here, not an outage of ours.
    return told(deps, tenantId, error instanceof Error ? error.name : 'unknown')
  }
}

function told({ log }: Deps, tenant: string, reason: string): null {
  log('warn', 'keys of a tenant could not be read', { tenant, reason })
  return null
}

/** The RSA signing keys of a key set that belong to the tenant, or to every tenant of the cloud. */
function readKeys(document: unknown, tenantId: string): readonly TenantKey[] {
  const listed = isRecord(document) && Array.isArray(document['keys']) ? document['keys'] : []
  return listed.flatMap((key: unknown) => {
    if (!isRecord(key)) return []
    const { kty, kid, n, e, use, issuer } = key
    if (kty !== 'RSA' || typeof kid !== 'string' || typeof n !== 'string') return []
    if (typeof e !== 'string' || (use !== undefined && use !== 'sig')) return []
    return isOfTenant(issuer, tenantId) ? [{ kty, kid, n, e }] : []
  })
}

/**
 * Whether a key may sign for the tenant: Entra marks each with the issuer it is for, either one tenant or
 * all of them (learn.microsoft.com/entra/identity-platform/access-tokens, validate the issuer of the key).
 */
function isOfTenant(issuer: unknown, tenantId: string): boolean {
  if (typeof issuer !== 'string') return true
  return issuer.split('/').some((part) => part === tenantId || part === '{tenantid}')
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
