/**
 * `npm run smoke`: runs `npm start` as a person does, in a data folder of its own, and checks what the README
 * promises: it comes up, the demo organization is connected, its people are there by SCIM before anybody signs
 * in, data survives a start on other ports, signals and taken ports end it cleanly.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePorts, isPortFree } from './stack/ports.ts'
import { fireSchedule } from './stack/schedule.ts'

const readyWithinMs = 120_000
const data = mkdtempSync(join(tmpdir(), 'portico-smoke-'))
const children: ChildProcess[] = []
try {
  await comesUpTwice()
  await refusesATakenPort()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  for (const child of children) if (child.exitCode === null) child.kill('SIGTERM')
  rmSync(data, { recursive: true, force: true })
}

async function comesUpTwice(): Promise<void> {
  const [a = 0, b = 0, c = 0, d = 0] = await freePorts(4)
  const first = await start(a, b)
  const before = await look(first.output, a, b)
  await heals(first.output, a, b)
  expect(await first.end('SIGINT'), 0, 'the exit code after SIGINT')
  await portsAreFree(a, b)
  const second = await start(c, d)
  const after = await look(second.output, c, d)
  expect(after, before, 'organization and connection after a start on other ports')
  await second.end('SIGTERM')
  await portsAreFree(c, d)
}

async function refusesATakenPort(): Promise<void> {
  const [port = 0, other = 0] = await freePorts(2)
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { child, output } = run(port, other)
  const code = await exit(child)
  server.close()
  expect(code !== 0 && output().includes(`Port ${port} is taken`), true, 'a taken port is reported')
  console.log('ok: a taken port is reported')
}

/** Ids of the demo organization and its connection, after checking that its sign-in reaches the simulator. */
async function look(output: string, port: number, simulatorPort: number): Promise<string> {
  const key = /Admin key\s+(\S+)/.exec(output)?.[1] ?? ''
  const base = `http://localhost:${port}`
  const api = async (path: string) => {
    const headers = { Authorization: `Bearer ${key}` }
    const response = await fetch(`${base}/api/v1${path}`, { headers })
    expect(response.status, 200, `GET /api/v1${path}`)
    return (await response.json()) as { id: string; items: { id: string; loginUrl: string }[] }
  }
  const organization = await api('/organizations/contoso')
  const people = (await api('/organizations/contoso/users?limit=100')).items
  expect(people.length, 19, 'people of the demo organization who came by SCIM')
  expect(
    /Provisioning 19 people and 1 group are here by SCIM, without signing in:/.test(output),
    true,
    'what start says of them',
  )
  console.log('ok: 19 people are here by SCIM')
  expect(/Graph +can be read:/.test(output), true, 'what start says of Microsoft Graph')
  console.log('ok: Microsoft Graph can be read')
  const connections = (await api('/organizations/contoso/connections')).items
  expect(connections.length, 1, 'connections of the demo organization')
  const [connection] = connections
  const target = await redirectOf(connection?.loginUrl ?? '')
  expect(new URL(target).host, `127.0.0.1:${simulatorPort}`, 'where a sign-in goes')
  const page = await fetch(target)
  const isPicker = (await page.text()).includes('Adele Vance')
  expect([page.status, isPicker], [200, true], 'the simulator’s answer: who signs in?')
  console.log(`ok: Contoso on port ${port} signs in at the simulator on port ${simulatorPort}`)
  return `${organization.id} ${connection?.id}`
}

/** What SCIM never sends: a department that was cleared in the tenant goes with the next tick of the schedule. */
async function heals(output: string, port: number, simulatorPort: number): Promise<void> {
  const key = /Admin key\s+(\S+)/.exec(output)?.[1] ?? ''
  const base = `http://localhost:${port}`
  const api = async <T>(path: string) => {
    const headers = { Authorization: `Bearer ${key}` }
    const response = await fetch(`${base}/api/v1/organizations/contoso${path}`, { headers })
    return (await response.json()) as T
  }
  const { items } = await api<{ items: { id: string; userName: string }[] }>('/users?limit=100')
  const adele = items.find(({ userName }) => userName === 'AdeleV@contoso.com')?.id ?? ''
  const department = async () =>
    (await api<{ profile: { department?: string } }>(`/users/${adele}`)).profile.department
  expect(await department(), 'Retail', 'Adele’s department by SCIM')
  const cleared = await fetch(`http://127.0.0.1:${simulatorPort}/api/users/AdeleV@contoso.com`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ department: null }),
  })
  expect(cleared.status, 200, 'clearing the department in the tenant')
  for (let tries = 0; tries < 10 && (await department()) !== undefined; tries++) {
    expect(await fireSchedule(base), null, 'a tick of the schedule')
  }
  expect(await department(), undefined, 'Adele’s department after a tick')
  const events = await api<{ items: { actor: string; detail: { why?: unknown[] } }[] }>(
    `/events?type=user.updated&person=${adele}`,
  )
  const why = events.items.find(({ actor }) => actor === 'reconciliation')?.detail.why ?? []
  expect(why.length > 0, true, 'an event that says why')
  console.log(
    'ok: a department that was cleared in the tenant is gone, with an event that says why',
  )
}

/** Where an address leads. By `node:http`: what `fetch` sends says that it is not somebody who goes there. */
function redirectOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, (response) => {
      response.resume()
      resolve(response.headers.location ?? '')
    })
    request.on('error', reject)
  })
}

type Started = { readonly output: string; end(signal: NodeJS.Signals): Promise<number | null> }

async function start(port: number, simulatorPort: number): Promise<Started> {
  const startedAtMs = performance.now()
  const { child, output } = run(port, simulatorPort)
  while (!/Portico is running/.test(output())) {
    if (child.exitCode !== null) throw new Error(`npm start ended early:\n${output()}`)
    if (performance.now() - startedAtMs > readyWithinMs) throw new Error(`not ready:\n${output()}`)
    await wait(50)
  }
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1)
  console.log(`ok: npm start is up after ${seconds} s`)
  const health = await fetch(`http://localhost:${port}/healthz`)
  expect(health.status, 200, 'GET /healthz')
  return {
    output: output(),
    end: (signal) => {
      const ended = exit(child)
      child.kill(signal)
      return ended
    },
  }
}

function run(port: number, simulatorPort: number) {
  const child = spawn(process.execPath, ['tools/start.ts', `--data=${data}`], {
    env: { ...process.env, PORT: String(port), SIM_PORT: String(simulatorPort) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
    })
  }
  return { child, output: () => text }
}

function exit(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)))
}

async function portsAreFree(...ports: readonly number[]): Promise<void> {
  const free = await Promise.all(ports.map(isPortFree))
  expect(
    free.every((isFree) => isFree),
    true,
    'the ports are free again',
  )
  console.log('ok: stopped, ports free')
}

function expect(got: unknown, wanted: unknown, what: string): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)]
  if (a !== b) throw new Error(`${what}: expected ${b}, got ${a}`)
}
