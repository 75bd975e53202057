/** Contoso with a tenant of the simulator behind its Graph credential: scenarios over the whole engine and D1. */
import { env } from 'cloudflare:workers'
import { always, openDatabase, runBatch } from '../../../src/db/index.ts'
import { createGroup } from '../../../src/directory/index.ts'
import { saveGraphCredential, sealGraphProof } from '../../../src/graph/index.ts'
import { newTimedId, systemRandom } from '../../../src/kernel/index.ts'
import {
  advance,
  defaultSettings,
  findRun,
  insertRun,
  type Policies,
  type ReconcileDeps,
} from '../../../src/reconcile/index.ts'
import type { ScenarioWorld, ScimWish } from '../../reconcile/scenario-table.ts'
import type { Values } from '../../reconcile/support.ts'
import { groupStatement } from '../scim/groups-world.ts'
import { contosoId, peopleWorld, rows, statement } from '../scim/people-world.ts'
import { countingD1 } from '../support/counting-d1.ts'
import { context, testConfig } from '../support/door-world.ts'
import { graphTenantId, graphUrl, openGraphTenant } from '../support/graph-tenant.ts'

const key = { organizationId: contosoId, connectionId: context.connectionId as string }

/** Nothing is ever too much: the brake has tests of its own. */
const noBrake = { share: 1, people: 1_000_000, shareOfFew: 1 }

/** SCIM's names of the attributes that scenarios speak of. */
const scimNames: Readonly<Record<string, string>> = {
  title: 'title',
  department: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
}

export type EngineWorld = Awaited<ReturnType<typeof openEngineWorld>>

export async function openEngineWorld() {
  const clock = { ms: Date.parse('2026-11-24T09:00:00.000Z'), nowMs: () => clock.ms }
  const tenant = openGraphTenant(clock)
  const people = await peopleWorld({ connection: { tenantId: graphTenantId } })
  const registered = await tenant.register()
  await tenant.api('PATCH', '/graph', { deltaPageSize: 5 })
  const place = { ...key, tenantId: graphTenantId, clientId: registered.clientId }
  const proof = { kind: 'secret', secret: registered.clientSecret } as const
  const secretSealed = await sealGraphProof(testConfig.keyRing, place, {
    proof,
    random: systemRandom,
  })
  const db = openDatabase(env.DB, 'primary')
  const credential = {
    appId: registered.appId,
    kind: 'secret',
    certificate: null,
    expiresAt: null,
  } as const
  const set = { ...place, ...credential, secretSealed }
  await runBatch(db, [saveGraphCredential(db, { set, nowMs: clock.ms, guard: always })])

  const counting = countingD1(env.DB)
  const deps: ReconcileDeps = {
    d1: counting.d1,
    clock,
    random: systemRandom,
    log: (level, message, fields) => logged.push({ level, message, fields }),
    fetch: async (url, init) => {
      const response = await tenant.fetch(url, init)
      await world.afterAnswer(url)
      return response
    },
    config: { graphUrl, entraLoginUrl: graphUrl, keyRing: testConfig.keyRing },
  }
  const logged: { level: string; message: string; fields: unknown }[] = []
  const wishes = new Map<string, { userName: string; values: Values; active: boolean }>()
  const as = () => ({ ...people.by, entraTenantId: graphTenantId, nowMs: clock.ms })
  let runs = 0

  const scenario: ScenarioWorld = {
    afterAnswer: async () => {},
    later(minutes) {
      clock.ms += minutes * 60_000
    },
    call: (method, path, body) => tenant.api(method, path, body),
    policies: (policies) => store(policies),
    async remap(changes) {
      await env.DB.batch([
        env.DB.prepare('insert or replace into mappings values (?, ?, ?)').bind(
          contosoId,
          JSON.stringify(changes),
          clock.ms,
        ),
        env.DB.prepare('update organizations set mapping_version = mapping_version + 1'),
      ])
    },
    async provision(userName, { values = {}, active = true } = {}) {
      const wish = { userName, values, active }
      const id = await people.made(userName, said(wish), as())
      wishes.set(id, wish)
      return id
    },
    async patch(id, change: ScimWish) {
      const before = wishes.get(id)
      if (before === undefined) throw new Error(`no ${id}`)
      const wish = {
        ...before,
        values: { ...before.values, ...change.values },
        active: change.active ?? before.active,
      }
      wishes.set(id, wish)
      const changed = await people.change(id, statement(wish.userName, said(wish)), as())
      if (!changed.ok) throw new Error(JSON.stringify(changed.failure))
    },
    async block(id) {
      await env.DB.prepare(
        'update people set denied_by_manual = 1, active = 0, version = version + 1 where id = ?',
      )
        .bind(id)
        .run()
    },
    async person(id) {
      const [row] = await rows(
        'select p.*, i.key from people p left join identities i on i.person_id = p.id where p.id = ?',
        id,
      )
      if (row === undefined) throw new Error(`no ${id}`)
      return {
        userName: String(row['user_name']),
        active: row['active'] === 1,
        deniedByGraph: row['denied_by_graph'] === 1,
        eraseAt: row['erase_at'] as number | null,
        identityKey: row['key'] as string | null,
        profile: JSON.parse(String(row['profile'])) as Record<string, unknown>,
      }
    },
    async provisionGroup(objectId, memberIds) {
      const made = await createGroup(
        people.db,
        as(),
        { statement: groupStatement(objectId, { externalId: objectId }), memberIds },
        { events: () => [] },
      )
      if (!made.ok) throw new Error(made.failure.code)
      return made.value.group.id
    },
    async members(groupId) {
      const found = await rows('select member_id from group_members where group_id = ?', groupId)
      return found.map((row) => String(row['member_id']))
    },
    async activePeople() {
      return Number((await rows('select count(*) n from people where active'))[0]?.['n'])
    },
    async reconcile({ full = false } = {}) {
      const runId = await start({ full })
      await finish(runId)
      const run = await findRun(db, { organizationId: contosoId, runId })
      if (run === null || run.status !== 'done') {
        throw new Error(
          `${run?.status} ${JSON.stringify(run?.failure ?? run?.held)} ${JSON.stringify(logged)}`,
        )
      }
      const found = await rows(
        'select kind, held from drift_items where run_id = ? order by id',
        runId,
      )
      const drift = found.map(({ kind, held }) => ({
        kind: String(kind),
        held: JSON.parse(String(held)) as unknown,
      }))
      return { drift, changed: run.counts.changed }
    },
  }
  const world = Object.assign(scenario, {
    counting,
    tenant,
    deps,
    db,
    clock,
    logged,
    start,
    finish,
    advanceOnce,
    people,
  })
  await store({})
  return world

  async function store(policies: Partial<Policies>): Promise<void> {
    const settings = { policies: { ...defaultSettings.policies, ...policies }, brake: noBrake }
    await env.DB.prepare(
      `insert into reconcilers (organization_id, connection_id, settings, updated_at) values (?, ?, ?, ?)
       on conflict do update set settings = excluded.settings, version = version + 1`,
    )
      .bind(contosoId, key.connectionId, JSON.stringify(settings), clock.ms)
      .run()
  }

  /** Stores a run that waits. @returns its id */
  async function start({ full }: { readonly full: boolean }): Promise<string> {
    runs++
    const id = newTimedId('run', clock.ms + runs, systemRandom)
    const run = {
      ...key,
      id,
      kind: 'reconcile',
      trigger: 'api',
      dryRun: false,
      isFull: full,
    } as const
    await runBatch(db, [
      insertRun(db, { ...run, nowMs: clock.ms }, { step: 'application', guard: always }),
    ])
    return id
  }

  /** Ticks each minute until the run is over, so that pauses pass and the lease of who died ends. */
  async function finish(runId: string, tick: () => Promise<unknown> = advanceOnce): Promise<void> {
    for (let ticks = 0; ticks < 500; ticks++) {
      await tick()
      const [row] = await rows('select status, continue_at from reconcile_runs where id = ?', runId)
      if (!['queued', 'running', 'paused'].includes(String(row?.['status']))) return
      clock.ms = Math.max(clock.ms + 60_000, Number(row?.['continue_at']))
    }
    throw new Error(`no end ${JSON.stringify(logged.at(-1))}`)
  }

  function advanceOnce() {
    return advance(deps, { plan: 'paid', wallMs: 600_000 })
  }

  function said({ values, active }: { readonly values: Values; readonly active: boolean }) {
    const stated = Object.entries(values).map(([attribute, value]): [string, readonly string[]] => [
      scimNames[attribute] ?? attribute,
      value === null ? [] : [value],
    ])
    return { active, stated: Object.fromEntries(stated) }
  }
}
