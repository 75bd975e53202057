import { describe, expect, it } from 'vitest'
import type { HealthFacts } from '../../src/admin/health-store.ts'
import { judgeHealth } from '../../src/admin/judge-health.ts'

const dayMs = 24 * 60 * 60 * 1000
const nowMs = Date.UTC(2026, 10, 24, 9)
const context = { nowMs, silentMs: 7 * dayMs, scim: true }

const connection = {
  id: 'con_a',
  name: 'Entra',
  status: 'active' as HealthFacts['connections'][number]['status'],
  nextExpiry: (nowMs + 300 * dayMs) as number | null,
  lastExpiry: (nowMs + 300 * dayMs) as number | null,
}

const token = {
  kind: 'token' as const,
  id: 'tok_a',
  name: 'Entra',
  expiresAt: null as number | null,
  lastUsedAt: (nowMs - 60_000) as number | null,
}

const run = { id: 'run_a', status: 'done' as NonNullable<HealthFacts['run']>['status'], at: nowMs }

const well: HealthFacts = {
  organizationId: 'org_a',
  connections: [connection],
  credentials: [token],
  federatedClients: 0,
  lastScimCallAt: nowMs - 60_000,
  graph: { expiresAt: nowMs + 300 * dayMs },
  run,
  openDrift: 0,
  lastSignInAt: nowMs,
}

function findings(change: Partial<HealthFacts>, scim = true) {
  const { state, findings: found } = judgeHealth({ ...well, ...change }, { ...context, scim })
  return [state, ...found.map(({ kind }) => kind)]
}

describe('health', () => {
  it('is good when nothing is wrong, and when there is no SCIM, Graph or reconciliation', () => {
    expect(findings({})).toEqual(['good'])
    const little = {
      credentials: [],
      lastScimCallAt: null,
      graph: null,
      run: null,
      lastSignInAt: null,
    }
    expect(findings(little)).toEqual(['good'])
  })

  it('is being set up while no connection is in use', () => {
    expect(findings({ connections: [] })).toEqual(['setup', 'no_connection'])
    for (const status of ['draft', 'testing', 'disabled'] as const) {
      expect(findings({ connections: [{ ...connection, status }] })).toEqual([
        'setup',
        'not_active',
      ])
    }
  })

  it.each([
    [-1, 'bad', 'certificate_expired'],
    [0, 'warn', 'certificate_expiring'],
    [59, 'warn', 'certificate_expiring'],
    [60, 'good', undefined],
  ])('a last certificate that ends in %d days makes it %s', (days, state, kind) => {
    const lastExpiry = nowMs + days * dayMs
    const found = findings({ connections: [{ ...connection, lastExpiry }] })
    expect(found).toEqual(kind === undefined ? [state] : [state, kind])
  })

  it('an old certificate beside a new one is a rollover and no finding', () => {
    const connections = [{ ...connection, nextExpiry: nowMs + dayMs }]
    expect(findings({ connections })).toEqual(['good'])
  })

  it('a certificate of a connection that is tested warns, and of a disabled one says nothing', () => {
    const old = { ...connection, lastExpiry: nowMs - dayMs, nextExpiry: null }
    const testing = { ...old, id: 'con_b', status: 'testing' as const }
    const disabled = { ...old, id: 'con_c', status: 'disabled' as const }
    expect(findings({ connections: [connection, testing, disabled] })).toEqual([
      'warn',
      'certificate_expired',
    ])
  })

  it('a connection without any trusted certificate lets nobody in', () => {
    const connections = [{ ...connection, nextExpiry: null, lastExpiry: null }]
    expect(findings({ connections })).toEqual(['bad', 'no_certificate'])
  })

  it.each([
    [0, 'bad', 'scim_credential_expired'],
    [29, 'warn', 'scim_credential_expiring'],
    [31, 'good', undefined],
  ])('a credential of SCIM that ends in %d days makes it %s', (days, state, kind) => {
    const found = findings({ credentials: [{ ...token, expiresAt: nowMs + days * dayMs }] })
    expect(found).toEqual(kind === undefined ? [state] : [state, kind])
  })

  it('of several credentials the one that was used last counts', () => {
    const old = { ...token, id: 'tok_old', expiresAt: nowMs - dayMs, lastUsedAt: nowMs - 9 * dayMs }
    const next = { ...token, id: 'tok_next', expiresAt: null, lastUsedAt: null }
    expect(findings({ credentials: [old, token, next] })).toEqual(['good'])
    // The next one is there, but Entra does not have it yet.
    expect(findings({ credentials: [old, next] })).toEqual(['bad', 'scim_credential_expired'])
    expect(findings({ credentials: [{ ...old, lastUsedAt: null }, next] })).toEqual(['good'])
  })

  it('SCIM that was heard of and is not any more is worth a look, unless it is switched off or not begun', () => {
    const silent = { lastScimCallAt: nowMs - 8 * dayMs }
    expect(findings(silent)).toEqual(['warn', 'scim_silent'])
    expect(findings(silent, false)).toEqual(['good'])
    expect(findings({ ...silent, credentials: [] })).toEqual(['good'])
    expect(findings({ ...silent, credentials: [], federatedClients: 1 })).toEqual([
      'warn',
      'scim_silent',
    ])
    expect(findings({ lastScimCallAt: null })).toEqual(['good'])
  })

  it('the credential of Microsoft Graph ends like any other', () => {
    expect(findings({ graph: { expiresAt: nowMs - 1 } })).toEqual([
      'bad',
      'graph_credential_expired',
    ])
    expect(findings({ graph: { expiresAt: nowMs + dayMs } })).toEqual([
      'warn',
      'graph_credential_expiring',
    ])
    expect(findings({ graph: { expiresAt: null } })).toEqual(['good'])
  })

  it('a run that failed or is held needs somebody, and so does open drift', () => {
    expect(findings({ run: { ...run, status: 'failed' } })).toEqual(['bad', 'run_failed'])
    expect(findings({ run: { ...run, status: 'held' }, openDrift: 3 })).toEqual([
      'bad',
      'run_held',
      'drift_open',
    ])
    expect(findings({ run: { ...run, status: 'paused' } })).toEqual(['good'])
  })

  it('names the worst first, with its subject and time', () => {
    const connections = [{ ...connection, status: 'testing' as const, lastExpiry: nowMs + dayMs }]
    const { state, findings: found } = judgeHealth(
      { ...well, connections, graph: { expiresAt: nowMs - 1 } },
      context,
    )
    expect(state).toBe('bad')
    expect(found).toEqual([
      { kind: 'graph_credential_expired', level: 'bad', at: nowMs - 1 },
      { kind: 'certificate_expiring', level: 'warn', subject: 'con_a', at: nowMs + dayMs },
      { kind: 'not_active', level: 'setup' },
    ])
  })
})
