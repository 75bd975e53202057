/**
 * `npm run bench -- saml | phases | acs | scim | cycle | soak | reconcile | reconcile-run | console | all`: the figures of docs/performance.md. It
 * installs the peers when they are missing, and always runs under the project's own Node.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const benchmarks = {
  saml: 'saml.ts',
  phases: 'phases.ts',
  acs: 'acs.ts',
  scim: 'scim.ts',
  cycle: 'cycle.ts',
  soak: 'soak.ts',
  reconcile: 'reconcile.ts',
  'reconcile-run': 'reconcile-run.ts',
  console: 'console.ts',
} as const

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const [wanted = 'all'] = process.argv.slice(2)
const chosen = Object.entries(benchmarks).filter(([name]) => wanted === 'all' || wanted === name)
if (chosen.length === 0) {
  console.error(
    `There is no benchmark "${wanted}". Choose ${Object.keys(benchmarks).join(', ')} or all.`,
  )
  process.exit(2)
}
if (chosen.some(([name]) => name === 'saml' || name === 'scim')) installPeers()
for (const [, file] of chosen) {
  const node = here('../node_modules/.bin/node')
  const { status } = spawnSync(node, ['--disable-warning=ExperimentalWarning', here(file)], {
    cwd: here('..'),
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}

/** The peers have a lock of their own, so that nobody who runs Portico installs them. */
function installPeers(): void {
  const peers = ['@node-saml', 'samlify', '@better-auth/scim']
  if (peers.every((name) => existsSync(here(`node_modules/${name}`)))) return
  console.log('Installing the peers into bench/node_modules …')
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: here('.'),
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}
