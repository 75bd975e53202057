import { describe, expect, it } from 'vitest'
import { evidenceOf } from '../../../src/saml/evidence.ts'
import { recognizeAadsts } from '../../../src/saml/status.ts'
import { buildResponse } from '../../support/saml-builder.ts'
import { outcome, receive, verifyKey } from './verifier.ts'

const correlationId = '7c1e6f0a-0000-4000-8000-00000000c0de'
const traceId = '7c1e6f0a-0000-4000-8000-00000000beef'
const entraMessage = `AADSTS50105: Your administrator has configured the application. Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: 2026-11-24 09:00:00Z`
const status = 'urn:oasis:names:tc:SAML:2.0:status:Responder'

describe('an error response', () => {
  it('says what Entra said, signed or not', async () => {
    const error = { assertions: [], response: { status, statusMessage: entraMessage } }
    for (const shape of ['none', 'FR'] as const) {
      const { base64 } = await buildResponse({ ...error, shape })
      const verdict = await receive(base64)
      expect(verdict.ok ? null : verdict.failure).toMatchObject({
        code: 'saml.status',
        statusCodes: [status],
        message: entraMessage,
        aadsts: '50105',
        correlationId,
        traceId,
        signed: shape === 'FR' ? { keyId: (await verifyKey('K')).id } : null,
      })
    }
  })

  it('P02 is refused for a signature that is wrong before anything it says', async () => {
    const { base64 } = await buildResponse({
      shape: 'FR',
      assertions: [],
      response: { status },
      sign: { response: { key: 'Kprime' } },
    })
    expect(outcome(await receive(base64))).toBe('xmldsig.signature_invalid')
  })
})

describe('what may be shown of a status message', () => {
  it.each([
    ['no code', 'Something went wrong', null],
    ['a code', 'AADSTS700016: Application not found', '700016'],
    ['a code inside', 'error (AADSTS75011).', '75011'],
    ['lower case', 'aadsts50011', null],
    ['markup after the code', 'AADSTS50011<script>', '50011'],
    ['letters after the digits', 'AADSTS50011evil', null],
    ['too many digits', 'AADSTS123456789', null],
    ['other digits', 'AADSTS٥٠٠١١', null],
    ['a code far behind', `${'x '.repeat(4096)}AADSTS50011`, null],
  ])('is digits: %s', (_name, message, aadsts) => {
    expect(recognizeAadsts(message).aadsts).toBe(aadsts)
  })

  it('is GUIDs, and nothing else that stands in their place', () => {
    expect(recognizeAadsts(`Correlation Id: ${correlationId.toUpperCase()}.`)).toEqual({
      aadsts: null,
      correlationId,
      traceId: null,
    })
    expect(recognizeAadsts('Trace ID: <script>alert(1)</script>').traceId).toBe(null)
  })
})

describe('evidence', () => {
  it('P18 is flat, short and printable', () => {
    const hostile = '<script>\r\n\u001b[31m\u202eevil'
    expect(
      evidenceOf({
        code: 'saml.issuer',
        of: 'Response',
        got: hostile,
        expected: null,
        list: ['a', 'b'],
        none: [],
        signed: { keyId: 'k', nameId: 'x'.repeat(1_000_000) },
        count: 3,
      } as { code: string }),
    ).toEqual({
      of: 'Response',
      got: '<script>\\u{d}\\u{a}\\u{1b}[31m\\u{202e}evil',
      expected: 'none',
      list: 'a | b',
      none: 'none',
      'signed.keyId': 'k',
      'signed.nameId': `${'x'.repeat(512)}…`,
      count: '3',
    })
  })

  it('P18 has no more entries than anybody reads', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, 'x']))
    expect(Object.keys(evidenceOf({ code: 'x', ...many })).length).toBeLessThan(30)
  })

  it('P18 names the person of a signed assertion, and nobody of an unsigned one', async () => {
    const wrong = { assertion: { audiences: ['urn:other'] } }
    const signed = await receive((await buildResponse(wrong)).base64)
    expect(signed.ok ? null : evidenceOf(signed.failure)['signed.nameId']).toBe(
      'ann@contoso.example',
    )
    const unsigned = await receive((await buildResponse({ ...wrong, shape: 'none' })).base64)
    expect(unsigned.ok ? null : evidenceOf(unsigned.failure)).toEqual({ signed: 'none' })
  })
})
