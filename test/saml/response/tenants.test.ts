import { describe, expect, it } from 'vitest'
import {
  buildResponse,
  claims,
  context,
  defaultAttributes,
  otherConnection,
  twinConnection,
} from '../../support/saml-builder.ts'
import { judgedShapes, runCases } from './cases.ts'
import {
  type Circumstances,
  type ConnectionChange,
  login,
  outcome,
  receive,
  type Verdict,
} from './verifier.ts'

/** The connection of tenant B, pinned to K2, with a sign-in of this browser open on it. */
const tenantB: Circumstances = {
  connection: {
    id: otherConnection.connectionId,
    idp: { entityId: otherConnection.idpEntityId, tenantId: otherConnection.tenantId },
    sp: { entityId: otherConnection.spEntityId, acsUrl: otherConnection.acsUrl },
    keys: ['K2'],
  },
  logins: [
    { ...login, requestId: otherConnection.requestId, connectionId: otherConnection.connectionId },
  ],
}

/** A response of tenant B for tenant B's ACS. */
const forB = {
  response: {
    issuer: otherConnection.idpEntityId,
    destination: otherConnection.acsUrl,
    inResponseTo: otherConnection.requestId,
  },
  assertion: {
    issuer: otherConnection.idpEntityId,
    audiences: [otherConnection.spEntityId],
    confirmations: [{ recipient: otherConnection.acsUrl, inResponseTo: otherConnection.requestId }],
    attributes: { ...defaultAttributes, [claims.tenantId]: otherConnection.tenantId },
  },
  sign: { response: null, assertion: { key: 'K2' } },
} as const

const keyOf = (verdict: Verdict) => (verdict.ok ? verdict.value.identity.key : outcome(verdict))

describe('another tenant', () => {
  it('M01 K2 cannot sign for tenant A, at A’s ACS nor at B’s', async () => {
    const good = await buildResponse(forB)
    expect(outcome(await receive(good.base64, tenantB))).toBe('accepted')

    const sign = { assertion: { key: 'K2' } } as const
    const atA = await buildResponse({ sign })
    expect(outcome(await receive(atA.base64))).toBe('xmldsig.signature_invalid')

    const atB = await buildResponse({
      ...forB,
      assertion: { ...forB.assertion, issuer: context.idpEntityId },
    })
    expect(outcome(await receive(atB.base64, tenantB))).toBe('saml.issuer')
  })

  it('M02 the same object id and NameID in another tenant are another person', async () => {
    const a = await receive((await buildResponse()).base64)
    const b = await receive((await buildResponse(forB)).base64, tenantB)
    expect(keyOf(a)).toBe(`entra:${context.tenantId}:${context.objectId}`)
    expect(keyOf(b)).toBe(`entra:${otherConnection.tenantId}:${context.objectId}`)
  })

  it('M02 the same NameID at another connection is another person', async () => {
    const { base64 } = await buildResponse()
    const change = { idp: { entityId: context.idpEntityId, tenantId: null } }
    const twin = await buildResponse({
      response: { destination: twinConnection.acsUrl },
      assertion: {
        audiences: [twinConnection.spEntityId],
        confirmations: [{ recipient: twinConnection.acsUrl }],
      },
    })
    const keys = [
      keyOf(await receive(base64, { connection: change })),
      keyOf(await receive(twin.base64, atTwin(change))),
    ]
    expect(keys[0]).toMatch(new RegExp(`^saml:${context.connectionId}:[0-9a-f]{64}$`))
    expect(keys[1]).toMatch(new RegExp(`^saml:${twinConnection.connectionId}:[0-9a-f]{64}$`))
  })

  it('M03 a request to A that B answers is not answered', async () => {
    const logins = [login]
    const answer = await buildResponse({
      ...forB,
      response: { ...forB.response, inResponseTo: login.requestId },
      assertion: {
        ...forB.assertion,
        confirmations: [{ recipient: otherConnection.acsUrl, inResponseTo: login.requestId }],
      },
    })
    expect(outcome(await receive((await buildResponse(forB)).base64, tenantB))).toBe('accepted')
    expect(outcome(await receive(answer.base64, { ...tenantB, logins }))).toBe(
      'saml.in_response_to',
    )
  })

  it.each([
    ['FA', 'saml.audience'],
    ['FR', 'saml.destination'],
    ['FB', 'saml.destination'],
  ] as const)(
    'M04 %s for one of two connections to the same provider is refused at the other',
    async (shape, code) => {
      const options = { shape, ...(shape === 'FA' && { response: { destination: null } }) }
      const { base64 } = await buildResponse(options)
      expect(outcome(await receive(base64))).toBe('accepted')
      expect(outcome(await receive(base64, atTwin()))).toBe(code)
    },
  )

  it('M05 nothing in the message changes by which connection it is judged', async () => {
    const { base64 } = await buildResponse(forB)
    expect(outcome(await receive(base64, tenantB))).toBe('accepted')
    expect(outcome(await receive(base64))).toBe('xmldsig.signature_invalid')
  })
})

function atTwin(change: ConnectionChange = {}): Circumstances {
  return {
    connection: {
      id: twinConnection.connectionId,
      sp: { entityId: twinConnection.spEntityId, acsUrl: twinConnection.acsUrl },
      ...change,
    },
    logins: [{ ...login, connectionId: twinConnection.connectionId }],
  }
}

const withClaim = (name: string, value: string | readonly string[] | null) => {
  const { [name]: _left, ...others } = defaultAttributes
  return { assertion: { attributes: value === null ? others : { ...others, [name]: value } } }
}
const placeholders = [
  'https://sts.windows.net/{tenantid}/',
  'https://sts.windows.net/{tenant}/',
  'https://sts.windows.net/common/',
  'https://login.microsoftonline.com/common/v2.0',
]

describe('the tenant of the assertion', () => {
  runCases(
    [
      ...[otherConnection.tenantId, '', 'common', `${context.tenantId} `, null].map((tenant) => ({
        row: 'M06',
        name: `the tenantid claim ${JSON.stringify(tenant)}`,
        code: 'saml.tenant_mismatch',
        build: withClaim(claims.tenantId, tenant),
      })),
      ...placeholders.map((issuer) => ({
        row: 'M06',
        name: `the Issuer ${issuer}`,
        code: 'saml.tenant_mismatch',
        build: { assertion: { issuer } },
      })),
      {
        row: 'M06',
        name: 'the tenantid claim in capitals',
        code: 'accepted',
        build: withClaim(claims.tenantId, context.tenantId.toUpperCase()),
      },
      ...['', 'ann', `${context.objectId}0`, null].map((objectId) => ({
        row: 'M06',
        name: `the objectidentifier claim ${JSON.stringify(objectId)}`,
        code: 'saml.identity',
        build: withClaim(claims.objectId, objectId),
      })),
      ...[claims.tenantId, claims.objectId, claims.identityProvider, claims.upn].map((name) => ({
        row: 'N03',
        name: `two values of ${name}`,
        code: 'saml.attribute_ambiguous',
        build: withClaim(name, ['one', 'another']),
      })),
    ],
    judgedShapes,
  )

  it.each([
    ['a member', {}, false],
    ['another home tenant', { [claims.identityProvider]: otherConnection.idpEntityId }, true],
    ['a consumer account', { [claims.identityProvider]: 'live.com' }, true],
    ['#EXT# in the name', { [claims.name]: 'x_evil.example#EXT#@contoso.example' }, true],
    ['#ext# in the UPN', { [claims.upn]: 'x_evil.example#ext#@contoso.example' }, true],
  ])('M02 tells guests from members: %s', async (_name, change, isGuest) => {
    const attributes = { ...defaultAttributes, ...change }
    const verdict = await receive((await buildResponse({ assertion: { attributes } })).base64)
    expect(verdict.ok && verdict.value.identity.isGuest).toBe(isGuest)
  })

  it('M02 tells a guest by the NameID too', async () => {
    const nameId = 'ceo_contoso.example#EXT#@evil.example'
    const verdict = await receive((await buildResponse({ assertion: { nameId } })).base64)
    expect(verdict.ok && verdict.value.identity.isGuest).toBe(true)
  })
})

const principal = 'urn:oid:1.3.6.1.4.1.5923.1.1.1.6'

describe('a scoped identifier', () => {
  const scoped: Circumstances = {
    connection: {
      idp: { entityId: context.idpEntityId, tenantId: null },
      identityClaim: principal,
      scopes: ['contoso.example'],
    },
  }
  const control = {
    build: withClaim(principal, 'ann@contoso.example'),
    circumstances: scoped,
  }
  runCases(
    [
      ...['ann@victim.example', 'ann', 'ann@', 'a@contoso.example@victim.example'].map((value) => ({
        row: 'M07',
        name: `${value} where only contoso.example was agreed`,
        code: 'saml.scope',
        control,
        build: withClaim(principal, value),
      })),
      {
        row: 'M07',
        name: 'the agreed scope in capitals',
        code: 'accepted',
        control,
        build: withClaim(principal, 'ann@CONTOSO.example'),
      },
      {
        row: 'M07',
        name: 'no value at all',
        code: 'saml.identity',
        control,
        build: withClaim(principal, null),
      },
    ],
    judgedShapes,
  )
})
