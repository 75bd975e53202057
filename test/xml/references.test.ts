import { describe, expect, it } from 'vitest'
import { attributeOf, leafText } from '../../src/xml/index.ts'
import { refuseAll, rootOf, unwrap } from './expect.ts'

const bad = [
  '&nbsp;',
  '&foo;',
  '&',
  '& ',
  '&&amp;',
  '&;',
  '&#;',
  '&#x;',
  '&#0;',
  '&#1;',
  '&#x1F;',
  '&#xFFFE;',
  '&#xFFFF;',
  '&#xD800;',
  '&#xDFFF;',
  '&#x110000;',
  '&#1114112;',
  '&#99999999999;',
  '&#65',
  '&#X41;',
  '&#xG;',
  '&#6 5;',
  '&#-65;',
  '&#+65;',
  '&#6e1;',
  '&#0x41;',
  '&#٣;',
  '&AMP;',
  '&amp',
  '&lt',
  '&apos ;',
  '& amp;',
  '&__proto__;',
  '&constructor;',
  '&toString;',
]

describe('references', () => {
  refuseAll(
    bad.flatMap((reference) => [
      {
        title: `X07 refuses ${reference} in text`,
        bad: `<a>x${reference}</a>`,
        good: '<a>x&amp;&#65;</a>',
        code: 'xml.bad_reference',
      },
      {
        title: `X07 refuses ${reference} in an attribute`,
        bad: `<a b="x${reference}"/>`,
        good: '<a b="x&amp;&#65;"/>',
        code: 'xml.bad_reference',
      },
    ]),
  )

  it.each([
    ['&amp;#65;', '&#65;'],
    ['&amp;amp;lt;', '&amp;lt;'],
    ['&#38;lt;', '&lt;'],
    ['&#x26;#60;', '&#60;'],
    ['&lt;&gt;&amp;&quot;&apos;', '<>&"\''],
    ['&#65;&#x41;&#x0041;&#00065;', 'AAAA'],
    ['&#x10FFFF;&#x1F600;&#128512;', '\u{10ffff}😀😀'],
    ['&#xd7ff;&#xE000;&#xfffd;', '\ud7ff\ue000\ufffd'],
    ['&#9;&#10;&#13;', '\t\n\r'],
    ['&#x85;&#xA0;', '\u0085\u00a0'],
    ['a&amp;b&amp;', 'a&b&'],
  ])('X08 decodes %s once, in text and in an attribute', (raw, decoded) => {
    const root = rootOf(`<a b="${raw}">${raw}</a>`)
    expect(unwrap(leafText(root))).toBe(decoded)
    expect(attributeOf(root, 'b')).toBe(decoded)
  })
})
