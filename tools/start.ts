/**
 * `npm start`: Portico and a stand-in Entra tenant on this machine, migrated, connected, with a demo
 * organization. Runs until it is told to stop.
 *
 * Arguments: `--verbose` shows everything the Workers print; `--data=DIR` keeps databases, logs and keys
 * there instead of in `.portico/` and `.dev.vars`.
 *
 * Environment: PORT (8787), SIM_PORT (PORT + 1), PUBLIC_URL, ENTRA_LOGIN_URL, GRAPH_URL, DOH_URL,
 * ACCESS_TEAM_DOMAIN, ACCESS_AUD, OPERATOR_ORG.
 */
import { join } from 'node:path'
import { parsePort } from './stack/ports.ts'
import { fireSchedules } from './stack/schedule.ts'
import { type Stack, startStack } from './stack/stack.ts'
import { welcome } from './stack/welcome.ts'

const startedAtMs = performance.now()
const scheduleMs = 60_000
const dataDir = process.argv.find((argument) => argument.startsWith('--data='))?.slice(7)
const verbose = process.argv.includes('--verbose')
const stopRequest = new AbortController()
let stack: Stack | null = null

process.chdir(new URL('..', import.meta.url).pathname)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stopRequest.abort())
}
watchNpm()

try {
  const port = parsePort(process.env['PORT'], 'PORT', 8787)
  stack = await startStack({
    port,
    simulatorPort: parsePort(process.env['SIM_PORT'], 'SIM_PORT', port + 1),
    dataDir: dataDir ?? '.portico',
    keysPath: dataDir === undefined ? '.dev.vars' : join(dataDir, 'dev.vars'),
    environment: process.env,
    onLine: (line, kind) => {
      if (kind === 'trouble' || verbose) console.error(line)
    },
    signal: stopRequest.signal,
  })
  console.log(welcome(stack, (performance.now() - startedAtMs) / 1000))
  const stopSchedules = fireSchedules(stack.workers, scheduleMs, (text) => console.error(text))
  const stopped = new Promise<null>((resolve) => {
    stopRequest.signal.addEventListener('abort', () => resolve(null), { once: true })
    if (stopRequest.signal.aborted) resolve(null)
  })
  const broken = await Promise.race([stack.broken, stopped])
  stopSchedules()
  await stack.stop()
  if (broken !== null) throw new Error(broken)
} catch (error) {
  if (!stopRequest.signal.aborted) {
    console.error(`\nPortico stopped. ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
process.exit()

/** npm passes signals on, but not when it is killed outright: without this, both Workers would live on. */
function watchNpm(): void {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) stopRequest.abort()
  }, 100).unref()
}
