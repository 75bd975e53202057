import { type Bytes, decodeUtf8, hexEncode } from '../kernel/index.ts'
import { type Der, derTag, readDerChildren } from './der.ts'

const attributeNames: ReadonlyMap<string, string> = new Map([
  ['550403', 'CN'],
  ['550405', 'serialNumber'],
  ['550406', 'C'],
  ['550407', 'L'],
  ['550408', 'ST'],
  ['55040a', 'O'],
  ['55040b', 'OU'],
  ['2a864886f70d010901', 'emailAddress'],
  ['0992268993f22c640101', 'UID'],
  ['0992268993f22c640119', 'DC'],
])

function decodeUtf16(bytes: Bytes): string | null {
  if (bytes.length % 2 !== 0) return null
  let text = ''
  for (let i = 0; i < bytes.length; i += 2) {
    text += String.fromCharCode(((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0))
  }
  return text
}

function decodeLatin1(bytes: Bytes): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

function decodeString(der: Der): string | null {
  switch (der.tag) {
    case derTag.utf8String:
      return decodeUtf8(der.content)
    case derTag.bmpString:
      return decodeUtf16(der.content)
    case derTag.printableString:
    case derTag.ia5String:
    case derTag.teletexString:
      return decodeLatin1(der.content)
    default:
      return null
  }
}

function renderValue(der: Der): string {
  const text = decodeString(der)
  if (text === null) return `#${hexEncode(der.bytes)}`
  return text.replace(/[,+"\\<>;]|^[# ]| $/g, (c) => `\\${c}`)
}

/** An OBJECT IDENTIFIER's content as dotted numbers. */
function renderOid(content: Bytes): string {
  const arcs: number[] = []
  let arc = 0
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f)
    if (byte < 0x80) {
      arcs.push(arc)
      arc = 0
    }
  }
  const [first = 0, ...rest] = arcs
  const root = Math.min(2, Math.floor(first / 40))
  return [root, first - root * 40, ...rest].join('.')
}

function renderRelativeName(set: Der): string | null {
  const parts = readDerChildren(set, derTag.set)
  if (parts === null || parts.length === 0) return null
  const texts: string[] = []
  for (const part of parts) {
    const [type, value, more] = readDerChildren(part, derTag.sequence) ?? []
    if (type?.tag !== derTag.oid || value === undefined || more !== undefined) return null
    const name = attributeNames.get(hexEncode(type.content)) ?? renderOid(type.content)
    texts.push(`${name}=${renderValue(value)}`)
  }
  return texts.join('+')
}

/**
 * An X.501 Name as people read it (RFC 4514, last component first); text of unknown kind as `#` and hex.
 * @returns null when it is not a Name
 */
export function renderName(name: Der | undefined): string | null {
  const sets = readDerChildren(name, derTag.sequence)
  if (sets === null) return null
  const texts: string[] = []
  for (const set of sets) {
    const text = renderRelativeName(set)
    if (text === null) return null
    texts.unshift(text)
  }
  return texts.join(',')
}
