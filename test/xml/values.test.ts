import { describe, expect, it } from 'vitest'
import { attributeOf, leafText, metadataPolicy } from '../../src/xml/index.ts'
import { refuseAll, rootOf, unwrap } from './expect.ts'

describe('characters', () => {
  const controls = Array.from({ length: 0x20 }, (_, code) => code).filter(
    (code) => ![0x09, 0x0a, 0x0d].includes(code),
  )
  const codes = [...controls, 0xfffe, 0xffff, 0xd800, 0xdbff, 0xdc00, 0xdfff]
  refuseAll(
    codes.flatMap((code) => {
      const hex = code.toString(16).toUpperCase().padStart(4, '0')
      const character = String.fromCharCode(code)
      return [
        {
          title: `X17 refuses U+${hex} in text`,
          bad: `<a>x${character}</a>`,
          good: '<a>x\t\n\u007f\u0085\ud83d\ude00</a>',
          code: 'xml.bad_character' as const,
        },
        {
          title: `X17 refuses U+${hex} in an attribute`,
          bad: `<a b="x${character}"/>`,
          good: '<a b="x\t\n\u007f\u0085\ud83d\ude00"/>',
          code: 'xml.bad_character' as const,
        },
      ]
    }),
  )
  refuseAll([
    {
      title: 'X17 refuses a pair of surrogates in the wrong order',
      bad: '<a>\ude00\ud83d</a>',
      good: '<a>\ud83d\ude00</a>',
      code: 'xml.bad_character',
    },
    {
      title: 'X17 refuses a control character in a comment that is skipped',
      bad: '<a><!--\u0001--></a>',
      good: '<a><!-- --></a>',
      code: 'xml.bad_character',
      policy: metadataPolicy,
    },
  ])
})

describe('white space and line ends', () => {
  it.each([
    ['a literal TAB', 'a\tb', 'a b'],
    ['a literal LF', 'a\nb', 'a b'],
    ['a literal CRLF', 'a\r\nb', 'a b'],
    ['a literal CR', 'a\rb', 'a b'],
    ['references to them', 'a&#9;b&#10;c&#13;d&#xD;&#xA;', 'a\tb\nc\rd\r\n'],
    ['several spaces', '  a  b  ', '  a  b  '],
    ['a leading space, as in ID=" _a"', ' _a', ' _a'],
    ['NEL and LS', 'a\u0085b\u2028', 'a\u0085b\u2028'],
  ])('X23 gives an attribute with %s its normalized value', (_, raw, value) => {
    expect(attributeOf(rootOf(`<a b="${raw}"/>`), 'b')).toBe(value)
    expect(attributeOf(rootOf(`<a b='${raw}'/>`), 'b')).toBe(value)
  })

  it.each([
    ['CRLF', 'a\r\nb', 'a\nb'],
    ['a lone CR', 'a\rb\r', 'a\nb\n'],
    ['CR CRLF LF', '\r\r\n\n', '\n\n\n'],
    ['a reference to CR', 'a&#13;b&#xD;\r\n', 'a\rb\r\n'],
    ['a reference to CR before LF', '&#13;\n', '\r\n'],
    ['a TAB', '\ta ', '\ta '],
  ])('X23 gives text with %s its normalized form', (_, raw, value) => {
    expect(unwrap(leafText(rootOf(`<a>${raw}</a>`)))).toBe(value)
  })

  it('X23 keeps the white space between elements as text', () => {
    expect(
      rootOf('<a>\r\n  <b/>\t</a>').children.map((c) => (typeof c === 'string' ? c : 0)),
    ).toEqual(['\n  ', 0, '\t'])
  })
})
