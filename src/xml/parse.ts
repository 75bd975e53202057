import { err, type Result } from '../kernel/index.ts'
import type { XmlReadFailure } from './errors.ts'
import { protocolPolicy, type XmlPolicy } from './policy.ts'
import type { XmlDocument } from './tree.ts'

/** Reads a document (signature settled, body to follow). */
export function parseXml(
  _text: string,
  _policy: XmlPolicy = protocolPolicy,
): Result<XmlDocument, XmlReadFailure> {
  return err(notYet)
}

/** Reads a document from UTF-8 octets (signature settled, body to follow). */
export function parseXmlBytes(
  _bytes: Uint8Array,
  _policy: XmlPolicy = protocolPolicy,
): Result<XmlDocument, XmlReadFailure> {
  return err(notYet)
}

const notYet: XmlReadFailure = {
  code: 'xml.not_well_formed',
  reason: 'no_root',
  offset: 0,
  line: 1,
  column: 1,
  excerpt: '',
  steps: 0,
}
