import { describe, expect, it } from 'vitest'
import { buildResponse, context, ns, otherConnection } from '../../support/saml-builder.ts'
import { addAttributes, removeElement, splice, subtree } from '../../support/xsw.ts'
import { type Case, runCases } from './cases.ts'
import { outcome, receive } from './verifier.ts'

const encrypted = ['FE', 'FU'] as const
/** Changes the assertion before it is encrypted; the builder marks where that begins and ends. */
const plaintext = (change: (assertion: string) => string) => ({
  beforeSigning: (xml: string) => {
    const start = xml.indexOf('{{encrypt:0}}') + '{{encrypt:0}}'.length
    const end = xml.indexOf('{{/encrypt:0}}')
    return xml.slice(0, start) + change(xml.slice(start, end)) + xml.slice(end)
  },
})

describe('encrypted assertions', () => {
  runCases([
    {
      row: 'E10 A10',
      name: 'a signature over the ciphertext',
      shapes: ['FE'],
      code: 'accepted',
      build: { encrypt: { content: 'aes256-gcm' } },
      control: { build: { encrypt: { content: 'aes128-gcm' } } },
    },
    {
      row: 'E10',
      name: 'signatures over the ciphertext and inside it',
      shapes: ['FE'],
      code: 'accepted',
      build: { sign: { assertion: {} } },
    },
    {
      row: 'E01 E03',
      name: 'CBC, which only a verified Response may hold',
      shapes: encrypted,
      code: { FE: 'accepted', FU: 'saml.encryption_algorithm' },
      build: { encrypt: { content: 'aes256-cbc' } },
      control: { build: { encrypt: { content: 'aes256-gcm' } } },
    },
    {
      row: 'E05',
      name: 'no signature inside',
      shapes: encrypted,
      code: { FE: 'accepted', FU: 'saml.unsigned' },
      build: { sign: { assertion: null } },
      control: { build: { sign: { assertion: {} } } },
    },
    {
      row: 'E05',
      name: 'a signature by an unknown key inside',
      shapes: encrypted,
      code: 'xmldsig.signature_invalid',
      build: { sign: { assertion: { key: 'Kprime' } } },
    },
    {
      row: 'E05',
      name: 'an assertion for somebody else’s request',
      shapes: encrypted,
      code: 'saml.in_response_to',
      build: {
        response: { inResponseTo: otherConnection.requestId },
        assertion: { confirmations: [{ inResponseTo: otherConnection.requestId }] },
      },
    },
    {
      row: 'E05',
      name: 'an assertion of another issuer',
      shapes: encrypted,
      code: 'saml.issuer',
      build: { assertion: { issuer: otherConnection.idpEntityId } },
    },
    {
      row: 'E05',
      name: 'an assertion for another service',
      shapes: encrypted,
      code: 'saml.audience',
      build: { assertion: { audiences: [otherConnection.spEntityId] } },
    },
    {
      row: 'E11',
      name: 'no decryption key',
      shapes: encrypted,
      code: 'saml.decrypt_failed',
      circumstances: { connection: { decryptKeys: [] } },
    },
    {
      row: 'E11',
      name: 'another decryption key',
      shapes: encrypted,
      code: 'saml.decrypt_failed',
      circumstances: { connection: { decryptKeys: ['E2'] } },
    },
    {
      row: 'E11',
      name: 'the second of two decryption keys',
      shapes: encrypted,
      code: 'accepted',
      circumstances: { connection: { decryptKeys: ['E2', 'E'] } },
    },
    {
      row: 'W16',
      name: 'the ID of the Response inside',
      shapes: encrypted,
      code: 'saml.duplicate_id',
      build: { assertion: { id: context.responseId } },
    },
  ])

  const plaintexts: readonly (readonly [name: string, change: (assertion: string) => string])[] = [
    ['a comment', (text) => text.replace('</Assertion>', '<!-- x --></Assertion>')],
    ['text in front', (text) => `x${text}`],
    ['text behind', (text) => `${text}x`],
    ['a document type', (text) => `<!DOCTYPE Assertion>${text}`],
    [
      'an external entity',
      (text) => `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${text}`,
    ],
    [
      'an EncryptedAssertion again',
      (text) => `<EncryptedAssertion xmlns="${ns.assertion}">${text}</EncryptedAssertion>`,
    ],
    ['two roots', (text) => `${text}<x/>`],
    ['a byte order mark', (text) => `\ufeff${text}`],
    ['another root', (text) => `<x xmlns="urn:x">${text}</x>`],
    ['an EncryptedID', (text) => text.replace('<Subject>', '<Subject><EncryptedID/>')],
    ['a defect of the schema', (text) => addAttributes(text, 'Assertion', ' Odd="x"')],
    ['an undeclared prefix', (text) => text.replace('</Assertion>', '<samlp:x/></Assertion>')],
  ]
  runCases(
    plaintexts.map(
      ([name, change]): Case => ({
        row: 'E06',
        name: `${name} in the plaintext`,
        shapes: ['FE'],
        code: 'saml.decrypt_failed',
        build: plaintext(change),
      }),
    ),
  )

  it('E06 a Response as plaintext is no assertion, and the log says so', async () => {
    const { xml } = await buildResponse()
    const { base64 } = await buildResponse({ shape: 'FE', ...plaintext(() => xml) })
    const verdict = await receive(base64)
    expect(verdict.ok ? null : verdict.failure).toMatchObject({
      code: 'saml.decrypt_failed',
      cause: 'saml.schema',
    })
  })

  it('E05 a swapped ciphertext breaks the signature of the Response', async () => {
    const genuine = await buildResponse({ shape: 'FE' })
    const evil = await buildResponse({ shape: 'FE', assertion: { nameId: 'admin@victim.example' } })
    expect(outcome(await receive(genuine.base64))).toBe('accepted')
    const swapped = splice(
      genuine.xml,
      subtree(genuine.xml, 'EncryptedAssertion'),
      subtree(evil.xml, 'EncryptedAssertion').text,
    )
    expect(outcome(await receive(Buffer.from(swapped).toString('base64')))).toBe(
      'xmldsig.digest_mismatch',
    )
  })

  it('E04 E01 every damage to a ciphertext is refused alike', async () => {
    const { xml, base64 } = await buildResponse({ shape: 'FU', encrypt: { content: 'aes256-gcm' } })
    expect(outcome(await receive(base64))).toBe('accepted')
    const end = xml.lastIndexOf('CipherValue>') - 8
    const flipped = [8, 30, 300].map((back) => {
      const at = end - back
      return xml.slice(0, at) + (xml[at] === 'A' ? 'B' : 'A') + xml.slice(at + 1)
    })
    for (const damaged of flipped) {
      expect(outcome(await receive(Buffer.from(damaged).toString('base64')))).toBe(
        'saml.decrypt_failed',
      )
    }
  })

  it('E09 an EncryptedAssertion without EncryptedData is refused', async () => {
    const { xml } = await buildResponse({ shape: 'FU' })
    const emptied = removeElement(xml, 'EncryptedData')
    expect(outcome(await receive(Buffer.from(emptied).toString('base64')))).toBe(
      'saml.encryption_shape',
    )
    expect(emptied).toContain(ns.assertion)
  })
})
