import { isCharacter } from './characters.ts'

/** The longest reference that is read, `&#x0010FFFF;` without its first and last character. */
const longest = 10

/**
 * Replaces the five predefined entities and character references, once: `&amp;#65;` becomes `&#65;`
 * (XML 1.0, 4.1 and 4.6).
 * @returns the text, or the offset of the first reference that is none of these
 */
export function decodeReferences(raw: string): string | number {
  let text = ''
  let from = 0
  for (let at = raw.indexOf('&'); at >= 0; at = raw.indexOf('&', from)) {
    const end = raw.indexOf(';', at)
    const character = end < 0 || end - at > longest + 1 ? null : referenced(raw.slice(at + 1, end))
    if (character === null) return at
    text += raw.slice(from, at) + character
    from = end + 1
  }
  return text + raw.slice(from)
}

function referenced(name: string): string | null {
  switch (name) {
    case 'amp':
      return '&'
    case 'lt':
      return '<'
    case 'gt':
      return '>'
    case 'quot':
      return '"'
    case 'apos':
      return "'"
    default:
      return numbered(name)
  }
}

function numbered(name: string): string | null {
  const decimal = /^#[0-9]+$/.test(name)
  if (!decimal && !/^#x[0-9A-Fa-f]+$/.test(name)) return null
  const code = decimal ? Number.parseInt(name.slice(1), 10) : Number.parseInt(name.slice(2), 16)
  return isCharacter(code) ? String.fromCodePoint(code) : null
}
