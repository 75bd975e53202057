import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

const migrations = await readD1Migrations('./migrations')

/** Three places to run: pure modules in Node, the Worker in workerd with real local D1, and a browser. */
export default defineConfig({
  test: {
    // Left to itself it takes one core fewer than there are, which of two is half.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          testTimeout: 60_000,
          environment: 'node',
          // Pure modules leave nothing behind, and loading them anew for every file takes most of the time.
          pool: 'threads',
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ['test/worker/**', 'test/browser/**'],
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              // A second database stands for a replica that lags behind.
              d1Databases: { DB_STALE: 'stale' },
              // The other side of Microsoft Graph, which runs in Node.
              serviceBindings: {
                SIMULATOR: async (request) => {
                  // Loaded by the tests that ask it, and by no others.
                  const simulator = await import('./test/worker/support/simulator-in-node.ts')
                  return simulator.answerAsSimulator(request)
                },
              },
              bindings: {
                TEST_MIGRATIONS: migrations,
                ADMIN_KEY: 'test-admin-key-0123456789abcdefghijklmnopqrstuvwxyz',
                ENCRYPTION_KEYS: 'k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
              },
            },
          }),
        ],
        test: {
          name: 'worker',
          testTimeout: 30_000,
          hookTimeout: 30_000,
          include: ['test/worker/**/*.test.ts'],
          setupFiles: ['test/worker/setup.ts'],
        },
      },
      {
        test: {
          name: 'browser',
          environment: 'node',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/browser/support/global-setup.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
