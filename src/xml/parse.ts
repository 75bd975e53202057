import { decodeUtf8, err, limits, type Result } from '../kernel/index.ts'
import { forbiddenCharacter } from './characters.ts'
import { declarationEnd } from './declaration.ts'
import type { XmlReadFailure, XmlRefusal } from './errors.ts'
import { placeOf } from './place.ts'
import { protocolPolicy, type XmlPolicy } from './policy.ts'
import { Reader } from './reader.ts'
import type { XmlDocument } from './tree.ts'

const documentType = /<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i
const byteOrderMark = '\ufeff'

/**
 * Reads a document of a strict subset of XML 1.0 with namespaces: elements, attributes, text, the five
 * entities, character references, an XML declaration. Everything else is a failure.
 * @param text well-formed UTF-16; a lone surrogate is `xml.bad_character`
 */
export function parseXml(
  text: string,
  policy: XmlPolicy = protocolPolicy,
): Result<XmlDocument, XmlReadFailure> {
  const refuse = (refusal: XmlRefusal, at: number, source = text) =>
    err({ ...refusal, ...placeOf(source, at, source.length) })

  if (text.length > limits.metadataBytes) {
    const limit = { code: 'xml.limit', limit: 'length', max: limits.metadataBytes } as const
    return err({ ...limit, ...placeOf('', 0, 0) })
  }
  // Before anything else, and wherever it stands: a reader that goes on has believed the DTD already.
  const doctype = text.includes('<!') ? text.search(documentType) : -1
  if (doctype >= 0) return refuse({ code: 'xml.doctype' }, doctype)
  if (text.startsWith(byteOrderMark) && policy.byteOrderMark === 'refuse')
    return refuse({ code: 'xml.bad_encoding' }, 0)

  const forbidden = forbiddenCharacter(text)
  if (forbidden >= 0) return refuse({ code: 'xml.bad_character' }, forbidden)

  const unmarked = text.startsWith(byteOrderMark) ? text.slice(1) : text
  const normalized = unmarked.includes('\r') ? unmarked.replace(/\r\n?/g, '\n') : unmarked
  const start = declarationEnd(normalized)
  if (typeof start === 'string') return refuse({ code: `xml.${start}` }, 0, normalized)
  return new Reader(normalized, policy).read(start)
}

/**
 * As `parseXml`, from octets that must be UTF-8 without exception (RFC 3629): another reader that repairs
 * `C0 AF` sees another document.
 */
export function parseXmlBytes(
  bytes: Uint8Array,
  policy: XmlPolicy = protocolPolicy,
): Result<XmlDocument, XmlReadFailure> {
  if (isOtherEncoding(bytes)) return err({ code: 'xml.bad_encoding', ...placeOf('', 0, 0) })
  const text = decodeUtf8(bytes)
  if (text !== null) return parseXml(text, policy)
  // Deflated data and other things that are no text at all get the plainer answer.
  if (!startsAsXml(bytes))
    return err({ code: 'xml.not_well_formed', reason: 'no_root', ...placeOf('', 0, 0) })
  return err({ code: 'xml.bad_encoding', ...placeOf('', 0, bytes.length) })
}

/** The byte order marks and first characters of UTF-16, UTF-32, UTF-7 and EBCDIC (XML 1.0, appendix F). */
function isOtherEncoding(bytes: Uint8Array): boolean {
  const [a = 1, b = 1, c = 1, d = 1] = bytes
  if (a === 0 || b === 0 || c === 0 || d === 0) return true
  if ((a === 0xfe && b === 0xff) || (a === 0xff && b === 0xfe)) return true
  return (a === 0x2b && b === 0x41 && c === 0x44) || (a === 0x4c && b === 0x6f && c === 0xa7)
}

function startsAsXml([a, b, c]: Uint8Array): boolean {
  return (
    a === 0x3c ||
    a === 0x20 ||
    a === 0x0a ||
    a === 0x0d ||
    a === 0x09 ||
    (a === 0xef && b === 0xbb && c === 0xbf)
  )
}
