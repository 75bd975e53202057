import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { base64Encode, limits } from '../../../src/kernel/index.ts'
import { readResponseForm } from '../../../src/saml/response-form.ts'
import { buildResponse, context, posted } from '../../support/saml-builder.ts'
import { outcome, receive } from './verifier.ts'

const formType = 'application/x-www-form-urlencoded'

type Post = {
  readonly body?: BodyInit | null
  readonly type?: string | null
  readonly query?: string
  readonly method?: string
}

async function read({ body = 'SAMLResponse=PHIvPg%3D%3D', ...post }: Post) {
  const type = post.type === undefined ? formType : post.type
  const method = post.method ?? 'POST'
  const request = new Request(`${context.acsUrl}${post.query ?? ''}`, {
    method,
    headers: type === null ? {} : { 'content-type': type },
    ...(method === 'POST' && { body, duplex: 'half' }),
  } as RequestInit)
  const form = await readResponseForm(request)
  return form.ok ? 'accepted' : form.failure.code
}

/** A body of this many bytes in chunks, and how many of them were asked for. */
function slowBody(length: number, chunk = 16 * 1024) {
  const asked = { bytes: 0, cancelled: false }
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const size = Math.min(chunk, length - asked.bytes)
        if (size === 0) return controller.close()
        asked.bytes += size
        controller.enqueue(new Uint8Array(size).fill(0x41))
      },
      cancel() {
        asked.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { body, asked }
}

describe('the size of a form', () => {
  it('T01 a body one byte over the cap is refused, and reading stops there', async () => {
    const { body, asked } = slowBody(10 * limits.formBytes)
    expect(await read({ body })).toBe('saml.body_too_large')
    expect(asked.bytes).toBeLessThanOrEqual(limits.formBytes + 16 * 1024)
    expect(asked.cancelled).toBe(true)
    expect(await read({ body: slowBody(limits.formBytes + 1, 1000).body })).toBe(
      'saml.body_too_large',
    )
    expect(await read({ body: slowBody(limits.formBytes, 1000).body })).toBe('saml.bad_binding')
  })

  it('T01 a message over the cap of decoded messages is refused', async () => {
    const message = (length: number) =>
      `SAMLResponse=${encodeURIComponent(base64Encode(new Uint8Array(length)))}`
    expect(await read({ body: message(limits.samlMessageBytes) })).toBe('accepted')
    expect(await read({ body: message(limits.samlMessageBytes + 1) })).toBe('saml.body_too_large')
  })

  it('T05 twenty megabytes of almost-base64 are refused by their size', async () => {
    const { body, asked } = slowBody(20 * 1024 * 1024)
    expect(await read({ body })).toBe('saml.body_too_large')
    expect(asked.bytes).toBeLessThan(1024 * 1024)
  })
})

describe('the binding', () => {
  it.each([
    ['T02 no content type', { type: null }],
    ['T02 multipart', { type: 'multipart/form-data; boundary=x' }],
    ['T02 JSON', { type: 'application/json' }],
    ['T02 a content type that only begins so', { type: `${formType}x` }],
    ['T02 GET', { method: 'GET' }],
    ['T02 GET with the message in the query', { method: 'GET', query: '?SAMLResponse=PHIvPg==' }],
    ['T02 an artifact', { body: 'SAMLart=AAQAAA' }],
    ['T02 an artifact beside a message', { body: 'SAMLResponse=PHIvPg%3D%3D&SAMLart=AAQAAA' }],
    ['T02 no message', { body: 'RelayState=x' }],
    ['T02 nothing', { body: '' }],
    [
      'T02 more parameters than the binding knows',
      { body: `SAMLResponse=PHIvPg==${'&a=1'.repeat(16)}` },
    ],
    ['T02 an escape that is cut short', { body: 'SAMLResponse=PHIvPg%3D%3D&RelayState=%e' }],
    ['T02 an escape that is cut short in a name', { body: 'SAMLResponse=PHIvPg%3D%3D&a%4=x' }],
    ['T02 octets that are not UTF-8', { body: new Uint8Array([0x53, 0x3d, 0xff]) }],
  ] satisfies [string, Post][])('%s is refused', async (_name, post) => {
    expect(await read({})).toBe('accepted')
    expect(await read(post)).toBe('saml.bad_binding')
  })

  it.each([
    ['T02 a charset', { type: `${formType}; charset=UTF-8` }],
    ['T02 another case', { type: 'Application/X-WWW-Form-URLEncoded' }],
    ['T02 a button of the form', { body: 'SAMLResponse=PHIvPg%3D%3D&submit=Continue' }],
    ['T02 a foreign parameter in the query', { query: '?sso_reload=true' }],
    ['A20 lower-case percent encoding', { body: 'SAMLResponse=PHIvPg%3d%3d' }],
    ['A20 no percent encoding', { body: 'SAMLResponse=PHIvPg==' }],
  ] satisfies [string, Post][])('%s is accepted', async (_name, post) => {
    expect(await read(post)).toBe('accepted')
  })

  const message = 'SAMLResponse=PHIvPg%3D%3D'
  it.each([
    ['SAMLResponse twice', { body: `${message}&${message}` }],
    ['RelayState twice', { body: `${message}&RelayState=a&RelayState=b` }],
    ['SAMLRequest beside it', { body: `${message}&SAMLRequest=PHIvPg==` }],
    ['SAMLResponse in the query too', { body: message, query: `?${message}` }],
    ['RelayState in the query', { body: message, query: '?RelayState=x' }],
    ['an encoded name in the query', { body: message, query: '?SAML%52esponse=x' }],
    ['a second one with an encoded name', { body: `${message}&SAML%52esponse=PHIvPg==` }],
    ['only one with an encoded name', { body: 'SAML%52esponse=PHIvPg==' }],
    ['another case', { body: `${message}&samlresponse=PHIvPg==` }],
    ['an array', { body: `${message}&SAMLResponse[]=PHIvPg==` }],
    ['a space in front of the name', { body: `${message}&+SAMLResponse=PHIvPg==` }],
  ] satisfies [string, Post][])('T03 %s is refused', async (_name, post) => {
    expect(await read({ body: message })).toBe('accepted')
    expect(await read(post)).toBe('saml.ambiguous_parameter')
  })
})

describe('base64', () => {
  it.each([
    ['a plus sign that was not escaped', 'PHI+Pg=='],
    ['a space', 'PHIv%20Pg=='],
    ['the URL alphabet', 'PHI-Pg_='],
    ['no padding', 'PHIvPg'],
    ['half the padding', 'PHIvPg='],
    ['too much padding', 'PHIvPg==='],
    ['padding inside', 'PH==IvPg'],
    ['text after the padding', 'PHIvPg==PHIv'],
    ['trailing bits', 'QR=='],
    ['NUL', 'PHIv%00Pg=='],
    ['a full-width letter', 'PHIvP%EF%BC%A1=='],
    ['a tab', 'PHIv%09Pg=='],
    ['an exclamation mark', 'PHIvPg==!'],
    ['nothing', ''],
    ['only line ends', '%0D%0A'],
  ])('T04 with %s is refused', async (_name, value) => {
    expect(await read({ body: `SAMLResponse=${value}` })).toBe('saml.bad_base64')
  })

  it('T04 line ends are skipped', async () => {
    expect(await read({ body: 'SAMLResponse=PHIv%0D%0APg%0A==%0D' })).toBe('accepted')
  })
})

describe('what is posted', () => {
  it('T06 a deflated message is never inflated', async () => {
    const { bytes, base64 } = await buildResponse()
    expect(outcome(await receive(base64))).toBe('accepted')
    const deflated = posted(Uint8Array.from(deflateRawSync(bytes)))
    expect(['xml.not_well_formed', 'xml.bad_encoding']).toContain(
      outcome(await receive(deflated.base64)),
    )
  })

  it('P15 RelayState is handed on as it came', async () => {
    const body = 'SAMLResponse=PHIvPg%3D%3D&RelayState=%2f%2Fevil.example+%C3%A4'
    const headers = { 'content-type': formType }
    const request = new Request(context.acsUrl, { method: 'POST', headers, body })
    const form = await readResponseForm(request)
    expect(form.ok && form.value.relayState).toBe('//evil.example ä')
  })

  it.each([
    ['T07 an overlong slash', [0xc0, 0xaf]],
    ['T07 a surrogate', [0xed, 0xa0, 0x80]],
    ['T07 beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['T07 a lone continuation', [0x80]],
    ['T07 a truncated tail', [0xe2, 0x82]],
  ])('%s in the message is refused', async (_name, octets) => {
    const { xml } = await buildResponse()
    const at = xml.indexOf('</samlp:Response>')
    const bytes = Buffer.concat([
      Buffer.from(xml.slice(0, at)),
      Buffer.from(octets),
      Buffer.from(xml.slice(at)),
    ])
    expect(outcome(await receive(bytes.toString('base64')))).toBe('xml.bad_encoding')
  })

  it.each([
    [
      'T08 another declared encoding',
      '<?xml version="1.0" encoding="UTF-16"?>',
      'xml.bad_encoding',
    ],
    ['T08 a byte order mark', '\ufeff', 'xml.bad_encoding'],
    ['T09 XML 1.1', '<?xml version="1.1"?>', 'xml.bad_declaration'],
    ['X01 a document type', '<!DOCTYPE r>', 'xml.doctype'],
    ['X15 a comment', '<!-- x -->', 'xml.comment'],
    ['X14 a processing instruction', '<?x y?>', 'xml.processing_instruction'],
  ])('%s in front of the message is refused', async (_name, prefix, code) => {
    const { xml, base64 } = await buildResponse()
    expect(outcome(await receive(base64))).toBe('accepted')
    expect(outcome(await receive(posted(prefix + xml).base64))).toBe(code)
  })
})
