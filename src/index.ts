import { createApp } from './app.ts'
import { openDatabase } from './db/index.ts'
import { type Config, type Env, parseConfig } from './env.ts'
import { createMemberGroups } from './graph/index.ts'
import { createHealthCheck } from './health.ts'
import { consoleLog, systemClock, systemRandom } from './kernel/index.ts'
import { runScheduled } from './scheduled.ts'

/** One app per isolate and environment: configuration is parsed once, caches live here. */
let running: { readonly env: Env; readonly app: ReturnType<typeof createApp> } | null = null
/** Beside it: whether the service is well is asked above all while it cannot run. */
let watched: { readonly env: Env; readonly health: ReturnType<typeof createHealthCheck> } | null =
  null

export default {
  async fetch(request, env, ctx): Promise<Response> {
    if (new URL(request.url).pathname === '/healthz') {
      if (watched?.env !== env) watched = { env, health: createHealthCheck(env) }
      const health = await watched.health(systemClock.nowMs())
      return Response.json(health.body, {
        status: health.status,
        headers: { 'Cache-Control': 'no-store' },
      })
    }
    if (running?.env !== env) {
      const config = parseConfig(env)
      if (!config.ok) return misconfigured(config.failure.problems)
      running = { env, app: createApp(depsOf(env, config.value)) }
    }
    return running.app.fetch(request, env, ctx)
  },

  async scheduled(controller, env): Promise<void> {
    const config = parseConfig(env)
    if (config.ok) await runScheduled(depsOf(env, config.value), controller.scheduledTime)
    else misconfigured(config.failure.problems)
  },
} satisfies ExportedHandler<Env>

function depsOf(env: Env, config: Config) {
  const world = {
    clock: systemClock,
    random: systemRandom,
    fetch: (input: RequestInfo | URL, init?: RequestInit) => fetch(input, init),
  }
  const { entraLoginUrl: loginUrl, graphUrl, keyRing } = config
  return {
    ...world,
    config,
    d1: env.DB,
    memberGroups: createMemberGroups({ ...world, loginUrl, graphUrl, keyRing }, () =>
      openDatabase(env.DB, 'primary'),
    ),
    doorLimiter: env.LIMIT_DOOR,
    unknownLimiter: env.LIMIT_UNKNOWN,
    evidenceLimiter: env.LIMIT_EVIDENCE,
    scimLimiter: env.LIMIT_SCIM,
    readAsset: async (path: string) => {
      // Only the path counts; the host is never asked.
      const response = await env.ASSETS.fetch(`https://assets.invalid${path}`)
      if (!response.ok) throw new Error(`the file ${path} is not served: ${response.status}`)
      return response.json()
    },
    log: consoleLog,
  }
}

function misconfigured(problems: readonly string[]): Response {
  consoleLog('error', 'configuration is invalid', { problems: problems.join(' ') })
  return new Response(
    'This service is not configured yet. The operator finds the reason at /healthz.\n',
    {
      status: 503,
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
    },
  )
}
