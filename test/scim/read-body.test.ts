import { describe, expect, it } from 'vitest'
import { limits } from '../../src/kernel/index.ts'
import { readJsonBody } from '../../src/scim/read-body.ts'

function post(body: BodyInit, type = 'application/scim+json'): Request {
  return new Request('https://sso.example.com/scim/v2/Users', {
    method: 'POST',
    body,
    headers: { 'content-type': type },
  })
}

describe('the body of a SCIM request', () => {
  it.each([
    'application/scim+json',
    'application/json',
    'application/scim+json; charset=utf-8',
    'Application/JSON;charset=UTF-8',
  ])('is read as %s', async (type) => {
    expect(await readJsonBody(post('{"a":1}', type))).toEqual({ ok: true, value: { a: 1 } })
  })

  it.each(['text/plain', 'application/xml', 'application/jsonp', 'multipart/form-data'])(
    'is refused as %s (scim.media_type)',
    async (type) => {
      expect(await readJsonBody(post('{}', type))).toMatchObject({
        ok: false,
        failure: { code: 'scim.media_type', detail: expect.stringContaining(type) },
      })
    },
  )

  it.each([
    ['not JSON', '{"a":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['text', '"a"'],
    ['nothing', ''],
    ['too many levels', `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`],
  ])('that is %s is refused (scim.invalid_syntax)', async (_name, body) => {
    expect(await readJsonBody(post(body))).toMatchObject({
      ok: false,
      failure: { code: 'scim.invalid_syntax' },
    })
  })

  it('that is not UTF-8 is refused', async () => {
    expect(await readJsonBody(post(new Uint8Array([0x7b, 0xff, 0x7d])))).toMatchObject({
      failure: { code: 'scim.invalid_syntax', detail: 'The body is not UTF-8.' },
    })
  })

  it('may begin with a byte order mark', async () => {
    expect(await readJsonBody(post('\uFEFF{"a":1}'))).toEqual({ ok: true, value: { a: 1 } })
  })

  it('that is too large is refused before it is parsed (scim.body_too_large)', async () => {
    const body = `{"a":"${'x'.repeat(limits.scimBodyBytes)}"}`
    expect(await readJsonBody(post(body))).toMatchObject({
      failure: { code: 'scim.body_too_large', detail: expect.stringContaining('5 MiB') },
    })
  })

  it('loses passwords in any spelling and level, and names that reach into objects', async () => {
    const body =
      '{"password":"p","PassWord":"p","nested":[{"password":"p","__proto__":{"x":1},"kept":1}]}'
    const read = await readJsonBody(post(body))
    expect(read).toEqual({ ok: true, value: { nested: [{ kept: 1 }] } })
    expect(JSON.stringify(read)).not.toContain('"p"')
  })
})
