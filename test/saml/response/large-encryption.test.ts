import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/kernel/index.ts'
import { readResponseForm } from '../../../src/saml/response-form.ts'
import {
  type BuildOptions,
  buildResponse,
  claims,
  context,
  defaultAttributes,
  posted,
} from '../../support/saml-builder.ts'
import { outcome, receive } from './verifier.ts'

/** Somebody in this many groups. */
function inGroups(count: number): BuildOptions {
  const groups = Array.from(
    { length: count },
    (_, i) => `0b1ec700-3333-4333-8333-${i.toString(16).padStart(12, '0')}`,
  )
  return { assertion: { attributes: { ...defaultAttributes, [claims.groups]: groups } } }
}

const cipherValueLength = (xml: string) =>
  Math.max(...[...xml.matchAll(/CipherValue>([^<]*)</g)].map(([, text = '']) => text.length))

describe('large encrypted assertions', () => {
  it.each(['FE', 'FU'] as const)('E10 of somebody in 900 groups are read (%s)', async (shape) => {
    const { xml, base64, form } = await buildResponse({ ...inGroups(900), shape })
    expect(cipherValueLength(xml)).toBeGreaterThan(limits.xmlTextLength)
    expect(outcome(await receive(base64))).toBe('accepted')
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const request = new Request(context.acsUrl, { method: 'POST', headers, body: form })
    expect((await readResponseForm(request)).ok).toBe(true)
  })

  it('N05 meet the limit of attribute values like any other', async () => {
    const { base64 } = await buildResponse({ ...inGroups(limits.samlAttributeValues), shape: 'FE' })
    expect(outcome(await receive(base64))).toBe('saml.limit')
  })

  it('X19 meet the limit of a message', async () => {
    const { xml, base64 } = await buildResponse({ shape: 'FE' })
    expect(outcome(await receive(base64))).toBe('accepted')
    const fill = 'A'.repeat(limits.xmlCipherValueLength)
    const long = posted(xml.replaceAll(/CipherValue>[^<]*</g, `CipherValue>${fill}A<`))
    expect(outcome(await receive(long.base64))).toBe('xml.limit')
  })

  it('N05 hold no text that may be longer than in a plain one', async () => {
    const attributes = {
      ...defaultAttributes,
      note: 'n'.repeat(limits.xmlTextLength + 1),
    }
    const { base64 } = await buildResponse({ shape: 'FE', assertion: { attributes } })
    expect(outcome(await receive(base64))).toBe('saml.decrypt_failed')
    const plain = await buildResponse({ assertion: { attributes } })
    expect(outcome(await receive(plain.base64))).toBe('xml.limit')
  })
})
