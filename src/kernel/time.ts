const dateTime = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?Z$/

/**
 * Reads a SAML time: xs:dateTime in UTC with `Z` and no other zone (SAML Core 1.3.3). Dates that do not
 * exist, 24:00:00, leap seconds and other spellings are refused; `Date.parse` would guess.
 * @returns milliseconds since the epoch, further digits cut off; null when malformed
 */
export function parseUtcTime(text: string): number | null {
  const match = text.length <= 30 ? dateTime.exec(text) : null
  if (match === null) return null
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (year < 1970 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return null
  const ms = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3))
  const at = Date.UTC(year, month - 1, day, hour, minute, second, ms)
  const date = new Date(at)
  return date.getUTCDate() === day && date.getUTCMonth() === month - 1 ? at : null
}

/** Milliseconds since the epoch as ISO 8601 in UTC with milliseconds. */
export function toIso(ms: number): string {
  return new Date(ms).toISOString()
}
