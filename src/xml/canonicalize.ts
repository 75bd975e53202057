import { type Bytes, err, type Result } from '../kernel/index.ts'
import type { XmlFailure } from './errors.ts'
import type { XmlElement } from './tree.ts'

export type CanonicalizeOptions = {
  /** The InclusiveNamespaces PrefixList; `#default` for the default namespace. */
  readonly prefixes?: readonly string[]
  /** The one descendant left out, as the enveloped signature transform does. */
  readonly without?: XmlElement
}

/** Exclusive canonicalization (signature settled, body to follow). */
export function canonicalize(
  _element: XmlElement,
  _options: CanonicalizeOptions = {},
): Result<Bytes, XmlFailure> {
  return err({ code: 'xml.limit', limit: 'depth', max: 0 })
}
