import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { matches } from '../../src/scim/filter/matches.ts'
import { parseFilter } from '../../src/scim/filter/parse-filter.ts'
import { dialects } from '../../src/scim/patch/dialects.ts'
import { readOperations } from '../../src/scim/patch/operations.ts'
import { patchGroup } from '../../src/scim/patch/patch-group.ts'
import { patchUser } from '../../src/scim/patch/patch-user.ts'
import { parseGroup } from '../../src/scim/resource/parse-group.ts'
import { parseUser } from '../../src/scim/resource/parse-user.ts'

type Json = Readonly<Record<string, unknown>>

type Fixture = {
  readonly source: string
  readonly request: {
    readonly method: string
    readonly path: string
    readonly filter?: string
    readonly body?: unknown
  }
  readonly before?: unknown
  readonly expect: Json
}

const root = 'test/fixtures/scim'
const fixtures = ['entra', 'okta'].flatMap((client) =>
  readdirSync(`${root}/${client}`).map((file): readonly [string, Fixture] => [
    `${client}/${file.replace('.json', '')}`,
    JSON.parse(readFileSync(`${root}/${client}/${file}`, 'utf8')),
  ]),
)

/** What a fixture says of a user or group, apart as the stores hold it. */
function columnsOf(document: unknown) {
  const { userName, displayName, externalId, active, ...view } = document as Json
  return { userName, displayName, externalId: externalId ?? null, active, view }
}

function userOf(document: unknown) {
  const { userName, displayName, externalId, active, view } = columnsOf(document)
  return {
    userName: userName as string,
    externalId: externalId as string | null,
    active: active as boolean,
    view: displayName === undefined ? view : { displayName, ...view },
  }
}

function groupOf(document: unknown) {
  const { displayName, externalId, view } = columnsOf(document)
  return { displayName: displayName as string, externalId: externalId as string | null, view }
}

const run: Readonly<Record<string, (fixture: Fixture) => void>> = {
  'GET Users': found('User'),
  'GET Groups': found('Group'),
  'POST Users': stated,
  'PUT Users': stated,
  'POST Groups': ({ request, expect: wanted }) => {
    const { memberIds, sent: _, ...group } = unwrap(parseGroup(request.body))
    expect(group).toEqual(groupOf(wanted['group']))
    expect(memberIds).toEqual(wanted['memberIds'])
  },
  'PATCH Users': (fixture) => {
    const wanted = fixture.expect
    const first = patchUser(userOf(fixture.before), operationsOf(fixture))
    if (wanted['failure'] !== undefined) {
      expect(first).toMatchObject({ ok: false, failure: { code: wanted['failure'] } })
      return
    }
    const { blanks, changed, sent: _, ...user } = unwrap(first)
    expect(user).toEqual(userOf(wanted['user']))
    expect(changed).toBe(wanted['changed'] ?? true)
    if (wanted['blanks'] !== undefined) {
      expect([...blanks].sort()).toEqual([...(wanted['blanks'] as string[])].sort())
    }
    // The answer may get lost, and the request is sent again (DESIGN 5.7).
    expect(unwrap(patchUser(user, operationsOf(fixture)))).toMatchObject({
      ...user,
      changed: false,
    })
  },
  'PATCH Groups': (fixture) => {
    const wanted = fixture.expect
    const { next, memberSteps, changed } = unwrap(
      patchGroup(groupOf(fixture.before), operationsOf(fixture)),
    )
    expect(next).toEqual(groupOf(wanted['group']))
    expect(memberSteps).toEqual(wanted['steps'])
    expect(changed).toBe(wanted['changed'])
  },
}

function found(resource: 'User' | 'Group') {
  return ({ request, before, expect: wanted }: Fixture) => {
    const filter = unwrap(parseFilter(request.filter ?? '', resource))
    const hits = (before as Json[]).filter((one) => matches(filter, one))
    expect(hits.map((one) => one['id'])).toEqual(wanted['found'])
  }
}

function stated({ request, expect: wanted }: Fixture): void {
  const { sent: _, blanks, ...user } = unwrap(parseUser(request.body))
  expect(user).toEqual(userOf(wanted['user']))
  if (wanted['blanks'] !== undefined)
    expect(blanks).toEqual(expect.arrayContaining(wanted['blanks'] as string[]))
}

function operationsOf({ request }: Fixture) {
  return unwrap(readOperations(request.body))
}

function unwrap<T>(result: { ok: true; value: T } | { ok: false; failure: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

describe('what providers send', () => {
  it.each(fixtures)('%s', (_name, fixture) => {
    const [, resource] = fixture.request.path.split('/')
    const check = run[`${fixture.request.method} ${resource}`]
    expect(check).toBeTypeOf('function')
    check?.(fixture)
  })
})

describe('the table of dialects', () => {
  it.each(Object.entries(dialects))('%s is tried by a fixture', (_name, { request }) => {
    const operations = fixtures.flatMap(([, { request: sent }]) =>
      sent.method === 'PATCH' ? (sent.body as { Operations: object[] }).Operations : [],
    )
    expect(operations).toContainEqual(request)
  })
})
