import { expect } from 'vitest'
import type { Result } from '../../src/kernel/index.ts'

/** The value of a success; the test fails with the failure's evidence otherwise. */
export function unwrap<T>(result: Result<T, unknown>): T {
  if (!result.ok) expect.fail(`refused: ${JSON.stringify(result.failure)}`)
  return result.value
}

/** What a result says, for `expect(codeOf(…)).toBe('…')`: its code, or `ok`. */
export function codeOf(result: Result<unknown, { readonly code: string }>): string {
  return result.ok ? 'ok' : result.failure.code
}
