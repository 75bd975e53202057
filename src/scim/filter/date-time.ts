const dateTime =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))?$/i

/**
 * Reads an xsd:dateTime (RFC 7643 2.3.5); without a zone it is UTC.
 * @returns milliseconds since the epoch, further digits cut off; null when it is no date that exists
 */
export function readDateTime(text: string): number | null {
  const match = dateTime.exec(text)
  if (match === null) return null
  const part = (index: number) => Number(match[index] ?? 0)
  const [year, month, day] = [part(1), part(2), part(3)]
  const [hour, minute, second] = [part(4), part(5), part(6)]
  if (year < 1000 || hour > 23 || minute > 59 || second > 59) return null
  if (part(9) > 14 || part(10) > 59) return null
  const ms = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'))
  const at = Date.UTC(year, month - 1, day, hour, minute, second, ms)
  const date = new Date(at)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null
  const offset = (part(9) * 60 + part(10)) * 60_000
  return match[8] === '-' ? at + offset : at - offset
}
