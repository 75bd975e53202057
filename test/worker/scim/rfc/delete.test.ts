import { beforeEach, describe, expect, it } from 'vitest'
import { errorUri, part, type RfcWorld, rfcWorld, userOf } from './rfc-world.ts'

let scim: RfcWorld
beforeEach(async () => {
  scim = await rfcWorld()
})

describe('DELETE', () => {
  it('answers 204, and then nothing is there [S7644-3.6-a S7644-3.6-b S7644-3.6-e]', async () => {
    const ann = await scim.user('ann@contoso.example')
    const group = await scim.group('Sales', [ann])
    for (const path of [`/Users/${ann.id}`, `/Groups/${group.id}`]) {
      const { status, text } = await scim.send('DELETE', path)
      expect([status, text]).toEqual([204, ''])
      const after = [
        await scim.get(path),
        await scim.put(path, { ...userOf('x@contoso.example'), displayName: 'X' }),
        await scim.patch(path, [{ op: 'replace', path: 'displayName', value: 'X' }]),
        await scim.send('DELETE', path),
      ]
      expect(after.map((one) => one.status)).toEqual([404, 404, 404, 404])
      expect(after[0]?.body).toMatchObject({ schemas: [errorUri], status: '404' })
    }
    expect((await scim.list('Users')).body['totalResults']).toBe(0)
    expect((await scim.list('Users', { filter: 'userName pr' })).found).toEqual([])
    expect((await scim.list('Groups')).body['totalResults']).toBe(0)
    expect((await scim.get('/')).body['totalResults']).toBe(0)
  })

  it('takes a user out of groups [S7644-3.6-b]', async () => {
    const ann = await scim.user('ann@contoso.example')
    const group = await scim.group('Sales', [ann])
    await scim.send('DELETE', `/Users/${ann.id}`)
    expect((await scim.get(`/Groups/${group.id}`)).text).not.toContain(ann.id)
  })

  it('sets names free [S7644-3.6-c S7644-3.6-d]', async () => {
    const ann = await scim.user('ann@contoso.example', { externalId: 'a1' })
    const group = await scim.group('Sales')
    await scim.send('DELETE', `/Users/${ann.id}`)
    await scim.send('DELETE', `/Groups/${group.id}`)
    const again = await scim.user('ann@contoso.example', { externalId: 'a1' })
    expect(again.id).not.toBe(ann.id)
    expect((await scim.group('Sales')).id).not.toBe(group.id)
  })

  it('goes through only for the version that If-Match names', async () => {
    const ann = await scim.user('ann@contoso.example')
    const headers = { 'if-match': String(part(ann, 'meta')['version']) }
    await scim.put(`/Users/${ann.id}`, userOf('ann@contoso.example', { title: 'Boss' }))
    expect((await scim.send('DELETE', `/Users/${ann.id}`, { headers })).status).toBe(412)
    expect((await scim.get(`/Users/${ann.id}`)).status).toBe(200)
  })
})
