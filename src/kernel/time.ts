const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/
const zero = 0x30

/**
 * Reads a SAML time: xs:dateTime in UTC with `Z` and no other zone (SAML Core 1.3.3). Dates that do not
 * exist, 24:00:00, leap seconds and other spellings are refused; `Date.parse` would guess.
 * @returns milliseconds since the epoch, further digits cut off; null when malformed
 */
export function parseUtcTime(text: string): number | null {
  if (text.length > 30 || !dateTime.test(text)) return null
  const year = numberAt(text, 0, 4)
  const month = numberAt(text, 5, 2)
  const day = numberAt(text, 8, 2)
  const hour = numberAt(text, 11, 2)
  const minute = numberAt(text, 14, 2)
  const second = numberAt(text, 17, 2)
  if (year < 1970 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return null
  const ms = text.charAt(19) === '.' ? numberAt(text.slice(20, -1).padEnd(3, '0'), 0, 3) : 0
  const at = Date.UTC(year, month - 1, day, hour, minute, second, ms)
  const date = new Date(at)
  return date.getUTCDate() === day && date.getUTCMonth() === month - 1 ? at : null
}

/** The number that so many digits from an offset on are. */
function numberAt(text: string, start: number, digits: number): number {
  let number = 0
  for (let i = start; i < start + digits; i++) number = number * 10 + text.charCodeAt(i) - zero
  return number
}

/** Milliseconds since the epoch as ISO 8601 in UTC with milliseconds. */
export function toIso(ms: number): string {
  return new Date(ms).toISOString()
}
