import { describe, expect, it } from 'vitest'
import { statusFailure } from '../../../src/saml/status.ts'
import { tellStatus } from '../../../src/saml/tell-status.ts'

const correlationId = '11111111-2222-4333-8444-555555555555'

function told(message: string | null) {
  const codes = ['urn:oasis:names:tc:SAML:2.0:status:Requester']
  return tellStatus(statusFailure({ codes, message }))
}

describe('what a page says of an identity provider’s no', () => {
  it.each([
    ['what an admin must change', 'AADSTS50105: …', true, 2],
    ['what the person can do', 'AADSTS50076: …', false, 2],
    ['what passes by itself', 'AADSTS90033: …', false, 2],
    ['an unknown number', 'AADSTS99999: …', false, 1],
    ['no number', 'Denied.', false, 1],
    ['no message', null, false, 1],
  ])('advises by cause: %s', (_name, message, retryIsIdle, paragraphs) => {
    const { hints, ...rest } = told(message)
    expect([rest.retryIsIdle ?? false, hints?.length]).toEqual([retryIsIdle, paragraphs])
  })

  it('asks to try again only where that can help', () => {
    const idle = told('AADSTS50105: …').hints?.[0] ?? ''
    const passing = told('AADSTS90033: …').hints?.[0] ?? ''
    expect([idle, passing].map((hint) => /please try again/i.test(hint))).toEqual([false, true])
  })

  it('shows of the message only digits and a GUID', () => {
    const { lookups } = told(`AADSTS50105: <b>evil</b>\nCorrelation ID: ${correlationId}`)
    expect(lookups).toEqual([
      {
        label: 'Entra error',
        value: 'AADSTS50105',
        href: 'https://login.microsoftonline.com/error?code=50105',
      },
      { label: 'Correlation ID', value: correlationId },
    ])
    expect(JSON.stringify(told(`AADSTS50105: <b>evil</b>`))).not.toContain('evil')
  })

  it('says nothing of other failures', () => {
    expect(tellStatus({ code: 'saml.audience' })).toEqual({})
  })
})
