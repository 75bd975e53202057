/**
 * The console's pages in local workerd, with a directory of 10,000 people and a log of 100,000 events: time to the first
 * byte of each page, and how much a first visit transfers, stylesheet and scripts included.
 */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { context } from '../test/support/saml-builder.ts'
import { median } from './rounds.ts'
import { markdownTable, milliseconds } from './table.ts'
import { startWorker } from './worker.ts'

const people = 10_000
const events = 100_000
const rounds = 15
const wantedMs = 50
const wantedBytes = 100_000
const dayMs = 24 * 60 * 60 * 1000

const worker = await startWorker()
try {
  const person = await fillDirectory()
  const cookie = await signIn()
  const org = '/console/o/contoso'
  const pages = [
    '/console',
    org,
    `${org}/setup`,
    `${org}/test`,
    `${org}/rollout`,
    `${org}/people`,
    `${org}/people?search=person12`,
    `${org}/people/${person}`,
    `${org}/groups`,
    `${org}/events`,
    `${org}/events?code=saml.audience`,
    `${org}/events?kind=sign_in&outcome=refused`,
    `${org}/attributes`,
    `${org}/reconciliation`,
    `${org}/decoder`,
    `${org}/settings`,
  ]
  const times = new Map<string, number[]>(pages.map((page) => [page, []]))
  const sizes = new Map<string, number>()
  for (let round = -2; round < rounds; round++) {
    for (const page of pages) {
      const { ms, bytes } = await ask(page, cookie)
      sizes.set(page, bytes)
      // The first two warm the isolate up.
      if (round >= 0) times.get(page)?.push(ms)
    }
  }
  const files = ['console.css', 'console.js', 'htmx.js'].map((name) =>
    readFileSync(new URL(`../public/${name}`, import.meta.url)),
  )
  const shared = files.reduce((sum, file) => sum + gzipSync(file).length, 0)
  console.log(
    `Median of ${rounds} rounds over loopback, one request at a time; ${people.toLocaleString('en')} people, ${events.toLocaleString('en')} events. A first visit also loads ${shared} bytes of stylesheet and scripts.\n`,
  )
  const rows = pages.map((page) => {
    const all = times.get(page) ?? []
    return { page, ms: median(all), most: Math.max(...all), bytes: sizes.get(page) ?? 0 }
  })
  console.log(
    markdownTable(
      ['Page', 'first byte, ms', 'slowest', 'bytes, gzip'],
      rows.map(({ page, ms, most, bytes }) => [
        page.replace(person, '…'),
        milliseconds(ms),
        milliseconds(most),
        String(bytes),
      ]),
    ),
  )
  for (const { page, ms, bytes } of rows) {
    if (ms > wantedMs) console.log(`SHORT ${page}: ${milliseconds(ms)} ms, wanted ${wantedMs}`)
    if (bytes + shared > wantedBytes) console.log(`SHORT ${page}: ${bytes + shared} bytes`)
  }
} finally {
  await worker.stop()
}

/** @returns time to the first byte in milliseconds, and the size of the page as a browser is sent it */
async function ask(path: string, cookie: string): Promise<{ ms: number; bytes: number }> {
  const started = performance.now()
  const response = await fetch(`${worker.url}${path}`, { headers: { cookie }, redirect: 'manual' })
  const ms = performance.now() - started
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${text}`)
  return { ms, bytes: gzipSync(text).length }
}

/** Enters with the admin key, as an operator does. */
async function signIn(): Promise<string> {
  const response = await fetch(`${worker.url}/console/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ key: worker.adminKey }),
  })
  const [cookie = ''] = response.headers.getSetCookie()
  if (response.status !== 303) throw new Error(`signing in answered ${response.status}`)
  return cookie.split(';', 1)[0] ?? ''
}

/** People and events as months of use leave them, in statements of a few thousand rows. */
async function fillDirectory(): Promise<string> {
  const d1 = await worker.d1()
  const nowMs = Date.now()
  const at = [worker.organizationId, context.connectionId] as const
  const run = async (total: number, size: number, sql: string) => {
    for (let from = 0; from < total; from += size) {
      await d1
        .prepare(
          `with recursive n(i) as (select ${from} union all select i + 1 from n where i < ${from + size - 1}) ${sql}`,
        )
        .bind(...at)
        .run()
    }
  }
  await run(
    people,
    2000,
    `insert into people (id, organization_id, connection_id, user_name, user_name_key, external_id, search_name, search_family, search_email,
        created_by, scim_at, profile, provenance, mapping_version, created_at, updated_at)
      select printf('usr_%026d', i), ?1, ?2, 'person' || i || '@contoso.example', 'person' || i || '@contoso.example', printf('%08d-0000-4000-8000-000000000000', i),
        'person ' || i, 'family' || i, 'person' || i || '@contoso.example', 'scim', ${nowMs},
        json_object('displayName', 'Person ' || i, 'email', 'person' || i || '@contoso.example', 'department', 'Sales'), '{}', 1, ${nowMs} - i, ${nowMs} - i from n`,
  )
  await run(
    events,
    5000,
    `insert into events (id, at, organization_id, type, outcome, code, connection_id, person_id, actor, request_id, facts)
      select printf('evt_%026d', i), ${nowMs} - ${90 * dayMs} + i * ${Math.floor((90 * dayMs) / events)}, ?1, iif(i % 3 = 0, 'user.updated', 'sign_in'),
        iif(i % 10 = 0, 'refused', 'success'), iif(i % 10 = 0, iif(i % 20 = 0, 'saml.audience', 'saml.expired'), null), ?2,
        printf('usr_%026d', i % ${people}), 'person', printf('req_%026d', i), '{}' from n`,
  )
  return `usr_${String(7).padStart(26, '0')}`
}
