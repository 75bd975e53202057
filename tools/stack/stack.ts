import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openAdminApi } from './admin-api.ts'
import { connectDemo, type Demo } from './demo.ts'
import { connectGraph, type GraphConnected } from './graph.ts'
import { waitForHealth } from './health.ts'
import { loadKeys } from './keys.ts'
import { freePorts, isPortFree } from './ports.ts'
import { finish, isTrouble, type Running, startWrangler } from './process.ts'
import { type Provisioned, provisionDemo } from './provision.ts'
import type { Scheduled } from './schedule.ts'
import { openSimulator } from './simulator-api.ts'

/** Variables of wrangler.toml that the environment may set for a local run. */
const passedThrough = [
  'PUBLIC_URL',
  'ENTRA_LOGIN_URL',
  'GRAPH_URL',
  'DOH_URL',
  'WORKERS_PLAN',
  'ACCESS_TEAM_DOMAIN',
  'ACCESS_AUD',
  'OPERATOR_ORG',
] as const

export type StackOptions = {
  readonly port: number
  readonly simulatorPort: number
  /** Databases and logs; kept between starts. */
  readonly dataDir: string
  /** The dotenv file with ADMIN_KEY and ENCRYPTION_KEYS; made when missing. */
  readonly keysPath: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Called with a line of either Worker's output, headed by its name. */
  readonly onLine: (line: string, kind: 'trouble' | 'talk') => void
  /** Aborting it stops everything, also while it is still starting. */
  readonly signal: AbortSignal
}

export type Stack = {
  readonly publicUrl: string
  readonly simulatorUrl: string
  readonly adminKey: string
  readonly keysCreated: boolean
  readonly keysPath: string
  readonly dataDir: string
  readonly demo: Demo
  readonly provisioned: Provisioned
  readonly graph: GraphConnected
  readonly workers: readonly Scheduled[]
  /** Settles when a Worker ends by itself, with a sentence that says which and why. */
  readonly broken: Promise<string>
  stop(): Promise<void>
}

/**
 * Starts Portico and the simulator on local ports, migrated and connected to each other. What was
 * started is stopped again when anything fails.
 * @throws with a readable message when a port is taken, a Worker ends or the two cannot be connected
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { port, simulatorPort, dataDir, environment } = options
  await requirePorts(port, simulatorPort)
  mkdirSync(dataDir, { recursive: true })
  const keys = loadKeys(options.keysPath)
  const localUrl = `http://localhost:${port}`
  const simulatorUrl = `http://127.0.0.1:${simulatorPort}`
  const variables: Record<string, string> = {
    PUBLIC_URL: localUrl,
    ENTRA_LOGIN_URL: simulatorUrl,
    GRAPH_URL: simulatorUrl,
  }
  for (const name of passedThrough) {
    const value = environment[name]
    if (value !== undefined && value !== '') variables[name] = value
  }
  const publicUrl = variables['PUBLIC_URL'] ?? localUrl
  const [inspector = 0, simulatorInspector = 0] = await freePorts(2)
  const running: Running[] = []
  const stop = async () => {
    await Promise.all(running.map((program) => program.stop()))
  }
  const start = (name: string, args: readonly string[]) => {
    options.signal.throwIfAborted()
    const program = startWrangler({
      name,
      args,
      logPath: join(dataDir, `${name}.log`),
      onLine: (line) => options.onLine(`${name}: ${line}`, isTrouble(line) ? 'trouble' : 'talk'),
    })
    running.push(program)
    return program
  }
  options.signal.addEventListener('abort', () => void stop(), { once: true })
  try {
    // The simulator comes up while the migrations run; both take a core for about two seconds.
    const simulator = start('simulator', [
      'dev',
      ...['--config', 'simulator/wrangler.toml', '--ip', '127.0.0.1'],
      ...['--port', String(simulatorPort), '--inspector-port', String(simulatorInspector)],
      ...['--persist-to', join(dataDir, 'simulator'), '--var', `BASE_URL:${simulatorUrl}`],
    ])
    const migrations = start('migrations', [
      ...['d1', 'migrations', 'apply', 'DB', '--local'],
      ...['--persist-to', join(dataDir, 'portico')],
    ])
    await finish(migrations)
    running.splice(running.indexOf(migrations), 1)
    const portico = start('portico', [
      'dev',
      ...['--port', String(port), '--inspector-port', String(inspector)],
      ...['--persist-to', join(dataDir, 'portico'), '--env-file', options.keysPath],
      ...Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
    ])
    await Promise.all([waitForHealth(localUrl, portico), waitForHealth(simulatorUrl, simulator)])
    const places = { localUrl, simulatorUrl, adminKey: keys.adminKey }
    const demo = await connectDemo(places)
    const api = openAdminApi(localUrl, keys.adminKey)
    const shared = {
      ...{ simulator: openSimulator(simulatorUrl), simulatorUrl, api },
      organizationId: demo.organization.id,
    }
    const statePath = join(dataDir, 'stack.json')
    const provisioned = await provisionDemo({ ...shared, localUrl, statePath })
    const graph = await connectGraph({ ...shared, nowMs: Date.now() })
    const broken = Promise.race(
      running.map(async ({ name, ended, tail }) => `${name} ended with ${await ended}:\n${tail()}`),
    )
    return {
      publicUrl,
      simulatorUrl,
      adminKey: keys.adminKey,
      keysCreated: keys.created,
      keysPath: options.keysPath,
      dataDir,
      demo,
      provisioned,
      graph,
      workers: [
        { name: 'portico', url: localUrl },
        { name: 'simulator', url: simulatorUrl },
      ],
      broken,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function requirePorts(port: number, simulatorPort: number): Promise<void> {
  if (port === simulatorPort) throw new Error('PORT and SIM_PORT must differ.')
  if (!(await isPortFree(port))) {
    throw new Error(`Port ${port} is taken. Choose another one: PORT=${port + 10} npm start`)
  }
  if (!(await isPortFree(simulatorPort))) {
    throw new Error(
      `Port ${simulatorPort}, for the simulator, is taken. Choose another one: SIM_PORT=${simulatorPort + 10} npm start`,
    )
  }
}
