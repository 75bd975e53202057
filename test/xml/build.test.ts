import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attributeOf, buildXml, leafText, parseXml } from '../../src/xml/index.ts'
import { cases } from '../support/cases.ts'
import { find, rootOf, unwrap } from './expect.ts'

/** A text with U+FFFD for every code point that is no Char of XML 1.0. */
function held(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0
    const isControl = code < 0x20 && !'\t\n\r'.includes(character)
    const isSurrogate = code >= 0xd800 && code <= 0xdfff
    return isControl || isSurrogate || code === 0xfffe || code === 0xffff ? '\ufffd' : character
  }).join('')
}

describe('buildXml', () => {
  it('writes elements, attributes in order, and text', () => {
    const xml = buildXml({
      name: 'samlp:AuthnRequest',
      attributes: { 'xmlns:samlp': 'urn:p', ID: '_a', ForceAuthn: undefined },
      children: [
        { name: 'Issuer', attributes: { xmlns: 'urn:a' }, children: ['https://app.example'] },
        undefined,
        { name: 'Empty' },
        { name: 'Blank', children: [''] },
      ],
    })
    expect(xml).toBe(
      '<samlp:AuthnRequest xmlns:samlp="urn:p" ID="_a"><Issuer xmlns="urn:a">https://app.example</Issuer>' +
        '<Empty/><Blank/></samlp:AuthnRequest>',
    )
    expect(parseXml(xml).ok).toBe(true)
  })

  it('lets no value out of its place', () => {
    const hostile = '"/><evil x="\'><!-- ]]> &amp; <![CDATA[ -->\r\n\t</a><a>'
    const xml = buildXml({ name: 'a', attributes: { b: hostile }, children: [hostile] })
    const root = rootOf(xml)
    expect(root.attributes).toHaveLength(1)
    expect(attributeOf(root, 'b')).toBe(hostile)
    expect(unwrap(leafText(root))).toBe(hostile)
  })

  it('gives back every value that XML can hold, and U+FFFD for what it cannot', {
    timeout: 60_000,
  }, () => {
    const value = fc.oneof(
      fc.string(),
      fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
    )
    fc.assert(
      fc.property(value, value, (one, other) => {
        const source = {
          name: 'r',
          children: [{ name: 'a', attributes: { b: one }, children: [other] }],
        }
        const element = find(rootOf(buildXml(source)), 'a')
        expect(attributeOf(element, 'b')).toBe(held(one))
        expect(unwrap(leafText(element))).toBe(held(other))
      }),
      { numRuns: cases(300), seed: 20_251_103 },
    )
    expect(buildXml({ name: 'a', children: ['\u0000\ud800\uffff😀'] })).toBe(
      '<a>\ufffd\ufffd\ufffd😀</a>',
    )
  })

  it.each(['', 'a b', 'a>', '1a', 'a:b:c', ':a', 'a:', 'é', 'a="1" b', '<a'])(
    'throws when code names an element or an attribute %j',
    (name) => {
      expect(() => buildXml({ name })).toThrow()
      expect(() => buildXml({ name: 'a', attributes: { [name]: '1' } })).toThrow()
    },
  )
})
