import { describe, expect, it } from 'vitest'
import { limits } from '../../src/kernel/index.ts'
import { buildLogoutRequest, buildLogoutResponse, deflateRaw } from '../support/saml-messages.ts'
import { context, createContoso, doorWorld, tables } from './support/door-world.ts'

const formType = 'application/x-www-form-urlencoded'
const sloPath = `/saml/${context.connectionId}/slo`

type Post = {
  readonly body?: BodyInit
  readonly type?: string | null
  readonly query?: string
}

/** Somebody who is signed in, and the provider's good request to end that, as base64. */
async function signedIn() {
  const { db } = await createContoso()
  const world = doorWorld()
  await world.browser().signIn()
  const [session] = await db.select().from(tables.sessions)
  const sessionIndexes = [session?.sessionIndex ?? '']
  const xml = await buildLogoutRequest({ destination: context.sloUrl, sessionIndexes })

  /** Posts a form; what the door answered, and the code of the event if it refused. */
  async function post({ body = '', type = formType, query = '' }: Post) {
    const before = await db.$count(tables.events)
    const response = await world.request(`${sloPath}${query}`, {
      method: 'POST',
      headers: type === null ? {} : { 'content-type': type },
      body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
    })
    const event = (await db.select().from(tables.events))[before]
    return [response.status, event?.code ?? null]
  }
  const isSignedIn = async () => (await db.$count(tables.sessions)) === 1
  return { xml, message: encodeURIComponent(btoa(xml)), post, isSignedIn }
}

type World = Awaited<ReturnType<typeof signedIn>>

/** The defect ends no session, and the same message without it does. */
async function expectRefusal(
  codes: readonly string[],
  defect: (world: World) => Post | Promise<Post>,
) {
  const world = await signedIn()
  const [status, code] = await world.post(await defect(world))
  expect(status).toBe(400)
  expect(codes).toContain(code)
  expect(await world.isSignedIn()).toBe(true)
  expect(await world.post({ body: `SAMLRequest=${world.message}` })).toEqual([200, null])
  expect(await world.isSignedIn()).toBe(false)
}

/** A body of this many bytes in chunks, without Content-Length. */
function slowBody(length: number, start = '') {
  let left = length
  const head = new TextEncoder().encode(start)
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left === 0) return controller.close()
      const size = Math.min(16 * 1024, left)
      const chunk = new Uint8Array(size).fill(0x41)
      if (left === length) chunk.set(head)
      left -= size
      controller.enqueue(chunk)
    },
  })
}

describe('what is posted to the SLO door', () => {
  it.each<readonly [string, string, (world: World) => Post]>([
    [
      'T01 a body over the cap',
      'saml.body_too_large',
      () => ({ body: slowBody(limits.formBytes + 1, 'SAMLRequest=') }),
    ],
    [
      'T01 a message over the cap of decoded messages',
      'saml.body_too_large',
      () => ({
        body: `SAMLRequest=${'A'.repeat((Math.floor(limits.samlMessageBytes / 3) + 1) * 4)}`,
      }),
    ],
    [
      'T05 megabytes of almost-base64',
      'saml.body_too_large',
      () => ({ body: slowBody(4 * 1024 * 1024, 'SAMLRequest=') }),
    ],
    [
      'T02 no content type',
      'saml.bad_binding',
      ({ message }) => ({ body: `SAMLRequest=${message}`, type: null }),
    ],
    [
      'T02 multipart',
      'saml.bad_binding',
      ({ message }) => ({
        body: `SAMLRequest=${message}`,
        type: 'multipart/form-data; boundary=x',
      }),
    ],
    ['T02 an artifact', 'saml.bad_binding', () => ({ body: 'SAMLart=AAQAAA' })],
    ['T02 no message', 'saml.bad_binding', () => ({ body: 'RelayState=x' })],
    [
      'T02 more parameters than the binding knows',
      'saml.bad_binding',
      ({ message }) => ({ body: `SAMLRequest=${message}${'&a=1'.repeat(16)}` }),
    ],
    [
      'T02 octets that are not UTF-8',
      'saml.bad_binding',
      () => ({ body: new Uint8Array([0x53, 0x3d, 0xff]) }),
    ],
    [
      'T02 an escape that is cut short',
      'saml.bad_binding',
      ({ message }) => ({ body: `SAMLRequest=${message}&RelayState=%e` }),
    ],
    [
      'T03 SAMLRequest twice',
      'saml.ambiguous_parameter',
      ({ message }) => ({ body: `SAMLRequest=${message}&SAMLRequest=${message}` }),
    ],
    [
      'T03 SAMLResponse beside it',
      'saml.ambiguous_parameter',
      ({ message }) => ({ body: `SAMLRequest=${message}&SAMLResponse=${message}` }),
    ],
    [
      'T03 SAMLResponse in front of it',
      'saml.ambiguous_parameter',
      ({ message }) => ({ body: `SAMLResponse=${message}&SAMLRequest=${message}` }),
    ],
    [
      'T03 RelayState twice',
      'saml.ambiguous_parameter',
      ({ message }) => ({ body: `SAMLRequest=${message}&RelayState=a&RelayState=b` }),
    ],
    [
      'T03 one in the query, one in the body',
      'saml.ambiguous_parameter',
      ({ message }) => ({ body: `SAMLRequest=${message}`, query: '?SAMLRequest=x' }),
    ],
    [
      'T03 an encoded name',
      'saml.ambiguous_parameter',
      ({ message }) => ({ body: `SAML%52equest=${message}` }),
    ],
    [
      'T03 a second one in another case',
      'saml.ambiguous_parameter',
      ({ message }) => ({ body: `SAMLRequest=${message}&samlrequest=${message}` }),
    ],
    [
      'T03 an array',
      'saml.ambiguous_parameter',
      ({ message }) => ({ body: `SAMLRequest=${message}&SAMLRequest[]=${message}` }),
    ],
    [
      'T04 a plus sign that was not escaped',
      'saml.bad_base64',
      () => ({ body: 'SAMLRequest=PHI+Pg==' }),
    ],
    ['T04 no padding', 'saml.bad_base64', () => ({ body: 'SAMLRequest=PHIvPg' })],
    ['T04 trailing bits', 'saml.bad_base64', () => ({ body: 'SAMLRequest=QR==' })],
    ['T04 nothing', 'saml.bad_base64', () => ({ body: 'SAMLRequest=' })],
  ])('%s: is refused (%s)', async (_, code, defect) => {
    await expectRefusal([code], defect)
  })

  it('T06 a deflated message is never inflated', async () => {
    await expectRefusal(['xml.not_well_formed', 'xml.bad_encoding'], async ({ xml }) => {
      const deflated = String.fromCharCode(...(await deflateRaw(xml)))
      return { body: `SAMLRequest=${encodeURIComponent(btoa(deflated))}` }
    })
  })

  it.each<readonly [string, (world: World) => Post]>([
    ['a charset', ({ message }) => ({ body: message, type: `${formType}; charset=UTF-8` })],
    ['a foreign parameter in the query', ({ message }) => ({ body: message, query: '?a=b' })],
    ['a button of the form', ({ message }) => ({ body: `${message}&submit=Continue` })],
  ])('T02 %s: is accepted', async (_, variant) => {
    const world = await signedIn()
    const { body, ...post } = variant(world)
    expect(await world.post({ ...post, body: `SAMLRequest=${body}` })).toEqual([200, null])
    expect(await world.isSignedIn()).toBe(false)
  })

  it('T03 may be an answer as well as a request', async () => {
    const { post } = await signedIn()
    const xml = await buildLogoutResponse({ destination: context.sloUrl, inResponseTo: '_none' })
    const body = `SAMLResponse=${encodeURIComponent(btoa(xml))}`
    expect(await post({ body })).toEqual([200, 'saml.in_response_to'])
  })
})
