/**
 * The key under which a userName or an email is compared (RFC 7643: caseExact false). SQLite folds
 * ASCII only, so the key is made here and stored in its own column. NFC first: Entra and a browser may
 * send the same name in different compositions.
 */
export function foldCase(text: string): string {
  return normalized(text, 'NFC').toLowerCase()
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

const longRun = /\p{M}{31}/u
const longRuns = /(\p{M}{31,})/u

/**
 * A text in a normal form of Unicode, in time that grows with its length: putting one run of marks into order takes
 * its length squared, which is seconds for a text made so. No script has more than 30 marks on one letter (UAX 15,
 * Stream-Safe Text Format); a longer run stays as it is.
 */
export function normalized(text: string, form: 'NFC' | 'NFD'): string {
  if (!longRun.test(text)) return text.normalize(form)
  const parts = text.split(longRuns)
  return parts.map((part, i) => (i % 2 === 1 ? part : part.normalize(form))).join('')
}
