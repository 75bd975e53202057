import { beforeEach, describe, expect, it } from 'vitest'
import { addFabrikam, list, type RfcWorld, rfcWorld, searchOf } from './rfc-world.ts'

let scim: RfcWorld
beforeEach(async () => {
  scim = await rfcWorld()
  for (const name of ['cid', 'ann', 'bob']) await scim.user(name)
})

describe('pages by cursor', () => {
  it('hold no more than count, and lead to everyone once [S9865-2-b S9865-2-c S9865-2-d S9865-2-e]', async () => {
    const first = await scim.list('Users', { cursor: '', count: '2' })
    expect(first.body).toMatchObject({ totalResults: 3, itemsPerPage: 2 })
    expect(first.body).not.toHaveProperty('previousCursor')
    const cursor = String(first.body['nextCursor'])
    expect(cursor).toMatch(/^[\w.~-]+$/)
    const last = await scim.list('Users', { cursor, count: '2' })
    expect(last.body).not.toHaveProperty('nextCursor')
    expect([...first.names, ...last.names].sort()).toEqual(['ann', 'bob', 'cid'])
  })

  it('lead on in a search by POST too [S9865-2-c]', async () => {
    const first = await scim.post('/Users/.search', searchOf({ cursor: '', count: 2 }))
    const cursor = first.body['nextCursor']
    const last = await scim.post('/Users/.search', searchOf({ cursor, count: 2 }))
    expect(list(last.body, 'Resources')).toHaveLength(1)
  })

  it('take a negative count as 0, which only counts [S9865-2-a]', async () => {
    for (const count of ['0', '-1']) {
      const { status, body, found } = await scim.list('Users', { cursor: '', count })
      expect([status, body['totalResults'], found]).toEqual([200, 3, []])
    }
  })

  it('are sorted when that is asked for [S9865-2.2-a]', async () => {
    const query = { sortBy: 'userName', sortOrder: 'descending', count: '2' }
    const first = await scim.list('Users', { ...query, cursor: '' })
    const cursor = String(first.body['nextCursor'])
    const last = await scim.list('Users', { ...query, cursor })
    expect([...first.names, ...last.names]).toEqual(['cid', 'bob', 'ann'])
  })

  it('are refused with what is wrong [S9865-2.1-a]', async () => {
    const wrong = await scim.list('Users', { cursor: 'made-up' })
    expect([wrong.status, wrong.body['scimType']]).toEqual([400, 'invalidCursor'])
    expect(wrong.body['detail']).toMatch(/\w/)
    const count = await scim.list('Users', { cursor: '', count: 'many' })
    expect(count.status).toBe(400)
  })

  it('are not what a request gets that names no method [S9865-2.4-a S9865-2.4-b S9865-2.5-a]', async () => {
    const { status, body } = await scim.list('Users', { count: '2' })
    expect([status, body['startIndex']]).toEqual([200, 1])
    expect(body).not.toHaveProperty('nextCursor')
  })

  it('show another client nothing, with a cursor that it has found [S9865-5.2-a S9865-5.2-b S9865-5.2-c]', async () => {
    const { body } = await scim.list('Users', { cursor: '', count: '2' })
    await addFabrikam()
    const path = `/Users?cursor=${body['nextCursor']}&count=2`
    const theirs = await scim.get(path, { token: 'fabrikam' })
    expect(theirs.text).not.toMatch(/ann|bob|cid/)
    expect((await scim.get(path, { token: 'unknown' })).status).toBe(401)
    const { status } = theirs
    const wrong = await scim.get('/Users?cursor=made-up', { token: 'fabrikam' })
    expect([200, wrong.status]).toContain(status)
  })
})
