import { describe, expect, it } from 'vitest'
import type { CheckId } from '../../../src/saml/explain/check-table.ts'
import { explainResponse, explainTransport } from '../../../src/saml/explain/explain-response.ts'
import { receiveResponse } from '../../../src/saml/receive-response.ts'
import {
  type BuildOptions,
  buildResponse,
  claims,
  context,
  defaultAttributes,
} from '../../support/saml-builder.ts'
import { at, minuteMs } from '../../support/saml-context.ts'
import { type ConnectionChange, connection, login } from '../response/verifier.ts'

async function explain(
  build: BuildOptions = {},
  change: ConnectionChange & { nowMs?: number } = {},
) {
  const { nowMs = context.nowMs, ...rest } = change
  const { bytes } = await buildResponse(build)
  const posted = { message: bytes, relayState: null }
  const given = { connection: await connection(rest), logins: [login], nowMs }
  const explained = await explainResponse(posted, given)
  expect(explained.verdict).toEqual(await receiveResponse(posted, given))
  const state = (id: CheckId) => explained.checks.find((check) => check.id === id)?.state
  const evidence = (id: CheckId) => explained.checks.find((check) => check.id === id)?.evidence
  return { ...explained, state, evidence }
}

/** One response for each check that the response alone can fail, in the order of the table. */
const failures: readonly (readonly [
  check: CheckId,
  code: string,
  build: BuildOptions,
  change?: ConnectionChange & { nowMs?: number },
])[] = [
  ['connection', 'saml.connection_unusable', {}, { status: 'disabled' }],
  ['connection', 'saml.connection_unusable', {}, { keys: [] }],
  ['xml', 'xml.comment', { beforeSigning: (xml) => xml.replace('</NameID>', '<!-- --></NameID>') }],
  ['structure', 'saml.assertion_count', { assertions: [] }],
  ['signature', 'saml.unsigned', { shape: 'none' }],
  ['signature', 'xmldsig.signature_invalid', { sign: { assertion: { key: 'Kprime' } } }],
  ['signature', 'xmldsig.digest_mismatch', { afterSigning: (xml) => xml.replace('Ann', 'Eve') }],
  ['decryption', 'saml.decrypt_failed', { shape: 'FE' }, { decryptKeys: [] }],
  ['decryption', 'saml.decrypt_failed', { shape: 'FU' }, { decryptKeys: [] }],
  [
    'certificate',
    'saml.certificate_expired',
    { sign: { assertion: { key: 'Kexpired' } } },
    { keys: ['Kexpired'] },
  ],
  ['times', 'saml.bad_time', { assertion: { notOnOrAfter: 'tomorrow' } }],
  ['issued', 'saml.issue_instant', { response: { issueInstant: at(-60 * minuteMs) } }],
  ['destination', 'saml.destination', { response: { destination: 'https://other.example/acs' } }],
  ['issuer', 'saml.issuer', { assertion: { issuer: 'https://other.example/' } }],
  [
    'issuer',
    'saml.tenant_mismatch',
    { assertion: { issuer: 'https://sts.windows.net/{tenantid}/' } },
  ],
  ['audience', 'saml.audience', { assertion: { audiences: ['https://other.example'] } }],
  ['validity', 'saml.expired', { assertion: { notOnOrAfter: at(-60 * minuteMs) } }],
  [
    'recipient',
    'saml.subject_confirmation',
    { assertion: { confirmations: [{ recipient: null }] } },
  ],
  [
    'request',
    'saml.in_response_to',
    {
      response: { inResponseTo: '_other' },
      assertion: { confirmations: [{ inResponseTo: '_other' }] },
    },
  ],
  ['name_id', 'saml.name_id', { assertion: { nameId: ' ann' } }],
  [
    'claims',
    'saml.attribute_ambiguous',
    { assertion: { attributes: { ...defaultAttributes, email: ['a', 'b'] } } },
  ],
  [
    'identity',
    'saml.identity',
    { assertion: { attributes: { ...defaultAttributes, [claims.objectId]: 'ann' } } },
  ],
]

describe('a response that is refused', () => {
  it.each(
    failures.map(([check, code, build, change = {}]) => [check, code, build, change] as const),
  )(
    'fails %s by %s, and is not said to have passed what was not reached',
    async (check, code, build, change) => {
      const { checks, verdict } = await explain(build, change)
      expect(verdict).toMatchObject({ ok: false, failure: { code } })
      const at = checks.findIndex(({ state }) => state === 'fail')
      expect([checks[at]?.id, checks[at]?.code]).toEqual([check, code])
      for (const { state, evidence } of checks.slice(at + 1)) {
        expect([state, evidence]).toEqual(['not_reached', {}])
      }
      expect(checks.slice(0, at).filter(({ state }) => state === 'fail')).toEqual([])
    },
  )

  it('says of a signature that it was not reached while only what is encrypted has one', async () => {
    const { state } = await explain({ shape: 'FU' }, { decryptKeys: [] })
    expect([state('signature'), state('decryption')]).toEqual(['not_reached', 'fail'])
    const signed = await explain({ shape: 'FE' }, { decryptKeys: [] })
    expect([signed.state('signature'), signed.state('decryption')]).toEqual(['pass', 'fail'])
  })

  it('says nothing of claims that no pinned key signed', async () => {
    const { seen } = await explain({ sign: { assertion: { key: 'Kprime' } } })
    expect([seen.assertion, seen.claims, seen.keyIds]).toEqual([null, null, []])
  })

  it('shows what was expected beside what came, and the clock in seconds', async () => {
    const wrong = await explain({ assertion: { audiences: ['https://other.example'] } })
    expect(wrong.evidence('audience')).toMatchObject({
      expected: context.spEntityId,
      Audience: 'https://other.example',
    })
    const late = await explain({}, { nowMs: context.nowMs + 30 * minuteMs })
    expect(late.evidence('issued')).toMatchObject({
      Assertion: `${at()} (1800 s ago)`,
      'skew allowed': '300 s',
    })
  })

  it('tells an error response from a broken one, signed or not', async () => {
    const build: BuildOptions = {
      assertions: [],
      response: { status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' },
    }
    const unsigned = await explain(build)
    expect([unsigned.state('signature'), unsigned.state('status')]).toEqual(['not_needed', 'fail'])
    const signed = await explain({ ...build, shape: 'FR' })
    expect([signed.state('signature'), signed.state('status')]).toEqual(['pass', 'fail'])
  })

  it('cuts what a stranger wrote, and makes it printable', async () => {
    const statusMessage = `AADSTS50105 \u202e${'long '.repeat(5000)}`
    const { evidence } = await explain({
      assertions: [],
      response: { status: 'urn:oasis:names:tc:SAML:2.0:status:Responder', statusMessage },
    })
    const { message = '' } = evidence('status') ?? {}
    expect(message.length).toBeLessThan(600)
    expect(message).toContain('\\u{202e}')
  })

  it('fails its form before anything is read', () => {
    const [first, ...rest] = explainTransport({
      code: 'saml.bad_base64',
      parameter: 'SAMLResponse',
    })
    expect(first).toMatchObject({ id: 'form', state: 'fail', code: 'saml.bad_base64' })
    expect(new Set(rest.map(({ state }) => state))).toEqual(new Set(['not_reached']))
  })
})

describe('a response that is accepted', () => {
  it.each(['FA', 'FR', 'FB', 'FE', 'FU'] as const)(
    'passes every check, signed and encrypted as %s',
    async (shape) => {
      const { checks, state } = await explain({ shape })
      const isEncrypted = shape === 'FE' || shape === 'FU'
      expect(state('decryption')).toBe(isEncrypted ? 'pass' : 'not_needed')
      const others = checks.filter(({ id }) => id !== 'decryption').map(({ state }) => state)
      expect(new Set(others)).toEqual(new Set(['pass']))
    },
  )
})
