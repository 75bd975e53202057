import { describe, expect, it } from 'vitest'
import { limits } from '../../src/kernel/index.ts'
import {
  canonicalize,
  metadataPolicy,
  parseXml,
  type XmlLimit,
  type XmlPolicy,
} from '../../src/xml/index.ts'
import { failureOf, read, unwrap } from './expect.ts'

function nested(depth: number): string {
  return `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`
}

function attributes(count: number): string {
  return Array.from({ length: count }, (_, i) => ` a${i}="${i}"`).join('')
}

function declarations(count: number, first = 0): string {
  return Array.from({ length: count }, (_, i) => ` xmlns:p${first + i}="urn:${first + i}"`).join('')
}

const name256 = 'n'.repeat(256)
const text64K = 't'.repeat(64 * 1024)

describe('limits', () => {
  const rows: readonly [string, XmlLimit, number, string, string][] = [
    ['depth 65', 'depth', 64, nested(65), nested(64)],
    [
      '5,001 elements',
      'elements',
      5000,
      `<r>${'<a/>'.repeat(5000)}</r>`,
      `<r>${'<a/>'.repeat(4999)}</r>`,
    ],
    ['65 attributes', 'attributes', 64, `<r${attributes(65)}/>`, `<r${attributes(64)}/>`],
    [
      '65 attributes, declarations among them',
      'attributes',
      64,
      `<r${declarations(32)}${attributes(33)}/>`,
      `<r${declarations(32)}${attributes(32)}/>`,
    ],
    [
      '33 declarations on one element',
      'namespaces_in_scope',
      32,
      `<r${declarations(33)}/>`,
      `<r${declarations(32)}/>`,
    ],
    [
      '33 declarations on two levels',
      'namespaces_in_scope',
      32,
      `<r${declarations(20)}><a${declarations(13, 20)}/></r>`,
      `<r${declarations(20)}><a${declarations(12, 20)}/></r>`,
    ],
    [
      'a default declaration on top of 32',
      'namespaces_in_scope',
      32,
      `<r${declarations(32)} xmlns="urn:d"/>`,
      `<r${declarations(32)} xmlns=""/>`,
    ],
    ['an element name of 257', 'name_length', 256, `<${name256}n/>`, `<${name256}/>`],
    ['an attribute name of 257', 'name_length', 256, `<r ${name256}n=""/>`, `<r ${name256}=""/>`],
    ['text of 64 KiB + 1', 'text_length', 65_536, `<r>${text64K}t</r>`, `<r>${text64K}</r>`],
    [
      'text of 64 KiB + 1 with references',
      'text_length',
      65_536,
      `<r>&amp;${text64K}</r>`,
      `<r>&amp;${text64K.slice(1)}</r>`,
    ],
    [
      'an attribute of 64 KiB + 1',
      'text_length',
      65_536,
      `<r a="${text64K}t"/>`,
      `<r a="${text64K}"/>`,
    ],
  ]
  it.each(rows)('X19 refuses %s', (_, limit, max, bad, good) => {
    expect(failureOf(read(bad))).toMatchObject({ code: 'xml.limit', limit, max })
    expect(read(good).ok).toBe(true)
  })

  it('X19 counts text across comments that are skipped', () => {
    const split = `<r>${text64K}<!-- -->t</r>`
    expect(failureOf(read(split, metadataPolicy))).toMatchObject({ limit: 'text_length' })
    expect(read(split.replace('>t<', '><'), metadataPolicy).ok).toBe(true)
  })

  it('X19 counts prefixes, not declarations: shadowing and siblings take no room', () => {
    const sibling = `<a${declarations(32)}/>`
    expect(read(`<r>${sibling.repeat(3)}</r>`).ok).toBe(true)
    expect(read(`<r${declarations(32)}>${sibling}<b${declarations(32)}/></r>`).ok).toBe(true)
  })

  it('X19 refuses a document longer than any that is read, before reading it', () => {
    const longest = ' '.repeat(limits.metadataBytes - 4)
    expect(failureOf(read(`<a/>${longest} `))).toMatchObject({ limit: 'length', steps: 0 })
    expect(read(`<a/>${longest}`).ok).toBe(true)
  })
})

/** The steps of an accepted or a refused document. */
function stepsOf(source: string, policy?: XmlPolicy): number {
  const result = parseXml(source, policy)
  return result.ok ? result.value.steps : result.failure.steps
}

describe('work', () => {
  it('Q01 stops at the 33rd prefix of 2,000 nested declarations', () => {
    const tags = Array.from({ length: 2000 }, (_, i) => `<a xmlns:p${i}="urn:${i}">`).join('')
    const hostile = `${tags}${'</a>'.repeat(2000)}`
    expect(failureOf(read(hostile))).toMatchObject({ limit: 'namespaces_in_scope', line: 1 })
    expect(stepsOf(hostile)).toBeLessThan(2_500)
  })

  it('Q01 stops at the 65th of 2,000 declarations above 2,000 children', () => {
    const hostile = `<r${declarations(2000)}>${'<p1999:a/>'.repeat(2000)}</r>`
    expect(failureOf(read(hostile))).toMatchObject({ limit: 'attributes' })
    expect(stepsOf(hostile)).toBeLessThan(100)
  })

  it('Q02 reads and canonicalizes the twin at the limits with a few steps for each character', () => {
    const open = Array.from({ length: 62 }, () => '<p31:a>').join('')
    const leaves = '<p31:b p0:x=""/>'.repeat(5000 - 63)
    const twin = `<r${declarations(32)}>${open}${leaves}${'</p31:a>'.repeat(62)}</r>`
    const { root, steps } = unwrap(read(twin))
    expect(steps).toBeLessThan(1.5 * twin.length)
    const canonical = unwrap(canonicalize(root, { prefixes: ['p31', 'p0', '#default'] }))
    expect(canonical.length).toBeLessThan(2 * twin.length)
  })

  it('Q02 reads 64 levels that each redeclare and use 32 prefixes', () => {
    const level = (i: number) =>
      `<a${Array.from({ length: 32 }, (_, j) => ` xmlns:p${j}="urn:${i}:${j}" p${j}:a=""`).join('')}>`
    const open = Array.from({ length: 64 }, (_, i) => level(i)).join('')
    const twin = `${open}${'</a>'.repeat(64)}`
    const { root, steps } = unwrap(read(twin))
    expect(steps).toBeLessThan(5 * twin.length)
    expect(canonicalize(root).ok).toBe(true)
  })

  const shapes: readonly [string, (size: number) => string][] = [
    ['64 attributes on each element', (n) => `<r>${`<a${attributes(64)}/>`.repeat(n / 700)}</r>`],
    [
      '64 attributes of 32 namespaces on each element',
      (n) => {
        const used = Array.from({ length: 64 }, (_, i) => ` p${i % 32}:${i < 32 ? 'a' : 'b'}=""`)
        return `<r${declarations(32)}>${`<a${used.join('')}/>`.repeat(n / 500)}</r>`
      },
    ],
    [
      '32 declarations on each element',
      (n) => `<r>${`<a${declarations(32)}/>`.repeat(n / 500)}</r>`,
    ],
    [
      'a new declaration below 31 on each element',
      (n) => `<r${declarations(31)}>${'<a xmlns="urn:x" p0:a=""/>'.repeat(n / 70)}</r>`,
    ],
    ['&amp;', (n) => `<r>${`<a>${'&amp;'.repeat(5000)}</a>`.repeat(n / 25_000)}</r>`],
    ['character references in an attribute', (n) => `<r a="${'&#65;'.repeat(n / 5)}"/>`],
    ['text', (n) => `<r>${`<a>${'x'.repeat(32_000)}</a>`.repeat(n / 32_000)}</r>`],
    ['closing brackets', (n) => `<r>${`<a>${']]'.repeat(16_000)}</a>`.repeat(n / 32_000)}</r>`],
    ['CRLF', (n) => `<r>${`<a>${'\r\n'.repeat(16_000)}</a>`.repeat(n / 32_000)}</r>`],
    ['empty elements', (n) => `<r>${'<a/>'.repeat(n / 70)}</r>`],
    ['spaces in a tag', (n) => `<r${' '.repeat(n)}/>`],
    ['quotes in attributes', (n) => `<r>${`<a b='${'"'.repeat(1000)}'/>`.repeat(n / 1000)}</r>`],
    ['comments that are skipped', (n) => `<r>${'x<!---->'.repeat(n / 8)}</r>`],
  ]
  it.each(shapes)('Q03 reads %s in linear work', (_, shape) => {
    const [half, whole] = [shape(128 * 1024), shape(256 * 1024)]
    expect(read(whole, metadataPolicy).ok).toBe(true)
    const ratio = stepsOf(whole, metadataPolicy) / stepsOf(half, metadataPolicy)
    expect(ratio).toBeLessThanOrEqual((2.5 * whole.length) / (2 * half.length))
    expect(stepsOf(whole, metadataPolicy)).toBeLessThan(6 * whole.length)
  })

  it('Q03 refuses one text, or elements, of 256 KiB', () => {
    expect(failureOf(read(`<r>${'x'.repeat(256 * 1024)}</r>`))).toMatchObject({
      limit: 'text_length',
    })
    const elements = `<r>${'<a/>'.repeat(64 * 1024)}</r>`
    expect(failureOf(read(elements))).toMatchObject({ limit: 'elements' })
    expect(stepsOf(elements)).toBeLessThan(30_000)
  })

  it('Q05 refuses a million levels without recursion', () => {
    expect(failureOf(read('<a>'.repeat(1_000_000)))).toMatchObject({ code: 'xml.limit' })
    const deep = '<a>'.repeat(300_000)
    expect(failureOf(read(deep))).toMatchObject({ code: 'xml.limit', limit: 'depth' })
    expect(stepsOf(deep)).toBeLessThan(500)
  })

  const long = 200_000
  const corpus: readonly [string, string][] = [
    ['a name', `<${'a'.repeat(long)}`],
    ['a name of colons', `<${'a:'.repeat(long / 2)}/>`],
    ['an attribute name', `<a ${'b'.repeat(long)}=""/>`],
    ['space without an end', `<a${' '.repeat(long)}`],
    ['space before an equals sign', `<a b${' '.repeat(long)}`],
    ['space in an end tag', `<a></a${' '.repeat(long)}`],
    ['space in a declaration', `<?xml version="1.0"${' '.repeat(long)}<a/>`],
    ['a declaration without an end', `<?xml ${'version="1.0" '.repeat(long / 14)}`],
    ['an encoding', `<?xml version="1.0" encoding="${'a'.repeat(long)}"?><a/>`],
    ['a namespace', `<a xmlns="${'a+'.repeat(long / 2)}"/>`],
    ['a namespace of colons', `<a xmlns="a${':'.repeat(long)} "/>`],
    ['ampersands', `<a>${'&'.repeat(long)}</a>`],
    ['an entity without an end', `<a>&${'a'.repeat(long)}</a>`],
    ['digits of a reference', `<a>&#${'0'.repeat(long)}65;</a>`],
    ['less-than signs', '<'.repeat(long)],
    ['markup declarations', `<a>${'<!'.repeat(long / 2)}`],
    ['half a DOCTYPE', `<a>${'<!DOCTYP'.repeat(long / 8)}`],
    ['comment starts', `<a>${'<!--'.repeat(long / 4)}`],
    ['hyphens', `<a><!--${'-'.repeat(long)}`],
    ['instruction starts', `<a>${'<?a '.repeat(long / 4)}`],
    ['unclosed quotes', `<a ${'b="'.repeat(long / 3)}`],
    ['carriage returns', `<a>${'\r'.repeat(long)}`],
  ]
  it.each(corpus)(
    'Q06 is done with a document of %s after one look at each character',
    (_, bad) => {
      for (const policy of [undefined, metadataPolicy]) {
        expect(read(bad, policy).ok).toBe(false)
        expect(stepsOf(bad, policy)).toBeLessThanOrEqual(1.1 * bad.length + 100)
      }
      expect(read('<?xml version="1.0"?><a b="">&amp;</a >').ok).toBe(true)
    },
  )
})
