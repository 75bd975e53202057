import { env, exports } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { checkHealth, createHealthCheck } from '../../src/health.ts'
import { countingD1 } from './support/counting-d1.ts'

describe('GET /healthz', () => {
  it('is well when the configuration parses and the schema is the code’s', async () => {
    const response = await exports.default.fetch('http://localhost:8787/healthz')
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ status: 'ok' })
  })

  it('names every wrong variable at once and no value', async () => {
    const health = await checkHealth({ ...env, ADMIN_KEY: 'short', ENCRYPTION_KEYS: 'k1:AAAA' })
    expect(health.status).toBe(503)
    const text = JSON.stringify(health.body)
    expect(text).toContain('ADMIN_KEY')
    expect(text).toContain('ENCRYPTION_KEYS')
    expect(text).not.toContain('short')
  })

  it('names a limit that is not bound, before the first request asks it', async () => {
    const { LIMIT_UNKNOWN: _unbound, ...rest } = env
    const health = await checkHealth(rest as typeof env)
    expect([health.status, JSON.stringify(health.body)]).toEqual([
      503,
      expect.stringContaining('LIMIT_UNKNOWN'),
    ])
  })

  it('names the command when the schema is older than the code', async () => {
    await env.DB.prepare('delete from d1_migrations').run()
    const health = await checkHealth(env)
    expect(health).toMatchObject({
      status: 503,
      body: {
        code: 'store.schema_outdated',
        command: 'npx wrangler d1 migrations apply portico --remote',
      },
    })
  })
})

describe('asking whether it is well, again and again', () => {
  it('costs one read in five seconds', async () => {
    const { d1, calls } = countingD1(env.DB)
    const health = createHealthCheck({ ...env, DB: d1 })
    for (const atMs of [0, 1, 2500, 4999]) expect((await health(atMs)).status).toBe(200)
    expect(calls).toHaveLength(1)
    await health(5000)
    expect(calls).toHaveLength(2)
  })

  it('hears of an outage within five seconds, and of its end within one', async () => {
    const { d1, calls, failAt } = countingD1(env.DB)
    const health = createHealthCheck({ ...env, DB: d1 })
    failAt([{ call: 1, when: 'before' }])
    const statuses = []
    for (const atMs of [0, 4999, 5000, 5999, 6000]) statuses.push((await health(atMs)).status)
    expect(statuses).toEqual([200, 200, 503, 503, 200])
    expect(calls).toHaveLength(3)
  })

  it('names the command when no migration was ever applied', async () => {
    const health = await checkHealth({ ...env, DB: env.DB_STALE })
    expect(health).toMatchObject({ status: 503, body: { code: 'store.schema_outdated' } })
  })
})

describe('GET /session', () => {
  it('refuses without a session, as problem details with the code', async () => {
    const response = await exports.default.fetch('http://localhost:8787/session')
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect(await response.json()).toMatchObject({ code: 'session.none' })
  })
})
