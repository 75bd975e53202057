import { describe, expect, it } from 'vitest'
import { leafText, metadataPolicy, protocolPolicy } from '../../src/xml/index.ts'
import { failureOf, find, read, refuseAll, rootOf, unwrap } from './expect.ts'

const good =
  '<Response><Issuer>urn:idp</Issuer><SignedInfo><DigestValue>AAAA</DigestValue></SignedInfo>' +
  '<SignatureValue>BBBB</SignatureValue><NameID>admin@victim.com.evil.com</NameID>' +
  '<Audience>urn:sp</Audience><AttributeValue>x</AttributeValue></Response>'

/** The good document with something in every place an attacker has used. */
function places(inserted: string): readonly [string, string][] {
  const leaves = ['Issuer', 'NameID', 'Audience', 'AttributeValue', 'DigestValue', 'SignatureValue']
  return [
    ...leaves.flatMap((leaf): [string, string][] => [
      [`at the start of ${leaf}`, good.replace(`<${leaf}>`, `<${leaf}>${inserted}`)],
      [`at the end of ${leaf}`, good.replace(`</${leaf}>`, `${inserted}</${leaf}>`)],
    ]),
    ['in the middle of NameID', good.replace('.evil', `${inserted}.evil`)],
    ['in SignedInfo', good.replace('<SignedInfo>', `<SignedInfo>${inserted}`)],
    ['between elements', good.replace('<NameID>', `${inserted}<NameID>`)],
    ['before the root', inserted + good],
    ['after the declaration', `<?xml version="1.0"?>${inserted}${good}`],
  ]
}

function everywhere(row: string, [what, inserted, code]: readonly [string, string, string]) {
  return places(inserted).map(([where, bad]) => ({
    title: `${row} refuses ${what} ${where}`,
    bad,
    good,
    code: code as 'xml.comment',
  }))
}

describe('processing instructions', () => {
  refuseAll(everywhere('X14', ['an instruction', '<?x not-an-?>', 'xml.processing_instruction']))
  refuseAll(
    [
      ['an empty instruction', '<r><??></r>'],
      ['an instruction without data', '<r><?x?></r>'],
      ['an unterminated instruction', '<r><?x </r>'],
      ['a style sheet', '<?xml-stylesheet href="https://canary.example/x.xsl"?><r/>'],
      ['an instruction after the root', '<r/><?x y?>'],
      ['an instruction holding tags', '<r><?x <NameID>admin</NameID> ?></r>'],
    ].map(([what = '', bad = '']) => ({
      title: `X14 refuses ${what}`,
      bad,
      good,
      code: 'xml.processing_instruction',
    })),
  )
})

describe('comments', () => {
  refuseAll(everywhere('X15', ['a comment', '<!-- x -->', 'xml.comment']))
  refuseAll(everywhere('X15', ['an empty comment', '<!---->', 'xml.comment']))
  refuseAll(
    [
      ['a comment in a comment', '<r><!-- -- --></r>'],
      ['an unterminated comment', '<r><!-- </r>'],
      ['a comment after the root', '<r/><!-- x -->'],
      ['a comment holding an element', '<r><!--<NameID>admin</NameID>--></r>'],
    ].map(([what = '', bad = '']) => ({
      title: `X15 refuses ${what}`,
      bad,
      good,
      code: 'xml.comment',
    })),
  )
})

describe('CDATA', () => {
  const inner = places('<![CDATA[x]]>').filter(([where]) => !/root|declaration/.test(where))
  refuseAll(
    [...inner, ['holding a comment end', '<r><![CDATA[-->]]></r>']].map(([where, bad = '']) => ({
      title: `X16 refuses a section ${where}`,
      bad,
      good,
      code: 'xml.cdata',
    })),
  )
  refuseAll(
    [
      ['a split end', '<r><![CDATA[]]]]><![CDATA[>]]></r>'],
      ['an unterminated section', '<r><![CDATA[x</r>'],
      ['a section before the root', '<![CDATA[x]]><r/>'],
      ['a section after the root', '<r/><![CDATA[x]]>'],
    ].map(([what = '', bad = '']) => ({
      title: `X16 refuses ${what}`,
      bad,
      good,
      code: 'xml.cdata',
    })),
  )
  refuseAll([
    {
      title: 'X16 refuses a section in metadata too',
      bad: '<r><![CDATA[x]]></r>',
      good: '<r>x</r>',
      code: 'xml.cdata',
      policy: metadataPolicy,
    },
  ])
})

describe('metadata', () => {
  it('X14 X15 skips comments and instructions without splitting text', () => {
    const source =
      '<?xml version="1.0"?><!-- a --><?b c?><r><id>one<!-- - -->two<?x y?>three</id></r><!----><?z?>'
    const id = find(rootOf(source, metadataPolicy), 'id')
    expect(id.children).toEqual(['onetwothree'])
    expect(unwrap(leafText(id))).toBe('onetwothree')
    expect(failureOf(read(source, protocolPolicy)).code).toBe('xml.comment')
  })

  refuseAll(
    [
      ['X15 refuses a double hyphen in a comment', '<r><!-- a -- b --></r>'],
      ['X15 refuses a comment that ends with three hyphens', '<r><!-- a ---></r>'],
      ['X15 refuses a comment that is its own end', '<r><!--></r>'],
      ['X15 refuses an unterminated comment', '<r><!-- a </r>'],
      ['X14 refuses an instruction without a name', '<r><??></r>'],
      ['X14 refuses an instruction with a space before its name', '<r><? x?></r>'],
      ['X14 refuses an instruction with a bad name', '<r><?x"y?></r>'],
      ['X14 refuses an instruction with a colon in its name', '<r><?a:b c?></r>'],
      ['X14 refuses an unterminated instruction', '<r><?x y</r>'],
    ].map(([title = '', bad = '']) => ({
      title: `${title} in metadata`,
      bad,
      good: '<r><!-- a - b --><?x y="?>z?></r>'.replace('z?>', ''),
      code: 'xml.not_well_formed',
      policy: metadataPolicy,
    })),
  )
  refuseAll([
    {
      title: 'T09 refuses a second declaration in metadata',
      bad: '<!-- a --><?xml version="1.0"?><r/>',
      good: '<!-- a --><r/>',
      code: 'xml.bad_declaration',
      policy: metadataPolicy,
    },
  ])
})
