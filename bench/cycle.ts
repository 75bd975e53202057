/**
 * `npm run bench -- cycle`: the simulator provisions 5,000 people and 200 groups into an empty Portico, and
 * then everybody again, of whom nobody has changed.
 */
import { Miniflare } from 'miniflare'
import { markdownTable } from './table.ts'
import { bundle, scimToken, startWorker } from './worker.ts'

const people = Number(process.argv[2] ?? 5000)
const groups = Number(process.argv[3] ?? 200)

const portico = await startWorker({ entry: 'counted-worker.ts' })
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

type Cycle = Readonly<Record<'created' | 'updated' | 'membersAdded' | 'failed', number>>
type Rows = { readonly calls: number; readonly read: number; readonly written: number }

try {
  const url = `${(await tenant.ready).origin}/api`
  const { groupId } = await ask<{ groupId: string }>('POST', `${url}/crowd`, { people, groups })
  const assigned = Array.from(
    { length: groups },
    (_, i) => `d1000000-0000-4000-8000-${String(i + 1).padStart(12, '0')}`,
  )
  const { appId } = await ask<{ appId: string }>('POST', `${url}/apps`, {
    displayName: 'Provisioning',
    assignments: [{ principal: groupId }, ...assigned.map((principal) => ({ principal }))],
  })
  const job = `${url}/apps/${appId}/provisioning`
  await ask('PUT', job, {
    tenantUrl: `${portico.url}/scim/v2`,
    credentials: { kind: 'token', token: scimToken },
    externalIdSource: 'objectId',
  })
  await ask('POST', `${job}/start`)
  const rows = []
  for (const name of ['initial cycle', 'everybody again, nobody changed']) {
    if (rows.length > 0) await ask('POST', `${job}/restart`, {})
    await ask('GET', `${portico.url}/bench/rows`)
    const started = performance.now()
    const cycle = await ask<Cycle>('POST', `${job}/cycle`)
    const seconds = (performance.now() - started) / 1000
    const cost = await ask<Rows>('GET', `${portico.url}/bench/rows`)
    if (cycle.failed > 0) {
      const { items } = await ask<{ items: unknown[] }>('GET', `${job}/log?failures`)
      throw new Error(`${cycle.failed} objects failed: ${JSON.stringify(items.slice(0, 4))}`)
    }
    rows.push([
      name,
      seconds.toFixed(1),
      ...[cycle.created, cycle.updated, cycle.membersAdded].map((n) => n.toLocaleString('en')),
      ...[cost.calls, cost.read, cost.written].map((n) => n.toLocaleString('en')),
    ])
  }
  const columns = ['seconds', 'created', 'updated', 'members added']
  console.log(
    `${people} people and ${groups} groups, each person in one of them and in one of all.\n`,
  )
  console.log(markdownTable(['Cycle', ...columns, 'D1 calls', 'rows read', 'rows written'], rows))
} finally {
  await tenant.dispose()
  await portico.stop()
}

async function ask<T>(method: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text.slice(0, 500)}`)
  return (text === '' ? null : JSON.parse(text)) as T
}
