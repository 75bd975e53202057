import { DurableObject } from 'cloudflare:workers'
import { createApp } from './app.ts'
import { type Sql, type SqlRow, startTenant, tidy } from './directory/index.ts'
import { tickProvisioning } from './provisioning/index.ts'
import type { World } from './world.ts'

const waitedMs = 30_000

export type Env = {
  readonly TENANT: DurableObjectNamespace<TenantObject>
  readonly BASE_URL: string
}

/** The tenant: its tables, and everything that is answered from them. */
export class TenantObject extends DurableObject<Env> {
  readonly #world: World
  readonly #app: ReturnType<typeof createApp>

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#world = {
      sql: sqlOf(ctx.storage),
      baseUrl: env.BASE_URL.replace(/\/$/, ''),
      nowMs: () => Date.now(),
      wait: (ms) => scheduler.wait(ms),
      fetch: (url, init) => fetch(url, init),
    }
    startTenant(this.#world.sql)
    this.#app = createApp(this.#world)
  }

  override async fetch(request: Request): Promise<Response> {
    return this.#app.fetch(request)
  }

  /** What is done every minute. Entra's own cycles are 40 minutes apart. */
  async tick(): Promise<void> {
    tidy(this.#world.sql, this.#world.nowMs())
    const cycles = tickProvisioning(this.#world)
    this.ctx.waitUntil(cycles)
    // An initial cycle over many takes longer than a caller waits; it goes on by itself.
    await Promise.race([cycles, scheduler.wait(waitedMs)])
  }
}

function sqlOf(storage: DurableObjectStorage): Sql {
  return {
    all: (statement, ...values) => {
      const rows = storage.sql.exec(statement, ...values).toArray()
      return rows.map((row): SqlRow => ({ ...row }) as SqlRow)
    },
    transaction: (work) => storage.transactionSync(work),
  }
}
