import { type BuildOptions, buildResponse, posted } from '../test/support/saml-builder.ts'

/** A message that is meant to cost much, and what the verifier must say to it. */
export type HostileMessage = {
  /** The row of the threat list that it stands for. */
  readonly row: string
  readonly what: string
  /** `accepted`, or the code of the refusal. */
  readonly expected: string
  /** The body of the POST. */
  readonly body: Uint8Array<ArrayBuffer>
}

type Recipe = readonly [row: string, what: string, expected: string, form: Promise<string> | string]

/** What a message may weigh, less what stands around the hostile part. */
const room = 248 * 1024

const repeat = (count: number, item: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => item(i)).join('')

/** The XML as it is, with a percent escape for each character of base64 that needs one. */
const raw = (xml: string) => posted(xml).form

/** A response in which the hostile part was signed: the Response itself, its Extensions holding it. */
const signed = async (extensionsXml: string, options: BuildOptions = {}) => {
  const response = { extensionsXml: `<samlp:Extensions>${extensionsXml}</samlp:Extensions>` }
  return (await buildResponse({ shape: 'FR', ...options, response })).form
}

/** The same part beside a signed assertion, where nobody signed it. */
const beside = async (extensionsXml: string) => signed(extensionsXml, { shape: 'FA' })

const keyInfo = (count: number) => {
  const inner = '<X509Certificate>AA==</X509Certificate>'.repeat(count)
  return `<KeyInfo><X509Data>${inner}</X509Data></KeyInfo>`
}

const declarations = (count: number) => repeat(count, (i) => ` xmlns:p${i}="urn:x:${i}"`)

/** 61 levels, as many prefixes as may be in scope beside `samlp`, and elements up to the limit. */
function atTheLimits(): string {
  const depth = 61
  const open = `<p0:a${declarations(30)}>${'<p29:a>'.repeat(depth - 1)}`
  const leaves = '<p29:b p0:x=""/>'.repeat(4870)
  return `${open}${leaves}${'</p29:a>'.repeat(depth - 1)}</p0:a>`
}

function recipes(): readonly Recipe[] {
  const nested = repeat(2000, (i) => `<a xmlns:p${i}="urn:${i}">`)
  const attributes = repeat(62, (i) => ` a${i}=""`)
  const wide = `<x:a xmlns:x="urn:x"${attributes}/>`
  const long = room - 1024
  const fill = (item: string) => item.repeat(Math.floor(long / item.length))
  const prefixes = repeat(7000, (i) => `p${i} `)
  const text = (item: string) => `<x:a xmlns:x="urn:x">${item}</x:a>`
  return [
    ['Q01', '2,000 nested declarations', 'xml.limit', raw(`${nested}${'</a>'.repeat(2000)}`)],
    [
      'Q01',
      '2,000 declarations × 2,000 children',
      'xml.limit',
      raw(`<r${declarations(2000)}>${'<p1999:a/>'.repeat(2000)}</r>`),
    ],
    ['Q02', 'signed: 64 levels, 32 prefixes, 5,000 elements', 'accepted', signed(atTheLimits())],
    ['Q03', 'signed: 62 attributes on each element', 'accepted', signed(wide.repeat(340))],
    ['Q03', 'signed: 240 KiB of `&amp;`', 'accepted', signed(text(fill('&amp;')))],
    ['Q03', '240 KiB of one text', 'xml.limit', beside(text('x'.repeat(long)))],
    ['Q03', '240 KiB of `<a/>`', 'xml.limit', raw(`<r>${fill('<a/>')}</r>`)],
    [
      'Q04',
      '1,000 signatures',
      'saml.schema',
      beside('<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'.repeat(1000)),
    ],
    [
      'Q04',
      '1,000 certificates in KeyInfo',
      'xmldsig.limit',
      buildResponse({ sign: { assertion: { keyInfo: keyInfo(1000) } } }).then((b) => b.form),
    ],
    [
      'Q04',
      'a PrefixList of 40 KB',
      'xmldsig.limit',
      buildResponse({ sign: { assertion: { prefixList: prefixes } } }).then((b) => b.form),
    ],
    [
      'Q04',
      'signed: 1,000 other IDs',
      'accepted',
      signed(repeat(1000, (i) => `<x:a xmlns:x="urn:x" ID="_${i}"/>`)),
    ],
    ['Q05', '64,000 levels', 'xml.limit', raw('<a>'.repeat(64_000))],
    ['Q05', '1,000,000 levels', 'saml.body_too_large', raw('<a>'.repeat(1_000_000))],
    ['Q06', 'an endless name', 'xml.limit', raw(`<${'a'.repeat(long)}`)],
    ['Q06', 'a name of colons', 'xml.limit', raw(`<${fill('a:')}/>`)],
    ['Q06', 'space without an end', 'xml.not_well_formed', raw(`<a${' '.repeat(long)}`)],
    [
      'Q06',
      'a namespace of colons',
      'xml.bad_namespace',
      raw(`<a xmlns="a${':'.repeat(60_000)} "/>`),
    ],
    [
      'Q06',
      'a declaration without an end',
      'xml.bad_declaration',
      raw(`<?xml ${fill('version="1.0" ')}`),
    ],
    [
      'Q06',
      'half a DOCTYPE, again and again',
      'xml.not_well_formed',
      raw(`<a>${fill('<!DOCTYP')}`),
    ],
    ['Q06', 'an entity without an end', 'xml.bad_reference', raw(`<a>&${'a'.repeat(long)}</a>`)],
    ['Q06', 'unclosed quotes', 'xml.not_well_formed', raw(`<a ${fill('b="')}`)],
    ['Q06', 'carriage returns', 'xml.not_well_formed', raw(`<a>${'\r'.repeat(60_000)}`)],
    [
      'Q06',
      'a time of 60,000 digits, signed',
      'saml.bad_time',
      buildResponse({ assertion: { authnInstant: `${'9'.repeat(60_000)}Z` } }).then((b) => b.form),
    ],
    ['Q06', 'base64 broken at its end', 'saml.bad_base64', `SAMLResponse=${'A'.repeat(330_001)}`],
  ]
}

/** Q01 to Q06 as whole posted forms: through transport, reader, signature and checks. */
export async function hostileMessages(): Promise<readonly HostileMessage[]> {
  const encoder = new TextEncoder()
  const messages: HostileMessage[] = []
  for (const [row, what, expected, form] of recipes()) {
    messages.push({
      row,
      what,
      expected,
      body: encoder.encode(await form) as Uint8Array<ArrayBuffer>,
    })
  }
  return messages
}
