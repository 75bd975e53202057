import { describe, expect, it } from 'vitest'
import { acceptedFixtures, refusedFixtures } from './fixtures.ts'
import { decryptAssertion, libxml2Verifies, xmldsigjsVerifies } from './opinions.ts'
import { rows } from './rows.ts'
import { subtree, subtrees } from './xsw.ts'

const accepted = acceptedFixtures()
const refused = refusedFixtures()
const known = new Set(rows.map((row) => row.id))

/** xmldsigjs does not render a PrefixList's prefix that only an ancestor of the signed element declares. */
const beyondXmldsigjs = new Set([
  'prefix-list-default-declared',
  'prefix-list-of-response',
  'prefix-list-of-signed-info',
  'prefix-list-ruby',
  'prefix-list-xs',
])

/** The document with its assertion in the clear, and where each signed part can be verified. */
function signedParts(fixture: (typeof accepted)[number]) {
  const isEncrypted = subtrees(fixture.xml, 'EncryptedAssertion').length > 0
  const inside = isEncrypted ? decryptAssertion(fixture.xml) : fixture.xml
  return fixture.params.signed.map(({ part, key }) => {
    const text = part === 'assertion' ? inside : fixture.xml
    const root = part === 'assertion' ? subtree(text, 'Assertion').text : text
    const id = /\sID\s*=\s*["']([^"']+)/.exec(root)?.[1] ?? ''
    return { part, key, text, id }
  })
}

describe('the committed documents', () => {
  it.each(accepted)(
    '$name is signed as its parameters say, by libxml2 and WebCrypto',
    async (f) => {
      for (const { key, text, id } of signedParts(f)) {
        expect(await libxml2Verifies(text, id, key)).toBe(true)
      }
    },
  )

  it.each(accepted.filter((f) => !beyondXmldsigjs.has(f.name)))(
    '$name is signed as its parameters say, by xmldsigjs',
    async (f) => {
      const inAdvice = f.name === 'advice-nested-assertion' ? (['K2'] as const) : []
      const parts = signedParts(f)
      if (parts.some(({ text }) => text !== f.xml)) {
        for (const { text, key } of parts) expect(await xmldsigjsVerifies(text, key)).toBe(true)
        return
      }
      const keys = parts.toSorted((a) => (a.part === 'response' ? -1 : 1)).map(({ key }) => key)
      expect(await xmldsigjsVerifies(f.xml, ...keys, ...inAdvice)).toBe(true)
    },
  )

  it('name rows that exist', () => {
    for (const { params } of [...accepted, ...refused]) {
      for (const id of params.rows) expect(known).toContain(id)
    }
  })

  it('cover every row of what must stay accepted but those of the transport', () => {
    const covered = new Set(accepted.flatMap(({ params }) => params.rows))
    const missing = rows.filter((row) => row.section === '1.11' && !covered.has(row.id))
    expect(missing.map((row) => row.id)).toEqual(['A20'])
  })

  it('hold no line ends that the version control changed', () => {
    const crlf = accepted.find((f) => f.name === 'indented-crlf')
    expect(crlf?.xml.split('\r\n').length).toBeGreaterThan(20)
  })
})
