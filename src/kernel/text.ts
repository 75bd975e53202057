/**
 * The key under which a userName or an email is compared (RFC 7643: caseExact false). SQLite folds
 * ASCII only, so the key is made here and stored in its own column. NFC first: Entra and a browser may
 * send the same name in different compositions.
 */
export function foldCase(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

const unprintable = /[\p{Cc}\p{Cf}\u2028\u2029]/gu

/**
 * A stranger's text made fit for a log line or an event: control, zero-width and direction characters
 * become visible escapes and the length is capped, so it can neither forge lines nor hide.
 * @param maxLength in UTF-16 units
 */
export function printable(text: string, maxLength = 256): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
  return cut.replace(unprintable, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`)
}
