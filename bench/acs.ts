/** Whole sign-ins a second: the Worker in workerd, each request a response that nobody has used yet. */
import { Agent, request } from 'node:http'
import { context } from '../test/support/saml-builder.ts'
import { median } from './rounds.ts'
import { prepareSignIns } from './sign-ins.ts'
import { markdownTable } from './table.ts'
import { startWorker } from './worker.ts'

const rounds = 7
const perRound = 60
const concurrency = 8
const people = 50

type Ask = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly cookie?: string
  readonly body?: string
}
type Lane = { readonly name: string; readonly status: number; readonly next: () => Ask }

const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
const worker = await startWorker()
try {
  console.log('Preparing the sign-ins …')
  // The first for each person creates them; the measured ones find them.
  const signIns = (await prepareSignIns(worker.ring, people + rounds * perRound, people)).values()
  const lanes: readonly Lane[] = [
    { name: 'no route (404)', status: 404, next: () => get('/api/nothing') },
    {
      name: '`GET /.well-known/jwks.json`',
      status: 200,
      next: () => get('/.well-known/jwks.json'),
    },
    {
      name: '`GET /saml/…/login`, start a sign-in',
      status: 302,
      next: () => get(`/saml/${context.connectionId}/login`),
    },
    {
      name: '`POST /saml/…/acs`, finish one',
      status: 303,
      next: () => {
        const { value } = signIns.next()
        if (value === undefined) throw new Error('no sign-in is left')
        const path = `/saml/${context.connectionId}/acs`
        return { method: 'POST', path, cookie: value.cookie, body: value.form }
      },
    },
  ]
  const perSecond = lanes.map(() => [] as number[])
  for (const lane of lanes) await run(lane, people)
  for (let round = 0; round < rounds; round++) {
    for (const [i, lane] of lanes.entries()) perSecond[i]?.push(await run(lane, perRound))
  }
  console.log(
    `Median of ${rounds} interleaved rounds of ${perRound} requests, ${concurrency} at a time, over loopback.\n`,
  )
  console.log(
    markdownTable(
      ['Request', 'requests/s', 'from', 'to'],
      lanes.map(({ name }, i) => {
        const rates = perSecond[i] ?? []
        return [
          name,
          ...[median(rates), Math.min(...rates), Math.max(...rates)].map((r) => r.toFixed(0)),
        ]
      }),
    ),
  )
} finally {
  agent.destroy()
  await worker.stop()
}

function get(path: string): Ask {
  return { method: 'GET', path }
}

/** @returns requests a second */
async function run(lane: Lane, count: number): Promise<number> {
  const asks = Array.from({ length: count }, () => lane.next()).values()
  const started = performance.now()
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (const ask of asks) {
        const { status, text } = await send(ask)
        if (status !== lane.status) throw new Error(`${lane.name}: ${status} ${text.slice(0, 500)}`)
      }
    }),
  )
  return (count * 1000) / (performance.now() - started)
}

/** `node:http` follows no redirect and costs the two cores less than `fetch`. */
function send({ method, path, cookie, body }: Ask): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string> = cookie === undefined ? {} : { cookie }
    if (body !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded'
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
