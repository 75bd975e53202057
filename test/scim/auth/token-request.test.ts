import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTokenRequest } from '../../../src/scim/auth/token-request.ts'

const id = `cli_${'0'.repeat(26)}`

function request(
  headers: Readonly<Record<string, string>>,
  body = 'grant_type=client_credentials',
) {
  return new Request('https://sso.example.com/oauth/token', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
  })
}

const basic = (text: string) => ({ authorization: `Basic ${btoa(text)}` })

describe('a Basic header', () => {
  it.each([
    ['a+b%20c', 'a b c'],
    ['%E2%82%AC', '€'],
    ['a:b:c', 'a:b:c'],
    ['', ''],
  ])('with the secret %s means %j', async (encoded, secret) => {
    expect(await readTokenRequest(request(basic(`${id}:${encoded}`)))).toMatchObject({
      ok: true,
      value: { clientId: id, proof: { kind: 'secret', secret } },
    })
  })

  it('means what the form means, whatever the secret is', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(text, async (secret) => {
        const form = new URLSearchParams({ client_secret: secret }).toString()
        const header = basic(`${id}:${form.replace('client_secret=', '')}`)
        const both = request(header, `grant_type=client_credentials&client_id=${id}&${form}`)
        const read = await readTokenRequest(both)
        expect(read.ok && read.value.proof).toEqual({ kind: 'secret', secret })
      }),
    )
  })
})

describe('any body', () => {
  it('is read or refused, and never throws', async () => {
    const form = fc.oneof(fc.string({ unit: 'binary' }), fc.webQueryParameters())
    await fc.assert(
      fc.asyncProperty(form, fc.string(), async (body, header) => {
        const printable = header.replaceAll(/[^\x20-\x7e]/g, '')
        const read = await readTokenRequest(request({ authorization: printable }, body))
        expect(read.ok ? '' : read.failure.code).toMatch(/^(?:oauth\.[a-z_]+)?$/)
      }),
    )
  })
})
