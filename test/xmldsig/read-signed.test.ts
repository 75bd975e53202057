import { describe, expect, it } from 'vitest'
import { utf8 } from '../../src/kernel/index.ts'
import { parseXml, type XmlElement } from '../../src/xml/index.ts'
import { readSigned } from '../../src/xmldsig/read-signed.ts'
import { codeOf, unwrap } from './expect.ts'

const read = (xml: string): XmlElement => unwrap(parseXml(xml)).root
const original = read('<a xmlns="urn:a" ID="_a"><b>x</b></a>')
const judge = (octets: string, prefixes: string[] = []) =>
  codeOf(readSigned(utf8(octets), original, prefixes))

describe('the octets that were digested', () => {
  it('are read again when they are their own canonical form', () => {
    const root = unwrap(readSigned(utf8('<a xmlns="urn:a" ID="_a"><b>x</b></a>'), original, []))
    expect(root.children).toHaveLength(1)
  })

  it.each([
    ['attributes out of order', '<a xmlns="urn:a" b="1" a="2"></a>'],
    ['an unused declaration', '<a xmlns="urn:a" xmlns:x="urn:x"></a>'],
    ['an empty-element tag', '<a xmlns="urn:a"/>'],
    ['single quotes', "<a xmlns='urn:a'></a>"],
    ['a needless reference', '<a xmlns="urn:a">&#97;</a>'],
    ['white space in a tag', '<a xmlns="urn:a" ></a>'],
  ])('C01 C09 are refused when the canonicalizer could not have made them: %s', (_, octets) => {
    expect(judge(octets)).toBe('xmldsig.digest_mismatch')
  })

  it('C07 keep the declarations that a PrefixList asked for', () => {
    expect(judge('<a xmlns="urn:a" xmlns:x="urn:x"></a>', ['x'])).toBe('ok')
  })

  it.each([
    ['another name', '<c xmlns="urn:a"></c>'],
    ['another namespace', '<a xmlns="urn:b"></a>'],
    ['no namespace', '<a></a>'],
  ])('C01 are refused when they are of %s', (_, octets) => {
    expect(judge(octets)).toBe('xmldsig.digest_mismatch')
  })

  it.each([
    ['nothing', ''],
    ['an error message', 'canonicalization failed'],
    ['two roots', '<a xmlns="urn:a"></a><a xmlns="urn:a"></a>'],
  ])('C01 are refused by the reader when they are %s', (_, octets) => {
    expect(judge(octets)).toBe('xml.not_well_formed')
  })
})
