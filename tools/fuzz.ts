/**
 * Mutates signed documents until told to stop: `npm run fuzz -- 100000 [seed]`. The same seed draws the same
 * cases; without one it is taken from the clock and printed, so that a finding can be repeated.
 */
import { spawnSync } from 'node:child_process'

const [cases = '20000', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2)
if (!/^\d+$/.test(cases) || !/^\d+$/.test(seed)) {
  console.error('usage: npm run fuzz -- [cases] [seed]')
  process.exit(2)
}
console.log(`${cases} cases, seed ${seed}`)
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', 'test/saml/fuzz'],
  {
    stdio: 'inherit',
    env: { ...process.env, FUZZ_CASES: cases, FUZZ_SEED: seed, FUZZ_REPORT: 'yes' },
  },
)
process.exit(status ?? 1)
