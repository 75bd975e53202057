import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import { callOperation } from '../../../src/admin/index.ts'
import { openDatabase } from '../../../src/db/index.ts'
import type { Principal } from '../../../src/http/index.ts'
import type { TestReport } from '../../../src/saml/index.ts'
import {
  type browser,
  context,
  type DoorWorld,
  leadsTo,
  requestIdOf,
  tables,
} from './door-world.ts'

type Browser = ReturnType<typeof browser>

export const adminKey = 'test-admin-key-0123456789abcdefghijklmnopqrstuvwxyz'

/** Calls the Admin API as an operator. */
export function admin(world: DoorWorld, method: string, path: string, body?: unknown) {
  return world.request(`/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

export const testsPath = `/organizations/contoso/connections/${context.connectionId}/test-sign-ins`

export type Link = { readonly id: string; readonly url: string; readonly token: string }

/** A new test sign-in of Contoso's connection. */
export async function makeTest(world: DoorWorld, body: unknown = {}): Promise<Link> {
  const created = await admin(world, 'POST', testsPath, body)
  expect(created.status).toBe(201)
  const { id, url } = (await created.json()) as { id: string; url: string }
  return { id, url, token: url.split('#')[1] ?? '' }
}

export const sameOrigin = { 'sec-fetch-site': 'same-origin', origin: context.publicUrl }

/** Sends the form of the page that a link opens. */
export function openLink(
  browser: Pick<Browser, 'go'>,
  token: string,
  {
    connectionId = context.connectionId as string,
    headers = sameOrigin as Record<string, string>,
  } = {},
): Promise<Response> {
  return browser.go(`/saml/${connectionId}/test`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ token }).toString(),
  })
}

/** Begins a test in a browser and returns the id of its AuthnRequest. */
export async function begin(browser: Pick<Browser, 'go'>, { token }: Link): Promise<string> {
  const response = await openLink(browser, token)
  expect(response.status).toBe(200)
  return requestIdOf(await leadsTo(response))
}

/** The test as it is stored. */
export async function storedTest(id: string) {
  const rows = await openDatabase(env.DB, 'primary').select().from(tables.testSignIns)
  const row = rows.find((one) => one.id === id)
  if (row === undefined) throw new Error('no such test')
  return { ...row, report: row.report as TestReport | null }
}

/** States of a report's checks by their id. */
export function statesOf(report: TestReport | null): Readonly<Record<string, string>> {
  return Object.fromEntries((report?.checks ?? []).map(({ id, state }) => [id, state]))
}

/** That nobody was let in and nobody was made. */
export async function expectNobody(): Promise<void> {
  const db = openDatabase(env.DB, 'primary')
  const { identities, people, sessions, sourceViews } = tables
  for (const table of [sessions, people, identities, sourceViews]) {
    expect(await db.select().from(table)).toEqual([])
  }
}

type Answered = {
  readonly ok: boolean
  readonly value: unknown
  readonly failure?: { readonly code: string }
}

/** Asks operations without HTTP, with the rights of whoever is named; made before the world's first request. */
export function askAs(world: DoorWorld) {
  let asked: {
    principal: Principal
    id: string
    params: Record<string, string>
    body: unknown
  } | null = null
  let answered: Answered | null = null
  world.app.get('/test-call', async (c) => {
    if (asked === null) throw new Error('nothing asked')
    const { principal, ...rest } = asked
    answered = (await callOperation(c, principal, { ...rest, query: {} })) as Answered
    return c.text('')
  })
  return async (
    principal: Principal,
    id: string,
    params: Record<string, string>,
    body: unknown,
  ): Promise<Answered> => {
    asked = { principal, id, params, body }
    answered = null
    await world.request('/test-call')
    if (answered === null) throw new Error('not answered')
    return answered
  }
}
