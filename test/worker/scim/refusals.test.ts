import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { openDatabase, tables } from '../../../src/db/index.ts'
import { addToken, type RfcWorld, rfcWorld, userOf } from './rfc/rfc-world.ts'

let scim: RfcWorld
beforeEach(async () => {
  scim = await rfcWorld()
})

const db = () => openDatabase(env.DB, 'primary')

async function refusals() {
  const rows = await db().select().from(tables.events)
  return rows.filter(({ type }) => type === 'provisioning.refused')
}

describe('a refused request', () => {
  it('is an event with its code, its credential and the reference that Entra shows', async () => {
    const ann = await scim.user('ann@contoso.example')
    const answers = [
      ['scim.not_found', await scim.get('/Users/usr_00000000000000000000000000')],
      ['scim.not_found', await scim.get('/Nothing')],
      ['scim.invalid_filter', await scim.get('/Users?filter=nothing')],
      ['scim.invalid_value', await scim.post('/Users', { userName: '' })],
      ['directory.provisioned_already', await scim.post('/Users', userOf('ann@contoso.example'))],
      [
        'scim.version_mismatch',
        await scim.patch(`/Users/${ann.id}`, [{ op: 'remove', path: 'title' }], {
          headers: { 'if-match': 'W/"7"' },
        }),
      ],
      ['scim.me', await scim.get('/Me')],
    ] as const
    const events = await refusals()
    expect(events.map(({ code }) => code)).toEqual(answers.map(([code]) => code))
    for (const [i, [, answer]] of answers.entries()) {
      expect(events[i]).toMatchObject({ outcome: 'refused', actor: 'provisioning' })
      expect(String(answer.body['detail'])).toContain(`(Reference ${events[i]?.requestId})`)
      expect(answer.headers.get('x-request-id')).toBe(events[i]?.requestId)
      expect(events[i]?.facts).toMatchObject({ credential: expect.stringMatching(/^tok_/) })
    }
    expect(events[5]?.personId).toBe(ann.id)
  })

  it('holds no value that was sent', async () => {
    await scim.user('ann@contoso.example')
    await scim.post('/Users', userOf('ann@contoso.example', { title: 'Chief of secrets' }))
    const rows = [
      ...(await db().select().from(tables.events)),
      ...(await db().select().from(tables.eventDetails)),
    ]
    expect(JSON.stringify(rows)).not.toMatch(/secrets|ann@contoso/)
  })

  it('holds no name or address that was sent in place of an id', async () => {
    const group = await scim.group('Sales', [])
    await scim.get('/Users/ann@contoso.example')
    await scim.send('DELETE', '/Users/usr_ann@contoso.example')
    await scim.get('/Groups/Secret%20project')
    const objectId = '0b1ec700-1111-4111-8111-000000000001'
    await scim.patch(`/Groups/${group.id}`, [
      {
        op: 'add',
        path: 'members',
        value: [{ value: 'ann@contoso.example' }, { value: objectId }],
      },
    ])
    const events = await db().select().from(tables.events)
    expect(JSON.stringify(events)).not.toMatch(/ann@contoso|Secret/)
    expect((await refusals()).map(({ facts }) => facts)).toMatchObject([
      { resource: 'users', method: 'GET' },
      { resource: 'users', method: 'DELETE' },
      { resource: 'groups', method: 'GET' },
    ])
    const warning = events.find(({ type }) => type === 'provisioning.warning')
    expect(warning?.facts).toMatchObject({ group: group.id, skipped: 2, ids: [objectId] })
  })

  it('is summed where a job repeats it more often than events are kept', async () => {
    scim.limits.evidence = false
    await scim.get('/Users?filter=nothing')
    scim.clock.ms += 61_000
    await scim.get('/Users?filter=nothing')
    expect(await refusals()).toEqual([])
    const sums = await db().select().from(tables.refusalCounts)
    expect(sums).toMatchObject([{ code: 'scim.invalid_filter', count: 2 }])
  })

  it('for the wrong scope says which one is missing (scim.scope)', async () => {
    await addToken('reader', { scopes: ['read'] })
    await addToken('writer', { scopes: ['write'] })
    const write = await scim.post('/Users', userOf('bob@contoso.example'), { token: 'reader' })
    expect([write.status, write.body['detail']]).toEqual([403, expect.stringContaining('write')])
    const read = await scim.get('/Users', { token: 'writer' })
    expect([read.status, read.body['detail']]).toEqual([403, expect.stringContaining('read')])
    const search = await scim.post(
      '/Users/.search',
      { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'] },
      { token: 'reader' },
    )
    expect(search.status).toBe(200)
    expect((await refusals()).map(({ code }) => code)).toEqual(['scim.scope', 'scim.scope'])
  })

  it('inside a Bulk is an event of its own', async () => {
    const Operations = [
      { method: 'POST', bulkId: 'a', path: '/Users', data: userOf('ann@contoso.example') },
      { method: 'POST', bulkId: 'b', path: '/Users', data: userOf('ANN@contoso.example') },
    ]
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest']
    const { body } = await scim.post('/Bulk', { schemas, Operations })
    expect(body['Operations']).toMatchObject([{ status: '201' }, { status: '409' }])
    expect((await refusals()).map(({ code }) => code)).toEqual(['directory.provisioned_already'])
  })
})

describe('an address', () => {
  it('is read in any case, and with a slash at its end', async () => {
    const ann = await scim.user('ann@contoso.example')
    for (const path of [`/users/${ann.id}`, `/USERS/${ann.id}/`, `/Users/${ann.id}/?x`]) {
      expect([path, (await scim.get(path)).body['id']]).toEqual([path, ann.id])
    }
    const other = await scim.request('/SCIM/V2/Users', {
      headers: { authorization: `Bearer portico_scim_${'contoso'.padEnd(43, '0')}` },
    })
    expect(other.status).toBe(200)
  })

  it('names its methods when another one is asked for', async () => {
    const { status, headers, body } = await scim.send('PUT', '/Users', { body: {} })
    expect([status, headers.get('allow'), body['status']]).toEqual([405, 'GET, POST', '405'])
  })

  it('with parameters that nobody defines answers as without', async () => {
    for (const query of ['aadOptscim062020', 'aadOptscim062020=true', 'x=%00']) {
      expect([query, (await scim.get(`/Users?${query}`)).status]).toEqual([query, 200])
    }
  })

  it('that is broken is nobody’s', async () => {
    for (const path of ['/Users/%', '/Users/%E0%A4%A', '/Users/a/b', '/Users/..%2fGroups']) {
      expect([path, (await scim.get(path)).status]).toEqual([path, 404])
    }
  })
})

describe('too many requests', () => {
  it('are refused with Retry-After, in the form of SCIM', async () => {
    scim.limits.scim = false
    const { status, headers, body } = await scim.get('/Users')
    expect([status, headers.get('retry-after'), body['status']]).toEqual([429, '10', '429'])
  })
})

describe('what is said besides', () => {
  it('of a member that nobody knows is written behind the answer, so that its outage undoes nothing', async () => {
    const stale = 'usr_00000000000000000000000000'
    await scim.get('/Users')
    scim.counting.restart()
    scim.counting.failAt([{ call: 1, when: 'before' }])
    const made = await scim.post('/Groups', { displayName: 'Ops', members: [{ value: stale }] })
    expect([made.status, made.body['displayName']]).toEqual([201, 'Ops'])
    scim.counting.failAt([])
    const id = String(made.body['id'])
    const add = [{ op: 'Add', path: 'members', value: [{ value: stale }] }]
    expect((await scim.patch(`/Groups/${id}`, add)).status).toBe(204)
    const rows = await db().select().from(tables.events)
    const warnings = rows.filter(({ type }) => type === 'provisioning.warning')
    expect(warnings).toMatchObject([{ outcome: 'warning', facts: { group: id, skipped: 1 } }])
  })
})

describe('a userName', () => {
  it('has no space around it, so that nobody is there twice', async () => {
    const made = await scim.post('/Users', userOf(' ann@contoso.example '))
    expect(made.body['userName']).toBe('ann@contoso.example')
    expect((await scim.post('/Users', userOf('ann@contoso.example'))).status).toBe(409)
    expect((await scim.browser().signIn()).status).toBe(303)
    expect(await db().$count(tables.people)).toBe(1)
  })
})
