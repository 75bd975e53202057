import { describe, expect, it } from 'vitest'
import { canonicalize, isCanonical, type XmlElement } from '../../src/xml/index.ts'
import { canonical, failureOf, find, read, rootOf, unwrap } from './expect.ts'

const excC14n = 'http://www.w3.org/2001/10/xml-exc-c14n#'

/** A row: what is shown, the document, its canonical form. */
type Row = readonly [title: string, source: string, expected: string]

function expectForms(rows: readonly Row[]): void {
  it.each(rows)('%s', (_, source, expected) => {
    expect(canonical(rootOf(source))).toBe(expected)
  })
}

describe('escaping', () => {
  expectForms([
    [
      'C04 escapes < > & and CR in text',
      '<a>&lt;&gt;>&amp;&#13;</a>',
      '<a>&lt;&gt;&gt;&amp;&#xD;</a>',
    ],
    ['C04 leaves quotes, TAB and LF in text', '<a>"\'\t\n&#9;&#10;</a>', '<a>"\'\t\n\t\n</a>'],
    [
      'C04 escapes < & and " in an attribute',
      '<a b="&lt;&amp;&quot;"/>',
      '<a b="&lt;&amp;&quot;"></a>',
    ],
    ["C04 leaves > and ' in an attribute", "<a b='>&gt;&apos;'/>", '<a b=">>\'"></a>'],
    [
      'C04 escapes TAB, LF and CR in an attribute',
      '<a b="&#9;&#10;&#13;"/>',
      '<a b="&#x9;&#xA;&#xD;"></a>',
    ],
    [
      'C04 writes literal white space of an attribute as spaces',
      '<a b="\t\n\r\n"/>',
      '<a b="   "></a>',
    ],
    [
      'C04 leaves other characters alone',
      '<a b="é😀\u0085">\u007f\u00a0\ufffd\u{10ffff}</a>',
      '<a b="é😀\u0085">\u007f\u00a0\ufffd\u{10ffff}</a>',
    ],
    [
      'C04 escapes what an escaped text looks like',
      '<a b="&amp;quot;">&amp;lt;</a>',
      '<a b="&amp;quot;">&amp;lt;</a>',
    ],
    ['C04 writes empty elements with two tags', '<a><b /><c></c></a >', '<a><b></b><c></c></a>'],
    [
      'C04 drops the declaration and space inside tags',
      '<?xml version="1.0"?>\n<a   b = \'1\'\n/>\n',
      '<a b="1"></a>',
    ],
    [
      'C02 escapes a namespace URI like a value',
      '<a xmlns="urn:x?a=1&amp;b=2"/>',
      '<a xmlns="urn:x?a=1&amp;b=2"></a>',
    ],
  ])

  it('C02 cannot be made to write an attribute by a namespace URI, even in a tree made by hand', () => {
    expect(read('<a:r xmlns:a="u&quot; ID=&quot;evil"/>').ok).toBe(false)
    const made: XmlElement = {
      ...rootOf('<r/>'),
      ...{ name: 'a:r', prefix: 'a', uri: 'u" ID="evil' },
    }
    expect(canonical(made)).toBe('<a:r xmlns:a="u&quot; ID=&quot;evil"></a:r>')
  })

  it('C03 keeps attributes that look like declarations where attributes stand', () => {
    const source = '<r xmlns:b="urn:b" xmlnsfoo="x" b:xmlns="y" axmlns="z" xmlns.x="w"/>'
    expect(canonical(rootOf(source))).toBe(
      '<r xmlns:b="urn:b" axmlns="z" xmlns.x="w" xmlnsfoo="x" b:xmlns="y"></r>',
    )
  })
})

describe('order', () => {
  expectForms([
    [
      'C05 sorts attributes by name',
      '<a c="" b="" B="" a1="" a-="" a.="" a_=""/>',
      '<a B="" a-="" a.="" a1="" a_="" b="" c=""></a>',
    ],
    [
      'C05 sorts each element by its own attributes, whatever those before it had',
      '<r><x b="1" a="2"/><x b="3" a="4"/><x b="5" a="6" A="7"/><x b="8"/><x b="9" a="0" A=""/><x a="" b=""/></r>',
      '<r><x a="2" b="1"></x><x a="4" b="3"></x><x A="7" a="6" b="5"></x><x b="8"></x><x A="" a="0" b="9"></x><x a="" b=""></x></r>',
    ],
    [
      'C05 sorts the beginning of a list as the list',
      '<r><x c="1" b="2" a="3"/><x c="4" b="5"/><x c="6" d="7"/></r>',
      '<r><x a="3" b="2" c="1"></x><x b="5" c="4"></x><x c="6" d="7"></x></r>',
    ],
    ['C05 sorts a shorter name first', '<a bb="" b="" bbb=""/>', '<a b="" bb="" bbb=""></a>'],
    [
      'C05 sorts by namespace URI before local name, those without one first',
      '<a z="" xmlns:p="urn:b" xmlns:q="urn:a" p:a="" q:b=""/>',
      '<a xmlns:p="urn:b" xmlns:q="urn:a" z="" q:b="" p:a=""></a>',
    ],
    [
      'C05 sorts one namespace under two prefixes by local name',
      '<a xmlns:p="urn:a" xmlns:q="urn:a" p:z="" q:b=""/>',
      '<a xmlns:p="urn:a" xmlns:q="urn:a" q:b="" p:z=""></a>',
    ],
    [
      'C05 sorts declarations by prefix, the default one first, capitals before small letters',
      '<b:r xmlns:b="urn:1" xmlns:a="urn:2" xmlns:Z="urn:3" xmlns="urn:4" a:i="" Z:i=""><c/></b:r>',
      '<b:r xmlns:Z="urn:3" xmlns:a="urn:2" xmlns:b="urn:1" a:i="" Z:i=""><c xmlns="urn:4"></c></b:r>',
    ],
    [
      'C05 sorts xml: attributes by the XML namespace',
      '<a xmlns:p="http://www.w3.org/XML/1998/o" xmlns:q="urn:a" q:i="" xml:lang="en" p:i="" i=""/>',
      '<a xmlns:p="http://www.w3.org/XML/1998/o" xmlns:q="urn:a" i="" xml:lang="en" p:i="" q:i=""></a>',
    ],
  ])

  it('C05 cannot meet names whose UTF-16 order is not their code point order', () => {
    for (const uri of ['urn:\uffe5', 'urn:\u{10000}', 'urn:é']) {
      const [bad, good] = [`<a xmlns:p="${uri}" p:i=""/>`, `<a xmlns:p="urn:p" p:i="${uri}"/>`]
      expect(failureOf(read(bad)).code).toBe('xml.bad_namespace')
      expect(read(good).ok).toBe(true)
    }
  })
})

describe('namespaces that are visibly used', () => {
  expectForms([
    [
      'C06 undeclares the default where it is used',
      '<a xmlns="urn:x"><b xmlns=""/></a>',
      '<a xmlns="urn:x"><b xmlns=""></b></a>',
    ],
    [
      'C06 declares it again below',
      '<a xmlns="urn:x"><b xmlns=""><c xmlns="urn:x"/></b></a>',
      '<a xmlns="urn:x"><b xmlns=""><c xmlns="urn:x"></c></b></a>',
    ],
    ['C06 drops a spurious xmlns=""', '<a xmlns=""><b xmlns=""/></a>', '<a><b></b></a>'],
    [
      'C06 drops a default repeated',
      '<a xmlns="urn:x"><b xmlns="urn:x"/></a>',
      '<a xmlns="urn:x"><b></b></a>',
    ],
    [
      'C06 drops xmlns="" where only prefixes are used',
      '<p:a xmlns:p="urn:p" xmlns=""><p:b/></p:a>',
      '<p:a xmlns:p="urn:p"><p:b></p:b></p:a>',
    ],
    [
      'C06 does not undeclare above a prefixed element',
      '<a xmlns="urn:x"><p:b xmlns:p="urn:p" xmlns=""><c/></p:b></a>',
      '<a xmlns="urn:x"><p:b xmlns:p="urn:p"><c xmlns=""></c></p:b></a>',
    ],
    [
      'C06 writes a shadowed prefix anew',
      '<p:a xmlns:p="urn:1"><p:b xmlns:p="urn:2"><p:c xmlns:p="urn:1"/></p:b><p:d/></p:a>',
      '<p:a xmlns:p="urn:1"><p:b xmlns:p="urn:2"><p:c xmlns:p="urn:1"></p:c></p:b><p:d></p:d></p:a>',
    ],
    [
      'C06 writes the same prefix in siblings twice',
      '<a><p:b xmlns:p="urn:p"/><p:c xmlns:p="urn:p"/></a>',
      '<a><p:b xmlns:p="urn:p"></p:b><p:c xmlns:p="urn:p"></p:c></a>',
    ],
    [
      'C06 moves a declaration to where it is used',
      '<a xmlns:p="urn:p"><p:b/><p:c/></a>',
      '<a><p:b xmlns:p="urn:p"></p:b><p:c xmlns:p="urn:p"></p:c></a>',
    ],
    ['C06 drops an unused prefix', '<a xmlns:p="urn:p"><b xmlns:q="urn:q"/></a>', '<a><b></b></a>'],
    [
      'C06 keeps a prefix that only an attribute uses',
      '<a xmlns:p="urn:p" p:i="1"><b/></a>',
      '<a xmlns:p="urn:p" p:i="1"><b></b></a>',
    ],
    [
      'C06 drops a prefix that only a value uses',
      '<a xmlns:xs="urn:xs" type="xs:string">xs:string</a>',
      '<a type="xs:string">xs:string</a>',
    ],
    [
      'C06 takes no default namespace for attributes',
      '<p:a xmlns="urn:x" xmlns:p="urn:p" i="1"/>',
      '<p:a xmlns:p="urn:p" i="1"></p:a>',
    ],
  ])

  it('C06 writes what an inner apex uses from above it, and nothing else', () => {
    const root = rootOf('<a xmlns="urn:x" xmlns:p="urn:p" xmlns:q="urn:q"><b p:i=""><q:c/></b></a>')
    expect(canonical(find(root, 'b'))).toBe(
      '<b xmlns="urn:x" xmlns:p="urn:p" p:i=""><q:c xmlns:q="urn:q"></q:c></b>',
    )
  })

  it('C08 does not inherit xml: attributes, keeps own ones, and never declares xml', () => {
    const xml = 'http://www.w3.org/XML/1998/namespace'
    const root = rootOf(
      `<a xml:lang="en" xml:space="preserve" xml:base="urn:b" xml:id="i"><b xmlns:xml="${xml}" xml:lang="de"><c/></b></a>`,
    )
    expect(canonical(find(root, 'c'))).toBe('<c></c>')
    const b = '<b xml:lang="de"><c></c></b>'
    expect(canonical(find(root, 'b'))).toBe(b)
    expect(canonical(find(root, 'b'), { prefixes: ['xml'] })).toBe(b)
    expect(canonical(root)).toContain(
      'xml:base="urn:b" xml:id="i" xml:lang="en" xml:space="preserve"',
    )
  })
})

describe('the InclusiveNamespaces PrefixList', () => {
  const source =
    '<r xmlns="urn:d" xmlns:xs="urn:xs" xmlns:un="urn:un"><p:a xmlns:p="urn:p"><p:b>' +
    '<p:c xmlns:xs="urn:xs2" xmlns=""/></p:b></p:a></r>'
  const rows: readonly [string, readonly string[], string][] = [
    [
      'C07 writes a listed prefix that is visible only above the apex',
      ['xs'],
      '<p:a xmlns:p="urn:p" xmlns:xs="urn:xs"><p:b><p:c xmlns:xs="urn:xs2"></p:c></p:b></p:a>',
    ],
    [
      'C07 writes the default for #default, and undeclares it where it goes',
      ['#default'],
      '<p:a xmlns="urn:d" xmlns:p="urn:p"><p:b><p:c xmlns=""></p:c></p:b></p:a>',
    ],
    [
      'C07 sorts listed and used prefixes together, each once',
      ['xs', '#default', 'p', 'xs'],
      '<p:a xmlns="urn:d" xmlns:p="urn:p" xmlns:xs="urn:xs"><p:b><p:c xmlns="" xmlns:xs="urn:xs2"></p:c></p:b></p:a>',
    ],
    [
      'C07 ignores xml, xmlns and prefixes that are not in scope',
      ['xml', 'xmlns', 'nowhere', '__proto__', 'constructor'],
      '<p:a xmlns:p="urn:p"><p:b><p:c></p:c></p:b></p:a>',
    ],
    [
      'C07 takes #default only as written',
      ['default', '#Default', '#'],
      '<p:a xmlns:p="urn:p"><p:b><p:c></p:c></p:b></p:a>',
    ],
  ]
  it.each(rows)('%s', (_, prefixes, expected) => {
    expect(canonical(find(rootOf(source), 'a'), { prefixes })).toBe(expected)
  })

  it('C07 writes a listed prefix at an apex that declares nothing itself', () => {
    expect(canonical(find(rootOf(source), 'b'), { prefixes: ['xs', '#default'] })).toBe(
      '<p:b xmlns="urn:d" xmlns:p="urn:p" xmlns:xs="urn:xs"><p:c xmlns="" xmlns:xs="urn:xs2"></p:c></p:b>',
    )
  })

  it('C07 writes no xmlns="" for #default where no default was written', () => {
    const root = rootOf('<r xmlns="urn:d"><p:a xmlns:p="urn:p" xmlns=""><p:b/></p:a></r>')
    const expected = '<p:a xmlns:p="urn:p"><p:b></p:b></p:a>'
    expect(canonical(find(root, 'a'), { prefixes: ['#default'] })).toBe(expected)
  })

  it('C07 refuses a list longer than any signer writes', () => {
    const prefixes = Array.from({ length: 65 }, (_, i) => `p${i}`)
    const root = rootOf(source)
    const failure = failureOf(canonicalize(root, { prefixes }))
    expect(failure).toEqual({ code: 'xml.limit', limit: 'prefix_list', max: 64 })
    expect(canonicalize(root, { prefixes: prefixes.slice(1) }).ok).toBe(true)
  })

  it('C12 C13 canonicalizes SignedInfo, and an inner element, with prefixes of the root', () => {
    const root = rootOf(
      '<p:Response xmlns:p="urn:p" xmlns:xs="urn:xs"><Assertion xmlns="urn:a"><v>xs:string</v>' +
        `<SignedInfo xmlns="urn:ds"><ec:InclusiveNamespaces xmlns:ec="${excC14n}" PrefixList="xs"/></SignedInfo>` +
        '</Assertion></p:Response>',
    )
    expect(canonical(find(root, 'SignedInfo'), { prefixes: ['xs', 'p'] })).toBe(
      '<SignedInfo xmlns="urn:ds" xmlns:p="urn:p" xmlns:xs="urn:xs">' +
        `<ec:InclusiveNamespaces xmlns:ec="${excC14n}" PrefixList="xs"></ec:InclusiveNamespaces></SignedInfo>`,
    )
    expect(canonical(find(root, 'Assertion'), { prefixes: ['xs'] })).toContain(
      '<Assertion xmlns="urn:a" xmlns:xs="urn:xs"><v>xs:string</v>',
    )
  })
})

describe('leaving one descendant out', () => {
  const root = rootOf('<a><b>1<s xmlns="urn:s"><t/></s>2</b><s xmlns="urn:s"><t/></s></a>')
  const inner = find(find(root, 'b'), 's')

  it('C01 omits exactly that element, with all in it, and no equal one', () => {
    expect(canonical(root, { without: inner })).toBe('<a><b>12</b><s xmlns="urn:s"><t></t></s></a>')
  })

  it('C01 refuses to leave out what is not there, or everything', () => {
    const elsewhere = find(rootOf('<a><b>1<s xmlns="urn:s"><t/></s>2</b></a>'), 's')
    for (const without of [elsewhere, root]) {
      expect(failureOf(canonicalize(root, { without })).code).toBe('xml.missing_element')
    }
    expect(failureOf(canonicalize(inner, { without: find(root, 'b') })).code).toBe(
      'xml.missing_element',
    )
    expect(canonicalize(root, { without: inner }).ok).toBe(true)
  })
})

describe('never nothing', () => {
  it('C01 answers every call with a failure or with octets that start with the element', () => {
    const root = rootOf('<p:a xmlns:p="urn:p"><b/>text</p:a>')
    expect(new TextDecoder().decode(unwrap(canonicalize(root)).subarray(0, 5))).toBe('<p:a ')
    expect(unwrap(canonicalize(find(root, 'b')))).toHaveLength('<b></b>'.length)
  })

  it('C01 throws, for a tree made by hand, rather than hand out octets that do not start so', () => {
    const root = rootOf('<a/>')
    expect(() => canonicalize({ ...root, name: '\ud800' })).toThrow()
    expect(canonicalize({ ...root, name: 'b' }).ok).toBe(true)
  })

  it('C01 cannot be given a relative namespace, nor a tree too deep, by the reader', () => {
    expect(failureOf(read('<a xmlns:ns="1"/>')).code).toBe('xml.bad_namespace')
    expect(failureOf(read(`${'<a>'.repeat(65)}${'</a>'.repeat(65)}`)).code).toBe('xml.limit')
    expect(canonicalize(rootOf(`${'<a>'.repeat(64)}${'</a>'.repeat(64)}`)).ok).toBe(true)
  })
})

describe('size', () => {
  it('C11 does not normalize: composed and decomposed text stay different', () => {
    expect(canonical(rootOf('<a>é</a>'))).toBe('<a>é</a>')
    expect(canonical(rootOf('<a>e\u0301</a>'))).toBe('<a>e\u0301</a>')
  })

  it('C11 writes long text and 100,000 siblings exactly, without recursion', {
    timeout: 60_000,
  }, () => {
    const maxLength = 10_000_000
    const leaf = rootOf('<a>x</a>')
    const wide: XmlElement = { ...leaf, children: new Array(100_000).fill(leaf) }
    expect(canonical(wide, { maxLength })).toBe(`<a>${'<a>x</a>'.repeat(100_000)}</a>`)
    let deep = leaf
    for (let i = 0; i < 100_000; i++) deep = { ...leaf, children: [deep] }
    expect(canonical(deep)).toBe(`${'<a>'.repeat(100_001)}x${'</a>'.repeat(100_001)}`)
    const long: XmlElement = { ...leaf, children: ['<é'.repeat(500_000)] }
    expect(canonical(long, { maxLength })).toBe(`<a>${'&lt;é'.repeat(500_000)}</a>`)
  })

  it('C11 stops when declarations moved to where they are used make too much of a message', () => {
    const uri = `urn:${'x'.repeat(250)}`
    const used = Array.from({ length: 30 }, (_, i) => ` p${i}:a=""`).join('')
    const declared = Array.from({ length: 30 }, (_, i) => ` xmlns:p${i}="${uri}${i}"`).join('')
    const root = rootOf(`<r${declared}>${`<a${used}/>`.repeat(500)}</r>`)
    expect(failureOf(canonicalize(root))).toEqual({
      code: 'xml.limit',
      limit: 'length',
      max: 1024 * 1024,
    })
    const small = rootOf('<a>x</a>')
    expect(failureOf(canonicalize(small, { maxLength: 7 })).code).toBe('xml.limit')
    expect(canonical(small, { maxLength: 8 })).toBe('<a>x</a>')
  })

  it('C11 says so also where what is left out was not reached yet', () => {
    const root = rootOf('<a>xxxxxxxx<b/></a>')
    const without = find(root, 'b')
    expect(failureOf(canonicalize(root, { without, maxLength: 7 })).code).toBe('xml.limit')
  })
})

describe('a text', () => {
  it('C09 is canonical when it is what would be written, and nothing more or less', () => {
    const root = rootOf('<a b="1">x<c/></a>')
    const form = canonical(root)
    expect(isCanonical(form, root, {})).toBe(true)
    for (const other of ['', `${form} `, ` ${form}`, form.slice(0, -1), form.replace('x', 'y')])
      expect(isCanonical(other, root, {})).toBe(false)
    expect(isCanonical(form, root, { prefixes: Array.from({ length: 65 }, () => 'p') })).toBe(false)
  })
})
