import { describe, expect, it } from 'vitest'
import { limits } from '../../src/kernel/index.ts'
import { metadataPolicy, parseXml, type XmlPolicy } from '../../src/xml/index.ts'

const xmlenc = 'http://www.w3.org/2001/04/xmlenc#'
const { xmlTextLength, xmlCipherValueLength } = limits

function read(length: number, options: { name?: string; uri?: string; policy?: XmlPolicy } = {}) {
  const { name = 'x:CipherValue', uri = xmlenc, policy } = options
  const document = parseXml(`<${name} xmlns:x="${uri}">${'A'.repeat(length)}</${name}>`, policy)
  return document.ok ? 'accepted' : document.failure
}

describe('the text of a CipherValue', () => {
  it('X19 may be as long as a message, and no longer', () => {
    expect(read(xmlTextLength + 1)).toBe('accepted')
    expect(read(xmlCipherValueLength)).toBe('accepted')
    expect(read(xmlCipherValueLength + 1)).toMatchObject({
      code: 'xml.limit',
      limit: 'text_length',
      max: xmlCipherValueLength,
    })
    expect(xmlCipherValueLength).toBe(limits.samlMessageBytes)
  })

  it.each<readonly [string, Parameters<typeof read>[1]]>([
    ['of another namespace', { uri: 'http://www.w3.org/2000/09/xmldsig#' }],
    ['of no namespace', { name: 'CipherValue' }],
    ['in metadata', { policy: metadataPolicy }],
  ])('X19 %s is a text like any other', (_, options) => {
    expect(read(xmlTextLength, options)).toBe('accepted')
    expect(read(xmlTextLength + 1, options)).toMatchObject({ max: xmlTextLength })
  })

  it('does not lend its length to other texts of its namespace, nor to attributes', () => {
    expect(read(xmlTextLength, { name: 'x:MimeType' })).toBe('accepted')
    expect(read(xmlTextLength + 1, { name: 'x:MimeType' })).toMatchObject({ max: xmlTextLength })
    const long = 'A'.repeat(xmlTextLength + 1)
    const document = parseXml(`<x:CipherValue xmlns:x="${xmlenc}" a="${long}"/>`)
    expect(document).toMatchObject({ failure: { limit: 'text_length', max: xmlTextLength } })
  })
})
