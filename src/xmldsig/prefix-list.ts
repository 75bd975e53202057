import { err, limits, ok, type Result } from '../kernel/index.ts'
import type { XmlElement } from '../xml/index.ts'
import type { DsigFailure, TransformDefect } from './errors.ts'
import { isBlank } from './shape.ts'

export const exclusiveC14n = 'http://www.w3.org/2001/10/xml-exc-c14n#'

const prefix = /^(?:#default|[A-Za-z_][A-Za-z0-9_.-]*)$/

/**
 * The prefixes that an exclusive canonicalization treats inclusively: the one InclusiveNamespaces an
 * element may hold, and nothing else in it (Exclusive XML Canonicalization 4).
 * @returns the prefixes, `#default` among them; `xmldsig.transform` otherwise
 */
export function readPrefixList(method: XmlElement): Result<readonly string[], DsigFailure> {
  const refuse = (reason: TransformDefect) =>
    err<DsigFailure>({ code: 'xmldsig.transform', reason, got: null })
  let list: XmlElement | null = null
  for (const child of method.children) {
    if (isBlank(child)) continue
    if (typeof child === 'string' || list !== null) return refuse('content')
    list = child
  }
  if (list === null) return ok([])
  const [attribute, second] = list.attributes
  if (
    list.uri !== exclusiveC14n ||
    list.local !== 'InclusiveNamespaces' ||
    !list.children.every(isBlank)
  ) {
    return refuse('content')
  }
  if (attribute?.local !== 'PrefixList' || attribute.uri !== '' || second !== undefined) {
    return refuse('prefix_list')
  }
  const prefixes = attribute.value.split(/[ \t\r\n]+/).filter((text) => text !== '')
  if (
    prefixes.length > limits.prefixListLength ||
    new Set(prefixes).size !== prefixes.length ||
    !prefixes.every((text) => prefix.test(text))
  ) {
    return refuse('prefix_list')
  }
  return ok(prefixes)
}
