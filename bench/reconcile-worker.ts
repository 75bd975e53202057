import { always, openDatabase, runBatch } from '../src/db/index.ts'
import { type Env, parseConfig } from '../src/env.ts'
import { saveGraphCredential, sealGraphProof } from '../src/graph/index.ts'
import portico from '../src/index.ts'
import { newTimedId, systemClock, systemRandom } from '../src/kernel/index.ts'
import { advance, findRun, insertRun } from '../src/reconcile/index.ts'
import { type CountingD1, countingD1 } from '../test/worker/support/counting-d1.ts'

/** What a run is asked for. */
export type Wanted = {
  readonly organizationId: string
  readonly connectionId: string
  readonly tenantId: string
  readonly appId: string
  readonly secret: string
  /** Where the simulator listens, which knows itself by another address. */
  readonly origin: string
  readonly full: boolean
}

const graphUrl = 'http://127.0.0.1:8788'

/** Portico, and a run of reconciliation from its beginning to its end in one request. */
let counting: CountingD1 | null = null

export default {
  async fetch(request, env, ctx): Promise<Response> {
    if (new URL(request.url).pathname !== '/bench/reconcile')
      return portico.fetch(request, env, ctx)
    counting ??= countingD1(env.DB)
    return Response.json(await reconcile(env, counting, (await request.json()) as Wanted))
  },
} satisfies ExportedHandler<Env>

async function reconcile(env: Env, { d1, calls, restart, rows }: CountingD1, wanted: Wanted) {
  const { organizationId, connectionId, tenantId, appId, origin } = wanted
  const config = parseConfig(env)
  if (!config.ok) throw new Error(config.failure.problems.join(' '))
  const { keyRing } = config.value
  const db = openDatabase(d1, 'primary')
  const nowMs = systemClock.nowMs()
  const place = { organizationId, connectionId, tenantId, clientId: appId }
  const proof = { kind: 'secret', secret: wanted.secret } as const
  const secretSealed = await sealGraphProof(keyRing, place, { proof, random: systemRandom })
  const set = {
    ...place,
    appId,
    kind: 'secret',
    secretSealed,
    certificate: null,
    expiresAt: null,
  } as const
  const id = newTimedId('run', nowMs, systemRandom)
  const run = {
    id,
    organizationId,
    connectionId,
    kind: 'reconcile',
    trigger: 'api',
    dryRun: false,
    isFull: wanted.full,
    nowMs,
  } as const
  await runBatch(db, [
    saveGraphCredential(db, { set, nowMs, guard: always }),
    insertRun(db, run, { step: 'application', guard: always }),
  ])
  restart()
  let requests = 0
  const deps = {
    d1,
    clock: systemClock,
    random: systemRandom,
    log: () => {},
    fetch: (url: string, init: RequestInit) => {
      requests++
      return fetch(url.replace(graphUrl, origin), init)
    },
    config: { graphUrl, entraLoginUrl: graphUrl, keyRing },
  }
  let invocations = 0
  for (let ticks = 0; ticks < 2000; ticks++) {
    invocations++
    await advance(deps, { plan: 'paid', wallMs: 30_000 })
    const now = await findRun(db, { organizationId, runId: id })
    if (now === null || ['done', 'failed', 'held'].includes(now.status)) {
      const { status, counts, failure, held } = now ?? {}
      return {
        status,
        counts,
        failure,
        held,
        requests,
        invocations,
        calls: calls.length,
        ...rows(),
      }
    }
  }
  throw new Error('no end')
}
