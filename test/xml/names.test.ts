import { describe, expect, it } from 'vitest'
import { metadataPolicy, only } from '../../src/xml/index.ts'
import { failureOf, read, refuseAll, rootOf, unwrap } from './expect.ts'

const xml = 'http://www.w3.org/XML/1998/namespace'
const xmlns = 'http://www.w3.org/2000/xmlns/'
const good = '<a:r xmlns:a="urn:x" a:i="1" i="2"/>'

describe('duplicate attributes', () => {
  const rows: readonly [string, string][] = [
    ['the same name twice', '<r ID="_a" ID="_b"/>'],
    ['the same name and value twice', '<r ID="_a" i="1" ID="_a"/>'],
    ['two prefixes of one namespace', '<r xmlns:a="urn:x" xmlns:b="urn:x" a:i="1" b:i="2"/>'],
    ['the same prefixed name twice', '<r xmlns:a="urn:x" a:i="1" a:i="2"/>'],
    ['xmlns twice', '<r xmlns="urn:x" xmlns="urn:y"/>'],
    ['xmlns twice with one value', '<r xmlns="urn:x" xmlns="urn:x"/>'],
    ['a prefix declared twice', '<r xmlns:a="urn:x" xmlns:a="urn:y"/>'],
    ['the last of 64', `<r ${Array.from({ length: 63 }, (_, i) => `a${i}=""`).join(' ')} a0=""/>`],
  ]
  refuseAll(
    rows.map(([what, bad]) => ({
      title: `X09 refuses an element with ${what}`,
      bad,
      good,
      code: 'xml.duplicate_attribute',
    })),
  )

  it('X09 accepts one local name in several namespaces', () => {
    const root = rootOf('<r xmlns="urn:x" xmlns:a="urn:x" xmlns:b="urn:y" i="" a:i="" b:i=""/>')
    expect(root.attributes.map(({ uri }) => uri)).toEqual(['', 'urn:x', 'urn:y'])
  })
})

describe('namespaces', () => {
  const rows: readonly [string, string][] = [
    ['an undeclared element prefix', '<a:r/>'],
    ['an undeclared attribute prefix', '<r a:i="1"/>'],
    ['a prefix declared on a sibling only', '<r><b xmlns:a="urn:x"/><a:c/></r>'],
    ['a prefix declared on a child only', '<a:r><b xmlns:a="urn:x"/></a:r>'],
    ['a prefix bound to nothing', '<r xmlns:a=""/>'],
    ['the prefix xml bound elsewhere', '<r xmlns:xml="urn:x"/>'],
    ['the prefix xmlns bound', '<r xmlns:xmlns="urn:x"/>'],
    ['the prefix xmlns bound to its own namespace', `<r xmlns:xmlns="${xmlns}"/>`],
    ['another prefix for the XML namespace', `<r xmlns:a="${xml}"/>`],
    ['another prefix for the XMLNS namespace', `<r xmlns:a="${xmlns}"/>`],
    ['the XML namespace as default', `<r xmlns="${xml}"/>`],
    ['the XMLNS namespace as default', `<r xmlns="${xmlns}"/>`],
    ['two colons in an element name', '<a:b:c xmlns:a="urn:x"/>'],
    ['two colons in an attribute name', '<r xmlns:a="urn:x" a:b:c=""/>'],
    ['a leading colon in an element name', '<:a/>'],
    ['a leading colon in an attribute name', '<r :a=""/>'],
    ['a trailing colon in an element name', '<a: xmlns:a="urn:x"/>'],
    ['a trailing colon in an attribute name', '<r xmlns:a="urn:x" a:=""/>'],
    ['only a colon', '<:/>'],
    ['a digit after the colon', '<a:1 xmlns:a="urn:x"/>'],
    ['xmlns: without a prefix', '<r xmlns:="urn:x"/>'],
    ['xmlns:a:b', '<r xmlns:a:b="urn:x"/>'],
    ['an element xmlns:x', '<xmlns:x/>'],
    ['an element xmlns:x below a declaration of x', '<r xmlns:x="urn:x"><xmlns:x/></r>'],
  ]
  refuseAll(
    rows.map(([what, bad]) => ({
      title: `X10 refuses ${what}`,
      bad,
      good,
      code: 'xml.bad_namespace',
    })),
  )

  const uris: readonly [string, string][] = [
    ['1', 'a number'],
    ['x', 'a word'],
    ['../r', 'a relative path'],
    ['//host/x', 'no scheme'],
    ['#x', 'a fragment'],
    [':x', 'an empty scheme'],
    ['1a:x', 'a scheme that starts with a digit'],
    ['é:x', 'a scheme outside ASCII'],
    ['urn:', 'nothing after the scheme'],
    ['u&quot; ID=&quot;evil', 'an attribute smuggled in'],
    ['urn:&quot;x', 'a quote'],
    ['urn:&apos;x', 'an apostrophe'],
    ['urn:&lt;x', 'a less-than sign'],
    ['urn:&gt;x', 'a greater-than sign'],
    ['urn:x y', 'a space'],
    [' urn:x', 'a leading space'],
    ['urn:x ', 'a trailing space'],
    ['urn:x&#9;', 'a tab'],
    ['urn:x\n', 'a line end'],
    ['urn:&#13;x', 'a carriage return'],
    ['urn:&#x7F;x', 'U+007F'],
    ['urn:&#x80;x', 'U+0080'],
    ['urn:&#xA0;x', 'U+00A0'],
    ['urn:é', 'a letter outside ASCII'],
    ['urn:{x}', 'braces'],
    ['urn:a\\b', 'a backslash'],
    [`urn:${'x'.repeat(253)}`, '257 characters'],
  ]
  refuseAll(
    uris.flatMap(([uri, what]) => [
      {
        title: `X11 refuses a namespace with ${what}`,
        bad: `<r xmlns:a="${uri}"/>`,
        good: `<r xmlns:a="urn:${'x'.repeat(252)}"/>`,
        code: 'xml.bad_namespace',
      },
      {
        title: `X11 refuses a default namespace with ${what}`,
        bad: `<r xmlns="${uri}"/>`,
        good: '<r xmlns="http://schemas.xmlsoap.org/ws/2005/05/identity?a=1&amp;b=2#c"/>',
        code: 'xml.bad_namespace',
      },
    ]),
  )

  it('X10 accepts the prefix xml declared as what it is, and never lists it', () => {
    const root = rootOf(`<r xmlns:xml="${xml}" xml:lang="en"/>`)
    expect(root.attributes[0]?.uri).toBe(xml)
    expect(root.scope).toEqual([])
  })

  it('X10 resolves declarations whatever their order, and undeclares the default', () => {
    const root = rootOf('<a:r a:i="1" xmlns:a="urn:x"><b xmlns="urn:y"><c xmlns=""/></b></a:r>')
    const b = unwrap(only(root, 'urn:y', 'b'))
    expect([root.uri, root.attributes[0]?.uri]).toEqual(['urn:x', 'urn:x'])
    expect(unwrap(only(b, '', 'c')).scope).toEqual([{ prefix: 'a', uri: 'urn:x' }])
  })
})

describe('names', () => {
  const hostile = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'prototype']

  it.each(hostile)(
    'X18 takes %s as an element, an attribute and a prefix like any other',
    (name) => {
      const before = Object.getOwnPropertyNames(Object.prototype)
      const root = rootOf(`<${name} ${name}="1"/>`)
      expect([root.local, root.attributes[0]?.local]).toEqual([name, name])
      const prefixed = rootOf(`<${name}:r xmlns:${name}="urn:x" ${name}:i="1"/>`)
      expect([prefixed.uri, prefixed.attributes[0]?.uri]).toEqual(['urn:x', 'urn:x'])
      expect(failureOf(read(`<${name}:r/>`)).code).toBe('xml.bad_namespace')
      expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
      expect(Reflect.get({}, 'polluted')).toBeUndefined()
    },
  )

  const names: readonly [string, string][] = [
    ['a full-width element name', '<Ａssertion/>'],
    ['a full-width letter inside an element name', '<Assertiｏn/>'],
    ['a Cyrillic attribute name', '<r ІD="_a"/>'],
    ['a combining mark in a name', '<Asse\u0301rtion/>'],
    ['a zero-width joiner in a name', '<Asser\u200dtion/>'],
    ['an accented prefix', '<é:r xmlns:é="urn:x"/>'],
    ['an accented declared prefix', '<r xmlns:é="urn:x"/>'],
    ['an astral name', '<\u{10000}/>'],
  ]
  for (const policy of [undefined, metadataPolicy]) {
    refuseAll(
      names.map(([what, bad]) => ({
        title: `X21 refuses ${what}${policy === undefined ? '' : ' in metadata too'}`,
        bad,
        good: '<Assertion ID="_a"/>',
        code: 'xml.not_well_formed',
        ...(policy === undefined ? {} : { policy }),
      })),
    )
  }

  refuseAll(
    [
      ['<a:b:c/>', 'xml.bad_namespace'],
      ['<:x/>', 'xml.bad_namespace'],
      ['<r xmlns:=""/>', 'xml.bad_namespace'],
      ['<r :="x"/>', 'xml.bad_namespace'],
      ['<::/>', 'xml.bad_namespace'],
      ['<a:b:c></a:b:c>', 'xml.bad_namespace'],
      ['<r><a:/></r>', 'xml.bad_namespace'],
      ['<r x::y=""/>', 'xml.bad_namespace'],
      ['<!"x><!--"--><r/>', 'xml.not_well_formed'],
      ['<!x \'>\' "<!--" -->', 'xml.not_well_formed'],
      ['<! <!-- x --> ><r/>', 'xml.not_well_formed'],
      ['<!x [<!-- ]> --> ]><r/>', 'xml.not_well_formed'],
      ['<!DOCTYPE r [<!-- "> -->]><r/>', 'xml.doctype'],
    ].map(([bad = '', code = '']) => ({
      title: `X22 refuses the round-trip seed ${bad}`,
      bad,
      good,
      code: code as 'xml.doctype',
    })),
  )
})
