import type { Env } from '../src/env.ts'
import portico from '../src/index.ts'
import { type CountingD1, countingD1 } from '../test/worker/support/counting-d1.ts'

/** Portico whose calls to D1 are counted; `/bench/rows` tells the sums and forgets them. */
let counted: { readonly counting: CountingD1; readonly env: Env } | null = null

export default {
  async fetch(request, env, ctx): Promise<Response> {
    if (counted === null) {
      const counting = countingD1(env.DB)
      counted = { counting, env: { ...env, DB: counting.d1 } }
    }
    const { counting, env: inner } = counted
    if (new URL(request.url).pathname !== '/bench/rows') return portico.fetch(request, inner, ctx)
    const sums = { calls: counting.calls.length, ...counting.rows() }
    counting.restart()
    return Response.json(sums)
  },
} satisfies ExportedHandler<Env>
