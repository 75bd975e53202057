import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createGraphClient, graphErrors } from '../../src/graph/index.ts'
import { cases } from '../support/cases.ts'
import { graphUrl, ids, json, openStub, secretCredential } from './graph-stub.ts'

const link = `${graphUrl}/v1.0/users/delta?$deltatoken=d`

/** Something near what Graph says: its member names with anything in them. */
const near = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(null, true, 0, '', link, ids.ann, ids.bob, 'User', 404, 429, '0'),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.constantFrom(
        ...['value', 'id', '@odata.nextLink', '@odata.deltaLink', '@removed', 'manager@delta'],
        ...['reason', 'responses', 'status', 'headers', 'body', 'error', 'code', 'appRoles'],
        ...['principalId', 'appRoleAssignmentRequired', 'jobTitle', 'Retry-After', 'innerError'],
        ...['constructor', 'toString', '__proto__', 'access_token', 'expires_in'],
      ),
      tie('value'),
      { maxKeys: 6 },
    ),
  ),
})).value

const body = fc.oneof(
  near.map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string(),
  fc.uint8Array({ maxLength: 64 }).map((bytes) => new Uint8Array(bytes)),
)
const status = fc.constantFrom(200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 410, 429, 500, 501)

it('whatever Graph and Entra answer, the client gives a result and throws nothing', async () => {
  const answer = fc.record({ status, body, retryAfter: fc.oneof(fc.constant('1'), fc.string()) })
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 3 }), fc.boolean(), read),
    { numRuns: cases(1000) },
  )
})

type Answer = { readonly status: number; readonly body: BodyInit; readonly retryAfter: string }

async function read(answers: readonly Answer[], alsoTokens: boolean): Promise<void> {
  const { world } = openStub()
  let turn = 0
  const fetch = async (url: string) => {
    if (!alsoTokens && !url.startsWith(graphUrl)) {
      return json({ access_token: 'a', expires_in: 3599 })
    }
    const one = answers[turn++ % answers.length]
    if (one === undefined) throw new TypeError('Network connection lost.')
    const headers = new Headers()
    if (/^[\x20-\x7e]*$/.test(one.retryAfter)) headers.set('retry-after', one.retryAfter)
    const isEmpty = one.status === 204
    return new Response(isEmpty ? null : one.body, { status: one.status, headers })
  }
  const client = createGraphClient({ ...world, fetch }, secretCredential)
  const results = [
    await client.usersDeltaPage({ select: [] }),
    await client.usersDeltaPage({ link }),
    await client.assignmentsPage(ids.ann),
    await client.application(ids.ann),
    await client.groupMembersPage(ids.sales),
    await client.groups([ids.sales]),
    await client.usersById([ids.ann, ids.bob], ['jobTitle']),
    await client.memberGroups(ids.ann),
    await client.checkPermissions(ids.ann),
  ]
  for (const result of results) {
    if (result.ok) continue
    expect(Object.keys(graphErrors)).toContain(result.failure.code)
    expect(JSON.stringify(result.failure).length).toBeLessThan(2000)
    if (result.failure.code === 'graph.throttled') {
      expect(result.failure.retryAfterMs).toBeGreaterThanOrEqual(0)
      expect(result.failure.retryAfterMs).toBeLessThan(4_600_000)
    }
  }
}

it.each(['access_token', 'expires_in', 'principalType', 'message', 'id'])(
  'a %s that cannot be made a text throws nothing',
  async (name) => {
    const odd = JSON.stringify({
      ...{ access_token: 'a', expires_in: 3599, [name]: { toString: null } },
      ...{ error: { code: 'x', [name]: { toString: null } } },
      value: [{ principalId: ids.ann, [name]: { toString: null } }],
      responses: [{ id: '0', [name]: { toString: null } }],
    })
    for (const status of [200, 400, 403]) {
      await read([{ status, body: odd, retryAfter: '' }], true)
      await read([{ status, body: odd, retryAfter: '' }], false)
    }
  },
)
