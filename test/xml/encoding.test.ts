import { describe, expect, it } from 'vitest'
import { utf8 } from '../../src/kernel/index.ts'
import { metadataPolicy } from '../../src/xml/index.ts'
import { concat, failureOf, read, refuseAll, rootOf } from './expect.ts'

const good = utf8('<a>é</a>')

/** `<a>…</a>` around raw octets. */
function around(...octets: readonly number[]): Uint8Array {
  return concat(utf8('<a>'), Uint8Array.from(octets), utf8('</a>'))
}

function utf16(text: string, { littleEndian }: { littleEndian: boolean }): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2))
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), littleEndian)
  return new Uint8Array(view.buffer)
}

function utf32(text: string, { littleEndian }: { littleEndian: boolean }): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 4))
  for (let i = 0; i < text.length; i++) view.setUint32(i * 4, text.charCodeAt(i), littleEndian)
  return new Uint8Array(view.buffer)
}

const littleEndian = { littleEndian: true }
const bigEndian = { littleEndian: false }
const mark = '\ufeff'
const plain = '<?xml version="1.0"?><a/>'

describe('octets that are not UTF-8', () => {
  const rows: readonly [string, Uint8Array][] = [
    ['an overlong sequence (C0 AF)', around(0xc0, 0xaf)],
    ['an overlong three-octet sequence (E0 80 AF)', around(0xe0, 0x80, 0xaf)],
    ['an encoded surrogate (ED A0 80)', around(0xed, 0xa0, 0x80)],
    ['a code point above U+10FFFF (F4 90 80 80)', around(0xf4, 0x90, 0x80, 0x80)],
    ['a lone continuation octet (80)', around(0x80)],
    ['an octet that never occurs (FF)', around(0xff)],
    ['a sequence cut off by the end', concat(utf8('<a/>'), Uint8Array.of(0xe2, 0x82))],
    ['a sequence cut off by markup', around(0xc3)],
  ]
  refuseAll(
    rows.map(([what, bad]) => ({
      title: `T07 refuses ${what}`,
      bad,
      good,
      code: 'xml.bad_encoding',
    })),
  )

  it('T06 calls octets that do not begin as XML not well formed, deflated ones for example', () => {
    const deflated = Uint8Array.of(0xb3, 0x49, 0xd4, 0xb7, 0x03, 0x00)
    expect(failureOf(read(deflated)).code).toBe('xml.not_well_formed')
    expect(read(good).ok).toBe(true)
  })
})

describe('other encodings', () => {
  const rows: readonly [string, Uint8Array | string][] = [
    ['UTF-16LE with a mark', utf16(mark + plain, littleEndian)],
    ['UTF-16BE with a mark', utf16(mark + plain, bigEndian)],
    ['UTF-16LE without a mark', utf16(plain, littleEndian)],
    ['UTF-16BE without a mark', utf16(plain, bigEndian)],
    ['UTF-32LE with a mark', utf32(mark + plain, littleEndian)],
    ['UTF-32BE with a mark', utf32(mark + plain, bigEndian)],
    ['UTF-32LE without a mark', utf32(plain, littleEndian)],
    ['UTF-32BE without a mark', utf32(plain, bigEndian)],
    ['UTF-7', utf8('+ADw-a/+AD4-')],
    ['EBCDIC', Uint8Array.of(0x4c, 0x6f, 0xa7, 0x94, 0x93)],
    ['a declaration of ISO-8859-1', '<?xml version="1.0" encoding="ISO-8859-1"?><a/>'],
    ['a declaration of UTF-16', '<?xml version="1.0" encoding="UTF-16"?><a/>'],
    ['a declaration of UTF-7', "<?xml version='1.0' encoding='UTF-7'?><a/>"],
    ['a declaration of US-ASCII', '<?xml version="1.0" encoding="US-ASCII"?><a/>'],
    ['a UTF-8 byte order mark in a message', utf8(mark + plain)],
    ['a byte order mark in a message as text', mark + plain],
  ]
  refuseAll(
    rows.map(([what, bad]) => ({
      title: `T08 refuses ${what}`,
      bad,
      good: utf8(plain),
      code: 'xml.bad_encoding',
    })),
  )

  it.each(['UTF-8', 'utf-8', 'Utf-8'])('T08 accepts a declaration of %s', (encoding) => {
    expect(read(utf8(`<?xml version="1.0" encoding="${encoding}"?><a/>`)).ok).toBe(true)
    expect(read(`<?xml version='1.0' encoding='${encoding}' standalone='no' ?>\n<a/>`).ok).toBe(
      true,
    )
  })

  it('T08 skips one byte order mark in metadata, where Entra sends it', () => {
    expect(rootOf(utf8(mark + plain), metadataPolicy).local).toBe('a')
    expect(failureOf(read(utf8(mark + mark + plain), metadataPolicy)).code).toBe(
      'xml.not_well_formed',
    )
  })
})

describe('the XML declaration', () => {
  const rows: readonly [string, string][] = [
    ['version 1.1', '<?xml version="1.1"?><a/>'],
    ['version 1.00', '<?xml version="1.00"?><a/>'],
    ['no version', '<?xml encoding="UTF-8"?><a/>'],
    ['nothing in it', '<?xml?><a/>'],
    ['white space before it', ' <?xml version="1.0"?><a/>'],
    ['a line end before it', '\n<?xml version="1.0"?><a/>'],
    ['itself twice', '<?xml version="1.0"?><?xml version="1.0"?><a/>'],
    ['itself inside the root', '<a><?xml version="1.0"?></a>'],
    ['itself after the root', '<a/><?xml version="1.0"?>'],
    ['capitals', '<?XML version="1.0"?><a/>'],
    ['a capital', '<?Xml version="1.0"?><a/>'],
    ['capitals and nothing else', '<?XML ?><a/>'],
    ['standalone="maybe"', '<?xml version="1.0" standalone="maybe"?><a/>'],
    ['standalone="Yes"', '<?xml version="1.0" standalone="Yes"?><a/>'],
    ['standalone before encoding', '<?xml version="1.0" standalone="yes" encoding="UTF-8"?><a/>'],
    ['encoding before version', '<?xml encoding="UTF-8" version="1.0"?><a/>'],
    ['no space between its parts', '<?xml version="1.0"encoding="UTF-8"?><a/>'],
    ['mixed quotes', '<?xml version="1.0\'?><a/>'],
    ['an unknown part', '<?xml version="1.0" foo="bar"?><a/>'],
    ['no end', '<?xml version="1.0"'],
    ['an end like a tag', '<?xml version="1.0"><a/>'],
    ['an empty encoding', '<?xml version="1.0" encoding=""?><a/>'],
    ['hundreds of spaces', `<?xml ${' '.repeat(300)}version="1.0"?><a/>`],
  ]
  refuseAll(
    rows.map(([what, bad]) => ({
      title: `T09 refuses a declaration with ${what}`,
      bad,
      good: '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><a/>',
      code: 'xml.bad_declaration',
    })),
  )
})
