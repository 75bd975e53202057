const nameStart = 1
const nameRest = 2

const kinds = new Uint8Array(128)
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_:')
  kinds[letter.charCodeAt(0)] = nameStart | nameRest
for (const other of '0123456789.-') kinds[other.charCodeAt(0)] = nameRest

/** White space of XML: space, tab, line feed, carriage return. */
export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d
}

/** Where the white space that starts at `start` ends; equal to it when there is none. */
export function spaceEnd(text: string, start: number): number {
  let end = start
  while (isSpace(text.charCodeAt(end))) end++
  return end
}

/**
 * Where the Name that starts at `start` ends (XML 1.0, 2.3; ASCII only: `Ａssertion` must never look like
 * `Assertion` to anybody). Equal to `start` when there is none.
 */
export function nameEnd(text: string, start: number): number {
  if (((kinds[text.charCodeAt(start)] ?? 0) & nameStart) === 0) return start
  let end = start + 1
  while (((kinds[text.charCodeAt(end)] ?? 0) & nameRest) !== 0) end++
  return end
}

/** Whether the Name that starts at `start` is this one. */
export function isName(text: string, start: number, name: string): boolean {
  return (
    text.startsWith(name, start) &&
    ((kinds[text.charCodeAt(start + name.length)] ?? 0) & nameRest) === 0
  )
}

const forbidden = /[^\t\n\r -\ufffd]/

/** Where the first character stands that XML 1.0 does not allow (2.2), lone surrogates included; -1 for none. */
export function forbiddenCharacter(text: string): number {
  const control = text.search(forbidden)
  if (text.isWellFormed()) return control
  const surrogate = text.search(/\p{Surrogate}/u)
  return control < 0 ? surrogate : Math.min(control, surrogate)
}

/** Whether a code point is a Char of XML 1.0 (2.2). */
export function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d
  return (
    code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff)
  )
}
