import { err, ok, type Result } from '../kernel/index.ts'
import { expandedName, type XmlElement } from '../xml/index.ts'
import type { DsigFailure } from './errors.ts'

export const dsigNamespace = 'http://www.w3.org/2000/09/xmldsig#'

const isDsig = (node: XmlElement | string, local: string): node is XmlElement =>
  typeof node !== 'string' && node.local === local && node.uri === dsigNamespace

/** Whether a node is XML white space only. */
export function isBlank(node: XmlElement | string): boolean {
  return typeof node === 'string' && !/[^ \t\r\n]/.test(node)
}

/** The only child of this name in the XML Signature namespace; `xmldsig.cardinality` otherwise. */
export function exactlyOne(parent: XmlElement, local: string): Result<XmlElement, DsigFailure> {
  const found = atMostOne(parent, local)
  if (!found.ok) return found
  if (found.value === null) return err({ code: 'xmldsig.cardinality', element: local, got: 0 })
  return ok(found.value)
}

/** The child of this name, or null; `xmldsig.cardinality` when there are several. */
export function atMostOne(
  parent: XmlElement,
  local: string,
): Result<XmlElement | null, DsigFailure> {
  let found: XmlElement | null = null
  let got = 0
  for (const child of parent.children) {
    if (!isDsig(child, local)) continue
    found = child
    got++
  }
  return got > 1 ? err({ code: 'xmldsig.cardinality', element: local, got }) : ok(found)
}

export type Allowed = {
  /** Names of children in the XML Signature namespace, in the order of the schema. */
  readonly children: readonly string[]
  /** Names of attributes without a namespace. */
  readonly attributes: readonly string[]
}

/**
 * Whatever an element holds beside its allowed children, in their order, and its allowed attributes. How
 * often a child may occur has been checked before, so a missing part is told before a strange one.
 * @returns the failure, or null
 */
export function findUnexpected(element: XmlElement, allowed: Allowed): DsigFailure | null {
  const unexpected = (got: string): DsigFailure => ({
    code: 'xmldsig.unexpected_child',
    parent: element.local,
    got,
  })
  for (const attribute of element.attributes) {
    if (attribute.uri === '' && allowed.attributes.includes(attribute.local)) continue
    return unexpected(`@${expandedName(attribute)}`)
  }
  let last = 0
  for (const child of element.children) {
    if (typeof child === 'string') {
      if (isBlank(child)) continue
      return unexpected('#text')
    }
    const index = child.uri === dsigNamespace ? allowed.children.indexOf(child.local) : -1
    if (index >= last) {
      last = index
      continue
    }
    // A twin in another namespace, or a SignedInfo elsewhere, is there to be taken for the real one.
    const isTwin = allowed.children.includes(child.local) || child.local === 'SignedInfo'
    return index === -1 && isTwin
      ? { code: 'xmldsig.cardinality', element: child.local, got: 2 }
      : unexpected(expandedName(child))
  }
  return null
}
