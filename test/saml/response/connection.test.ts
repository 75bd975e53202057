import { describe, expect, it } from 'vitest'
import { base64Decode } from '../../../src/kernel/index.ts'
import { receiveResponse } from '../../../src/saml/receive-response.ts'
import { importVerifyKey, parseCertificate, type VerifyKey } from '../../../src/xmldsig/index.ts'
import { certificateDer, type KeyName } from '../../support/keys.ts'
import { buildResponse, certificateBase64, context, ns } from '../../support/saml-builder.ts'
import { type Case, judgedShapes, runCases } from './cases.ts'
import { connection, login, outcome, receive, verifyKey } from './verifier.ts'

const pinnedKeyInfo = `<KeyInfo xmlns="${ns.dsig}"><X509Data><X509Certificate>${certificateBase64('K')}</X509Certificate></X509Data></KeyInfo>`
const dayMs = 24 * 60 * 60 * 1000

describe('the connection', () => {
  runCases(
    [
      ...(['draft', 'disabled'] as const).map(
        (status): Case => ({
          row: 'P16',
          name: `a ${status} one`,
          shapes: ['FA'],
          code: 'saml.connection_unusable',
          circumstances: { connection: { status } },
        }),
      ),
      {
        row: 'P16',
        name: 'one that is being tested',
        shapes: ['FA'],
        code: 'accepted',
        circumstances: { connection: { status: 'testing' } },
      },
      {
        row: 'K13',
        name: 'one without keys',
        code: 'saml.connection_unusable',
        circumstances: { connection: { keys: [] } },
      },
      {
        row: 'K14 A11',
        name: 'a second pinned key signs',
        code: 'accepted',
        build: { sign: { assertion: { key: 'Knext' } } },
        shapes: ['FA'],
        control: { circumstances: { connection: { keys: ['K', 'Knext'] } } },
      },
      {
        row: 'K14',
        name: 'a key that was removed signs',
        code: 'xmldsig.signature_invalid',
        circumstances: { connection: { keys: ['Knext'] } },
      },
      {
        row: 'K11',
        name: 'the key that is published for encryption signs',
        code: 'xmldsig.signature_invalid',
        build: { sign: { assertion: { key: 'Kenc' } } },
        shapes: ['FA', 'FB'],
      },
      {
        row: 'K06 K07',
        name: 'a key signs that nobody pinned, with the pinned certificate in KeyInfo',
        code: 'xmldsig.signature_invalid',
        build: { sign: { assertion: { key: 'Kprime', keyInfo: pinnedKeyInfo } } },
        shapes: ['FA', 'FB'],
      },
      {
        row: 'K07 A07',
        name: 'no KeyInfo at all',
        code: 'accepted',
        build: { sign: { assertion: { keyInfo: 'none' } } },
        shapes: ['FA', 'FB'],
      },
      {
        row: 'K06',
        name: 'a key signs that nobody pinned',
        code: 'xmldsig.signature_invalid',
        build: { sign: { assertion: { key: 'Kprime' } } },
        shapes: ['FA', 'FB'],
      },
    ],
    judgedShapes,
  )

  it.each(['nothing', '<broken', '<!DOCTYPE r>'])(
    'K13 without keys it refuses before it reads %s',
    async (text) => {
      const base64 = Buffer.from(text).toString('base64')
      expect(outcome(await receive(base64))).not.toBe('saml.connection_unusable')
      expect(outcome(await receive(base64, { connection: { keys: [] } }))).toBe(
        'saml.connection_unusable',
      )
    },
  )
})

describe('the dates of the certificate that signed', () => {
  const signedBy = (key: 'K' | 'Kexpired' | 'Kfuture') => ({ sign: { assertion: { key } } })

  it('K12 an expired one refuses, with its dates', async () => {
    const { base64 } = await buildResponse(signedBy('Kexpired'))
    const verdict = await receive(base64, { connection: { keys: ['K', 'Kexpired'] } })
    const { id, notAfterMs } = await verifyKey('Kexpired')
    expect(verdict.ok ? null : verdict.failure).toMatchObject({
      code: 'saml.certificate_expired',
      keyId: id,
      notAfter: new Date(notAfterMs).toISOString(),
      signed: { keyId: id },
    })
    const good = await buildResponse()
    expect(outcome(await receive(good.base64, { connection: { keys: ['K', 'Kexpired'] } }))).toBe(
      'accepted',
    )
  })

  it('K12 one that was renewed over the same key does not stand in the way of its successor', async () => {
    const expired = await certifiedAgain('K', { notAfterMs: context.nowMs - 1 })
    const renewed = await verifyKey('K')
    const { base64 } = await buildResponse()
    const by = async (keys: readonly VerifyKey[]) =>
      receiveResponse(posted(base64), {
        connection: { ...(await connection()), keys },
        logins: [login],
        nowMs: context.nowMs,
      })
    for (const keys of [
      [expired, renewed],
      [renewed, expired],
    ]) {
      const verdict = await by(keys)
      expect(verdict.ok ? verdict.value.keyIds : verdict.failure.code).toEqual([renewed.id])
    }
    expect(outcome(await by([expired]))).toBe('saml.certificate_expired')
  })

  it('K12 one that is not valid yet refuses', async () => {
    const { base64 } = await buildResponse(signedBy('Kfuture'))
    const verdict = await receive(base64, { connection: { keys: ['K', 'Kfuture'] } })
    expect(outcome(verdict)).toBe('saml.certificate_not_yet_valid')
  })

  it.each(['response', 'assertion'] as const)(
    'K12 it refuses as well when only the %s of two signatures is by an expired one',
    async (part) => {
      const { base64 } = await buildResponse({ shape: 'FB', sign: { [part]: { key: 'Kexpired' } } })
      const verdict = await receive(base64, { connection: { keys: ['K', 'Kexpired'] } })
      expect(outcome(verdict)).toBe('saml.certificate_expired')
    },
  )

  it('K12 P19 both ends of its validity belong to it', async () => {
    const { notBeforeMs, notAfterMs } = await verifyKey('K')
    const at = async (nowMs: number) => {
      const iso = (offsetMs: number) => new Date(nowMs + offsetMs).toISOString()
      const { base64 } = await buildResponse({
        response: { issueInstant: iso(0) },
        assertion: {
          issueInstant: iso(0),
          notBefore: iso(-1),
          notOnOrAfter: iso(dayMs / 2),
          authnInstant: iso(0),
          confirmations: [{ notOnOrAfter: iso(dayMs / 2) }],
        },
      })
      const logins = [
        {
          requestId: context.requestId,
          connectionId: context.connectionId,
          startedAtMs: nowMs,
          forceAuthn: false,
        },
      ]
      return outcome(await receive(base64, { nowMs, logins }))
    }
    expect(await at(notBeforeMs - 1)).toBe('saml.certificate_not_yet_valid')
    expect(await at(notBeforeMs)).toBe('accepted')
    expect(await at(notAfterMs)).toBe('accepted')
    expect(await at(notAfterMs + 1)).toBe('saml.certificate_expired')
  })

  it('K12 it warns from sixty days before the end', async () => {
    const { id, notAfterMs } = await verifyKey('K')
    const { expiringCertificates } = await import('../../../src/saml/certificate-dates.ts')
    const key = await verifyKey('K')
    const warning = { code: 'certificate_expiring', keyId: id, notAfterMs }
    expect(expiringCertificates([key], notAfterMs - 60 * dayMs - 1)).toEqual([])
    expect(expiringCertificates([key], notAfterMs - 60 * dayMs)).toEqual([warning])
    const verdict = await receive((await buildResponse()).base64)
    expect(verdict.ok && verdict.value.warnings).toEqual([])
  })
})

describe('what an accepted response says', () => {
  it('names keys, ids, times and the session as they were signed', async () => {
    const { base64 } = await buildResponse({ shape: 'FB', sign: { response: { key: 'Knext' } } })
    const verdict = await receive(base64, { connection: { keys: ['Knext', 'K'] } })
    const keyIds = [(await verifyKey('K')).id, (await verifyKey('Knext')).id]
    expect(verdict.ok ? { ...verdict.value, claims: null } : null).toMatchObject({
      assertionId: context.assertionId,
      responseId: context.responseId,
      sessionIndex: context.sessionIndex,
      inResponseTo: context.requestId,
      keyIds,
      authnInstantMs: context.nowMs - 10_000,
      authnContextClass: 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password',
      replayableUntilMs: context.nowMs + 65 * 60_000,
      nameId: { value: context.nameId, format: context.nameIdFormat },
    })
  })
})

function posted(base64: string) {
  const message = base64Decode(base64)
  if (message === null) throw new Error('the test made bad base64')
  return { message, relayState: null }
}

/** Another certificate over the key of a certificate. Nothing looks at its signature: it is pinned, not chained. */
async function certifiedAgain(
  name: KeyName,
  { notAfterMs }: { readonly notAfterMs: number },
): Promise<VerifyKey> {
  const certificate = await parseCertificate(certificateDer(name))
  if (!certificate.ok) throw new Error(certificate.failure.code)
  const sha256 = certificate.value.sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
  const key = await importVerifyKey({ ...certificate.value, sha256, notAfterMs })
  if (!key.ok) throw new Error(key.failure.code)
  return key.value
}
