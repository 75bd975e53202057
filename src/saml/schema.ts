import { childElements, type XmlElement } from '../xml/index.ts'
import type { DsigFailure } from '../xmldsig/index.ts'
import { samlNamespaces } from './namespaces.ts'
import type { SchemaDefect, StructureFailure } from './response-failure.ts'

/** What an element may hold. */
export type Content =
  | { readonly kind: 'text' }
  /** Children in the order of the slots; those of one slot in any order among each other. */
  | { readonly kind: 'elements'; readonly slots: readonly Slot[] }
  /** Text, or one element of the slot, or nothing. */
  | { readonly kind: 'value'; readonly slot: Slot }
  /** Somebody else's: not descended into and never read. */
  | { readonly kind: 'ignored' }
  /** The same, and nothing of SAML may lie in it. */
  | { readonly kind: 'foreign' }
  /** Judged by xmldsig or xmlenc. */
  | { readonly kind: 'opaque' }
  /** Known to the schema, and to nobody here. */
  | { readonly kind: 'unsupported' }

/** How often a child may stand there. How often it has to is for the checks to say. */
export type Slot = readonly (readonly [rule: ElementRule, many: 'once' | 'often'])[]

export type AttributeRule = {
  readonly isRequired: boolean
  readonly allows: (value: string) => boolean
}

export type ElementRule = {
  readonly uri: string
  readonly local: string
  /** Attributes without a namespace. */
  readonly attributes: ReadonlyMap<string, AttributeRule>
  /** Whether attributes of other namespaces may stand there (anyAttribute); they are never read. */
  readonly anyAttribute: boolean
  readonly content: Content
}

type Failure = StructureFailure | DsigFailure

/**
 * Holds an element and everything below it against its rule: exact expanded names, order, cardinality,
 * attributes. Wrapping needs a second place for an element, and a schema leaves none (saml-security 2.2).
 * Descends no deeper than the rules do, whatever the document.
 * @returns the first failure in document order, or null
 */
export function checkSchema(element: XmlElement, rule: ElementRule): Failure | null {
  if (!isNamed(element, rule)) return refuse(element, 'root', element.local)
  return checkAttributes(element, rule) ?? checkContent(element, rule.content)
}

export function isNamed(
  element: XmlElement,
  name: { readonly uri: string; readonly local: string },
): boolean {
  return element.local === name.local && element.uri === name.uri
}

function refuse(element: XmlElement, defect: SchemaDefect, got: string): Failure {
  return { code: 'saml.schema', element: element.local, defect, got }
}

function checkAttributes(element: XmlElement, rule: ElementRule): Failure | null {
  for (const { uri, local, value } of element.attributes) {
    if (uri !== '') {
      if (rule.anyAttribute) continue
      return refuse(element, 'unexpected_attribute', `{${uri}}${local}`)
    }
    const attribute = rule.attributes.get(local)
    if (attribute === undefined) return refuse(element, 'unexpected_attribute', local)
    if (!attribute.allows(value)) return refuse(element, 'bad_attribute', `${local}=${value}`)
  }
  for (const [name, { isRequired }] of rule.attributes) {
    const isThere = element.attributes.some(({ local, uri }) => local === name && uri === '')
    if (isRequired && !isThere) return refuse(element, 'missing_attribute', name)
  }
  return null
}

function checkContent(element: XmlElement, content: Content): Failure | null {
  switch (content.kind) {
    case 'opaque':
      return null
    case 'unsupported':
      return { code: 'saml.unsupported', what: element.local }
    case 'text':
      return checkText(element)
    case 'elements':
      return checkChildren(element, content.slots)
    case 'value':
      return element.children.some((child) => typeof child !== 'string')
        ? checkChildren(element, [content.slot])
        : null
    case 'ignored':
      return checkLodgers(element, isSignature)
    case 'foreign':
      return checkLodgers(element, isOurs)
  }
}

function checkText(element: XmlElement): Failure | null {
  const [child] = childElements(element)
  return child === undefined ? null : refuse(element, 'child_in_text', child.local)
}

/** Content that is not read may be anything except what somebody could later take for the real thing. */
function checkLodgers(
  element: XmlElement,
  isRefused: (child: XmlElement) => boolean,
): Failure | null {
  const child = childElements(element).find(isRefused)
  return child === undefined ? null : refuse(element, 'unexpected_child', child.local)
}

const isSignature = (element: XmlElement) =>
  isNamed(element, { uri: samlNamespaces.signature, local: 'Signature' })

const isOurs = (element: XmlElement) =>
  isSignature(element) ||
  element.uri === samlNamespaces.assertion ||
  element.uri === samlNamespaces.protocol

function checkChildren(element: XmlElement, slots: readonly Slot[]): Failure | null {
  let current = 0
  const seen = new Set<ElementRule>()
  for (const child of element.children) {
    if (typeof child === 'string') {
      if (isBlank(child)) continue
      return refuse(element, 'text', child)
    }
    const place = findPlace(child, slots, current)
    if (place === null || (place.many === 'once' && seen.has(place.rule))) {
      return refuseChild(element, child, seen)
    }
    current = place.index
    seen.add(place.rule)
    const failure = checkSchema(child, place.rule)
    if (failure !== null) return failure
  }
  return null
}

/** The first place from the current slot on that the child may take. */
function findPlace(
  child: XmlElement,
  slots: readonly Slot[],
  from: number,
): { rule: ElementRule; many: 'once' | 'often'; index: number } | null {
  for (let index = from; index < slots.length; index++) {
    for (const [rule, many] of slots[index] ?? []) {
      if (isNamed(child, rule)) return { rule, many, index }
    }
  }
  return null
}

function refuseChild(
  parent: XmlElement,
  child: XmlElement,
  seen: ReadonlySet<ElementRule>,
): Failure {
  const isRepeated = [...seen].some((rule) => isNamed(child, rule))
  if (isRepeated && isSignature(child)) {
    return { code: 'xmldsig.cardinality', element: 'Signature', got: 2 }
  }
  return refuse(parent, isRepeated ? 'repeated_child' : 'unexpected_child', child.local)
}

function isBlank(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!' \t\r\n'.includes(text.charAt(i))) return false
  return true
}
