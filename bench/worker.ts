import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import { base64Decode, parseKeyRing, sha256Hex } from '../src/kernel/index.ts'
import { bytesToBase64 } from '../test/support/keys.ts'
import { certificateDer, context } from '../test/support/saml-builder.ts'

/** A SCIM token of Contoso, known to this process only. */
export const scimToken = `portico_scim_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')}`

const organizationId = 'org_00000000000000000000000001'
const encryptionKeys = `k1:${bytesToBase64(crypto.getRandomValues(new Uint8Array(32)))}`
const adminKey = bytesToBase64(crypto.getRandomValues(new Uint8Array(33)))
const migrations = new URL('../migrations/', import.meta.url)
const dayMs = 24 * 60 * 60 * 1000

/** The whole Worker as it is deployed, in workerd with a local D1 in memory, and one active connection. */
export async function startWorker({ entry = '../src/index.ts' } = {}) {
  const ring = parseKeyRing(encryptionKeys, base64Decode)
  if (ring === null) throw new Error('the keys of the benchmark are no keys')
  const worker = new Miniflare({
    host: '127.0.0.1',
    port: 0,
    workers: [
      {
        config: {
          name: 'portico',
          compatibilityDate: '2026-11-01',
          compatibilityFlags: [
            'no_nodejs_compat',
            'no_nodejs_compat_v2',
            'global_fetch_strictly_public',
          ],
          manifest: {
            mainModule: 'index.js',
            modules: { 'index.js': { type: 'esm', contents: await bundle(entry) } },
          },
          env: {
            DB: { type: 'd1', id: 'portico' },
            // One address asks for everybody here, so the limits on strangers would end the measurement.
            LIMIT_DOOR: limit('1001'),
            LIMIT_UNKNOWN: limit('1003'),
            LIMIT_EVIDENCE: limit('1002'),
            LIMIT_SCIM: limit('1004'),
            PUBLIC_URL: { type: 'text', value: context.publicUrl },
            ADMIN_KEY: { type: 'text', value: adminKey },
            ENCRYPTION_KEYS: { type: 'text', value: encryptionKeys },
          },
        },
      },
    ],
  })
  const url = (await worker.ready).origin
  await fill(await worker.getD1Database('DB'))
  const d1 = () => worker.getD1Database('DB')
  return { url, ring, d1, adminKey, organizationId, stop: () => worker.dispose() }
}

function limit(namespace: string) {
  return {
    type: 'rate-limit' as const,
    namespace,
    simple: { limit: 1_000_000, period: 60 as const },
  }
}

/** A Worker's code in one file, as wrangler makes it. */
export async function bundle(entry: string): Promise<string> {
  const built = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    logLevel: 'error',
  })
  return built.outputFiles[0]?.text ?? ''
}

type LocalD1 = Awaited<ReturnType<Miniflare['getD1Database']>>

/** Applies the migrations and stores Contoso with its connection, as the worker tests do. */
async function fill(d1: LocalD1): Promise<void> {
  const files = readdirSync(migrations).filter((name) => name.endsWith('.sql'))
  for (const file of files.sort()) {
    const statements = readFileSync(new URL(file, migrations), 'utf8').split(
      '--> statement-breakpoint',
    )
    await d1.batch(statements.map((sql) => d1.prepare(sql)))
  }
  const der = certificateDer('K')
  const nowMs = Date.now()
  const insert = (table: string, row: Readonly<Record<string, string | number>>) => {
    const columns = Object.keys(row)
    return d1
      .prepare(
        `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
      )
      .bind(...Object.values(row))
  }
  await d1.batch([
    insert('organizations', {
      id: organizationId,
      slug: 'contoso',
      name: 'Contoso',
      created_at: nowMs,
      updated_at: nowMs,
    }),
    insert('connections', {
      id: context.connectionId,
      organization_id: organizationId,
      name: 'Entra',
      status: 'active',
      idp_entity_id: context.idpEntityId,
      sso_url: context.ssoUrl,
      tenant_id: context.tenantId,
      created_at: nowMs,
      updated_at: nowMs,
    }),
    insert('connection_certificates', {
      connection_id: context.connectionId,
      organization_id: organizationId,
      sha256: await sha256Hex(der),
      der: bytesToBase64(der),
      not_before: nowMs - dayMs,
      not_after: nowMs + 400 * dayMs,
      origin: 'manual',
      added_at: nowMs,
    }),
    insert('scim_tokens', {
      id: 'tok_00000000000000000000000001',
      organization_id: organizationId,
      connection_id: context.connectionId,
      name: 'benchmark',
      token_sha256: await sha256Hex(scimToken),
      created_at: nowMs,
    }),
  ])
}
