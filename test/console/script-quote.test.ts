import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bashLiteral, odataLiteral, powershellLiteral } from '../../src/console/script/quote.ts'

/** Names that would run as code, end a text, or look like another one. */
const hostile = [
  "'; Remove-Item -Recurse C:\\; '",
  "Contoso's",
  '$(touch /tmp/owned)',
  '`touch /tmp/owned`',
  '$' + '{IFS}',
  '\u2018; Get-Process; \u2018',
  '\u2019; Get-Process; \u2019',
  '\u201a; Get-Process; \u201a',
  '\u201b; Get-Process; \u201b',
  '\u201c$(Get-Process)\u201d',
  'a\nrm -rf ~',
  'a\r\nRemove-Item',
  '\u202etxt.exe',
  'a\u2066b\u2069',
  '\u2028x\u2029y',
  '#> ; Remove-Item',
  'EOF',
  '\\',
  "\\'",
  "\\'; id; \\'",
  '!!',
  '"; id; "',
  '--',
  '-Start',
  'Зонд',
  'Бета',
  'Zoë 😀',
  '',
  ' ',
  '\t',
  '\u0085',
  '\ud800',
]

const anyText = fc.string({ unit: 'binary', maxLength: 40 })
const nearQuotes = fc
  .array(
    fc.constantFrom("'", '\u2018', '\u2019', '\u201a', '\u201b', '\\', '$', '(', ')', ' ', 'a'),
  )
  .map((list) => list.join(''))

describe('a PowerShell literal', () => {
  it.each(hostile)('is read back as %j', (text) => {
    expect(readPowershell(powershellLiteral(text))).toBe(text)
  })

  it('is read back for any text, and is printable ASCII in every code page', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, nearQuotes), (text) => {
        const written = powershellLiteral(text)
        expect(written).toMatch(/^[\x20-\x7e]+$/)
        expect(readPowershell(written)).toBe(text)
      }),
    )
  })

  it('is plain where the text is', () => {
    expect(powershellLiteral("Contoso's app")).toBe("'Contoso''s app'")
    expect(powershellLiteral('Zoë')).toBe("('Zo' + [char]0x00eb)")
    expect(powershellLiteral('ë')).toBe("('' + [char]0x00eb)")
    expect(powershellLiteral('')).toBe("''")
  })
})

describe('a bash literal', () => {
  it('is what bash gives back, byte by byte, whatever the locale', () => {
    const texts = [...hostile, ...fc.sample(fc.oneof(anyText, nearQuotes), 400)]
    const script = `printf '%s\\0' ${texts.map(bashLiteral).join(' ')}`
    const wanted = texts.map((text) => text.replaceAll('\0', '').toWellFormed())
    for (const locale of ['C', 'C.UTF-8']) {
      const env = { PATH: process.env['PATH'] ?? '', LC_ALL: locale }
      const said = execFileSync('bash', ['-s'], { input: script, env, encoding: 'utf8' })
      expect(said.split('\0').slice(0, -1)).toEqual(wanted)
    }
  })

  it('shows nothing that a reader would not see', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, nearQuotes), (text) => {
        expect(bashLiteral(text)).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]+$/u)
      }),
    )
    expect(bashLiteral("a'b\n\u202e")).toBe("$'a\\047b\\012\\342\\200\\256'")
    expect(bashLiteral('Zoë $(x) `y`')).toBe("'Zoë $(x) `y`'")
  })
})

describe('a text in a filter', () => {
  it('cannot leave its quotes, nor the address', () => {
    expect(odataLiteral("a' or 1 eq 1 &$top=9")).toBe(
      '%27a%27%27%20or%201%20eq%201%20%26%24top%3D9%27',
    )
    fc.assert(
      fc.property(fc.oneof(anyText, nearQuotes), (text) => {
        const written = odataLiteral(text)
        expect(written).toMatch(/^[A-Za-z0-9%._~!*()-]+$/)
        const inner = decodeURIComponent(written).slice(1, -1)
        expect(inner.replaceAll("''", '')).not.toContain("'")
        expect(inner.replaceAll("''", "'")).toBe(text.toWellFormed())
      }),
    )
  })
})

/** PowerShell's quotes of a verbatim text, which are one and the same to it (PowerShell language specification 2.3.5.2). */
const quotes = ["'", '\u2018', '\u2019', '\u201a', '\u201b']

/** What PowerShell makes of the expression: verbatim texts and characters by their code, added up. */
function readPowershell(expression: string): string {
  const inner = /^\((.*)\)$/s.exec(expression)?.[1] ?? expression
  let rest = inner
  let text = ''
  for (let isFirst = true; isFirst || rest !== ''; isFirst = false) {
    if (!isFirst) {
      if (!rest.startsWith(' + ')) throw new Error(`code after a text: ${rest}`)
      rest = rest.slice(3)
    }
    const code = /^\[char\]0x([0-9a-f]{4})/.exec(rest)
    if (code !== null) {
      if (isFirst) throw new Error('a character first would be added as a number')
      text += String.fromCharCode(Number.parseInt(code[1] ?? '', 16))
      rest = rest.slice(code[0].length)
      continue
    }
    if (!quotes.includes(rest.charAt(0))) throw new Error(`code instead of a text: ${rest}`)
    let at = 1
    for (;;) {
      if (at >= rest.length) throw new Error('the text does not end')
      const isQuote = quotes.includes(rest.charAt(at))
      if (isQuote && !quotes.includes(rest.charAt(at + 1))) break
      if (isQuote) at++
      text += rest.charAt(at)
      at++
    }
    rest = rest.slice(at + 1)
  }
  return text
}
