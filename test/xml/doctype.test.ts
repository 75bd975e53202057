import { describe, expect, it } from 'vitest'
import { metadataPolicy } from '../../src/xml/index.ts'
import { failureOf, read, refuseAll } from './expect.ts'

const good = '<r><NameID>ann@contoso.com</NameID></r>'
const laughs = Array.from({ length: 10 }, (_, i) =>
  i === 0 ? '<!ENTITY l0 "lol">' : `<!ENTITY l${i} "${`&l${i - 1};`.repeat(10)}">`,
).join('')

const rows: readonly [string, string][] = [
  ['X01 refuses a bare DOCTYPE', '<!DOCTYPE r><r/>'],
  ['X01 refuses a DOCTYPE after a declaration', '<?xml version="1.0"?><!DOCTYPE r><r/>'],
  ['X01 refuses an internal subset', '<!DOCTYPE r [<!ELEMENT r ANY>]><r/>'],
  ['X01 refuses SYSTEM', '<!DOCTYPE r SYSTEM "https://canary.example/x.dtd"><r/>'],
  ['X01 refuses PUBLIC', '<!DOCTYPE r PUBLIC "-//X//Y" "https://canary.example/x.dtd"><r/>'],
  ['X01 refuses lower case', '<!doctype r><r/>'],
  ['X01 refuses mixed case', '<!DocType r><r/>'],
  ['X01 refuses a DOCTYPE after a comment', '<!-- a --><!DOCTYPE r><r/>'],
  ['X01 refuses a DOCTYPE after an instruction', '<?x y?><!DOCTYPE r><r/>'],
  ['X01 refuses a DOCTYPE inside the root', '<r><!DOCTYPE r></r>'],
  ['X01 refuses a DOCTYPE after the root', '<r/><!DOCTYPE r>'],
  ['X01 refuses a DOCTYPE after a broken tag', '<r <!DOCTYPE r>'],
  ['X02 refuses a parameter entity', '<!DOCTYPE f [<!ENTITY % x SYSTEM "https://canary">%x;]><r/>'],
  [
    'X02 refuses a general entity in a NameID',
    '<!DOCTYPE f [<!ENTITY e SYSTEM "file:///etc/passwd">]><r><NameID>&e;</NameID></r>',
  ],
  ['X03 refuses billion laughs', `<!DOCTYPE r [${laughs}]><r>&l9;</r>`],
  [
    'X03 refuses quadratic blow-up',
    `<!DOCTYPE r [<!ENTITY a "${'a'.repeat(50_000)}">]><r>${'&a;'.repeat(1000)}</r>`,
  ],
  ['X04 refuses an entity as ID', '<!DOCTYPE r [<!ENTITY e "_a">]><r ID="&e;"/>'],
  [
    'X05 refuses a comment hidden in a system identifier (CVE-2025-25291)',
    "<!DOCTYPE response SYSTEM 'x\"><!--'><r><![CDATA[-->]]></r><!--]]>-->",
  ],
  [
    'X06 refuses a namespace by ATTLIST (CVE-2025-25292)',
    '<!DOCTYPE r [<!ATTLIST Signature xmlns CDATA #FIXED "http://www.w3.org/2000/09/xmldsig#">]><r/>',
  ],
  ['X06 refuses a default attribute', '<!DOCTYPE r [<!ATTLIST r ID CDATA "_a">]><r/>'],
  [
    'X06 refuses an attribute made an ID',
    '<!DOCTYPE r [<!ATTLIST r foo ID #IMPLIED>]><r foo="_a"/>',
  ],
  ['X06 refuses an ATTLIST on its own', '<r><!ATTLIST r foo ID #IMPLIED></r>'],
  ['X06 refuses an ENTITY on its own', '<r><!ENTITY e "x"></r>'],
]

describe('document type declarations', () => {
  for (const policy of [undefined, metadataPolicy]) {
    const suffix = policy === undefined ? '' : ' in metadata too'
    refuseAll(
      rows.map(([title, bad]) => ({
        title: title + suffix,
        bad,
        good,
        code: 'xml.doctype',
        ...(policy === undefined ? {} : { policy }),
      })),
    )
  }

  it('X02 knows no XInclude: the element is one like any other', () => {
    const include =
      '<r xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///x"/></r>'
    expect(read(include).ok).toBe(true)
  })

  it('X03 spends no more than one look at each character', () => {
    const bomb = `<!DOCTYPE r [${laughs}]><r>&l9;</r>`
    const failure = failureOf(read(bomb))
    expect('steps' in failure && failure.steps).toBeLessThanOrEqual(bomb.length)
  })
})
