import { err, ok, parseUtcTime, type Result } from '../kernel/index.ts'
import { attributeOf, type XmlElement } from '../xml/index.ts'
import { samlNamespaces } from './namespaces.ts'
import type { TimeFailure } from './response-failure.ts'
import { isNamed } from './schema.ts'

/**
 * Reading by position from a tree that `checkSchema` has passed, so that what may stand once stands once,
 * and what is text holds nothing else.
 */

export const samlName = (local: string) => ({ uri: samlNamespaces.assertion, local })
export const protocolName = (local: string) => ({ uri: samlNamespaces.protocol, local })
export const signatureName = { uri: samlNamespaces.signature, local: 'Signature' }

type Name = { readonly uri: string; readonly local: string }

/** The direct children of this name, in document order. */
export function childrenOf(parent: XmlElement, name: Name): readonly XmlElement[] {
  const found: XmlElement[] = []
  for (const child of parent.children) {
    if (typeof child !== 'string' && isNamed(child, name)) found.push(child)
  }
  return found
}

/** The one direct child of this name, or null. */
export function childOf(parent: XmlElement, name: Name): XmlElement | null {
  for (const child of parent.children) {
    if (typeof child !== 'string' && isNamed(child, name)) return child
  }
  return null
}

/** The whole text of an element that holds only text. */
export function textOf(element: XmlElement): string {
  const [text] = element.children
  return typeof text === 'string' ? text : ''
}

/** A time attribute in milliseconds since the epoch, null when it is not there; `saml.bad_time` (row P07). */
export function readTime(element: XmlElement, name: string): Result<number | null, TimeFailure> {
  const text = attributeOf(element, name)
  if (text === null) return ok(null)
  const ms = parseUtcTime(text)
  if (ms !== null) return ok(ms)
  return err({ code: 'saml.bad_time', of: `${element.local}/@${name}`, got: text })
}

/** An Issuer: an entity id, and the Format that may say it is none. */
export type Issuer = { readonly value: string; readonly format: string | null }

/** The Issuer of a message or assertion, or null. */
export function readIssuer(parent: XmlElement): Issuer | null {
  const element = childOf(parent, samlName('Issuer'))
  if (element === null) return null
  return { value: textOf(element), format: attributeOf(element, 'Format') }
}
