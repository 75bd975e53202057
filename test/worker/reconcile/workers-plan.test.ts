import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../src/env.ts'

function planOf(change: { readonly WORKERS_PLAN?: string; readonly PUBLIC_URL?: string }) {
  const { WORKERS_PLAN: _unset, ...rest } = env as typeof env & { WORKERS_PLAN?: string }
  const config = parseConfig({ ...rest, PUBLIC_URL: 'https://sso.example.com', ...change })
  return config.ok ? config.value.workersPlan : config.failure.problems
}

describe('WORKERS_PLAN', () => {
  it('is free unless it says otherwise; on localhost nothing is limited', () => {
    expect(planOf({})).toBe('free')
    expect(planOf({ WORKERS_PLAN: 'paid' })).toBe('paid')
    expect(planOf({ PUBLIC_URL: 'http://localhost:8787' })).toBe('paid')
    expect(planOf({ PUBLIC_URL: 'http://localhost:8787', WORKERS_PLAN: 'free' })).toBe('free')
    expect(planOf({ WORKERS_PLAN: 'enterprise' })).toEqual([
      expect.stringContaining('WORKERS_PLAN must be free or paid'),
    ])
  })
})
