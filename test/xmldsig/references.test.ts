import { afterEach, describe, expect, it, vi } from 'vitest'
import { assertionTemplate, pin, responseTemplate, verifyIn } from './documents.ts'
import { codeOf } from './expect.ts'
import { rsaPair } from './make-certificate.ts'
import {
  ds,
  dsigMore,
  enveloped,
  exclusive,
  goodTransforms,
  inclusive,
  method,
  type Pieces,
  signDocument,
  transforms,
  xmlenc,
} from './sign-document.ts'

const pair = rsaPair()
const keys = [await pin(pair)]
const sign = (pieces: Partial<Pieces> = {}, xml = assertionTemplate) =>
  signDocument(xml, pair.privateKey, pieces)
const good = sign()

async function judge(xml: string, place: 'assertion' | 'response' = 'assertion') {
  return codeOf(await verifyIn(xml, keys, place))
}

afterEach(() => vi.restoreAllMocks())

describe('the reference', () => {
  it.each([
    ['none', () => ''],
    [
      'two of the same',
      (parts: string, a: string) => `<ds:Reference${a}>${parts}</ds:Reference>`.repeat(2),
    ],
    [
      'a second one elsewhere',
      (parts: string, a: string) =>
        `<ds:Reference${a}>${parts}</ds:Reference><ds:Reference URI="#_r">${parts}</ds:Reference>`,
    ],
    ['31', (parts: string, a: string) => `<ds:Reference${a}>${parts}</ds:Reference>`.repeat(31)],
    [
      'one in a Manifest',
      (parts: string, a: string) =>
        `<ds:Manifest><ds:Reference${a}>${parts}</ds:Reference></ds:Manifest>`,
    ],
  ])('S01 refuses a SignedInfo with references: %s', async (_, reference) => {
    expect(await judge(sign({ reference }))).toBe('xmldsig.cardinality')
    expect(await judge(good)).toBe('ok')
  })

  it.each([
    '',
    '#',
    '_a',
    '#_absent',
    '#_a ',
    ' #_a',
    '#%5Fa',
    '#_a#',
    '#_A',
    '#xpointer(/)',
    "#xpointer(id('_a'))",
    'http://h/#_a',
    'file:///etc/passwd',
    'cid:_a',
    "#_a' or '1",
    '#_a&quot;]|//*[&quot;',
  ])('S02 refuses a Reference to %j', async (uri) => {
    expect(await judge(sign({ uri }))).toBe('xmldsig.reference_target')
    expect(await judge(sign({ uri }, responseTemplate), 'response')).toBe(
      'xmldsig.reference_target',
    )
  })

  it('S02 refuses a Reference without URI, and an element without ID', async () => {
    const reference = (parts: string) => `<ds:Reference>${parts}</ds:Reference>`
    expect(await judge(sign({ reference }))).toBe('xmldsig.reference_target')
    for (const uri of ['', '#', '#_a', '#null']) {
      const empty = sign({ uri }).replace('ID="_a"', 'ID=""')
      expect(await judge(empty)).toBe('xmldsig.reference_target')
      const absent = sign({ uri }).replace('ID="_a"', 'AssertionID="_a"')
      expect(await judge(absent)).toBe('xmldsig.reference_target')
    }
  })

  it('S03 C01 refuses a Reference to nothing with the digest of nothing', async () => {
    const golden = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
    const nothing = sign({ uri: '#_absent', octets: () => '' })
    expect(nothing).toContain(golden)
    expect(await judge(nothing)).toBe('xmldsig.reference_target')
    expect(await judge(sign({ octets: () => '' }))).toBe('xmldsig.digest_mismatch')
  })

  it.each([
    ` Type="${ds}Manifest"`,
    ` Type="${ds}Object"`,
    ` Type="${ds}SignatureProperties"`,
    ' Type=""',
    ' xmlns:e="urn:e" e:URI="#_a"',
    ' Foreign="x"',
  ])('S07 W24 refuses a Reference with %s', async (referenceAttributes) => {
    expect(await judge(sign({ referenceAttributes }))).toBe('xmldsig.unexpected_child')
    expect(await judge(sign({ referenceAttributes: ' Id="_reference"' }))).toBe('ok')
  })

  it.each([
    ['text in the Reference', { digestMethod: `x${method('DigestMethod', `${xmlenc}sha256`)}` }],
    [
      'a foreign child in the Reference',
      { digestMethod: `<e xmlns="urn:e"/>${method('DigestMethod', `${xmlenc}sha256`)}` },
    ],
    ['text in SignedInfo', { signedInfo: (p: string) => `<ds:SignedInfo>${p}x</ds:SignedInfo>` }],
    [
      'properties in SignedInfo',
      { signedInfo: (p: string) => `<ds:SignedInfo>${p}<ds:SignatureProperties/></ds:SignedInfo>` },
    ],
    [
      'text in Signature',
      { signature: (p: string) => `<ds:Signature xmlns:ds="${ds}">${p}x</ds:Signature>` },
    ],
    ['an Object', { keyInfo: '<ds:Object/>' }],
    [
      'a foreign attribute',
      {
        signature: (p: string) => `<ds:Signature xmlns:ds="${ds}" Foreign="x">${p}</ds:Signature>`,
      },
    ],
    [
      'text in Transforms',
      { transforms: goodTransforms.replace('<ds:Transforms>', '<ds:Transforms>x') },
    ],
  ])('S07 refuses %s', async (_, pieces) => {
    expect(await judge(sign(pieces))).toBe('xmldsig.unexpected_child')
  })
})

describe('transforms', () => {
  const env = method('Transform', enveloped)
  const exc = method('Transform', exclusive)
  const c14n = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
  const xslt = '<x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform"/>'

  it.each([
    ['no Transforms', ''],
    ['an empty list', transforms()],
    ['no enveloped', transforms(exc)],
    ['no canonicalization', transforms(env)],
    ['the wrong order', transforms(exc, env)],
    ['enveloped twice', transforms(env, env)],
    ['canonicalization twice', transforms(exc, exc)],
    ['three', transforms(env, env, exc)],
    ['three at the end', transforms(env, exc, exc)],
    ['comments kept', transforms(env, method('Transform', `${exclusive}WithComments`))],
    ['inclusive 1.0', transforms(env, method('Transform', c14n))],
    ['inclusive 1.1', transforms(env, method('Transform', 'http://www.w3.org/2006/12/xml-c14n11'))],
    ['base64', transforms(env, method('Transform', `${ds}base64`))],
    [
      'XPath',
      transforms(
        env,
        method(
          'Transform',
          'http://www.w3.org/TR/1999/REC-xpath-19991116',
          '<ds:XPath>1</ds:XPath>',
        ),
      ),
    ],
    [
      'XPath Filter 2',
      transforms(env, method('Transform', 'http://www.w3.org/2002/06/xmldsig-filter2')),
    ],
    [
      'XSLT',
      transforms(env, method('Transform', 'http://www.w3.org/TR/1999/REC-xslt-19991116', xslt)),
    ],
    ['an unknown one', transforms(env, method('Transform', 'urn:unknown'))],
    ['an algorithm named __proto__', transforms(env, method('Transform', '__proto__'))],
    ['no algorithm', transforms('<ds:Transform/>', exc)],
    ['enveloped with a child', transforms(method('Transform', enveloped, '<ds:X/>'), exc)],
    ['enveloped with text', transforms(method('Transform', enveloped, 'x'), exc)],
    ['a further attribute', transforms(env, exc.replace('Algorithm', 'Foreign="x" Algorithm'))],
  ])('S04 refuses transforms: %s', async (_, steps) => {
    expect(await judge(sign({ transforms: steps }))).toBe('xmldsig.transform')
    expect(await judge(good)).toBe('ok')
  })

  const many = (count: number) => Array.from({ length: count }, (_, i) => `p${i}`).join(' ')

  it.each([
    ['two', inclusive('a') + inclusive('b')],
    ['another namespace', `<e:InclusiveNamespaces xmlns:e="urn:e" PrefixList="a"/>`],
    ['another name', `<e:Inclusive xmlns:e="${exclusive}" PrefixList="a"/>`],
    ['no PrefixList', `<e:InclusiveNamespaces xmlns:e="${exclusive}"/>`],
    [
      'a PrefixList of another namespace',
      `<e:InclusiveNamespaces xmlns:e="${exclusive}" e:PrefixList="a"/>`,
    ],
    ['a further attribute', `<e:InclusiveNamespaces xmlns:e="${exclusive}" PrefixList="a" x="1"/>`],
    [
      'content',
      `<e:InclusiveNamespaces xmlns:e="${exclusive}" PrefixList="a">x</e:InclusiveNamespaces>`,
    ],
    ['text beside', `x${inclusive('a')}`],
    ['text instead', 'x'],
    ['65 prefixes', inclusive(many(65))],
    ['a qualified name', inclusive('a:b')],
    ['a digit first', inclusive('1x')],
    ['#other', inclusive('#other')],
    ['a duplicate', inclusive('xs ds xs')],
  ])('S05 refuses InclusiveNamespaces: %s', async (_, inner) => {
    const exc = method('Transform', exclusive, inner)
    expect(await judge(sign({ transforms: transforms(env, exc) }))).toBe('xmldsig.transform')
    const canonicalizationMethod = method('CanonicalizationMethod', exclusive, inner)
    expect(await judge(sign({ canonicalizationMethod }))).toBe('xmldsig.transform')
  })

  it('S05 refuses InclusiveNamespaces on the enveloped transform', async () => {
    const steps = transforms(method('Transform', enveloped, inclusive('xs')), exc)
    expect(await judge(sign({ transforms: steps }))).toBe('xmldsig.transform')
  })

  it.each(['', 'xs', ' xs\n\txsi ', '#default samlp saml ds xs xsi md', many(64)])(
    'C07 accepts the PrefixList %j',
    async (list) => {
      const prefixes = list.split(/\s+/).filter((prefix) => prefix !== '')
      const steps = transforms(
        env,
        method('Transform', exclusive, inclusive(list.replaceAll('\n', '&#10;'))),
      )
      expect(await judge(sign({ transforms: steps, prefixes }))).toBe('ok')
    },
  )

  it('C12 accepts InclusiveNamespaces on the canonicalization of SignedInfo', async () => {
    const canonicalizationMethod = method(
      'CanonicalizationMethod',
      exclusive,
      inclusive('samlp xs'),
    )
    const signedInfoPrefixes = ['samlp', 'xs']
    expect(await judge(sign({ canonicalizationMethod, signedInfoPrefixes }))).toBe('ok')
    expect(await judge(sign({ canonicalizationMethod }))).toBe('xmldsig.signature_invalid')
  })

  it('C13 accepts a PrefixList whose prefix is declared above the signed element', async () => {
    const xml = assertionTemplate.replace(
      '<samlp:Response ',
      '<samlp:Response xmlns:top="urn:top" ',
    )
    const steps = transforms(env, method('Transform', exclusive, inclusive('top')))
    expect(await judge(sign({ transforms: steps, prefixes: ['top'] }, xml))).toBe('ok')
    expect(await judge(sign({ transforms: steps }, xml))).toBe('xmldsig.digest_mismatch')
  })

  it.each([
    c14n,
    `${c14n}#WithComments`,
    'http://www.w3.org/2006/12/xml-c14n11',
    `${exclusive}WithComments`,
    '',
  ])('S04 refuses to canonicalize SignedInfo with %j', async (uri) => {
    const canonicalizationMethod = method('CanonicalizationMethod', uri)
    expect(await judge(sign({ canonicalizationMethod }))).toBe('xmldsig.algorithm')
  })
})

describe('values', () => {
  const wrap = (name: string, text: string) => `<ds:${name}>${text}</ds:${name}>`
  const spoiled: [string, (value: string) => string][] = [
    ['a child', (v) => `<ds:x/>${v}`],
    ['two runs of text', (v) => `${v.slice(0, 9)}<ds:x/>${v.slice(9)}`],
    ['nothing', () => ''],
    ['white space', () => ' \n'],
    ['a URL-safe alphabet', (v) => `-_${v.slice(2)}`],
    ['junk behind', (v) => `${v}!!!junk`],
    ['text behind the padding', (v) => `${v}AAAA`],
    ['no padding', (v) => v.replace(/=+$/, '')],
    ['trailing bits', (v) => v.replace(/[A-Za-z0-9+/](=+)$/, '/$1')],
    ['a no-break space', (v) => `${v}\u00a0`],
  ]

  it.each(spoiled)('S06 refuses a DigestValue with %s', async (_, spoil) => {
    const digestValue = (digest: string) => wrap('DigestValue', spoil(digest))
    expect(await judge(sign({ digestValue }))).toBe('xmldsig.bad_value')
    expect(await judge(good)).toBe('ok')
  })

  it.each(spoiled)('S06 refuses a SignatureValue with %s', async (_, spoil) => {
    const signatureValue = (value: string) => wrap('SignatureValue', spoil(value))
    expect(await judge(sign({ signatureValue }))).toBe('xmldsig.bad_value')
  })

  it.each([16, 20, 31, 33, 48])('S06 refuses a DigestValue of %i bytes', async (length) => {
    const digestValue = (digest: string) => {
      const bytes = Buffer.concat([Buffer.from(digest, 'base64'), Buffer.alloc(32)])
      return wrap('DigestValue', bytes.subarray(0, length).toString('base64'))
    }
    expect(await judge(sign({ digestValue }))).toBe('xmldsig.bad_value')
  })

  it.each([
    ['<!-- x -->', 'xml.comment'],
    ['<?x y?>', 'xml.processing_instruction'],
    ['<![CDATA[]]>', 'xml.cdata'],
  ])('S06 refuses values with %s at the reader', async (insert, code) => {
    const digestValue = (digest: string) => wrap('DigestValue', insert + digest)
    const signatureValue = (value: string) => wrap('SignatureValue', value + insert)
    expect(await judge(sign({ digestValue }))).toBe(code)
    expect(await judge(sign({ signatureValue }))).toBe(code)
  })

  it('S06 accepts XML white space inside values, character references included', async () => {
    const fold = (value: string) => `\n\t${value.replace(/.{20}/g, '$&&#13;\r\n')} `
    const digestValue = (digest: string) => wrap('DigestValue', fold(digest))
    const signatureValue = (value: string) => wrap('SignatureValue', fold(value))
    expect(await judge(sign({ digestValue, signatureValue }))).toBe('ok')
  })
})

describe('changes after signing', () => {
  const flip = (name: string) => (xml: string) =>
    xml.replace(new RegExp(`(<ds:${name}>)(.)`), (_, tag, c) => tag + (c === 'A' ? 'B' : 'A'))
  const changes: [string, string, (xml: string) => string][] = [
    ['SignatureValue', 'xmldsig.signature_invalid', flip('SignatureValue')],
    ['DigestValue', 'xmldsig.signature_invalid', flip('DigestValue')],
    [
      'SignedInfo',
      'xmldsig.signature_invalid',
      (xml) => xml.replace('<ds:SignedInfo>', '<ds:SignedInfo Id="x">'),
    ],
    [
      'white space in SignedInfo',
      'xmldsig.signature_invalid',
      (xml) => xml.replace('<ds:SignedInfo>', '<ds:SignedInfo> '),
    ],
    [
      'the prefix of SignedInfo',
      'xmldsig.signature_invalid',
      (xml) => xml.replaceAll('ds:', 'dz:').replaceAll(':ds=', ':dz='),
    ],
    ['signed text', 'xmldsig.digest_mismatch', (xml) => xml.replace('ann@', 'amn@')],
    ['a signed attribute', 'xmldsig.digest_mismatch', (xml) => xml.replace('Name="a"', 'Name="b"')],
    [
      'a signed namespace',
      'xmldsig.digest_mismatch',
      (xml) => xml.replace('2001/XMLSchema-instance', '2002/XMLSchema-instance'),
    ],
    ['a signed prefix', 'xmldsig.digest_mismatch', (xml) => xml.replaceAll('xsi', 'xsj')],
    [
      'white space in the assertion',
      'xmldsig.digest_mismatch',
      (xml) => xml.replace('<Subject>', '<Subject> '),
    ],
    [
      'white space before the signature',
      'xmldsig.digest_mismatch',
      (xml) => xml.replace('<ds:Signature ', ' <ds:Signature '),
    ],
    [
      'an added attribute',
      'xmldsig.digest_mismatch',
      (xml) => xml.replace('<Subject>', '<Subject xmlnsfoo="x">'),
    ],
    [
      'an added attribute xmlns.x',
      'xmldsig.digest_mismatch',
      (xml) => xml.replace('<Subject>', '<Subject xmlns.x="x">'),
    ],
    [
      'an added element',
      'xmldsig.digest_mismatch',
      (xml) => xml.replace('<Subject>', '<Subject><x/>'),
    ],
    [
      'a namespace with a quote',
      'xml.bad_namespace',
      (xml) => xml.replace('<Subject>', '<Subject xmlns:a="u&quot; ID=&quot;evil">'),
    ],
  ]

  it.each(changes)('S10 S11 C02 C03 refuses a change of %s', async (_, code, change) => {
    expect(change(good)).not.toBe(good)
    expect(await judge(change(good))).toBe(code)
    expect(await judge(good)).toBe('ok')
  })

  it('S10 accepts what canonicalization evens out: order, quotes, unused declarations', async () => {
    for (const [from, to] of [
      ['ID="_a" Version="2.0"', `Version='2.0'  ID='_a'`],
      ['<Subject>', '<Subject xmlns:unused="urn:unused">'],
      ['<Subject>', '<Subject >'],
      ['ann@', '&#97;nn@'],
    ] as const) {
      expect(good.replace(from, to)).not.toBe(good)
      expect(await judge(good.replace(from, to))).toBe('ok')
    }
  })

  it('S09 does not digest anything under a broken signature', async () => {
    const list = Array.from({ length: 64 }, (_, i) => `${'p'.repeat(90)}${i}`)
    const steps = transforms(
      method('Transform', enveloped),
      method('Transform', exclusive, inclusive(list.join(' '))),
    )
    const expensive = sign({ transforms: steps, prefixes: list })
    const digest = vi.spyOn(crypto.subtle, 'digest')
    const broken = flip('SignatureValue')(expensive)
    expect(await judge(broken)).toBe('xmldsig.signature_invalid')
    expect(digest).not.toHaveBeenCalled()
    expect(await judge(expensive)).toBe('ok')
    expect(digest).toHaveBeenCalledTimes(1)
  })

  it('S09 refuses a SignedInfo of more than 8 KiB before verifying it', async () => {
    const verify = vi.spyOn(crypto.subtle, 'verify')
    const padded = (length: number) => {
      const referenceAttributes = ` Id="${'x'.repeat(length)}"`
      return signDocument(assertionTemplate, pair.privateKey, { referenceAttributes })
    }
    const [signedInfo = ''] = /<ds:SignedInfo>.*<\/ds:SignedInfo>/.exec(padded(0)) ?? []
    const room = 8192 - signedInfo.length - ` xmlns:ds="${ds}"`.length
    expect(await judge(padded(room + 1))).toBe('xmldsig.limit')
    expect(verify).not.toHaveBeenCalled()
    // Writing it out stops at the limit, however long it would become.
    expect(await verifyIn(padded(50_000), keys)).toMatchObject({ failure: { got: 8193 } })
    expect(await judge(padded(room))).toBe('ok')
  })

  it('S09 counts the octets of a SignedInfo rather than its characters', async () => {
    const verify = vi.spyOn(crypto.subtle, 'verify')
    expect(await judge(sign({ referenceAttributes: ` Id="${'é'.repeat(4100)}"` }))).toBe(
      'xmldsig.limit',
    )
    expect(verify).not.toHaveBeenCalled()
    expect(await judge(sign({ referenceAttributes: ` Id="${'é'.repeat(3000)}"` }))).toBe('ok')
  })
})

describe('white space', () => {
  it('is legal between all parts of a signature', async () => {
    const indent = (xml: string) => xml.replace(/></g, '>\r\n\t <')
    const steps = transforms(
      method('Transform', enveloped),
      method('Transform', exclusive, indent(`>${inclusive('xs')}<`).slice(1, -1)),
    )
    const inner = indent(`>${inclusive('samlp')}<`).slice(1, -1)
    const indented = sign({
      transforms: indent(steps),
      prefixes: ['xs'],
      canonicalizationMethod: method('CanonicalizationMethod', exclusive, inner),
      signedInfoPrefixes: ['samlp'],
      reference: (parts, a) =>
        `\n<ds:Reference${a}>${indent(`>${parts}<`).slice(1, -1)}</ds:Reference>`,
      signedInfo: (parts) => `\n<ds:SignedInfo>\n${parts}\n</ds:SignedInfo>\n`,
      keyInfo: '\n<ds:KeyInfo>\n<ds:X509Data>\n</ds:X509Data>\n</ds:KeyInfo>\n',
    })
    expect(await judge(indented)).toBe('ok')
  })
})

describe('KeyInfo', () => {
  const certificate = `<ds:X509Certificate>${pair.certificate.toString('base64')}</ds:X509Certificate>`
  const data = (inner: string) => `<ds:X509Data>${inner}</ds:X509Data>`
  const info = (inner: string) => `<ds:KeyInfo>${inner}</ds:KeyInfo>`

  it.each([
    ['RetrievalMethod', info('<ds:RetrievalMethod URI="https://canary.example/key"/>')],
    [
      'KeyInfoReference',
      info('<k:KeyInfoReference xmlns:k="http://www.w3.org/2009/xmldsig11#" URI="#_r"/>'),
    ],
    ['a loop', '<ds:KeyInfo Id="_k"><ds:RetrievalMethod URI="#_k"/></ds:KeyInfo>'],
    ['garbage for a certificate', info(data('<ds:X509Certificate>!!</ds:X509Certificate>'))],
    [
      'KeyValue',
      info(
        '<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQ==</ds:Modulus><ds:Exponent>AQ==</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>',
      ),
    ],
    [
      'issuer and serial',
      info(
        data(
          '<ds:X509IssuerSerial><ds:X509IssuerName>CN=x</ds:X509IssuerName><ds:X509SerialNumber>1</ds:X509SerialNumber></ds:X509IssuerSerial>',
        ),
      ),
    ],
    ['KeyName', info('<ds:KeyName>x</ds:KeyName>')],
    ['16 certificates', info(data(certificate.repeat(16)))],
    ['nothing', info('')],
  ])('S08 K07 judges as without KeyInfo: %s', async (_, keyInfo) => {
    const fetchSpy = vi.spyOn(globalThis, 'fetch')
    const signed = sign({ keyInfo })
    expect(await judge(signed)).toBe('ok')
    expect(await judge(signed.replace('ann@', 'amn@'))).toBe('xmldsig.digest_mismatch')
    expect(fetchSpy).not.toHaveBeenCalled()
  })

  it.each([17, 1000])('S08 Q04 refuses %i certificates', async (count) => {
    const keyInfo = info(data('<ds:X509Certificate>AA==</ds:X509Certificate>'.repeat(count)))
    expect(await judge(sign({ keyInfo }))).toBe('xmldsig.limit')
  })
})

describe('digest algorithms', () => {
  it.each([
    [`${xmlenc}sha256`, 'sha256'],
    [`${dsigMore}sha384`, 'sha384'],
    [`${xmlenc}sha512`, 'sha512'],
  ])('accepts %s', async (uri, digestHash) => {
    const signed = sign({ digestMethod: method('DigestMethod', uri), digestHash })
    expect(await judge(signed)).toBe('ok')
    expect(await judge(signed.replace('ann@', 'amn@'))).toBe('xmldsig.digest_mismatch')
  })

  it.each([
    [`${ds}sha1`, 'sha1'],
    [`${dsigMore}md5`, 'md5'],
    [`${dsigMore}sha224`, 'sha224'],
    [`${xmlenc}ripemd160`, 'ripemd160'],
    ['', 'sha256'],
    ['__proto__', 'sha256'],
    ['toString', 'sha256'],
    [`${xmlenc}sha256 `, 'sha256'],
    [`${xmlenc}SHA256`, 'sha256'],
  ])('K02 K03 refuses the digest %j', async (uri, digestHash) => {
    const digestMethod = method('DigestMethod', uri)
    expect(await judge(sign({ digestMethod, digestHash }))).toBe('xmldsig.algorithm')
  })

  it('K03 refuses a DigestMethod without Algorithm', async () => {
    expect(await judge(sign({ digestMethod: '<ds:DigestMethod/>' }))).toBe('xmldsig.algorithm')
  })

  it('K04 refuses anything inside DigestMethod', async () => {
    for (const inner of ['<ds:X/>', 'x']) {
      const digestMethod = method('DigestMethod', `${xmlenc}sha256`, inner)
      expect(await judge(sign({ digestMethod }))).toBe('xmldsig.unexpected_child')
    }
  })
})
