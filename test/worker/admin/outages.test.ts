import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { countingD1 } from '../support/counting-d1.ts'
import {
  type AdminApi,
  type Answer,
  countRows,
  createContoso,
  openAdminApi,
} from './admin-client.ts'
import { addPerson, addSession, createConnection, manual, pathOf } from './connection-world.ts'

type Change = {
  /** What must be there before. */
  readonly prepare: (api: AdminApi) => Promise<(api: AdminApi) => Promise<Answer>>
}

const key = { 'idempotency-key': 'repeat' }

const changes: Readonly<Record<string, Change>> = {
  'creating an organization': {
    prepare: async () => (api) =>
      api.post(
        '/organizations',
        { slug: 'a', name: 'A', domains: ['a.example', 'b.example'] },
        key,
      ),
  },
  'changing an organization': {
    prepare: async (api) => {
      await createContoso(api)
      return (later) =>
        later.patch('/organizations/contoso', { name: 'New', domains: ['c.example'] })
    },
  },
  'claiming a domain': {
    prepare: async (api) => {
      await createContoso(api)
      return (later) => later.post('/organizations/contoso/domains', { domain: 'd.example' }, key)
    },
  },
  'creating a connection': {
    prepare: async (api) => {
      await createContoso(api)
      await addPerson('usr_a')
      return (later) => later.post('/organizations/contoso/connections', { name: 'C', manual }, key)
    },
  },
  'disabling a connection': {
    prepare: async (api) => {
      const connection = await createConnection(api, { status: 'active' })
      const connectionId = String(connection['id'])
      await addSession('ses_a', { personId: await addPerson('usr_a'), connectionId })
      return (later) => later.patch(pathOf(connection), { status: 'disabled' })
    },
  },
  'blocking a user': {
    prepare: async (api) => {
      await createContoso(api)
      await addSession('ses_a', { personId: await addPerson('usr_a') })
      return (later) => later.post('/organizations/contoso/users/usr_a/block')
    },
  },
  'creating a recovery link': {
    prepare: async (api) => {
      await createContoso(api)
      await addPerson('usr_a')
      return (later) => later.post('/organizations/contoso/recovery-links', { user: 'usr_a' }, key)
    },
  },
  'creating a SCIM token': {
    prepare: async (api) => {
      await createContoso(api)
      return (later) => later.post('/organizations/contoso/scim-tokens', { name: 'Entra' }, key)
    },
  },
  'creating a SCIM client': {
    prepare: async (api) => {
      await createContoso(api)
      return (later) => later.post('/organizations/contoso/scim-clients', { name: 'Entra' }, key)
    },
  },
  'adding a SCIM secret': {
    prepare: async (api) => {
      await createContoso(api)
      const client = await api.post('/organizations/contoso/scim-clients', { name: 'Entra' })
      const path = `/organizations/contoso/scim-clients/${String(client.body['id'])}/secrets`
      return (later) => later.post(path, {}, key)
    },
  },
}

async function snapshot(): Promise<string> {
  const rows = await countRows()
  const people = await env.DB.prepare(
    'select id, active, connection_id is null as homeless, version from people',
  ).all()
  const versions = await env.DB.prepare(
    'select version, name from organizations union all select version, status from connections',
  ).all()
  return JSON.stringify([rows, people.results, versions.results])
}

/** Only one's own tables; the test's migrations stay. */
async function empty(): Promise<void> {
  const tables = ['organizations', 'events', 'event_details', 'idempotency_keys']
  await env.DB.batch(tables.map((table) => env.DB.prepare(`delete from ${table}`)))
}

describe.each(Object.entries(changes))('%s', (_name, { prepare }) => {
  it('is stored whole or not at all when D1 fails, and a repeat completes it once', {
    timeout: 180_000,
  }, async () => {
    const good = countingD1(env.DB)
    const run = await prepare(openAdminApi())
    const before = await snapshot()
    expect((await run(openAdminApi({ d1: good.d1 }))).status).toBeLessThan(300)
    const complete = await snapshot()
    const calls = good.calls.length
    expect(complete).not.toBe(before)

    for (let call = 0; call < calls; call++) {
      for (const when of ['before', 'after'] as const) {
        await empty()
        const again = await prepare(openAdminApi())
        const failing = countingD1(env.DB)
        failing.failAt([{ call, when }])
        const refused = await again(openAdminApi({ d1: failing.d1 }))
        expect([refused.status, refused.body['code']]).toEqual([503, 'store.unavailable'])
        expect(refused.headers.get('retry-after')).toBe('5')
        expect([call, when, [before, complete].includes(await snapshot())]).toEqual([
          call,
          when,
          true,
        ])
        expect((await again(openAdminApi())).status).toBeLessThan(300)
        expect([call, when, await snapshot()]).toEqual([call, when, complete])
      }
    }
  })

  it('stores nothing when any statement of its batch fails', { timeout: 180_000 }, async () => {
    const run = await prepare(openAdminApi())
    const before = await snapshot()
    let statements = 0
    for (let broken = 0; broken <= statements; broken++) {
      const d1 = breaking(broken, (count) => {
        statements = count
      })
      expect((await run(openAdminApi({ d1 }))).status).toBe(503)
      expect([broken, await snapshot()]).toEqual([broken, before])
    }
    expect(statements).toBeGreaterThan(2)
    expect((await run(openAdminApi())).status).toBeLessThan(300)
  })
})

/** D1 in which the batches that write have a failing statement at one place. */
function breaking(place: number, report: (statements: number) => void): D1Database {
  const written = /^\s*(insert|update|delete)/i
  return {
    withSession: () => {
      const session = env.DB.withSession('first-primary')
      const texts = new Map<D1PreparedStatement, string>()
      const prepare = (sql: string) => {
        const statement = session.prepare(sql)
        const bind = (...values: unknown[]) => {
          const bound = statement.bind(...values)
          texts.set(bound, sql)
          return bound
        }
        return Object.assign(Object.create(statement), {
          bind,
          all: () => statement.all(),
          raw: () => statement.raw(),
        })
      }
      const batch = async (statements: D1PreparedStatement[]) => {
        if (!statements.some((one) => written.test(texts.get(one) ?? ''))) {
          return session.batch(statements)
        }
        report(statements.length)
        return session.batch(statements.toSpliced(place, 0, session.prepare("select json('x')")))
      }
      return { prepare, batch, getBookmark: () => null }
    },
  } as unknown as D1Database
}
