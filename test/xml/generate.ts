/**
 * Generates documents for canonicalization: nested and shadowed namespaces, undeclared defaults,
 * attributes in namespaces, every special character, written in all the ways XML allows. A document is
 * generated as a plan without names, which `write` turns into text with prefixes that are in scope.
 */
import fc from 'fast-check'

export type Plan = {
  readonly local: string
  /** Which of the prefixes in scope the element takes. */
  readonly pick: number
  readonly declared: readonly { readonly prefix: string; readonly uri: string }[]
  readonly attributes: readonly {
    readonly pick: number
    readonly local: string
    readonly value: string
  }[]
  readonly children: readonly (Plan | string)[]
  /** Bits that choose between the ways to write the same thing. */
  readonly style: number
}

// None with an ampersand: libxml2 writes it unescaped into its canonical form, which is then not XML.
const uris = [
  'urn:a',
  'urn:b',
  'http://x.example/?a=1#b',
  'urn:oasis:names:tc:SAML:2.0:assertion',
  'urn:A',
]
const locals = ['a', 'b', 'B', 'Assertion', 'x-1', 'x.1', '_', 'ID', 'constructor']
export const prefixes = ['p', 'q', 'xs', 'Z', 'p1']

const special = [
  '&',
  '<',
  '>',
  '"',
  "'",
  '\t',
  '\n',
  '\r',
  '\r\n',
  ']]>',
  ' ',
  'é',
  'e\u0301',
  '😀',
]
const text = fc
  .array(fc.oneof(fc.constantFrom(...special), fc.constantFrom('x', 'word', '&amp;', '&#65;')), {
    maxLength: 5,
  })
  .map((parts) => parts.join(''))

const declaration = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ prefix: fc.constantFrom(...prefixes), uri: fc.constantFrom(...uris) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ prefix: fc.constant(''), uri: fc.constantFrom('', ...uris) }),
  },
)

const { plan } = fc.letrec<{ plan: Plan; child: Plan | string }>((tie) => ({
  child: fc.oneof({ weight: 2, arbitrary: text }, { weight: 3, arbitrary: tie('plan') }),
  plan: fc.record({
    local: fc.constantFrom(...locals),
    pick: fc.nat(100),
    declared: fc.uniqueArray(declaration, { maxLength: 3, selector: ({ prefix }) => prefix }),
    attributes: fc.array(
      fc.record({ pick: fc.nat(100), local: fc.constantFrom(...locals, 'lang'), value: text }),
      { maxLength: 4 },
    ),
    children: fc.array(tie('child'), { maxLength: 3, depthIdentifier: 'tree' }),
    style: fc.nat(255),
  }),
}))

/** A document, as a plan. */
export const plans: fc.Arbitrary<Plan> = plan

/** A PrefixList of known, unknown and special prefixes. */
export const prefixLists: fc.Arbitrary<readonly string[]> = fc.oneof(
  fc.constant([]),
  fc.uniqueArray(fc.constantFrom(...prefixes, '#default', 'xml', 'nowhere'), { maxLength: 4 }),
)

type Scope = ReadonlyMap<string, string>

/** Writes a plan as XML text. */
export function write(root: Plan): string {
  const declaration = root.style % 3 === 0 ? '<?xml version="1.0" encoding="UTF-8"?>\r\n' : ''
  return declaration + writeElement(root, new Map())
}

function writeElement(plan: Plan, outer: Scope): string {
  const scope = new Map(outer)
  for (const { prefix, uri } of plan.declared) scope.set(prefix, uri)
  const inScope = [...scope].filter(([prefix]) => prefix !== '')
  const [elementPrefix = ''] = inScope[plan.pick % (inScope.length + 1)] ?? []
  const name = qualified(elementPrefix, plan.local)

  const seen = new Set<string>()
  const written = plan.declared.map(({ prefix, uri }) =>
    quoted(prefix === '' ? 'xmlns' : `xmlns:${prefix}`, uri, plan.style),
  )
  for (const { pick, local, value } of plan.attributes) {
    const candidates = [...inScope, ['xml', 'xml'] as const]
    const [prefix = '', uri = ''] =
      local === 'lang' ? ['xml', 'xml'] : (candidates[pick % (candidates.length + 4)] ?? [])
    // xml:ID and the like are no business of this generator: libxml2 gives some of them a meaning.
    const isXml = prefix === 'xml'
    if ((isXml && local !== 'lang') || seen.has(`${uri} ${local}`)) continue
    seen.add(`${uri} ${local}`)
    written.push(quoted(qualified(prefix, local), isXml ? 'en' : value, plan.style + pick))
  }
  const space = plan.style % 5 === 0 ? '\r\n  ' : ' '
  // Declarations need not come first.
  if (plan.style % 2 === 0) written.reverse()
  const tag = `<${name}${written.map((attribute) => space + attribute).join('')}`
  const content = plan.children
    .map((child) =>
      typeof child === 'string' ? writtenText(child, plan.style) : writeElement(child, scope),
    )
    .join('')
  if (content === '' && plan.style % 4 !== 0) return `${tag}${plan.style % 7 === 0 ? ' ' : ''}/>`
  return `${tag}>${content}</${name}${plan.style % 6 === 0 ? '\n' : ''}>`
}

function qualified(prefix: string, local: string): string {
  return prefix === '' ? local : `${prefix}:${local}`
}

/** An attribute with its value in either quotes, characters literal or as references where both are legal. */
function quoted(name: string, value: string, style: number): string {
  const quote = style % 2 === 0 ? '"' : "'"
  const escaped = value
    .replaceAll('&', '&amp;')
    .replaceAll('<', style % 3 === 0 ? '&#60;' : '&lt;')
    .replaceAll(quote, quote === '"' ? '&quot;' : '&apos;')
    .replaceAll('\r', style % 5 < 2 ? '&#13;' : '\r')
    .replaceAll('\n', style % 5 < 3 ? '&#xA;' : '\n')
    .replaceAll('\t', style % 5 < 1 ? '&#x09;' : '\t')
  return `${name}${style % 11 === 0 ? ' = ' : '='}${quote}${escaped}${quote}`
}

function writtenText(value: string, style: number): string {
  return value
    .replaceAll('&', style % 3 === 0 ? '&#x26;' : '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(']]>', ']]&gt;')
    .replaceAll('\r', style % 5 < 2 ? '&#xD;' : '\r')
}
