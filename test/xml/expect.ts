import { expect, it } from 'vitest'
import type { Result } from '../../src/kernel/index.ts'
import {
  type CanonicalizeOptions,
  canonicalize,
  parseXml,
  parseXmlBytes,
  protocolPolicy,
  type XmlDocument,
  type XmlElement,
  type XmlFailure,
  type XmlPolicy,
} from '../../src/xml/index.ts'

/** What is refused, the code it is refused with, and the nearest document without the defect. */
export type Refusal = {
  readonly title: string
  readonly bad: string | Uint8Array
  readonly good: string | Uint8Array
  readonly code: XmlFailure['code']
  readonly policy?: XmlPolicy
}

export function unwrap<T>(result: Result<T, XmlFailure>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.failure)}`)
  return result.value
}

export function failureOf(result: Result<unknown, XmlFailure>): XmlFailure {
  if (result.ok) throw new Error('accepted, should be refused')
  return result.failure
}

export function read(
  source: string | Uint8Array,
  policy: XmlPolicy = protocolPolicy,
): Result<XmlDocument, XmlFailure> {
  return typeof source === 'string' ? parseXml(source, policy) : parseXmlBytes(source, policy)
}

export function rootOf(source: string | Uint8Array, policy?: XmlPolicy): XmlElement {
  return unwrap(read(source, policy)).root
}

/** One test per row: refused with the code, and accepted without the defect in the same run. */
export function refuseAll(rows: readonly Refusal[]): void {
  for (const { title, bad, good, code, policy } of rows) {
    it(title, () => {
      expect(failureOf(read(bad, policy)).code).toBe(code)
      expect(read(good, policy).ok).toBe(true)
    })
  }
}

export function canonical(element: XmlElement, options?: CanonicalizeOptions): string {
  return new TextDecoder().decode(unwrap(canonicalize(element, options)))
}

/** The first element of this local name, in document order. */
export function find(element: XmlElement, local: string): XmlElement {
  const pending = [element]
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    if (next.local === local) return next
    pending.unshift(...next.children.filter((child) => typeof child !== 'string'))
  }
  throw new Error(`no element ${local}`)
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}
