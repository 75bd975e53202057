import { beforeAll, describe, expect, it } from 'vitest'
import { limits } from '../../../src/kernel/index.ts'
import type { SamlConnection } from '../../../src/saml/connection.ts'
import type { LogoutContext } from '../../../src/saml/logout-message.ts'
import { buildLogoutRequest, readLogoutRequest } from '../../../src/saml/logout-request.ts'
import { buildLogoutResponse, readLogoutResponse } from '../../../src/saml/logout-response.ts'
import { readRedirectMessage } from '../../../src/saml/redirect-binding.ts'
import { importSigningKey, signEnveloped } from '../../../src/xmldsig/index.ts'
import { certificateDer, privateKeyDer } from '../../support/keys.ts'
import { buildResponse } from '../../support/saml-builder.ts'
import { at, context, minuteMs, nowMs, otherConnection } from '../../support/saml-context.ts'
import {
  type LogoutOptions,
  buildLogoutRequest as makeRequest,
  buildLogoutResponse as makeResponse,
  redirectQuery,
} from '../../support/saml-messages.ts'
import { verifyKey } from './verify-keys.ts'

let connection: SamlConnection
let keyId: string
beforeAll(async () => {
  const keys = await Promise.all(
    (['K', 'Knext', 'Kexpired', 'Kfuture'] as const).map((name) => verifyKey(name)),
  )
  keyId = keys[0]?.id ?? ''
  connection = {
    id: context.connectionId,
    version: 1,
    status: 'active',
    idp: { entityId: context.idpEntityId, tenantId: context.tenantId },
    keys,
    decryptKeys: [],
    sp: { entityId: context.spEntityId, acsUrl: context.acsUrl },
    acceptSpnAudience: false,
    allowIdpInitiated: false,
    extraSkewMs: 0,
    identityClaim: null,
    scopes: null,
    singleClaims: new Set(),
  }
})

const octets = (xml: string) => new TextEncoder().encode(xml)
const judged = (parts: Partial<LogoutContext> = {}): LogoutContext => ({
  connection,
  nowMs,
  signature: 'absent',
  destination: context.sloUrl,
  ...parts,
})
const readRequest = (xml: string, parts: Partial<LogoutContext> = {}) =>
  readLogoutRequest(octets(xml), judged(parts))
const readResponse = (
  xml: string,
  {
    pending = context.requestId,
    ...parts
  }: Partial<LogoutContext> & { pending?: string | null } = {},
) =>
  readLogoutResponse(octets(xml), {
    ...judged(parts),
    pendingRequestId: pending,
    entraLoginUrl: 'https://login.microsoftonline.com',
  })
const refusal = (code: string) => ({ ok: false, failure: { code } })
const sha1 = { key: 'K', method: 'rsa-sha1', digest: 'sha1' } as const

describe('a request to log out', () => {
  it('R02 positive control: unsigned, as Entra broadcasts it', async () => {
    expect(await readRequest(await makeRequest())).toEqual({
      ok: true,
      value: {
        id: '_10600000-0000-4000-8000-000000000001',
        nameId: {
          value: context.nameId,
          format: context.nameIdFormat,
          nameQualifier: null,
          spNameQualifier: null,
        },
        sessionIndexes: [context.sessionIndex],
        signedBy: null,
        expiresAtMs: nowMs + limits.responseAgeMs + limits.clockSkewMs,
      },
    })
  })

  it('R02 positive control: signed inside, and by the query', async () => {
    const inside = await readRequest(await makeRequest({ sign: { key: 'K' } }))
    expect(inside).toMatchObject({ ok: true, value: { signedBy: keyId } })
    const query = await redirectQuery({
      parameter: 'SAMLRequest',
      xml: await makeRequest(),
      sign: {},
      lowerCase: true,
    })
    const received = await readRedirectMessage(query, { keys: connection.keys })
    if (!received.ok) throw new Error(received.failure.code)
    const { message, signature } = received.value
    const read = await readLogoutRequest(message, judged({ signature }))
    expect(read).toMatchObject({ ok: true, value: { signedBy: keyId } })
  })

  it('R02 positive control: signed and without SessionIndex, which means every session', async () => {
    const xml = await makeRequest({ sessionIndexes: [], sign: { key: 'K' } })
    expect(await readRequest(xml)).toMatchObject({ ok: true, value: { sessionIndexes: [] } })
  })

  it('R02 unsigned and without SessionIndex', async () => {
    expect(await readRequest(await makeRequest({ sessionIndexes: [] }))).toMatchObject(
      refusal('saml.unsigned'),
    )
  })

  const signatures: readonly [name: string, xml: () => Promise<string>, code: string][] = [
    [
      'by an unknown key',
      () => makeRequest({ sign: { key: 'Kprime' } }),
      'xmldsig.signature_invalid',
    ],
    [
      'by the key of another tenant',
      () => makeRequest({ sign: { key: 'K2' } }),
      'xmldsig.signature_invalid',
    ],
    ['with SHA-1', () => makeRequest({ sign: sha1 }), 'xmldsig.algorithm'],
    [
      'by HMAC',
      () => makeRequest({ sign: { method: 'hmac-sha256', hmacKey: certificateDer('K') } }),
      'xmldsig.algorithm',
    ],
    [
      'by an expired certificate',
      () => makeRequest({ sign: { key: 'Kexpired' } }),
      'saml.certificate_expired',
    ],
    [
      'by one that is not valid yet',
      () => makeRequest({ sign: { key: 'Kfuture' } }),
      'saml.certificate_not_yet_valid',
    ],
    [
      'and changed afterwards',
      async () =>
        (await makeRequest({ sign: { key: 'K' } })).replace(context.nameId, 'admin@victim.example'),
      'xmldsig.digest_mismatch',
    ],
    [
      'with an empty Signature',
      async () =>
        (await makeRequest()).replace(
          '</Issuer>',
          '$&<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>',
        ),
      'xmldsig.cardinality',
    ],
    [
      'with a Signature that is not the second child',
      async () => {
        const xml = await makeRequest({ sign: { key: 'K' } })
        const signature =
          /<(?:\w+:)?Signature[ >][\s\S]*<\/(?:\w+:)?Signature>/.exec(xml)?.[0] ?? ''
        return xml.replace(signature, '').replace('</samlp:LogoutRequest>', `${signature}$&`)
      },
      'saml.schema',
    ],
    [
      'with the Signature of a response',
      async () => {
        const { xml } = await buildResponse({ shape: 'FR' })
        const signature =
          /<(?:\w+:)?Signature[ >][\s\S]*?<\/(?:\w+:)?Signature>/.exec(xml)?.[0] ?? ''
        return (await makeRequest()).replace('</Issuer>', `$&${signature}`)
      },
      'xmldsig.reference_target',
    ],
  ]
  it.each(signatures)(
    'R02 a signature that is present must verify: %s',
    async (_name, xml, code) => {
      expect(await readRequest(await xml())).toMatchObject(refusal(code))
    },
  )

  it('R02 a good signature of the query does not excuse a bad one inside, nor an expired key', async () => {
    const xml = await makeRequest({ sign: { key: 'Kprime' } })
    expect(await readRequest(xml, { signature: { keyId } })).toMatchObject(
      refusal('xmldsig.signature_invalid'),
    )
    const { id } = await verifyKey('Kexpired')
    expect(await readRequest(await makeRequest(), { signature: { keyId: id } })).toMatchObject(
      refusal('saml.certificate_expired'),
    )
    const stranger = { signature: { keyId: 'of another connection' } }
    expect(await readRequest(await makeRequest(), stranger)).toMatchObject(
      refusal('saml.connection_unusable'),
    )
  })

  const age = limits.responseAgeMs + limits.clockSkewMs
  const wrong: readonly [name: string, options: LogoutOptions, code: string][] = [
    ['Issuer absent', { issuer: null }, 'saml.issuer'],
    ['Issuer empty', { issuer: '' }, 'saml.issuer'],
    ['Issuer of another tenant', { issuer: otherConnection.idpEntityId }, 'saml.issuer'],
    ['Issuer without its slash', { issuer: context.idpEntityId.slice(0, -1) }, 'saml.issuer'],
    ['Issuer with a space', { issuer: `${context.idpEntityId} ` }, 'saml.issuer'],
    [
      'Issuer as in a response',
      { issuer: `https://login.microsoftonline.com/${context.tenantId}/` },
      'saml.issuer',
    ],
    ['Destination absent', { destination: null }, 'saml.destination'],
    ['Destination empty', { destination: '' }, 'saml.destination'],
    ['Destination of the ACS', { destination: context.acsUrl }, 'saml.destination'],
    [
      'Destination of another connection',
      { destination: otherConnection.sloUrl },
      'saml.destination',
    ],
    ['Destination longer', { destination: `${context.sloUrl}/` }, 'saml.destination'],
    ['Destination in capitals', { destination: context.sloUrl.toUpperCase() }, 'saml.destination'],
    [
      'Destination by http',
      { destination: context.sloUrl.replace('https', 'http') },
      'saml.destination',
    ],
    ['Destination with a query', { destination: `${context.sloUrl}?x` }, 'saml.destination'],
    ['IssueInstant absent', { issueInstant: null }, 'saml.schema'],
    ['IssueInstant malformed', { issueInstant: '2026-11-24' }, 'saml.bad_time'],
    [
      'IssueInstant in another zone',
      { issueInstant: at().replace('Z', '+00:00') },
      'saml.bad_time',
    ],
    ['IssueInstant too old', { issueInstant: at(-age - 1) }, 'saml.issue_instant'],
    [
      'IssueInstant in the future',
      { issueInstant: at(limits.clockSkewMs + 1) },
      'saml.issue_instant',
    ],
    ['NotOnOrAfter past', { notOnOrAfter: at(-limits.clockSkewMs) }, 'saml.expired'],
    ['NotOnOrAfter malformed', { notOnOrAfter: 'tomorrow' }, 'saml.bad_time'],
    ['ID absent', { id: null }, 'saml.schema'],
    ['ID empty', { id: '' }, 'saml.schema'],
    ['ID beginning with a digit', { id: '1a' }, 'saml.schema'],
    ['ID of 257', { id: `_${'a'.repeat(256)}` }, 'saml.schema'],
    ['Version absent', { version: null }, 'saml.schema'],
    ['Version 1.1', { version: '1.1' }, 'saml.schema'],
    ['NameID absent', { nameId: null }, 'saml.name_id'],
    ['NameID empty', { nameId: '' }, 'saml.name_id'],
    ['NameID of 257', { nameId: 'a'.repeat(257) }, 'saml.name_id'],
    ['SessionIndex empty', { sessionIndexes: ['', context.sessionIndex] }, 'saml.schema'],
    ['SessionIndex of 257', { sessionIndexes: ['a'.repeat(257)] }, 'saml.schema'],
    [
      '65 SessionIndexes',
      { sessionIndexes: Array.from({ length: 65 }, (_, i) => `_${i}`) },
      'saml.limit',
    ],
  ]
  it.each(wrong)('R04 unsigned or signed: %s', async (_name, options, code) => {
    expect(await readRequest(await makeRequest(options))).toMatchObject(refusal(code))
    const signed = await makeRequest({ ...options, sign: { key: 'K' } }).catch(() => null)
    if (signed !== null) expect((await readRequest(signed)).ok).toBe(false)
  })

  it.each<[string, LogoutOptions]>([
    ['the oldest IssueInstant', { issueInstant: at(-age) }],
    ['the newest IssueInstant', { issueInstant: at(limits.clockSkewMs) }],
    ['the earliest NotOnOrAfter', { notOnOrAfter: at(-limits.clockSkewMs + 1) }],
    ['whole seconds', { issueInstant: at().replace('.000', '') }],
    ['64 SessionIndexes', { sessionIndexes: Array.from({ length: 64 }, (_, i) => `_${i}`) }],
    ['256 characters', { id: `_${'a'.repeat(255)}`, sessionIndexes: ['a'.repeat(256)] }],
  ])('R04 positive control: %s', async (_name, options) => {
    expect((await readRequest(await makeRequest(options))).ok).toBe(true)
  })

  it('R04 extra skew of the connection counts, and a NotOnOrAfter shortens the memory', async () => {
    const old = await makeRequest({ issueInstant: at(-age - 1) })
    const patient = { connection: { ...connection, extraSkewMs: minuteMs } }
    expect((await readRequest(old, patient)).ok).toBe(true)
    expect(await readRequest(await makeRequest({ notOnOrAfter: at(minuteMs) }))).toMatchObject({
      ok: true,
      value: { expiresAtMs: nowMs + minuteMs + limits.clockSkewMs },
    })
  })

  const shapes: readonly [name: string, edit: (xml: string) => string, code: string][] = [
    [
      'a second NameID',
      (x) =>
        x.replace(
          '</NameID>',
          '$&<NameID xmlns="urn:oasis:names:tc:SAML:2.0:assertion">evil</NameID>',
        ),
      'saml.schema',
    ],
    [
      'a NameID after SessionIndex',
      (x) =>
        x.replace(
          /(<NameID[\s\S]*<\/NameID>)(<samlp:SessionIndex>[^<]*<\/samlp:SessionIndex>)/,
          '$2$1',
        ),
      'saml.schema',
    ],
    ['an element in NameID', (x) => x.replace('</NameID>', '<x/>$&'), 'saml.schema'],
    [
      'an element in SessionIndex',
      (x) => x.replace('</samlp:SessionIndex>', '<x/>$&'),
      'saml.schema',
    ],
    ['a second Issuer', (x) => x.replace(/<Issuer[\s\S]*<\/Issuer>/, '$&$&'), 'saml.schema'],
    ['an unknown attribute', (x) => x.replace(' ID=', ' evil="1" ID='), 'saml.schema'],
    [
      'an unknown element',
      (x) => x.replace('<samlp:SessionIndex>', '<samlp:Evil/>$&'),
      'saml.schema',
    ],
    ['text between elements', (x) => x.replace('<samlp:SessionIndex>', 'evil$&'), 'saml.schema'],
    ['another root', (x) => x.replaceAll('LogoutRequest', 'AuthnRequest'), 'saml.schema'],
    [
      'a root in another namespace',
      (x) => x.replace('SAML:2.0:protocol', 'SAML:1.1:protocol'),
      'saml.schema',
    ],
    [
      'an EncryptedID',
      (x) =>
        x.replace(
          /<NameID[\s\S]*<\/NameID>/,
          '<EncryptedID xmlns="urn:oasis:names:tc:SAML:2.0:assertion"/>',
        ),
      'saml.unsupported',
    ],
    ['a comment in NameID', (x) => x.replace('</NameID>', '<!---->$&'), 'xml.comment'],
    ['a DOCTYPE', (x) => `<!DOCTYPE r>${x}`, 'xml.doctype'],
    [
      'an Issuer that is no entity',
      (x) =>
        x.replace('<Issuer', '$& Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"'),
      'saml.issuer',
    ],
  ]
  it.each(shapes)('R04 %s', async (_name, edit, code) => {
    const xml = await makeRequest()
    expect(edit(xml)).not.toBe(xml)
    expect(await readRequest(edit(xml))).toMatchObject(refusal(code))
  })

  it('R04 positive control: an Issuer that says it is an entity, and Extensions', async () => {
    const xml = (await makeRequest())
      .replace('<Issuer', '$& Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity"')
      .replace('</Issuer>', '$&<samlp:Extensions><x xmlns="urn:x"/></samlp:Extensions>')
    expect((await readRequest(xml)).ok).toBe(true)
  })

  it('W21 a response, signed or not, is no request to log out', async () => {
    for (const shape of ['FA', 'FR'] as const) {
      const { xml } = await buildResponse({ shape })
      expect(await readRequest(xml)).toMatchObject(refusal('saml.schema'))
    }
    expect(await readRequest(await makeResponse())).toMatchObject(refusal('saml.schema'))
  })

  it('R03 a posted message beyond the limit is not parsed', async () => {
    const xml = (await makeRequest()).replace(
      '</Issuer>',
      `$&${' '.repeat(limits.samlMessageBytes)}`,
    )
    expect(await readRequest(xml)).toMatchObject(refusal('saml.limit'))
  })
})

describe('the answer to our request', () => {
  it('R04 positive control: as Entra answers, under its own name and without a Destination', async () => {
    const issuer = `https://login.microsoftonline.com/${context.tenantId}/`
    for (const options of [
      {},
      { issuer },
      { destination: null },
      { sign: { key: 'K' as const } },
    ]) {
      expect(await readResponse(await makeResponse(options))).toMatchObject({
        ok: true,
        value: { inResponseTo: context.requestId, isSuccess: true },
      })
    }
  })

  it('R04 a provider that could not end everything is heard, not refused', async () => {
    const status = 'urn:oasis:names:tc:SAML:2.0:status:Requester'
    expect(await readResponse(await makeResponse({ status }))).toMatchObject({
      ok: true,
      value: { isSuccess: false, statusCodes: [status] },
    })
    const nested = (await makeResponse({ status })).replace(
      '"/></samlp:Status>',
      '"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:StatusCode></samlp:Status>',
    )
    expect(await readResponse(nested)).toMatchObject({ ok: true, value: { isSuccess: false } })
  })

  const wrong: readonly [name: string, options: LogoutOptions, code: string][] = [
    ['InResponseTo unknown', { inResponseTo: otherConnection.requestId }, 'saml.in_response_to'],
    ['InResponseTo absent', { inResponseTo: null }, 'saml.in_response_to'],
    ['InResponseTo empty', { inResponseTo: '' }, 'saml.in_response_to'],
    ['Issuer of another tenant', { issuer: otherConnection.idpEntityId }, 'saml.issuer'],
    [
      'Issuer of another tenant, as Entra signs off',
      { issuer: `https://login.microsoftonline.com/${otherConnection.tenantId}/` },
      'saml.issuer',
    ],
    ['Issuer absent', { issuer: null }, 'saml.issuer'],
    [
      'Destination of another connection',
      { destination: otherConnection.sloUrl },
      'saml.destination',
    ],
    ['IssueInstant too old', { issueInstant: at(-16 * minuteMs) }, 'saml.issue_instant'],
    ['a signature by an unknown key', { sign: { key: 'Kprime' } }, 'xmldsig.signature_invalid'],
    ['a signature with SHA-1', { sign: sha1 }, 'xmldsig.algorithm'],
  ]
  it.each(wrong)('R04 %s', async (_name, options, code) => {
    expect(await readResponse(await makeResponse(options))).toMatchObject(refusal(code))
  })

  it('R04 no request is open', async () => {
    const xml = await makeResponse()
    expect(await readResponse(xml, { pending: null })).toMatchObject(refusal('saml.in_response_to'))
    const unasked = await makeResponse({ inResponseTo: null })
    expect(await readResponse(unasked, { pending: null })).toMatchObject(
      refusal('saml.in_response_to'),
    )
  })

  it('R04 no Status, and a request in place of a response', async () => {
    const without = (await makeResponse()).replace(/<samlp:Status>[\s\S]*<\/samlp:Status>/, '')
    expect(await readResponse(without)).toMatchObject(refusal('saml.status'))
    expect(await readResponse(await makeRequest())).toMatchObject(refusal('saml.schema'))
  })

  it('R04 another provider than Entra answers under its own name only', async () => {
    const idp = { entityId: 'https://idp.example', tenantId: null }
    const other = { connection: { ...connection, idp } }
    const ours = await makeResponse({ issuer: 'https://idp.example' })
    expect((await readResponse(ours, other)).ok).toBe(true)
    const entra = await makeResponse({ issuer: 'https://login.microsoftonline.com/null/' })
    expect(await readResponse(entra, other)).toMatchObject(refusal('saml.issuer'))
  })
})

describe('logout messages that we send', () => {
  const nameId = {
    value: 'a & b <c>@contoso.example',
    format: context.nameIdFormat,
    nameQualifier: 'https://idp.example/?a=1&b="2"',
    spNameQualifier: null,
  }

  it('carry the NameID and the sessions as received, signed or not', async () => {
    const xml = buildLogoutRequest({
      id: '_0a',
      issueInstantMs: nowMs,
      destination: context.sloUrl,
      issuer: context.idpEntityId,
      nameId,
      sessionIndexes: ['_1', '_2'],
    })
    const value = { id: '_0a', nameId, sessionIndexes: ['_1', '_2'] }
    expect(await readRequest(xml)).toMatchObject({ ok: true, value: { ...value, signedBy: null } })
    const signed = await signEnveloped({
      xml,
      key: await importSigningKey(privateKeyDer('K')),
      certificateDer: certificateDer('K'),
      position: 'second',
    })
    expect(await readRequest(signed)).toMatchObject({
      ok: true,
      value: { ...value, signedBy: keyId },
    })
  })

  it('say the same whether or not a session was found', async () => {
    const xml = buildLogoutResponse({
      id: '_0b',
      issueInstantMs: nowMs,
      destination: context.sloUrl,
      issuer: context.idpEntityId,
      inResponseTo: context.requestId,
    })
    expect(xml).toBe(
      `<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_0b" Version="2.0" IssueInstant="2026-11-24T09:00:00Z" Destination="${context.sloUrl}" InResponseTo="${context.requestId}"><saml:Issuer>${context.idpEntityId}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:LogoutResponse>`,
    )
    expect(await readResponse(xml)).toMatchObject({ ok: true, value: { isSuccess: true } })
  })
})
