import { limits, parseUtcTime, type RandomBytes } from '../kernel/index.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const date = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) GMT$/

/**
 * How long to leave Graph alone: what Retry-After says, in seconds or as a date (RFC 9110 10.2.3), and up to
 * a quarter more by chance, so that those who were refused together do not come back together. Without a
 * usable one it is limits.graphPauseMs; who is refused again and again has to wait longer by themselves.
 */
export function pauseMs(
  header: unknown,
  { nowMs, random }: { readonly nowMs: number; readonly random: RandomBytes },
): number {
  const asked = Math.min(
    readRetryAfter(header, nowMs) ?? limits.graphPauseMs,
    limits.graphPauseMaxMs,
  )
  const [high = 0, low = 0] = random(2)
  return Math.ceil(asked * (1 + (high * 256 + low) / 65_536 / 4))
}

function readRetryAfter(header: unknown, nowMs: number): number | null {
  const text = typeof header === 'number' ? String(header) : header
  if (typeof text !== 'string') return null
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1000
  const [, day, name = '', year, time] = date.exec(text.trim()) ?? []
  const month = String(months.indexOf(name) + 1).padStart(2, '0')
  const at = parseUtcTime(`${year}-${month}-${day}T${time}Z`)
  return at === null ? null : Math.max(0, at - nowMs)
}
