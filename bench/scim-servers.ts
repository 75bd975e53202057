/** The servers that `npm run bench -- scim` compares: ours, the floor under it, and a peer. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Miniflare } from 'miniflare'
import { bundle, scimToken, startWorker } from './worker.ts'

export type ScimServer = {
  readonly name: 'Portico' | 'floor' | 'better-auth'
  /** The base URL of SCIM. */
  readonly url: string
  readonly token: string
  readonly stop: () => Promise<void>
}

/** Portico as it is deployed, in workerd with a local D1. */
export async function startPortico(): Promise<
  ScimServer & Pick<Awaited<ReturnType<typeof startWorker>>, 'd1' | 'organizationId'>
> {
  const worker = await startWorker()
  return {
    name: 'Portico',
    url: `${worker.url}/scim/v2`,
    token: scimToken,
    d1: worker.d1,
    organizationId: worker.organizationId,
    stop: worker.stop,
  }
}

/** A bare Hono Worker on D1: what the runtime and one or two statements cost. */
export async function startFloor(): Promise<ScimServer> {
  const worker = new Miniflare({
    host: '127.0.0.1',
    port: 0,
    workers: [
      {
        config: {
          name: 'floor',
          compatibilityDate: '2026-11-01',
          compatibilityFlags: ['no_nodejs_compat', 'no_nodejs_compat_v2'],
          manifest: {
            mainModule: 'index.js',
            modules: { 'index.js': { type: 'esm', contents: await bundle('floor-worker.ts') } },
          },
          env: { DB: { type: 'd1', id: 'floor' } },
        },
      },
    ],
  })
  const url = (await worker.ready).origin
  const d1 = await worker.getD1Database('DB')
  await d1.batch(
    [
      'create table users (id text primary key, user_name text not null unique, body text not null)',
      'create table events (id text primary key, user_id text not null)',
      'create table members (group_id text, user_id text, primary key (group_id, user_id))',
    ].map((sql) => d1.prepare(sql)),
  )
  return { name: 'floor', url: `${url}/scim/v2`, token: 'none', stop: () => worker.dispose() }
}

/** better-auth with its SCIM plugin on Node and `node:sqlite`, in a process of its own. */
export async function startPeer(): Promise<ScimServer> {
  const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
  const file = fileURLToPath(new URL('better-auth-server.ts', import.meta.url))
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const { url, token } = JSON.parse(line) as { url: string; token: string }
  return {
    name: 'better-auth',
    url,
    token,
    async stop() {
      child.kill()
      await once(child, 'exit')
    },
  }
}
