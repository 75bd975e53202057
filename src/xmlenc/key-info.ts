import { limits, ok, type Result } from '../kernel/index.ts'
import { attributeOf, childElements, expandedName, type XmlElement } from '../xml/index.ts'
import { namespaces } from './algorithms.ts'
import type { XmlencFailure } from './errors.ts'
import { refuseShape } from './read-encrypted.ts'

const { xmlenc, dsig } = namespaces

export const encryptedKey = `{${xmlenc}}EncryptedKey`
const retrievalMethod = `{${dsig}}RetrievalMethod`

/** Descriptions of a key, which are not needed: every key we have is tried. */
const hints: ReadonlySet<string> = new Set([
  `{${dsig}}KeyName`,
  `{${dsig}}KeyValue`,
  `{${dsig}}X509Data`,
  '{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}SecurityTokenReference',
])

/**
 * Whether the KeyInfo of an EncryptedKey only describes a key: keys wrapped in keys, agreements and
 * pointers would be a loop or a fetch.
 * @returns the failure, or null
 */
export function checkKeyHints(keyInfo: XmlElement): XmlencFailure | null {
  const strange = childElements(keyInfo)
    .map(expandedName)
    .find((name) => !hints.has(name))
  return strange === undefined
    ? null
    : { code: 'saml.encryption_shape', detail: `${strange} in KeyInfo` }
}

/**
 * The EncryptedKeys for an EncryptedData, by position: inside its KeyInfo and beside it. Nothing is looked
 * up and nothing fetched; a RetrievalMethod may stand only as an arrow to a key that is beside it anyway,
 * which Shibboleth writes.
 */
export function listEncryptedKeys(
  keyInfo: XmlElement | null,
  siblings: readonly XmlElement[],
): Result<readonly XmlElement[], XmlencFailure> {
  const found = [...siblings]
  const arrows: string[] = siblings.map((key) => `#${attributeOf(key, 'Id') ?? ''}`)
  for (const child of keyInfo === null ? [] : childElements(keyInfo)) {
    const name = expandedName(child)
    if (name === encryptedKey) found.push(child)
    else if (name === retrievalMethod) {
      const uri = attributeOf(child, 'URI') ?? '#'
      const isArrow = uri !== '#' && arrows.includes(uri) && child.children.length === 0
      if (!isArrow) return refuseShape('RetrievalMethod')
    } else if (!hints.has(name)) return refuseShape(`${name} in KeyInfo`)
  }
  const isCountable = found.length > 0 && found.length <= limits.encryptedKeys
  return isCountable ? ok(found) : refuseShape(`${found.length} EncryptedKeys`)
}
