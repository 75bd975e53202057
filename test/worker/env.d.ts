import type { D1Migration } from '@cloudflare/vitest-plugin'
import type { Env as PorticoEnv } from '../../src/env.ts'

declare global {
  namespace Cloudflare {
    interface GlobalProps {
      readonly mainModule: typeof import('../../src/index.ts')
    }
    interface Env extends PorticoEnv {
      readonly TEST_MIGRATIONS: D1Migration[]
      readonly DB_STALE: D1Database
      /** The simulator in Node: see support/simulator-in-node.ts. */
      readonly SIMULATOR: Fetcher
    }
  }
}
