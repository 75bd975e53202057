import { newestMigration } from './db/index.ts'
import type { Env } from './env.ts'
import { parseConfig } from './env.ts'
import { limits } from './kernel/index.ts'

type Health = { readonly status: 200 | 503; readonly body: Readonly<Record<string, unknown>> }

/**
 * `checkHealth`, for anybody who asks: an isolate repeats its answer for a few seconds, so that asking
 * costs the database nothing. An outage is repeated for a second at most.
 */
export function createHealthCheck(env: Env) {
  let known: { readonly health: Health; readonly untilMs: number } | null = null
  return async function health(nowMs: number): Promise<Health> {
    if (known !== null && nowMs < known.untilMs) return known.health
    const health = await checkHealth(env)
    const cacheMs = health.status === 200 ? limits.healthCacheMs : limits.unhealthyCacheMs
    known = { health, untilMs: nowMs + cacheMs }
    return health
  }
}

/**
 * Whether this deployment can serve: the configuration parses, D1 answers, and its newest migration is
 * the code's. Says what to do, and no value of anything. One call to D1.
 */
export async function checkHealth(env: Env): Promise<Health> {
  const config = parseConfig(env)
  if (!config.ok) {
    return unhealthy('config.invalid', { problems: config.failure.problems })
  }
  const applied = await newestApplied(env.DB)
  if (applied === 'unreachable') {
    return unhealthy('store.unavailable', { problems: ['D1 does not answer on the binding DB.'] })
  }
  if (applied === null || applied < newestMigration) {
    return unhealthy('store.schema_outdated', {
      problems: [
        `The newest migration applied is ${applied ?? 'none'}; the code needs ${newestMigration}.`,
      ],
      command: 'npx wrangler d1 migrations apply portico --remote',
    })
  }
  return { status: 200, body: { status: 'ok', migration: applied } }
}

function unhealthy(code: string, rest: Readonly<Record<string, unknown>>): Health {
  return { status: 503, body: { status: 'unhealthy', code, ...rest } }
}

/** wrangler records applied migrations in `d1_migrations`; without the table, none was applied. */
async function newestApplied(d1: D1Database): Promise<string | null | 'unreachable'> {
  try {
    const row = await d1
      .prepare('select max(name) as name from d1_migrations')
      .first<{ name: string | null }>()
    return row?.name ?? null
  } catch (error) {
    // That it threw is the finding; the platform's log has the cause.
    return String(error).includes('no such table') ? null : 'unreachable'
  }
}
