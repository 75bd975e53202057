/**
 * The simulator for tests in workerd: it runs here in Node, over an SQLite in memory, and is bound to the
 * Worker as `SIMULATOR`. A tenant is named by a header, made when it is first named, and has a clock that
 * stands where the request says. `graph-tenant.ts` is the other end.
 */
import { DatabaseSync } from 'node:sqlite'
import { Hono } from 'hono'
import { apiRoutes } from '../../../simulator/api/index.ts'
import {
  findApp,
  listCertificates,
  type Sql,
  type SqlRow,
  startTenant,
} from '../../../simulator/directory/index.ts'
import { graphRoutes } from '../../../simulator/graph/index.ts'
import { buildMetadata } from '../../../simulator/saml/index.ts'

/** Where Portico reaches the simulator; nothing listens there. */
export const simulatorUrl = 'http://127.0.0.1:8788'

/** Tests are many: tenants that were not asked for the longest time make room. */
const keptTenants = 40

type Tenant = { nowMs: number; readonly answer: (request: Request) => Promise<Response> }

const tenants = new Map<string, Tenant>()

/** A request as the pool gives it, which is no `Request` of this place. */
type Given = {
  readonly url: string
  readonly method: string
  readonly headers: Iterable<[string, string]>
  text(): Promise<string>
}

/** Answers a request to a tenant. */
export async function answerAsSimulator(given: Given): Promise<Response> {
  const headers = new Headers([...given.headers])
  const name = headers.get('x-simulator-tenant') ?? ''
  const tenant = tenants.get(name) ?? startNamed()
  keep(name, tenant)
  tenant.nowMs = Number(headers.get('x-simulator-now-ms'))
  const body = given.method === 'GET' ? null : await given.text()
  return tenant.answer(new Request(given.url, { method: given.method, headers, body }))
}

/** Keeps those that were asked last. */
function keep(name: string, tenant: Tenant): void {
  tenants.delete(name)
  tenants.set(name, tenant)
  const [oldest] = tenants.keys()
  if (tenants.size > keptTenants && oldest !== undefined) tenants.delete(oldest)
}

function startNamed(): Tenant {
  const sql = memorySql()
  startTenant(sql)
  const app = new Hono()
  const tenant: Tenant = {
    nowMs: 0,
    answer: async (request) => app.fetch(request),
  }
  const world = {
    sql,
    baseUrl: simulatorUrl,
    nowMs: () => tenant.nowMs,
    // Time is the test's: an answer that is to be late comes at once.
    wait: async () => {},
    fetch: async () => new Response(null, { status: 404 }),
  }
  app.route('/api', apiRoutes(world))
  app.route('/', graphRoutes(world))
  // The simulator's own route of it comes with the pages of signing in, which are no use here.
  app.get('/:tenant/federationmetadata/2007-06/federationmetadata.xml', async (c) => {
    const app = findApp(sql, c.req.query('appid') ?? '')
    if (app === null) return c.notFound()
    const certificates = listCertificates(sql, app.appId)
    const xml = await buildMetadata({ baseUrl: simulatorUrl, of: 'tenant', app, certificates })
    return c.body(xml, 200, { 'Content-Type': 'application/xml; charset=utf-8' })
  })
  return tenant
}

function memorySql(): Sql {
  const database = new DatabaseSync(':memory:')
  const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>()
  return {
    all: (statement, ...values) => {
      const known = prepared.get(statement) ?? database.prepare(statement)
      prepared.set(statement, known)
      return known.all(...values) as SqlRow[]
    },
    transaction: (work) => {
      database.exec('SAVEPOINT work')
      try {
        const result = work()
        database.exec('RELEASE work')
        return result
      } catch (error) {
        database.exec('ROLLBACK TO work')
        throw error
      }
    },
  }
}
