import { beforeEach, describe, expect, it } from 'vitest'
import { errorUri, type RfcWorld, rfcWorld, userOf } from './rfc-world.ts'

let scim: RfcWorld
beforeEach(async () => {
  scim = await rfcWorld()
})

describe('an error', () => {
  it('is JSON of its own kind, with the status as text [S7644-3.2-c S7644-3.2-d S7644-3.12-a S7644-3.12-b]', async () => {
    const answers = [
      await scim.get('/Users/nobody'),
      await scim.get('/Nowhere'),
      await scim.get('/Users?filter=x'),
      await scim.post('/Users', '{'),
      await scim.get('/Users', { token: null }),
      await scim.get('/Me'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 400, 400, 401, 501])
    for (const { status, headers, body } of answers) {
      expect(headers.get('content-type')).toMatch(/^application\/scim\+json/)
      expect(body['schemas']).toEqual([errorUri])
      expect(body['status']).toBe(String(status))
      expect(body['detail']).toMatch(/\w/)
    }
  })

  it.each<[string, number, string | undefined, () => ReturnType<RfcWorld['get']>]>([
    ['a body that is not JSON', 400, 'invalidSyntax', () => scim.post('/Users', '{"a":')],
    ['a body that is no object', 400, 'invalidSyntax', () => scim.post('/Users', '[]')],
    ['a user without userName', 400, 'invalidValue', () => scim.post('/Users', { schemas: [] })],
    ['an invalid filter', 400, 'invalidFilter', () => scim.get('/Users?filter=a+b')],
    ['an unknown id', 404, undefined, () => scim.get('/Groups/nobody')],
    ['an unknown endpoint', 404, undefined, () => scim.get('/Robots')],
    [
      'a body of 6 MiB',
      413,
      undefined,
      () => scim.post('/Users', userOf('x'.repeat(6 * 1024 * 1024))),
    ],
  ])('for %s has the listed status [S7644-3.12-c]', async (_, status, scimType, ask) => {
    const answer = await ask()
    expect([answer.status, answer.body['scimType']]).toEqual([status, scimType])
  })

  it('for a version that is not the latest is 412 [S7644-3.12-c]', async () => {
    const ann = await scim.user('ann@contoso.example')
    const headers = { 'if-match': 'W/"0"' }
    const { status } = await scim.put(`/Users/${ann.id}`, userOf('b'), { headers })
    expect(status).toBe(412)
  })

  it('of our own tells how to find its cause [S7644-3.12-d]', async () => {
    scim.counting.restart()
    scim.counting.failAt([{ call: 0, when: 'before' }])
    const { status, body } = await scim.get('/Users')
    expect(status).toBeGreaterThanOrEqual(500)
    expect(body).toMatchObject({ schemas: [errorUri], status: String(status) })
    const [, reference = 'none'] = /Reference (\S+?)\)/.exec(String(body['detail'])) ?? []
    expect(JSON.stringify(scim.logged)).toContain(reference)
  })
})
