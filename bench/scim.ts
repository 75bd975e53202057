/**
 * `npm run bench -- scim`: provisioning requests a second; ours, the floor under it and a peer, in one run.
 * Each round does the same with each server in turn, so that a slow moment of the machine strikes all.
 */
import { Agent, request } from 'node:http'
import { median } from './rounds.ts'
import { type ScimServer, startFloor, startPeer, startPortico } from './scim-servers.ts'
import { markdownTable } from './table.ts'

const rounds = 9
const perRound = 120
const concurrency = 8
const largeGroup = 10_000

const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
const portico = await startPortico()
const servers: readonly ScimServer[] = [portico, await startFloor(), await startPeer()]

type Ask = { readonly method: string; readonly path: string; readonly body?: object }
type Lane = {
  readonly name: string
  readonly status: readonly number[]
  readonly of: readonly ScimServer['name'][]
  readonly next: (server: Filled) => Ask
}
/** A server with people and groups in it. */
type Filled = {
  readonly server: ScimServer
  readonly userIds: string[]
  readonly groups: { small: string; large: string }
  serial: number
}

const all = ['Portico', 'floor', 'better-auth'] as const
const search = (text: string) => encodeURIComponent(text)
const patchOp = (operation: object) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [operation],
})

const lanes: readonly Lane[] = [
  {
    name: 'create a user',
    status: [201],
    of: all,
    next: (filled) => ({ method: 'POST', path: '/Users', body: userOf(filled.serial++) }),
  },
  {
    name: 'find a user by userName',
    status: [200],
    of: all,
    next: ({ serial }) => ({
      method: 'GET',
      path: `/Users?filter=${search(`userName eq "${userName(pick(serial))}"`)}`,
    }),
  },
  {
    name: 'PATCH one attribute of a user',
    status: [200, 204],
    of: all,
    next: (filled) => ({
      method: 'PATCH',
      path: `/Users/${filled.userIds[pick(filled.userIds.length)]}`,
      body: patchOp({ op: 'replace', path: 'displayName', value: `Person ${Math.random()}` }),
    }),
  },
  {
    name: 'add a member to a group of 10',
    status: [200, 204],
    of: all,
    next: (filled) => addMember(filled, filled.groups.small),
  },
  {
    name: `add a member to a group of ${largeGroup.toLocaleString('en')}`,
    status: [204],
    of: ['Portico'],
    next: (filled) => addMember(filled, filled.groups.large),
  },
  {
    name: 'a page of 100 users',
    status: [200],
    of: all,
    next: () => ({ method: 'GET', path: '/Users?count=100' }),
  },
]

try {
  const filled = await Promise.all(servers.map(fill))
  const rates = new Map<string, number[]>()
  for (const lane of lanes) for (const one of filled) if (runs(lane, one)) await run(lane, one, 40)
  for (let round = 0; round < rounds; round++) {
    for (const lane of lanes) {
      for (const one of filled) {
        if (!runs(lane, one)) continue
        const key = `${lane.name} ${one.server.name}`
        rates.set(key, [...(rates.get(key) ?? []), await run(lane, one, perRound)])
      }
    }
  }
  report(rates)
} finally {
  agent.destroy()
  for (const server of servers) await server.stop()
}

function runs(lane: Lane, { server }: Filled): boolean {
  return lane.of.includes(server.name)
}

function userName(serial: number): string {
  return `person${serial}@contoso.example.com`
}

function userOf(serial: number): object {
  const name = userName(serial)
  return {
    schemas: [
      'urn:ietf:params:scim:schemas:core:2.0:User',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
    ],
    externalId: `00000000-0000-4000-8000-${serial.toString(16).padStart(12, '0')}`,
    userName: name,
    active: true,
    displayName: `Person ${serial}`,
    name: { givenName: 'Person', familyName: String(serial), formatted: `Person ${serial}` },
    emails: [{ primary: true, type: 'work', value: name }],
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Operations' },
  }
}

function pick(count: number): number {
  return Math.floor(Math.random() * count)
}

function addMember({ userIds }: Filled, group: string): Ask {
  const value = [{ value: userIds[pick(userIds.length)] }]
  return {
    method: 'PATCH',
    path: `/Groups/${group}`,
    body: patchOp({ op: 'add', path: 'members', value }),
  }
}

/** Three hundred people, a small group, and for ours one of 10,000 whose members are stored directly. */
async function fill(server: ScimServer): Promise<Filled> {
  const filled: Filled = { server, userIds: [], groups: { small: '', large: '' }, serial: 0 }
  for (let i = 0; i < 300; i++) {
    const ask = { method: 'POST', path: '/Users', body: userOf(filled.serial++) }
    filled.userIds.push(idOf(await send(server, ask)))
  }
  if (server.name === 'floor') {
    Object.assign(filled.groups, { small: 'small', large: 'large' })
    return filled
  }
  filled.groups.small = await createGroup(server, 'Small', filled.userIds.slice(0, 10))
  if (server.name === 'Portico') {
    filled.groups.large = await createGroup(server, 'Large', [])
    await fillLargeGroup(filled.groups.large)
  }
  return filled
}

async function createGroup(
  server: ScimServer,
  displayName: string,
  ids: string[],
): Promise<string> {
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group']
  const members = ids.map((value) => ({ value }))
  const externalId = displayName.toLowerCase()
  const body = { schemas, displayName, externalId, ...(ids.length === 0 ? {} : { members }) }
  return idOf(await send(server, { method: 'POST', path: '/Groups', body }))
}

async function fillLargeGroup(groupId: string): Promise<void> {
  const d1 = await portico.d1()
  const ids = Array.from({ length: largeGroup }, (_, i) => `usr_f${String(i).padStart(25, '0')}`)
  const organization = portico.organizationId
  await d1.batch([
    d1
      .prepare(
        `insert into people (id, organization_id, connection_id, user_name, user_name_key, created_by, scim_at, profile, provenance, mapping_version, created_at, updated_at)
         select value, ?, (select id from connections limit 1), value, value, 'scim', 1, '{}', '{}', 1, 1, 1 from json_each(?)`,
      )
      .bind(organization, JSON.stringify(ids)),
    d1
      .prepare(
        `insert into group_members (group_id, member_id, organization_id, source, at) select ?, value, ?, 'scim', 1 from json_each(?)`,
      )
      .bind(groupId, organization, JSON.stringify(ids)),
  ])
}

function idOf({ status, text }: { status: number; text: string }): string {
  if (status !== 201) throw new Error(`${status} ${text.slice(0, 500)}`)
  return (JSON.parse(text) as { id: string }).id
}

/** @returns requests a second */
async function run(lane: Lane, filled: Filled, count: number): Promise<number> {
  const asks = Array.from({ length: count }, () => lane.next(filled)).values()
  const started = performance.now()
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (const ask of asks) {
        const { status, text } = await send(filled.server, ask)
        if (!lane.status.includes(status)) {
          throw new Error(`${filled.server.name}, ${lane.name}: ${status} ${text.slice(0, 500)}`)
        }
      }
    }),
  )
  return (count * 1000) / (performance.now() - started)
}

function send(
  { url, token }: ScimServer,
  { method, path, body }: Ask,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string> = { authorization: `Bearer ${token}` }
    if (body !== undefined) headers['content-type'] = 'application/scim+json'
    const sent = request(`${url}${path}`, { method, headers, agent }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.on('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

function report(rates: ReadonlyMap<string, readonly number[]>): void {
  const of = (lane: Lane, name: ScimServer['name']) => {
    const measured = rates.get(`${lane.name} ${name}`)
    return measured === undefined ? Number.NaN : median(measured)
  }
  const show = (rate: number) => (Number.isNaN(rate) ? '' : rate.toFixed(0))
  const ratio = (a: number, b: number) => (Number.isNaN(a / b) ? '' : (a / b).toFixed(2))
  console.log(
    `Requests a second, median of ${rounds} interleaved rounds of ${perRound}, ${concurrency} at a time, over loopback.\n`,
  )
  console.log(
    markdownTable(
      ['Request', ...all, 'Portico / floor', 'Portico / better-auth'],
      lanes.map((lane) => {
        const [ours, floor, peer] = [
          of(lane, 'Portico'),
          of(lane, 'floor'),
          of(lane, 'better-auth'),
        ]
        return [
          lane.name,
          show(ours),
          show(floor),
          show(peer),
          ratio(ours, floor),
          ratio(ours, peer),
        ]
      }),
    ),
  )
  const [create, read, , small, large] = lanes
  if (!create || !read || !small || !large) throw new Error('a lane is missing')
  const wanted: readonly (readonly [string, number, number])[] = [
    ['creates to the floor', of(create, 'Portico') / of(create, 'floor'), 0.8],
    ['filtered reads to the floor', of(read, 'Portico') / of(read, 'floor'), 0.8],
    ['creates to better-auth', of(create, 'Portico') / of(create, 'better-auth'), 2.5],
    ['PATCH of the large group to the small one', of(large, 'Portico') / of(small, 'Portico'), 0.9],
  ]
  console.log()
  for (const [name, got, least] of wanted) {
    console.log(`${got >= least ? 'met  ' : 'SHORT'} ${name}: ${got.toFixed(2)}, wanted ${least}`)
  }
}
