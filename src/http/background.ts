import { errorFields } from '../kernel/index.ts'
import type { AppContext } from './context.ts'

/** Lets work finish after the answer has gone out; its failure is logged, never swallowed. */
export function inBackground(c: AppContext, work: Promise<unknown>): void {
  const logged = work.catch((error: unknown) => {
    c.get('deps').log('error', 'background work failed', {
      request: c.get('requestId'),
      error: errorFields(error).message,
    })
  })
  c.executionCtx.waitUntil(logged)
}
