import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkReturnTo } from '../../../src/saml/return-to.ts'
import { cases } from '../../support/cases.ts'

const policy = {
  publicUrl: 'https://sp.example',
  appOrigins: ['https://app.example', 'https://admin.example:8443', 'http://localhost:3000'],
}

describe('where a browser may be sent', () => {
  const accepted: readonly [given: string, result: string][] = [
    ['/', 'https://sp.example/'],
    ['/reports?year=2026&q=a%20b#top', 'https://sp.example/reports?year=2026&q=a%20b#top'],
    ['/next?url=https://evil.example', 'https://sp.example/next?url=https://evil.example'],
    ['/a/../b', 'https://sp.example/b'],
    ['/suche?q=Größe', 'https://sp.example/suche?q=Gr%C3%B6%C3%9Fe'],
    ['/／evil.example', 'https://sp.example/%EF%BC%8Fevil.example'],
    ['https://sp.example/console', 'https://sp.example/console'],
    ['HTTPS://SP.EXAMPLE/console', 'https://sp.example/console'],
    ['https://app.example', 'https://app.example/'],
    ['https://app.example:443/deep/link', 'https://app.example/deep/link'],
    ['https://admin.example:8443/x', 'https://admin.example:8443/x'],
    ['http://localhost:3000/x', 'http://localhost:3000/x'],
  ]
  it.each(accepted)('P15 positive control: %j is followed', (given, result) => {
    expect(checkReturnTo(given, policy)).toBe(result)
  })

  const refused: readonly [name: string, given: string][] = [
    ['another host', 'https://evil.example/'],
    ['a host without a scheme', '//evil.example'],
    ['three slashes', '///evil.example'],
    ['slash and backslash', '/\\evil.example'],
    ['two backslashes', '\\\\evil.example'],
    ['a backslash later on', '/a\\..\\..\\\\evil.example'],
    ['a tab between the slashes', '/\t/evil.example'],
    ['a line feed between the slashes', '/\n/evil.example'],
    ['a script', 'javascript:alert(1)'],
    ['a script in capitals', 'JaVaScRiPt:alert(1)'],
    ['a script behind a path-like start', 'javascript://sp.example/%0aalert(1)'],
    ['data', 'data:text/html,<script>alert(1)</script>'],
    ['a blob of an allowed origin', 'blob:https://app.example/0b5a'],
    ['our host as a user name', 'https://sp.example@evil.example/'],
    ['credentials before an allowed host', 'https://user:secret@app.example/'],
    ['a password before an allowed host', 'https://:secret@app.example/'],
    ['a user name before an allowed host', 'https://evil.example@app.example/'],
    ['CRLF and a header', '/x\r\nSet-Cookie: a=b'],
    ['encoded slashes', '%2f%2fevil.example'],
    ['encoded slashes after a slash', '/%2f%2fevil.example'],
    ['an encoded backslash after a slash', '/%5cevil.example'],
    ['a dot segment that leaves two slashes', '/.//evil.example'],
    ['dot segments that leave two slashes', '/x/..//evil.example'],
    ['an encoded dot segment', '/%2e//evil.example'],
    ['two slashes on an allowed origin', 'https://app.example//evil.example'],
    ['a scheme without slashes', 'https:evil.example'],
    ['a scheme with one slash', 'https:/evil.example'],
    ['a scheme with three slashes', 'https:///evil.example'],
    ['http to a host allowed by https', 'http://app.example/'],
    ['another port', 'https://app.example:8443/'],
    ['a longer host', 'https://app.example.evil.example/'],
    ['a host that ends like ours', 'https://evilapp.example/'],
    ['a host with a trailing dot', 'https://app.example./'],
    ['a relative path', 'reports'],
    ['a dot path', './reports'],
    ['a query', '?x=1'],
    ['a fragment', '#x'],
    ['nothing', ''],
    ['a space in front', ' /reports'],
    ['a zero-width space', '/\u200b/evil.example'],
    ['a no-break space', '/a\u00a0b'],
    ['a lone surrogate', '/\ud800'],
    ['an allowed host in full-width letters', 'https://ａpp.example.evil.example/'],
    ['full-width slashes', '／／evil.example'],
    ['the literal null', 'null'],
    ['an opaque origin', 'about:blank'],
    ['more than 2048 characters', `/${'a'.repeat(2048)}`],
  ]
  it.each(refused)('P15 %s is not followed', (_name, given) => {
    expect(checkReturnTo(given, policy)).toBeNull()
  })

  it('P15 positive control: 2048 characters are followed', () => {
    expect(checkReturnTo(`/${'a'.repeat(2047)}`, policy)).not.toBeNull()
  })

  it('P15 an allow-listed opaque origin never matches', () => {
    expect(checkReturnTo('data:text/html,x', { ...policy, appOrigins: ['null'] })).toBeNull()
  })

  it('P15 whatever is followed, a browser ends at an allowed origin', () => {
    const piece = fc.constantFrom(
      ...[
        '/',
        '\\',
        '//',
        ':',
        '@',
        '.',
        '..',
        '%2f',
        '%5c',
        '%2e',
        '\t',
        '\n',
        '\r',
        ' ',
        '?',
        '#',
      ],
      ...['https', 'http', 'javascript', 'blob', 'sp.example', 'app.example', 'evil.example'],
      ...['localhost:3000', 'x', '[::1]', ';', '&', '\u200b', '／'],
    )
    const start = fc.constantFrom('', '', '/', '/x', 'https://app.example', 'https://sp.example/')
    const rest = fc.array(fc.oneof({ weight: 6, arbitrary: piece }, fc.string({ maxLength: 3 })), {
      maxLength: 8,
    })
    const allowed = [policy.publicUrl, ...policy.appOrigins]
    let followed = 0
    fc.assert(
      fc.property(start, rest, (first, pieces) => {
        const given = first + pieces.join('')
        const result = checkReturnTo(given, policy)
        if (result === null) return
        followed++
        const resolved = new URL(result, policy.publicUrl)
        expect(allowed).toContain(resolved.origin)
        expect(['https:', 'http:']).toContain(resolved.protocol)
        // Also when a caller forgets the origin and sends only the path.
        const path = new URL(resolved.pathname + resolved.search, policy.publicUrl)
        expect(path.origin).toBe('https://sp.example')
        // And the given text itself goes nowhere else.
        expect(new URL(given, policy.publicUrl).origin).toBe(resolved.origin)
      }),
      { numRuns: cases(5000) },
    )
    expect(followed).toBeGreaterThan(cases(200))
  })
})
