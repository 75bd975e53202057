/**
 * `npm run bench -- soak`: 25 SCIM requests a second, which is what Microsoft asks of a gallery application,
 * for two minutes, while people sign in beside it. Ends with 1 at the first answer that is not what it should be.
 */
import { Agent, request } from 'node:http'
import { setTimeout as rest } from 'node:timers/promises'
import { context } from '../test/support/saml-builder.ts'
import { prepareSignIns } from './sign-ins.ts'
import { markdownTable } from './table.ts'
import { scimToken, startWorker } from './worker.ts'

const seconds = Number(process.argv[2] ?? 120)
const scimPerSecond = 25
const signInsPerSecond = 5
const people = 50

type Ask = {
  readonly method: string
  readonly path: string
  readonly body?: string
  readonly headers: Readonly<Record<string, string>>
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const worker = await startWorker()
const scimHeaders = {
  authorization: `Bearer ${scimToken}`,
  'content-type': 'application/scim+json',
}
const times = new Map<string, number[]>()
const wrong: string[] = []
const userIds: string[] = []
let groupId = ''
let serial = 0

/** What a provisioning job does with a person, over and over: look, create, change, put in a group, look again. */
const steps = [
  () => scim('find', 200, 'GET', `/Users?filter=${search(`userName eq "${userName(serial)}"`)}`),
  async () => {
    const made = await scim('create', 201, 'POST', '/Users', newUser(serial++))
    userIds.push((JSON.parse(made) as { id: string }).id)
  },
  () => scim('get', 200, 'GET', `/Users/${anybody()}`),
  () =>
    scim('patch', 200, 'PATCH', `/Users/${anybody()}`, {
      Operations: [{ op: 'Replace', path: 'title', value: `Job ${serial}` }],
    }),
  () =>
    scim('add member', 204, 'PATCH', `/Groups/${groupId}`, {
      Operations: [{ op: 'Add', path: 'members', value: [{ value: anybody() }] }],
    }),
] as const

try {
  const count = seconds * signInsPerSecond + people
  console.log('Preparing the sign-ins …')
  const signIns = (await prepareSignIns(worker.ring, count, people)).values()
  const group = await scim('group', 201, 'POST', '/Groups', { displayName: 'Everybody' })
  groupId = (JSON.parse(group) as { id: string }).id
  for (let i = 0; i < 20; i++) await steps[1]()
  times.clear()

  const signIn = async () => {
    const { value } = signIns.next()
    if (value === undefined) throw new Error('no sign-in is left')
    const headers = {
      cookie: value.cookie,
      'content-type': 'application/x-www-form-urlencoded',
    }
    const path = `/saml/${context.connectionId}/acs`
    await timed('sign in', 303, { method: 'POST', path, body: value.form, headers })
  }
  const started = performance.now()
  await Promise.all([
    atRate(scimPerSecond, (i) => steps[i % steps.length]?.()),
    atRate(signInsPerSecond, signIn),
  ])
  report((performance.now() - started) / 1000)
} finally {
  agent.destroy()
  await worker.stop()
}

/** Starts something so often a second, whether or not what came before has ended: as callers do. */
async function atRate(perSecond: number, work: (i: number) => unknown): Promise<void> {
  const started = performance.now()
  const pending: unknown[] = []
  for (let i = 0; i < seconds * perSecond; i++) {
    const due = started + (i * 1000) / perSecond
    await rest(Math.max(0, due - performance.now()))
    pending.push(Promise.resolve(work(i)).catch((error: unknown) => wrong.push(String(error))))
  }
  await Promise.all(pending)
}

function search(text: string): string {
  return encodeURIComponent(text)
}

function anybody(): string {
  return userIds[Math.floor(Math.random() * userIds.length)] ?? ''
}

function userName(i: number): string {
  return `provisioned${i}@contoso.example`
}

function newUser(i: number): object {
  return {
    userName: userName(i),
    externalId: `50a00000-0000-4000-8000-${i.toString(16).padStart(12, '0')}`,
    active: true,
    displayName: `Person ${i}`,
    name: { givenName: 'Person', familyName: String(i) },
    emails: [{ type: 'work', primary: true, value: userName(i) }],
  }
}

function scim(
  name: string,
  status: number,
  method: string,
  path: string,
  body?: object,
): Promise<string> {
  const schemas = [
    method === 'PATCH'
      ? 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
      : `urn:ietf:params:scim:schemas:core:2.0:${path.startsWith('/Groups') ? 'Group' : 'User'}`,
  ]
  return timed(name, status, {
    method,
    path: `/scim/v2${path}`,
    headers: scimHeaders,
    ...(body === undefined ? {} : { body: JSON.stringify({ schemas, ...body }) }),
  })
}

async function timed(name: string, status: number, ask: Ask): Promise<string> {
  const started = performance.now()
  const answer = await send(ask)
  times.set(name, [...(times.get(name) ?? []), performance.now() - started])
  if (answer.status !== status) {
    throw new Error(`${name}: ${answer.status} ${answer.text.slice(0, 300)}`)
  }
  return answer.text
}

function send({ method, path, body, headers }: Ask): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${worker.url}${path}`, { method, headers, agent }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function report(took: number): void {
  const at = (sorted: readonly number[], share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1)
  const rows = [...times].map(([name, all]) => {
    const sorted = all.toSorted((a, b) => a - b)
    return [name, String(all.length), at(sorted, 0.5), at(sorted, 0.95), at(sorted, 1)]
  })
  const total = [...times.values()].reduce((sum, all) => sum + all.length, 0)
  console.log(`${total} requests in ${took.toFixed(0)} s, ${wrong.length} wrong.\n`)
  console.log(markdownTable(['Request', 'count', 'median ms', '95 % ms', 'most ms'], rows))
  for (const one of wrong.slice(0, 5)) console.log(one)
  if (wrong.length > 0) process.exitCode = 1
}
