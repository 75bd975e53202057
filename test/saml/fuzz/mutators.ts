/**
 * Mutators that know what a signed document is made of: they move, copy, remove, rename, split and graft
 * where bypasses were found before (saml-security 1.2 to 1.6), and now and then change nothing that counts.
 */
import { context, evilNameId, ns } from '../../support/saml-builder.ts'
import { evil } from '../../support/xsw.ts'
import {
  contains,
  copyOf,
  elementsIn,
  localName,
  type Placed,
  parseRaw,
  type RawElement,
  type RawNode,
  writeRaw,
} from './raw-tree.ts'

/** Numbers that choose: the same ones make the same mutation of the same document. */
export type Dice = { readonly a: number; readonly b: number; readonly c: number }

export type Workpiece = {
  readonly nodes: RawNode[]
  /** Another document that the same key signed, of another person. */
  readonly donor: RawNode[]
}

type Mutator = (work: Workpiece, dice: Dice) => void

function pick<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(list.length, 1)]
}

const important = new Set([
  ...['Response', 'Assertion', 'EncryptedAssertion', 'Signature', 'SignedInfo', 'Reference'],
  ...['DigestValue', 'SignatureValue', 'Subject', 'NameID', 'Issuer', 'Conditions', 'KeyInfo'],
  ...['SubjectConfirmationData', 'AttributeStatement', 'Attribute', 'AttributeValue', 'Audience'],
])

/** An element: two times of three one that matters. */
function some(nodes: RawNode[], number: number): Placed | undefined {
  const all = elementsIn(nodes)
  const kept = all.filter(({ element }) => important.has(localName(element)))
  return number % 3 === 0 ? pick(all, number >> 2) : (pick(kept, number >> 2) ?? pick(all, number))
}

function insert(siblings: RawNode[], node: RawNode, number: number): void {
  siblings.splice(number % (siblings.length + 1), 0, node)
}

function detach({ element, siblings }: Placed): void {
  siblings.splice(siblings.indexOf(element), 1)
}

/** The element with a forger's person in it. */
function forged(element: RawElement): RawElement {
  const [copy] = parseRaw(evil(writeRaw([element])))
  return typeof copy === 'object' ? copy : copyOf(element)
}

const locals = [
  ...important,
  ...['Extensions', 'Advice', 'Object', 'Manifest', 'StatusDetail', 'assertion', 'Status', 'x'],
]
const prefixes = ['', 'samlp', 'saml', 'ds', 'evil', 'xml', 'xmlns', 'xs', 'xsi', 'ns0']
const namespaces = [
  ...[ns.protocol, ns.assertion, ns.dsig, ns.xenc, ns.excC14n, ns.xsi, '', 'urn:example:evil'],
  'urn:oasis:names:tc:SAML:1.0:assertion',
]
const attributeNames = [
  ...['ID', 'Id', 'id', 'xml:id', 'samlp:ID', 'URI', 'Algorithm', 'InResponseTo', 'Destination'],
  ...[
    'Name',
    'NameFormat',
    'FriendlyName',
    'Method',
    'Recipient',
    'NotOnOrAfter',
    'Format',
    'Type',
  ],
  ...['Version', 'IssueInstant', 'xsi:type', 'xsi:nil', 'PrefixList', 'xmlns', '__proto__'],
]
const values = [
  ...['', '#', evilNameId, 'Success', context.requestId, context.acsUrl, context.idpEntityId],
  ...[
    `#${context.assertionId}`,
    `#${context.responseId}`,
    context.assertionId,
    '9999-01-01T00:00:00Z',
  ],
  ...['http://www.w3.org/2000/09/xmldsig#rsa-sha1', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
  ...['http://www.w3.org/2000/09/xmldsig#hmac-sha1', 'xs saml samlp ds #default', '&#10;', '&lt;'],
]
const splitters = [
  ...[
    '<!---->',
    '<!-- x -->',
    '<?x y?>',
    '<![CDATA[]]>',
    '<![CDATA[x]]>',
    '<x/>',
    ' ',
    '\n',
    '\r\n',
  ],
  ...['&#13;', '&#x200b;', '&amp;', '&nbsp;', '&#0;', ']]>', '\u00a0', '\ufeff', 'A', '='],
]

/** A text node of the document with its list, if there is any. */
function someText(nodes: RawNode[], number: number): { siblings: RawNode[]; index: number } | null {
  const texts = elementsIn(nodes).flatMap(({ element }) =>
    element.children.flatMap((child, index) =>
      typeof child === 'string' ? [{ siblings: element.children, index }] : [],
    ),
  )
  return pick(texts, number) ?? null
}

const editText = (change: (text: string, dice: Dice) => string): Mutator => {
  return ({ nodes }, dice) => {
    const found = someText(nodes, dice.a)
    const text = found?.siblings[found.index]
    if (found !== null && typeof text === 'string') found.siblings[found.index] = change(text, dice)
  }
}

const onElement = (change: (element: RawElement, dice: Dice) => void): Mutator => {
  return ({ nodes }, dice) => {
    const found = some(nodes, dice.a)
    if (found !== undefined) change(found.element, dice)
  }
}

const onAttribute = (change: (element: RawElement, index: number, dice: Dice) => void): Mutator =>
  onElement((element, dice) => {
    if (element.attributes.length > 0) change(element, dice.b % element.attributes.length, dice)
  })

export const mutators = {
  move: ({ nodes }, { a, b, c }) => {
    const from = some(nodes, a)
    const to = some(nodes, b)?.element
    if (from === undefined || to === undefined || contains(from.element, to)) return
    detach(from)
    insert(to.children, from.element, c)
  },
  clone: ({ nodes }, { a, b, c }) => {
    const from = some(nodes, a)
    if (from !== undefined)
      insert(some(nodes, b)?.element.children ?? nodes, copyOf(from.element), c)
  },
  cloneForged: ({ nodes }, { a, b, c }) => {
    const from = some(nodes, a)
    if (from === undefined) return
    insert(some(nodes, b)?.element.children ?? nodes, forged(from.element), c)
  },
  forgedBeside: ({ nodes }, { a, b }) => {
    const from = some(nodes, a)
    if (from === undefined) return
    const at = from.siblings.indexOf(from.element) + (b % 2)
    from.siblings.splice(at, 0, forged(from.element))
  },
  forgeInPlace: ({ nodes }, { a, b, c }) => {
    const from = some(nodes, a)
    if (from === undefined) return
    from.siblings[from.siblings.indexOf(from.element)] = forged(from.element)
    insert(some(nodes, b)?.element.children ?? nodes, from.element, c)
  },
  remove: ({ nodes }, { a }) => {
    const from = some(nodes, a)
    if (from !== undefined) detach(from)
  },
  swap: ({ nodes }, { a, b }) => {
    const siblings = some(nodes, a)?.siblings ?? nodes
    const [i, j] = [a % siblings.length, b % siblings.length]
    const [x, y] = [siblings[i], siblings[j]]
    if (x === undefined || y === undefined) return
    siblings[i] = y
    siblings[j] = x
  },
  wrap: ({ nodes }, { a, b }) => {
    const from = some(nodes, a)
    if (from === undefined) return
    const prefix = /^[^:]*:/.exec(from.element.name)?.[0] ?? ''
    const name = prefix + (pick(locals, b) ?? 'x')
    const shell = { name, attributes: [], space: '', isEmpty: false, children: [from.element] }
    from.siblings[from.siblings.indexOf(from.element)] = shell
  },
  unwrap: ({ nodes }, { a }) => {
    const from = some(nodes, a)
    if (from === undefined) return
    from.siblings.splice(from.siblings.indexOf(from.element), 1, ...from.element.children)
  },
  graft: ({ nodes, donor }, { a, b, c }) => {
    const from = some(donor, a)
    if (from !== undefined)
      insert(some(nodes, b)?.element.children ?? nodes, copyOf(from.element), c)
  },
  exchange: ({ nodes, donor }, { a, b }) => {
    const to = some(nodes, a)
    if (to === undefined) return
    const twins = elementsIn(donor).filter(({ element }) => element.name === to.element.name)
    const twin = pick(twins, b)
    if (twin !== undefined) to.siblings[to.siblings.indexOf(to.element)] = copyOf(twin.element)
  },
  renameElement: onElement((element, { b }) => {
    const prefix = /^[^:]*:/.exec(element.name)?.[0] ?? ''
    element.name = prefix + (pick(locals, b) ?? 'x')
  }),
  changePrefix: onElement((element, { b }) => {
    const prefix = pick(prefixes, b) ?? ''
    element.name = prefix === '' ? localName(element) : `${prefix}:${localName(element)}`
  }),
  swapNamespace: ({ nodes }, { a, b }) => {
    const all = elementsIn(nodes).flatMap(({ element }) => element.attributes)
    const declaration = pick(
      all.filter(({ name }) => /^xmlns(:|$)/.test(name)),
      a,
    )
    if (declaration !== undefined) declaration.value = pick(namespaces, b) ?? ''
  },
  declare: onElement((element, { b, c }) => {
    const prefix = pick(prefixes, b) ?? ''
    const name = prefix === '' ? 'xmlns' : `xmlns:${prefix}`
    element.attributes.push({ name, value: pick(namespaces, c) ?? '', quote: '"' })
  }),
  renameAttribute: onAttribute((element, index, { c }) => {
    const attribute = element.attributes[index]
    if (attribute !== undefined) attribute.name = pick(attributeNames, c) ?? 'x'
  }),
  changeAttribute: onAttribute((element, index, { c }) => {
    const attribute = element.attributes[index]
    if (attribute !== undefined) attribute.value = pick(values, c) ?? ''
  }),
  addAttribute: onElement((element, { b, c }) => {
    const name = pick(attributeNames, b) ?? 'x'
    element.attributes.push({ name, value: pick(values, c) ?? '', quote: '"' })
  }),
  duplicateAttribute: onAttribute((element, index, { c }) => {
    const attribute = element.attributes[index]
    if (attribute === undefined) return
    const value = c % 2 === 0 ? attribute.value : (pick(values, c >> 1) ?? '')
    element.attributes.push({ ...attribute, value })
  }),
  removeAttribute: onAttribute((element, index) => {
    element.attributes.splice(index, 1)
  }),
  reorderAttributes: onAttribute((element, index) => {
    element.attributes.push(...element.attributes.splice(index, 1))
  }),
  requote: onAttribute((element, index) => {
    const attribute = element.attributes[index]
    if (attribute !== undefined && !/["']/.test(attribute.value)) {
      attribute.quote = attribute.quote === '"' ? "'" : '"'
    }
  }),
  spaceInTag: onElement((element, { b }) => {
    element.space = pick([' ', '\n', '\t', '\r\n', ''], b) ?? ''
  }),
  spaceBetween: ({ nodes }, { a, b, c }) => {
    const siblings = some(nodes, a)?.element.children ?? nodes
    insert(siblings, pick([' ', '\n', '\r\n', '\t'], b) ?? ' ', c)
  },
  collapse: onElement((element) => {
    if (element.children.length === 0) element.isEmpty = !element.isEmpty
  }),
  splitText: editText((text, { b, c }) => {
    const at = b % (text.length + 1)
    return text.slice(0, at) + (pick(splitters, c) ?? '') + text.slice(at)
  }),
  referText: editText((text, { b, c }) => {
    const at = b % Math.max(text.length, 1)
    const code = text.charCodeAt(at)
    if (Number.isNaN(code) || text.includes('&')) return text
    const reference = c % 2 === 0 ? `&#${code};` : `&#x${code.toString(16)};`
    return text.slice(0, at) + reference + text.slice(at + 1)
  }),
  flipText: editText((text, { b, c }) => {
    const at = b % Math.max(text.length, 1)
    return text.slice(0, at) + (pick([...'aZ09+/=@. '], c) ?? '') + text.slice(at + 1)
  }),
  forgeText: editText((text) => evil(text)),
  strayMarkup: ({ nodes }, { a, b, c }) => {
    const markup = pick([...splitters, '<!DOCTYPE r>', '<?xml version="1.0"?>'], b) ?? ''
    insert(some(nodes, a)?.element.children ?? nodes, markup, c)
  },
} as const satisfies Record<string, Mutator>

export type MutatorName = keyof typeof mutators
export const mutatorNames = Object.keys(mutators) as MutatorName[]
