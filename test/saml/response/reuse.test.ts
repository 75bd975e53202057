import { describe, expect, it } from 'vitest'
import { buildResponse, context, otherConnection, posted } from '../../support/saml-builder.ts'
import {
  buildLogoutRequest,
  buildLogoutResponse,
  buildMetadata,
} from '../../support/saml-messages.ts'
import { evil, insertBefore, splice, subtree } from '../../support/xsw.ts'
import { outcome, receive } from './verifier.ts'

/** Everything else that the provider signs with its key and anybody can come by. */
const donors: readonly (readonly [name: string, build: () => Promise<string>, alone: string])[] = [
  ['the metadata', () => buildMetadata({ sign: {}, roleDescriptors: false }), 'saml.schema'],
  ['a LogoutRequest', () => buildLogoutRequest({ sign: {} }), 'saml.schema'],
  ['a LogoutResponse', () => buildLogoutResponse({ sign: {} }), 'saml.schema'],
  [
    'an error Response',
    async () => {
      const status = 'urn:oasis:names:tc:SAML:2.0:status:Responder'
      return (await buildResponse({ shape: 'FR', assertions: [], response: { status } })).xml
    },
    'saml.status',
  ],
  [
    'the Response for another service',
    async () => {
      const assertion = { audiences: [otherConnection.spEntityId] }
      return (await buildResponse({ shape: 'FA', assertion })).xml
    },
    'saml.audience',
  ],
]

/** What the forger wants believed, without a signature of its own. */
async function forgery(): Promise<string> {
  const { xml } = await buildResponse({ shape: 'none' })
  return evil(xml)
}

const withoutDeclaration = (xml: string) => xml.replace(/^<\?xml[^>]*\?>/, '')

describe('what else the key of the provider signed', () => {
  it.each(donors)('W21 %s is no sign-in by itself', async (_name, build, alone) => {
    expect(outcome(await receive((await buildResponse()).base64))).toBe('accepted')
    expect(outcome(await receive(posted(await build()).base64))).toBe(alone)
  })

  it.each(donors)('W21 %s in Extensions vouches for nothing', async (_name, build) => {
    const donor = withoutDeclaration(await build())
    const xml = insertBefore(
      await forgery(),
      'Status',
      `<samlp:Extensions>${donor}</samlp:Extensions>`,
    )
    // The ids of what was signed may stand in the forgery too, which is noticed first.
    expect(['saml.unsigned', 'saml.duplicate_id']).toContain(
      outcome(await receive(posted(xml).base64)),
    )
  })

  it.each(donors)('W21 the Signature of %s vouches for nothing else', async (_name, build) => {
    const { text } = subtree(await build(), 'Signature')
    const forged = await forgery()
    const assertion = subtree(forged, 'Assertion')
    const signed = splice(assertion.text, subtreeAfterIssuer(assertion.text), text)
    const verdict = await receive(posted(splice(forged, assertion, signed)).base64)
    expect(['xmldsig.reference_target', 'xmldsig.digest_mismatch']).toContain(outcome(verdict))
  })

  it.each(donors)('W21 %s inside that Signature vouches for nothing', async (_name, build) => {
    const donor = withoutDeclaration(await build())
    const signature = subtree(donor, 'Signature')
    const holder = signature.text.replace('</Signature>', `<Object>${donor}</Object></Signature>`)
    const forged = await forgery()
    const assertion = subtree(forged, 'Assertion')
    const signed = splice(assertion.text, subtreeAfterIssuer(assertion.text), holder)
    const verdict = await receive(posted(splice(forged, assertion, signed)).base64)
    expect(outcome(verdict)).toBe('xmldsig.unexpected_child')
  })

  it('W21 the signed error Response cannot be filled with an Assertion', async () => {
    const status = 'urn:oasis:names:tc:SAML:2.0:status:Responder'
    const error = await buildResponse({ shape: 'FR', assertions: [], response: { status } })
    const { text } = subtree(await forgery(), 'Assertion')
    const filled = error.xml
      .replace('</samlp:Response>', `${text}</samlp:Response>`)
      .replace(':Responder', ':Success')
    expect(outcome(await receive(posted(filled).base64))).toBe('xmldsig.digest_mismatch')
  })
})

/** The empty place after the Issuer, where a Signature belongs. */
function subtreeAfterIssuer(assertion: string) {
  const { end } = subtree(assertion, 'Issuer')
  return { text: '', start: end, end }
}

describe('the same assertion again', () => {
  it('P11 in another unsigned Response it is still the same assertion', async () => {
    const { xml, base64 } = await buildResponse()
    const first = await receive(base64)
    const moved = xml.replace(context.responseId, '_another').replace('Z"', 'Z"  ')
    const second = await receive(posted(moved).base64)
    expect(first.ok && first.value.assertionId).toBe(context.assertionId)
    expect(second.ok && second.value.assertionId).toBe(context.assertionId)
    expect(second.ok && second.value.responseId).toBe('_another')
    expect(second.ok && second.value.inResponseTo).toBe(context.requestId)
  })

  it('P11 it is refused once its time is over, and its id is remembered until then', async () => {
    const { base64 } = await buildResponse()
    const verdict = await receive(base64)
    const untilMs = verdict.ok ? verdict.value.replayableUntilMs : 0
    const later = {
      logins: [
        {
          requestId: context.requestId,
          connectionId: context.connectionId,
          startedAtMs: untilMs,
          forceAuthn: false,
        },
      ],
    }
    expect(outcome(await receive(base64, { ...later, nowMs: untilMs }))).not.toBe('accepted')
    expect(outcome(await receive(base64, { ...later, nowMs: untilMs + 1 }))).not.toBe('accepted')
  })
})
