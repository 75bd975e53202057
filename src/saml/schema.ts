import { attributeOf, childElements, type XmlElement } from '../xml/index.ts'
import type { DsigFailure } from '../xmldsig/index.ts'
import { samlNamespaces } from './namespaces.ts'
import type { SchemaDefect, StructureFailure } from './response-failure.ts'
import type { Content, ElementRule, Place } from './schema-rule.ts'

type Failure = StructureFailure | DsigFailure

/**
 * Holds an element and everything below it against its rule: exact expanded names, order, cardinality,
 * attributes. Wrapping needs a second place for an element, and a schema leaves none (saml-security 2.2).
 * Descends no deeper than the rules do, whatever the document.
 * @returns the first failure in document order, or null
 */
export function checkSchema(element: XmlElement, rule: ElementRule): Failure | null {
  if (!isNamed(element, rule)) return refuse(element, 'root', element.local)
  return checkNamed(element, rule)
}

/** As `checkSchema`, for an element whose name was looked up in the rule. */
function checkNamed(element: XmlElement, rule: ElementRule): Failure | null {
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
  let required = 0
  for (const { uri, local, value } of element.attributes) {
    if (uri !== '') {
      if (rule.anyAttribute) continue
      return refuse(element, 'unexpected_attribute', `{${uri}}${local}`)
    }
    const attribute = rule.attributes.get(local)
    if (attribute === undefined) return refuse(element, 'unexpected_attribute', local)
    if (!attribute.allows(value)) return refuse(element, 'bad_attribute', `${local}=${value}`)
    if (attribute.isRequired) required++
  }
  // No attribute stands twice in a tree, so the number says that all are there.
  return required === rule.requiredCount ? null : refuseMissing(element, rule)
}

function refuseMissing(element: XmlElement, rule: ElementRule): Failure {
  const missing = [...rule.attributes].find(
    ([name, { isRequired }]) => isRequired && attributeOf(element, name) === null,
  )
  return refuse(element, 'missing_attribute', missing?.[0] ?? '')
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
      return checkChildren(element, content.places)
    case 'value':
      return element.children.some((child) => typeof child !== 'string')
        ? checkChildren(element, content.places)
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

function checkChildren(element: XmlElement, places: readonly Place[]): Failure | null {
  let first = 0
  let taken = 0
  for (const child of element.children) {
    if (typeof child === 'string') {
      if (isBlank(child)) continue
      return refuse(element, 'text', child)
    }
    const index = findPlace(child, places, first)
    const place = places[index]
    const isTaken = (taken & (1 << index)) !== 0
    if (place === undefined || (isTaken && !place.isRepeatable)) {
      const isRepeated = (taken & (1 << findPlace(child, places, 0))) !== 0
      return refuseChild(element, child, isRepeated)
    }
    first = place.first
    taken |= 1 << index
    const failure = checkNamed(child, place.rule)
    if (failure !== null) return failure
  }
  return null
}

/** Index of the place that the child may take, or of none when there is no such place. */
function findPlace(child: XmlElement, places: readonly Place[], first: number): number {
  let index = first
  for (; index < places.length; index++) {
    const place = places[index]
    if (place !== undefined && isNamed(child, place.rule)) break
  }
  return index
}

function refuseChild(parent: XmlElement, child: XmlElement, isRepeated: boolean): Failure {
  if (isRepeated && isSignature(child)) {
    return { code: 'xmldsig.cardinality', element: 'Signature', got: 2 }
  }
  return refuse(parent, isRepeated ? 'repeated_child' : 'unexpected_child', child.local)
}

function isBlank(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code !== 0x20 && code !== 0x0a && code !== 0x09 && code !== 0x0d) return false
  }
  return true
}
