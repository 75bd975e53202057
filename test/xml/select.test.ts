import { describe, expect, it } from 'vitest'
import {
  all,
  attributeOf,
  childElements,
  expandedName,
  hasOwnText,
  leafText,
  only,
  optional,
} from '../../src/xml/index.ts'
import { failureOf, find, rootOf, unwrap } from './expect.ts'

const saml = 'urn:oasis:names:tc:SAML:2.0:assertion'
const evil = 'urn:evil'

function response(content: string) {
  return rootOf(`<r xmlns="${saml}" xmlns:e="${evil}">${content}</r>`)
}

describe('only', () => {
  it('finds the one child of that namespace and name, past text and others', () => {
    const root = response('\n<Issuer/> <e:Subject/><Subject ID="_a"/>')
    expect(attributeOf(unwrap(only(root, saml, 'Subject')), 'ID')).toBe('_a')
  })

  it.each([
    ['another namespace', '<e:Subject/>'],
    ['no namespace', '<Subject xmlns=""/>'],
    ['another case', '<subject/>'],
    ['a longer name', '<Subjects/>'],
    ['a deeper level', '<x><Subject/></x>'],
    ['nothing', ''],
  ])('does not take %s for it', (_, content) => {
    expect(failureOf(only(response(content), saml, 'Subject'))).toEqual({
      code: 'xml.missing_element',
      parent: `{${saml}}r`,
      expected: `{${saml}}Subject`,
    })
    expect(only(response(`${content}<Subject/>`), saml, 'Subject').ok).toBe(true)
  })

  it('refuses a second one, wherever it stands', () => {
    for (const content of ['<Subject/><Subject/>', '<Subject/><x/>text<e:y/><Subject/>']) {
      expect(failureOf(only(response(content), saml, 'Subject'))).toEqual({
        code: 'xml.ambiguous_element',
        parent: `{${saml}}r`,
        expected: `{${saml}}Subject`,
        got: 2,
      })
    }
    expect(only(response('<Subject/><x/>'), saml, 'Subject').ok).toBe(true)
  })
})

describe('optional', () => {
  it('is null for none, the element for one, a failure for two', () => {
    expect(unwrap(optional(response('<e:Advice/>'), saml, 'Advice'))).toBeNull()
    expect(unwrap(optional(response('<Advice/>'), saml, 'Advice'))?.local).toBe('Advice')
    const twice = optional(response('<Advice/><Advice/>'), saml, 'Advice')
    expect(failureOf(twice).code).toBe('xml.ambiguous_element')
  })
})

describe('all', () => {
  it('lists the children of that name in order, and refuses one more than allowed', () => {
    const root = response('<v i="1"/><e:v/>text<v i="2"/><x><v i="3"/></x>')
    const found = unwrap(all(root, saml, 'v', 2))
    expect(found.map((element) => attributeOf(element, 'i'))).toEqual(['1', '2'])
    const failure = failureOf(all(root, saml, 'v', 1))
    expect(failure).toEqual({ code: 'xml.limit', limit: 'children', max: 1 })
    expect(unwrap(all(root, saml, 'absent', 0))).toEqual([])
  })
})

describe('childElements and hasOwnText', () => {
  it('tell elements from text, and white space from text that means something', () => {
    const root = response(' <a/>\n<b>x</b>\t')
    expect(childElements(root).map(({ local }) => local)).toEqual(['a', 'b'])
    expect(hasOwnText(root)).toBe(false)
    expect(hasOwnText(find(root, 'b'))).toBe(true)
    expect(hasOwnText(response('<a/>.'))).toBe(true)
    expect(hasOwnText(response('<a/>\u00a0'))).toBe(true)
  })
})

describe('leafText', () => {
  it('X20 gives all text of a leaf, and nothing for an empty one', () => {
    expect(unwrap(leafText(rootOf('<NameID>a&amp;b\r\n</NameID>')))).toBe('a&b\n')
    expect(unwrap(leafText(rootOf('<NameID/>')))).toBe('')
    expect(unwrap(leafText(rootOf('<NameID> </NameID>')))).toBe(' ')
  })

  it.each(['a<x/>b', '<x/>a', 'a<x/>', '<x/>', '<x>a</x>'])(
    'X20 refuses %s in a leaf',
    (content) => {
      expect(failureOf(leafText(rootOf(`<NameID>${content}</NameID>`)))).toEqual({
        code: 'xml.mixed_content',
        element: '{}NameID',
        got: '{}x',
      })
      expect(leafText(rootOf('<NameID>ab</NameID>')).ok).toBe(true)
    },
  )
})

describe('attributeOf', () => {
  it('takes only the attribute without a namespace', () => {
    const root = rootOf(`<r xmlns:e="${evil}" e:ID="evil" Id="no" id="no" xml:id="no" ID="_a"/>`)
    expect(attributeOf(root, 'ID')).toBe('_a')
    expect(attributeOf(rootOf(`<r xmlns:e="${evil}" e:ID="evil"/>`), 'ID')).toBeNull()
    expect(attributeOf(root, 'e:ID')).toBeNull()
    expect(attributeOf(rootOf('<r xmlns="urn:x" xmlns:a="urn:y"/>'), 'xmlns')).toBeNull()
  })
})

describe('expandedName', () => {
  it('is the name without its prefix', () => {
    expect(expandedName(rootOf(`<e:r xmlns:e="${evil}"/>`))).toBe('{urn:evil}r')
  })
})
