/**
 * `npm run bench -- reconcile-run`: whole runs of reconciliation against the simulator, in workerd with a local D1:
 * everybody for the first time, everybody unchanged, nothing new, and a hundred changes.
 */
import { Miniflare } from 'miniflare'
import { context } from '../test/support/saml-builder.ts'
import type { Wanted } from './reconcile-worker.ts'
import { markdownTable } from './table.ts'
import { bundle, scimToken, startWorker } from './worker.ts'

const people = Number(process.argv[2] ?? 2000)
const tenantId = 'c0470500-0000-4000-8000-000000000001'
const secret = 'benchmark'

const portico = await startWorker({ entry: 'reconcile-worker.ts' })
const tenant = new Miniflare({
  host: '127.0.0.1',
  port: 0,
  workers: [
    {
      config: {
        name: 'simulator',
        compatibilityDate: '2026-11-01',
        compatibilityFlags: ['nodejs_compat'],
        manifest: {
          mainModule: 'index.js',
          modules: {
            'index.js': { type: 'esm', contents: await bundle('../simulator/index.ts') },
          },
        },
        exports: { TenantObject: { type: 'durable-object', storage: 'sqlite' } },
        env: {
          TENANT: { type: 'durable-object', worker: 'simulator', exportName: 'TenantObject' },
          BASE_URL: { type: 'text', value: 'http://127.0.0.1:8788' },
        },
      },
    },
  ],
})

type Ran = {
  readonly status: string
  readonly counts: Readonly<Record<'people' | 'changed' | 'pages', number>>
  readonly failure: unknown
  readonly held: unknown
} & Readonly<Record<'requests' | 'invocations' | 'calls' | 'read' | 'written', number>>

try {
  const { origin } = await tenant.ready
  const url = `${origin}/api`
  const { groupId } = await ask<{ groupId: string }>('POST', `${url}/crowd`, { people, groups: 1 })
  const { appId } = await ask<{ appId: string }>('POST', `${url}/apps`, {
    displayName: 'Portico',
    assignments: [{ principal: groupId }],
  })
  await ask('PATCH', `${url}/apps/${appId}/registration`, {
    permissions: ['User.Read.All', 'Application.Read.All', 'GroupMember.Read.All'],
    secrets: [{ secret }],
  })
  await ask('PATCH', `${url}/graph`, { deltaPageSize: 200 })
  const d1 = await portico.d1()
  await d1.prepare('update connections set tenant_id = ?').bind(tenantId).run()
  const job = `${url}/apps/${appId}/provisioning`
  await ask('PUT', job, {
    tenantUrl: `${portico.url}/scim/v2`,
    credentials: { kind: 'token', token: scimToken },
    externalIdSource: 'objectId',
  })
  await ask('POST', `${job}/start`)
  await ask('POST', `${job}/cycle`)
  const wanted = {
    organizationId: portico.organizationId,
    connectionId: context.connectionId,
    tenantId,
    appId,
    secret,
  }
  const rows: string[][] = []
  await measure('everybody, for the first time', true)
  await measure('everybody, nobody changed', true)
  await measure('what changed: nothing', false)
  const { items } = await ask<{ items: { id: string }[] }>(
    'GET',
    `${url}/users?limit=100&offset=100`,
  )
  for (const { id } of items) await ask('PATCH', `${url}/users/${id}`, { department: null })
  await measure(`what changed: ${items.length} departments cleared`, false)
  const columns = ['seconds', 'people a second', 'changed', 'requests to Graph', 'D1 calls']
  console.log(`${people} people, each in one group that is assigned.\n`)
  console.log(markdownTable(['Run', ...columns, 'rows read', 'rows written'], rows))

  async function measure(name: string, full: boolean): Promise<void> {
    const body: Wanted = { ...wanted, origin, full }
    const started = performance.now()
    const ran = await ask<Ran>('POST', `${portico.url}/bench/reconcile`, body)
    const seconds = (performance.now() - started) / 1000
    if (ran.status !== 'done') throw new Error(JSON.stringify(ran))
    rows.push([
      name,
      seconds.toFixed(1),
      ...[
        ran.counts.people / seconds,
        ran.counts.changed,
        ran.requests,
        ran.calls,
        ran.read,
        ran.written,
      ].map((n) => Math.round(n).toLocaleString('en')),
    ])
  }
} finally {
  await tenant.dispose()
  await portico.stop()
}

async function ask<T>(method: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`)
  return (text === '' ? null : JSON.parse(text)) as T
}
