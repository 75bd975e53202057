import { describe, expect, it } from 'vitest'
import { failureOf, read, refuseAll } from './expect.ts'

describe('one root and nothing around it', () => {
  const rows: readonly [string, string][] = [
    ['two roots', '<a/><a/>'],
    ['two roots with content', '<a></a><b></b>'],
    ['text before the root', 'x<a/>'],
    ['text after the root', '<a/>x'],
    ['a reference after the root', '<a/>&#32;'],
    ['a no-break space after the root', '<a/>\u00a0'],
    ['an end tag after the root', '<a/></a>'],
    ['nothing', ''],
    ['white space only', ' \n\t\r\n'],
    ['a declaration only', '<?xml version="1.0"?>'],
    ['text only', 'SAMLResponse'],
  ]
  refuseAll(
    rows.map(([what, bad]) => ({
      title: `X12 refuses ${what}`,
      bad,
      good: ' \n<a/>\r\n\t',
      code: 'xml.not_well_formed',
    })),
  )
  refuseAll([
    {
      title: 'X12 X15 refuses a comment after the root',
      bad: '<a/><!-- x -->',
      good: '<a/>',
      code: 'xml.comment',
    },
    {
      title: 'X12 X14 refuses an instruction after the root',
      bad: '<a/><?x y?>',
      good: '<a/>',
      code: 'xml.processing_instruction',
    },
  ])
})

describe('tags', () => {
  const rows: readonly [string, string][] = [
    ['an unclosed element', '<a><b></b>'],
    ['an unclosed empty root', '<a>'],
    ['text in an unclosed root', '<a>text'],
    ['mismatched tags', '<a></b>'],
    ['a longer end tag', '<a></ab>'],
    ['a shorter end tag', '<ab></a>'],
    ['an end tag in another case', '<a></A>'],
    ['an end tag with another prefix', '<p:a xmlns:p="urn:x" xmlns:q="urn:x"></q:a>'],
    ['an end tag without its prefix', '<p:a xmlns:p="urn:x"></a>'],
    ['overlapping elements', '<a><b></a></b>'],
    ['an end tag first', '</a><a/>'],
    ['an attribute in an end tag', '<a></a b="c">'],
    ['a slash in an end tag', '<a></a/>'],
    ['a space before the name of an end tag', '<a></ a>'],
    ['a nameless end tag', '<a></>'],
    ['an element without a name', '<a><></></a>'],
    ['a root without a name', '<></>'],
    ['an unquoted value', '<a b=1></a>'],
    ['an attribute without a value', '<a b></a>'],
    ['an attribute without a value in an empty tag', '<a b/>'],
    ['no space between attributes', '<a b="1"c="2"/>'],
    ['a value with unlike quotes', '<a b="1\'/>'],
    ['two values', '<a b="1""2"/>'],
    ['only an equals sign', '<a =""/>'],
    ['two equals signs', '<a b=="1"/>'],
    ['a space before a name', '< a/>'],
    ['a name that starts with a digit', '<1a/>'],
    ['a name that starts with a hyphen', '<-a/>'],
    ['a name that starts with a full stop', '<.a/>'],
    ['a name with a plus', '<a+/>'],
    ['an attribute name that starts with a digit', '<a 1b=""/>'],
    ['no name', '<>'],
    ['a tag in a tag', '<a <b/>/>'],
    ['a slash inside a tag', '<a / b="1">'],
    ['a slash and a space', '<r><a/ ></r>'],
    ['a slash and a letter', '<r><a/x></r>'],
    ['a less-than sign in an attribute', '<a b="<"/>'],
    ['an element in an attribute', '<a b="<c/>"/>'],
    [']]> in text', '<a>]]></a>'],
    [']]> late in text', '<a>x]]]>y</a>'],
    ['a less-than sign in text', '<a>1 < 2</a>'],
    ['another markup declaration', '<a><!FOO></a>'],
    ['a conditional section', '<a><![INCLUDE[x]]></a>'],
    ['CDATA in lower case', '<a><![cdata[x]]></a>'],
    ['a deflated look', '\u007f\u00e9'],
  ]
  refuseAll(
    rows.map(([what, bad]) => ({
      title: `X13 refuses ${what}`,
      bad,
      good: '<a ><b c = "]]>" d=\'">\' ></b >]] > ]]&gt;</a\n>',
      code: 'xml.not_well_formed',
    })),
  )

  const whole = '<p:a xmlns:p="urn:x" b="1">t&amp;u<c/></p:a>'
  it('X13 refuses the document cut off at every place, and reads it whole', () => {
    for (let end = 0; end < whole.length; end++) {
      const { code } = failureOf(read(whole.slice(0, end)))
      expect(['xml.not_well_formed', 'xml.bad_reference', 'xml.bad_namespace']).toContain(code)
    }
    expect(read(whole).ok).toBe(true)
  })

  it('says where and why', () => {
    expect(failureOf(read('<a>\r\n  <b></c>\r\n</a>'))).toEqual({
      code: 'xml.not_well_formed',
      reason: 'mismatched_tag',
      offset: 9,
      line: 2,
      column: 6,
      excerpt: '<a>\\u{a}  <b></c>\\u{a}</a>',
      steps: 11,
    })
  })
})

describe('the reason of a refusal', () => {
  it.each([
    ['<a ', 'unclosed'],
    ['<a b="1" ', 'unclosed'],
    ['<a b="1', 'unclosed'],
    ['<a b="1\'/><c/>', 'unclosed'],
    [`<a b='${'x'.repeat(100_000)}/></a>`, 'unclosed'],
    ['<', 'unclosed'],
    ['< a/>', 'bad_name'],
    ['<></>', 'bad_name'],
    ['<a"/>', 'bad_name'],
    ['<a b="1"c="2"/>', 'bad_attribute'],
  ])('X13 of %.40s is %s, so that an admin knows what to look for', (text, reason) => {
    expect(failureOf(read(text))).toMatchObject({ code: 'xml.not_well_formed', reason })
  })
})
