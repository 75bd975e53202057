import { describe, expect, it } from 'vitest'
import { createGraphClient, type GraphFailure, graphErrors } from '../../src/graph/index.ts'
import {
  graphError,
  graphUrl,
  ids,
  json,
  openStub,
  secretCredential,
  tokenUrl,
} from './graph-stub.ts'

const select = ['jobTitle']
const emptyPage = { value: [], '@odata.deltaLink': `${graphUrl}/v1.0/users/delta?$deltatoken=a` }

async function failureOf(answer: Response | Error, link?: string): Promise<GraphFailure> {
  const { client } = openStub([answer])
  const read = await client.usersDeltaPage(link === undefined ? { select } : { link })
  if (read.ok) throw new Error('not refused')
  return read.failure
}

describe('a request to Graph', () => {
  it('carries the token, asks for JSON and gives way to others', async () => {
    const { client, sent } = openStub([json(emptyPage)])
    expect(await client.usersDeltaPage({ select })).toMatchObject({ ok: true })
    const [token, page] = sent
    expect(token?.url).toBe(tokenUrl)
    expect(Object.fromEntries(page?.headers ?? [])).toEqual({
      accept: 'application/json',
      authorization: 'Bearer token-1',
      'x-ms-throttle-priority': 'low',
    })
    expect(page?.url).toBe(
      `${graphUrl}/v1.0/users/delta?$select=id,userPrincipalName,mail,accountEnabled,userType,manager,jobTitle`,
    )
    expect(client.used()).toBe(2)
  })

  it.each([
    ['a longer name', 'https://graph.microsoft.com.evil.example/v1.0/users/delta?$deltatoken=a'],
    ['another name', 'https://evil.example/v1.0/users/delta?$deltatoken=a'],
    ['a user name that looks like a host', 'https://graph.microsoft.com@evil.example/v1.0/users'],
    ['credentials', 'https://user:password@graph.microsoft.com/v1.0/users'],
    ['another port', 'https://graph.microsoft.com:8443/v1.0/users'],
    ['without encryption', 'http://graph.microsoft.com/v1.0/users'],
    ['without a scheme', '//evil.example/v1.0/users'],
    ['relative', '/v1.0/users/delta'],
    ['a script', 'javascript:alert(1)'],
    ['far too long', `${graphUrl}/v1.0/users?${'a'.repeat(20_000)}`],
    ['nothing', ''],
  ])('never goes to another host than Graph’s: %s', async (_what, link) => {
    const { client, sent } = openStub()
    const failure = { code: 'graph.foreign_link' }
    expect(await client.usersDeltaPage({ link })).toEqual({ ok: false, failure })
    expect(await client.assignmentsPage(ids.ann, link)).toEqual({ ok: false, failure })
    expect(await client.groupMembersPage(ids.ann, link)).toEqual({ ok: false, failure })
    expect(sent).toEqual([])
  })

  it('stays below the path of GRAPH_URL', async () => {
    const { world } = openStub([json(emptyPage)])
    const client = createGraphClient(
      { ...world, graphUrl: 'https://gateway.example/graph' },
      secretCredential,
    )
    const link = 'https://gateway.example/graph/../secrets?$deltatoken=a'
    expect(await client.usersDeltaPage({ link })).toMatchObject({
      failure: { code: 'graph.foreign_link' },
    })
    const own = 'https://gateway.example/graph/v1.0/users/delta?$deltatoken=a'
    expect(await client.usersDeltaPage({ link: own })).toMatchObject({ ok: true })
  })

  it('follows no redirect, not even to a place that Graph names', async () => {
    const moved = { location: 'https://evil.example/v1.0/users/delta' }
    expect(await failureOf(json({}, 302, moved))).toEqual({
      code: 'graph.bad_answer',
      detail: 'status 302',
    })
    expect(await failureOf(json({}, 410, moved))).toEqual({ code: 'graph.resync' })
  })

  it('asks for another token once when Graph does not accept the first', async () => {
    const refused = () => graphError(401, 'InvalidAuthenticationToken')
    const mended = openStub([refused, json(emptyPage)])
    expect(await mended.client.usersDeltaPage({ select })).toMatchObject({ ok: true })
    expect(mended.graphCalls().map(({ headers }) => headers.get('authorization'))).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ])
    const twice = openStub([refused, refused])
    expect(await twice.client.usersDeltaPage({ select })).toMatchObject({
      failure: { code: 'graph.unauthorized', aadsts: null },
    })
    expect([twice.graphCalls().length, twice.tokens.size]).toEqual([2, 0])
  })

  it('asks for a new token after a missing permission, since a token has those of its time', async () => {
    const { client, tokens } = openStub([graphError(403, 'Authorization_RequestDenied')])
    expect(await client.usersDeltaPage({ select })).toEqual({
      ok: false,
      failure: {
        code: 'graph.forbidden',
        permission: 'User.Read.All',
        detail: 'Authorization_RequestDenied',
      },
    })
    expect(tokens.size).toBe(0)
  })

  it('names the permission that each read needs', async () => {
    const needs = async (read: (client: ReturnType<typeof openStub>['client']) => unknown) =>
      read(openStub([graphError(403, 'Authorization_RequestDenied')]).client)
    const permission = (name: string) => ({ failure: { permission: name } })
    expect(await needs((client) => client.assignmentsPage(ids.ann))).toMatchObject(
      permission('Application.Read.All'),
    )
    expect(await needs((client) => client.application(ids.ann))).toMatchObject(
      permission('Application.Read.All'),
    )
    expect(await needs((client) => client.groupMembersPage(ids.ann))).toMatchObject(
      permission('GroupMember.Read.All'),
    )
    expect(await needs((client) => client.memberGroups(ids.ann))).toMatchObject(
      permission('GroupMember.Read.All'),
    )
  })
})

describe('an answer that is no page', () => {
  it.each([
    ['seconds', '120', 120_000],
    ['no time at all', null, 10_000],
    ['a date', 'Tue, 24 Nov 2026 09:00:30 GMT', 30_000],
    ['a date in the past', 'Tue, 24 Nov 2026 08:00:00 GMT', 0],
    ['nonsense', 'soon', 10_000],
    ['a negative number', '-5', 10_000],
    ['more than anybody waits', '99999999', 3_600_000],
  ])('is a pause with some chance in it: %s', async (_what, retryAfter, ms) => {
    const headers: Record<string, string> = retryAfter === null ? {} : { 'retry-after': retryAfter }
    for (const status of [429, 503]) {
      expect(await failureOf(graphError(status, 'TooManyRequests', headers))).toEqual({
        code: 'graph.throttled',
        // 128, 128 of 65,536, a quarter of that.
        retryAfterMs: Math.ceil(ms * (1 + 32_896 / 65_536 / 4)),
      })
    }
  })

  it.each([
    ['a link that ended', 400, 'syncStateNotFound'],
    ['a link that ended, on another path', 404, 'syncStateNotFound'],
    ['a resync', 410, 'resyncRequired'],
    ['a resync that is not called so', 410, ''],
    ['a resync as a bad request', 400, 'resyncRequired'],
    ['an old page token', 400, 'Directory_ExpiredPageToken'],
  ])('asks for a full read: %s', async (_what, status, code) => {
    expect(await failureOf(graphError(status, code))).toEqual({ code: 'graph.resync' })
  })

  it('asks for a full read when Graph finds anything wrong with a link of a delta', async () => {
    const link = `${graphUrl}/v1.0/users/delta?$deltatoken=x`
    expect(await failureOf(graphError(400, 'BadRequest'), link)).toEqual({ code: 'graph.resync' })
    expect(await failureOf(graphError(404, 'itemNotFound'), link)).toEqual({ code: 'graph.resync' })
    const inner = { error: { code: 'BadRequest', innerError: { code: 'resyncRequired' } } }
    expect(await failureOf(json(inner, 400))).toEqual({ code: 'graph.resync' })
  })

  it.each([500, 502, 504, 408])('is an outage of theirs: %i', async (status) => {
    expect(await failureOf(graphError(status, ''))).toMatchObject({ code: 'graph.unavailable' })
  })

  it('says what Graph does not know of a request', async () => {
    const message = "Could not find a property named 'jobTitel' on type 'microsoft.graph.user'."
    const body = { error: { code: 'BadRequest', message } }
    expect(await failureOf(json(body, 400))).toEqual({
      code: 'graph.refused',
      status: 400,
      detail: `BadRequest: ${message}`,
    })
    expect(await failureOf(graphError(501, 'NotImplemented'))).toMatchObject({
      code: 'graph.refused',
    })
  })

  it('is not found', async () => {
    const { client } = openStub([graphError(404, 'Request_ResourceNotFound')])
    expect(await client.application(ids.ann)).toEqual({
      ok: false,
      failure: { code: 'graph.not_found', what: 'application' },
    })
  })

  it('is no JSON, no object, not UTF-8 or too large', async () => {
    const bad = { code: 'graph.bad_answer' }
    expect(await failureOf(new Response('<html>'))).toMatchObject(bad)
    expect(await failureOf(new Response('[]'))).toMatchObject(bad)
    expect(await failureOf(new Response(Uint8Array.of(0x7b, 0xff, 0x7d)))).toMatchObject(bad)
    const large = { 'content-length': String(9 * 1024 * 1024) }
    expect(await failureOf(new Response('{}', { headers: large }))).toMatchObject(bad)
    expect(await failureOf(new Response(' '.repeat(8 * 1024 * 1024 + 1)))).toMatchObject(bad)
  })

  it('never came, and the address of the read does not stand in the evidence', async () => {
    const link = `${graphUrl}/v1.0/users/delta?$deltatoken=secretish`
    const failure = await failureOf(new TypeError(`fetch failed: ${link}`), link)
    expect(failure).toEqual({ code: 'graph.unavailable', detail: 'TypeError: fetch failed: …' })
  })

  it('breaks off', async () => {
    const body = new ReadableStream({
      pull(controller) {
        controller.error(new Error('cut'))
      },
    })
    expect(await failureOf(new Response(body))).toMatchObject({ code: 'graph.unavailable' })
  })
})

it('every failure has an entry that says what to do', () => {
  const names = Object.keys(graphErrors)
  expect(names).toContain('graph.key_lost')
  for (const { means, fix } of Object.values(graphErrors)) {
    expect([means.endsWith('.'), fix.endsWith('.')]).toEqual([true, true])
  }
})
