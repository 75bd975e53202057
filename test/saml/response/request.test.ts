import { describe, expect, it } from 'vitest'
import { buildResponse, context, otherConnection } from '../../support/saml-builder.ts'
import { type Case, judgedShapes, runCases } from './cases.ts'
import { type Circumstances, login, outcome, receive } from './verifier.ts'

const tenMinutesMs = 10 * 60_000
const attackers = '_a77ac4e2000000000000000000000001'
const noData = { confirmations: [{ inResponseTo: null }] }
const allowed: Circumstances = { connection: { allowIdpInitiated: true } }
const otherLogin = { ...login, requestId: otherConnection.requestId }

describe('the request that is answered', () => {
  const cases: readonly Case[] = [
    {
      row: 'P09',
      name: 'an unknown request',
      code: 'saml.in_response_to',
      build: {
        response: { inResponseTo: attackers },
        assertion: { confirmations: [{ inResponseTo: attackers }] },
      },
    },
    {
      row: 'P09',
      name: 'an empty InResponseTo in both places, where unsolicited ones are allowed',
      code: ['saml.in_response_to', 'saml.schema'],
      build: {
        response: { inResponseTo: '' },
        assertion: { confirmations: [{ inResponseTo: '' }] },
      },
      control: { circumstances: allowed },
    },
    {
      row: 'P09',
      name: 'the right request in one confirmation and an unknown one in the first that holds',
      code: 'saml.in_response_to',
      build: { assertion: { confirmations: [{ inResponseTo: attackers }, {}] } },
    },
    {
      row: 'P09 P12',
      name: 'the request of another browser that has requests of its own',
      code: 'saml.in_response_to',
      circumstances: { logins: [otherLogin] },
    },
    {
      row: 'P09 P19',
      name: 'a request that is ten minutes old',
      code: 'saml.in_response_to',
      circumstances: { logins: [{ ...login, startedAtMs: context.nowMs - tenMinutesMs }] },
    },
    {
      row: 'P09 P19',
      name: 'a request a millisecond younger',
      code: 'accepted',
      circumstances: { logins: [{ ...login, startedAtMs: context.nowMs - tenMinutesMs + 1 }] },
    },
    {
      row: 'P09 M03',
      name: 'a request to another connection',
      code: 'saml.in_response_to',
      circumstances: { logins: [{ ...login, connectionId: otherConnection.connectionId }] },
    },
    {
      row: 'P09',
      name: 'the second of several open requests',
      code: 'accepted',
      circumstances: { logins: [otherLogin, login] },
    },
    {
      row: 'P09',
      name: 'another request in the Response than in the confirmation',
      code: 'saml.in_response_to',
      build: { response: { inResponseTo: attackers } },
      circumstances: { logins: [login, { ...login, requestId: attackers }] },
    },
    {
      row: 'P09',
      name: 'another request in the confirmation than in the Response',
      code: 'saml.in_response_to',
      build: { assertion: { confirmations: [{ inResponseTo: attackers }] } },
      circumstances: { logins: [login, { ...login, requestId: attackers }] },
    },
    {
      row: 'P09',
      name: 'a request in the confirmation only',
      code: 'accepted',
      build: { response: { inResponseTo: null } },
    },
    {
      row: 'P09',
      name: 'a request in the Response only, which counts where it is signed',
      code: { FA: 'saml.in_response_to', FR: 'accepted', FB: 'accepted' },
      build: { assertion: noData },
    },
    {
      row: 'P09 W25',
      name: 'a request in the unsigned Response only, where unsolicited ones are allowed',
      shapes: ['FA'],
      code: 'saml.in_response_to',
      build: { assertion: noData },
      control: { circumstances: allowed },
    },
    {
      row: 'P10',
      name: 'no request in either place',
      code: 'saml.unsolicited',
      build: { response: { inResponseTo: null }, assertion: noData },
    },
    {
      row: 'P10',
      name: 'the request cut out of both places after signing, where unsolicited ones are allowed',
      code: 'xmldsig.digest_mismatch',
      mutate: (xml) => xml.replaceAll(/ InResponseTo="[^"]*"/g, ''),
      control: { circumstances: allowed },
    },
    {
      row: 'P10',
      name: 'no request in either place, where that is allowed',
      code: 'accepted',
      build: { response: { inResponseTo: null }, assertion: noData },
      circumstances: { ...allowed, logins: [] },
    },
    {
      row: 'P12',
      name: 'a browser without any request',
      code: 'saml.browser_binding',
      circumstances: { logins: [] },
    },
    {
      row: 'P12',
      name: 'a browser without any request, where unsolicited ones are allowed',
      code: 'saml.browser_binding',
      circumstances: { ...allowed, logins: [] },
    },
  ]
  runCases(cases, judgedShapes)

  it('P10 an unsolicited response says so, and names no sign-in', async () => {
    const { base64 } = await buildResponse({
      response: { inResponseTo: null },
      assertion: noData,
    })
    const verdict = await receive(base64, allowed)
    expect(outcome(verdict)).toBe('accepted')
    expect(verdict.ok && verdict.value.unsolicited).toBe(true)
    expect(verdict.ok && verdict.value.login).toBe(null)
    expect(verdict.ok && verdict.value.inResponseTo).toBe(null)
  })

  it('P09 an answer names the sign-in it belongs to', async () => {
    const { base64 } = await buildResponse()
    const verdict = await receive(base64, { logins: [otherLogin, login] })
    expect(verdict.ok && verdict.value.unsolicited).toBe(false)
    expect(verdict.ok && verdict.value.login).toBe(login)
  })
})

describe('unsigned fields of the Response', () => {
  const replace = (name: string, value: string) => (xml: string) =>
    xml.replace(new RegExp(`(<samlp:Response[^>]* ${name}=")[^"]*`), `$1${value}`)
  const withoutRequest = {
    build: { response: { inResponseTo: null }, assertion: noData },
    circumstances: { ...allowed, logins: [{ ...login, requestId: attackers }] },
  }
  runCases(
    [
      {
        row: 'W25',
        name: 'InResponseTo of the attacker’s own pending request, none in the confirmation',
        shapes: ['FA'],
        code: 'saml.in_response_to',
        control: withoutRequest,
        mutate: (xml) =>
          xml.replace('<samlp:Response ', `<samlp:Response InResponseTo="${attackers}" `),
      },
      {
        row: 'W25',
        name: 'InResponseTo of the attacker’s own pending request, another in the confirmation',
        shapes: ['FA'],
        code: 'saml.in_response_to',
        circumstances: { logins: [{ ...login, requestId: attackers }] },
        mutate: replace('InResponseTo', attackers),
      },
      {
        row: 'W25',
        name: 'another Destination',
        shapes: ['FA'],
        code: 'saml.destination',
        mutate: replace('Destination', otherConnection.acsUrl),
      },
      {
        row: 'W25',
        name: 'another Issuer',
        shapes: ['FA'],
        code: 'saml.issuer',
        mutate: (xml) => xml.replace(context.idpEntityId, otherConnection.idpEntityId),
      },
      {
        row: 'W25',
        name: 'another Status',
        shapes: ['FA'],
        code: 'saml.status',
        mutate: (xml) => xml.replace(':status:Success', ':status:Responder'),
      },
      {
        row: 'W25',
        name: 'another IssueInstant',
        shapes: ['FA'],
        code: 'saml.issue_instant',
        mutate: replace('IssueInstant', '2026-11-24T10:00:00Z'),
      },
    ],
    judgedShapes,
  )
  runCases(
    [
      {
        row: 'W25',
        name: 'a Destination that is right does not make up for a wrong Recipient',
        shapes: ['FA'],
        code: 'saml.subject_confirmation',
        build: { assertion: { confirmations: [{ recipient: otherConnection.acsUrl }] } },
      },
      {
        row: 'W25',
        name: 'a Response Issuer that is right does not make up for a wrong Assertion Issuer',
        shapes: ['FA'],
        code: 'saml.issuer',
        build: { assertion: { issuer: otherConnection.idpEntityId } },
      },
    ],
    judgedShapes,
  )
})
