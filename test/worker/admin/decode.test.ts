import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/db/index.ts'
import type { Principal } from '../../../src/http/index.ts'
import { buildResponse, context } from '../../support/saml-builder.ts'
import {
  buildLogoutRequest,
  buildMetadata,
  deflateRaw,
  redirectQuery,
} from '../../support/saml-messages.ts'
import { createContoso, doorWorld, giveDecryptKey, tables } from '../support/door-world.ts'
import { admin, askAs } from '../support/test-sign-in-world.ts'

type Decoded = {
  readonly kind: string
  readonly carrier: string | null
  readonly pretty: string | null
  readonly decrypted: string | null
  readonly parts: readonly { label: string; value: string; says: string; fits: boolean | null }[]
  readonly signatures: readonly { of: string; result: string; certificate: string | null }[]
  readonly checks: readonly { id: string; state: string; evidence: Record<string, string> }[] | null
  readonly judgedAt: string | null
  readonly entra: { aadsts: string; person: string | null } | null
  readonly problem: { code: string; evidence: Record<string, string> } | null
}

async function contoso() {
  await createContoso()
  const world = doorWorld()
  async function decode(text: string, more: object = {}): Promise<Decoded> {
    const answer = await admin(world, 'POST', '/organizations/contoso/decode', {
      text,
      connection: context.connectionId,
      ...more,
    })
    expect(answer.status).toBe(200)
    return (await answer.json()) as Decoded
  }
  return { world, decode }
}

function partOf({ parts }: Decoded, label: string) {
  return parts.find((part) => part.label === label)
}

function stateOf({ checks }: Decoded, id: string): string | undefined {
  return checks?.find((check) => check.id === id)?.state
}

describe('what is pasted', () => {
  it('is recognized as a response in whatever way it was copied', async () => {
    const { decode } = await contoso()
    const { xml, base64, form } = await buildResponse()
    const pasted = [
      base64,
      encodeURIComponent(base64),
      base64.replace(/(.{76})/g, '$1\r\n'),
      form,
      `${form}&RelayState=x`,
      `<input type="hidden" name="SAMLResponse" value="${base64}">`,
    ]
    for (const text of pasted) {
      expect(await decode(text)).toMatchObject({ kind: 'response', carrier: 'post', problem: null })
    }
    expect(await decode(`  ${xml}\n`)).toMatchObject({ kind: 'response', carrier: 'xml' })
  })

  it('is a request that we made, in a whole URL or only its query', async () => {
    const { world, decode } = await contoso()
    const started = await world.request(`/saml/${context.connectionId}/login`)
    const url = started.headers.get('location') ?? ''
    for (const text of [
      url,
      new URL(url).search,
      new URL(url).searchParams.get('SAMLRequest') ?? '',
    ]) {
      const decoded = await decode(text)
      expect(decoded).toMatchObject({ kind: 'authn_request', carrier: 'redirect' })
      expect(partOf(decoded, 'Reply address')).toMatchObject({ value: context.acsUrl, fits: true })
      expect(partOf(decoded, 'Issuer')).toMatchObject({ value: context.spEntityId, fits: true })
    }
  })

  it.each([
    ['K', 'verified'],
    ['Kprime', 'not_verified'],
  ] as const)('is a URL whose query %s signed, which is %s', async (key, result) => {
    const { decode } = await contoso()
    const query = await redirectQuery({
      parameter: 'SAMLRequest',
      xml: await buildLogoutRequest(),
      sign: { key },
      lowerCase: true,
    })
    const decoded = await decode(`${context.sloUrl}?${query}`)
    expect(decoded.kind).toBe('logout_request')
    expect(decoded.signatures).toMatchObject([{ of: 'query', result }])
  })

  it('is metadata of the provider, with a byte order mark', async () => {
    const { world, decode } = await contoso()
    const decoded = await decode(await buildMetadata({ byteOrderMark: true }))
    expect(decoded.kind).toBe('metadata')
    expect(partOf(decoded, 'entityID')).toMatchObject({ value: context.idpEntityId, fits: true })
    expect(partOf(decoded, 'Usable')).toMatchObject({ value: 'yes', fits: true })
    expect(partOf(decoded, 'Signing certificate')?.fits).toBe(true)
    const renewed = await decode(await buildMetadata({ signing: ['Knext'] }))
    expect(partOf(renewed, 'Signing certificate')?.fits).toBe(false)
    const ours = await world.request(`/saml/${context.connectionId}/metadata`)
    const own = await decode(await ours.text())
    expect(partOf(own, 'Usable')?.value).toBe('no: service provider')
    expect(partOf(own, 'Reply address')).toMatchObject({ value: context.acsUrl, fits: true })
  })

  it('is the body of a SCIM request, without a password', async () => {
    const { decode } = await contoso()
    const patch = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
      password: 'secret-word',
    }
    const decoded = await decode(JSON.stringify(patch))
    expect(decoded).toMatchObject({ kind: 'scim_patch', carrier: 'json', checks: null })
    expect(decoded.parts[0]?.says).toContain('loses every session')
    expect(JSON.stringify(decoded)).not.toContain('secret-word')
  })
})

describe('a decoded response', () => {
  it('is judged by the checks of a sign-in, but for what only a sign-in knows', async () => {
    const { decode } = await contoso()
    const decoded = await decode((await buildResponse()).base64)
    const states = Object.fromEntries((decoded.checks ?? []).map(({ id, state }) => [id, state]))
    expect(states['request']).toBe('not_judged')
    expect(states['decryption']).toBe('not_needed')
    expect(states['replay']).toBeUndefined()
    expect(new Set(Object.values(states))).toEqual(new Set(['pass', 'not_judged', 'not_needed']))
    expect(decoded.signatures).toMatchObject([
      { of: 'Response', result: 'absent', certificate: null },
      { of: 'Assertion', result: 'verified', certificate: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ])
    expect(decoded.pretty).toContain('ann@contoso.example')
  })

  it('is not verified by a certificate that it brings itself', async () => {
    const { decode } = await contoso()
    const decoded = await decode(
      (await buildResponse({ sign: { assertion: { key: 'Kprime' } } })).base64,
    )
    expect(decoded.signatures[1]?.result).toBe('not_verified')
    expect(stateOf(decoded, 'signature')).toBe('fail')
    expect(stateOf(decoded, 'issuer')).toBe('not_reached')
  })

  it('says what does not fit the connection', async () => {
    const { decode } = await contoso()
    const wrong = { assertion: { audiences: ['https://other.example'] } }
    const decoded = await decode((await buildResponse(wrong)).base64)
    expect(partOf(decoded, 'Audience')).toMatchObject({ fits: false, expected: context.spEntityId })
    expect(stateOf(decoded, 'audience')).toBe('fail')
  })

  it('is judged at its own moment, or now if that is asked', async () => {
    const { world, decode } = await contoso()
    const { base64 } = await buildResponse()
    world.clock.ms += 24 * 60 * 60 * 1000
    expect(stateOf(await decode(base64), 'issued')).toBe('pass')
    const now = await decode(base64, { judgedAt: 'now' })
    expect([now.judgedAt, stateOf(now, 'issued')]).toEqual(['now', 'fail'])
  })

  it('is explained where Entra says no', async () => {
    const { decode } = await contoso()
    const { base64 } = await buildResponse({
      assertions: [],
      response: {
        status: 'urn:oasis:names:tc:SAML:2.0:status:Responder',
        statusMessage: 'AADSTS50105: not assigned',
      },
    })
    const decoded = await decode(base64)
    expect(decoded.entra).toMatchObject({
      aadsts: '50105',
      person: expect.stringContaining('assigned'),
    })
  })

  it('is only read where no connection is named', async () => {
    const { decode } = await contoso()
    const decoded = await decode((await buildResponse()).base64, { connection: undefined })
    expect(decoded.checks).toBe(null)
    expect(decoded.signatures[1]?.result).toBe('not_checked')
    expect(decoded.parts.every(({ fits }) => fits === null)).toBe(true)
  })

  it('uses nothing up, stores nothing and tells no event', async () => {
    const { world, decode } = await contoso()
    const db = openDatabase(env.DB, 'primary')
    world.counting.restart()
    await decode((await buildResponse()).base64)
    expect(world.counting.rows().written).toBe(0)
    expect(await db.select().from(tables.consumed)).toEqual([])
    expect(await db.select().from(tables.events)).toEqual([])
    const browser = world.browser()
    expect((await browser.signIn()).status).toBe(303)
  })

  it('is held against connections of its own organization only', async () => {
    const { world } = await contoso()
    const made = await admin(world, 'POST', '/organizations', {
      slug: 'fabrikam',
      name: 'Fabrikam',
    })
    expect(made.status).toBe(201)
    const refused = await admin(world, 'POST', '/organizations/fabrikam/decode', {
      text: (await buildResponse()).base64,
      connection: context.connectionId,
    })
    expect([refused.status, await refused.json()]).toMatchObject([
      404,
      { code: 'admin.connection_not_found' },
    ])
  })
})

describe('an encrypted assertion', () => {
  it('is opened for an operator, inside a response whose signature verifies', async () => {
    const { decode } = await contoso()
    await giveDecryptKey(context.connectionId, 'E')
    const decoded = await decode((await buildResponse({ shape: 'FE' })).base64)
    expect(decoded.decrypted).toContain('ann@contoso.example')
    expect(decoded.pretty).not.toContain('ann@contoso.example')
    expect(stateOf(decoded, 'decryption')).toBe('pass')
  })

  it.each([
    ['nobody signed the response', { shape: 'FU' }],
    ['a strange key did', { shape: 'FE', sign: { response: { key: 'Kprime' } } }],
  ] as const)('stays closed where %s', async (_why, build) => {
    const { decode } = await contoso()
    await giveDecryptKey(context.connectionId, 'E')
    const decoded = await decode((await buildResponse(build)).base64)
    expect(decoded.decrypted).toBe(null)
    expect(stateOf(decoded, 'decryption')).not.toBe('pass')
    expect(JSON.stringify(decoded)).not.toContain('ann@contoso.example')
  })

  it('stays closed for everybody else, and says why', async () => {
    await createContoso()
    const ask = askAs(doorWorld())
    await giveDecryptKey(context.connectionId, 'E')
    const text = (await buildResponse({ shape: 'FE' })).base64
    const organizationId = 'org_00000000000000000000000001'
    const others: readonly Principal[] = [
      { kind: 'admin', organizationId, personId: 'usr_x' },
      { kind: 'setup-link', organizationId, linkId: 'lnk_x', parts: ['saml'] },
    ]
    for (const principal of others) {
      const body = { text, connection: context.connectionId }
      const answer = await ask(principal, 'decode', { org: organizationId }, body)
      const decoded = answer.value as Decoded
      expect(decoded.decrypted).toBe(null)
      const check = decoded.checks?.find(({ id }) => id === 'decryption')
      expect(check).toMatchObject({
        state: 'not_judged',
        evidence: { why: 'opened for operators only' },
      })
    }
  })
})

const laughs = `<!DOCTYPE l [<!ENTITY a "ha">${Array.from({ length: 10 }, (_, i) => `<!ENTITY a${i} "${'&a;'.repeat(10)}">`).join('')}]><l>&a9;</l>`

const hostile: readonly (readonly [
  what: string,
  code: string,
  text: () => string | Promise<string>,
])[] = [
  [
    'an external entity',
    'xml.doctype',
    () => '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
  ],
  ['a billion laughs', 'xml.doctype', () => laughs],
  ['deep nesting', 'xml.limit', () => '<a>'.repeat(100_000)],
  ['many elements', 'xml.limit', () => `<a>${'<b/>'.repeat(200_000)}</a>`],
  ['a bomb', 'saml.inflate', async () => toBase64(await deflateRaw('a'.repeat(5_000_000)))],
  ['a megabyte of base64', 'saml.inflate', () => 'A'.repeat(1024 * 1024)],
  [
    'a megabyte of XML',
    'saml.body_too_large',
    () => `<a>${`<b>${'x'.repeat(60_000)}</b>`.repeat(17)}</a>`,
  ],
  ['a word', 'saml.bad_base64', () => 'hello world!'],
  ['blanks', 'saml.bad_binding', () => '   '],
  ['deep JSON', 'scim.invalid_syntax', () => '[{"a":'.repeat(150_000)],
  ['nested JSON', 'scim.invalid_syntax', () => `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`],
  ['a list', 'scim.invalid_syntax', () => '[1]'],
]

describe('hostile input', () => {
  it.each(hostile)('%s is answered by %s', async (_what, code, text) => {
    const { decode } = await contoso()
    const decoded = await decode(await text())
    expect([decoded.kind, decoded.problem?.code]).toEqual(['unreadable', code])
  })

  it('that is too long is refused before it is looked at', async () => {
    const { world } = await contoso()
    const refused = await admin(world, 'POST', '/organizations/contoso/decode', {
      text: 'A'.repeat(1024 * 1024 + 1),
    })
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { code: 'admin.invalid_request' },
    ])
  })
})

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
