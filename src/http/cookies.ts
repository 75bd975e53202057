/** Headers of a browser are far smaller; what is beyond is not looked at. */
const maxCookieHeaderLength = 32 * 1024

/** The cookies of a request by name; of a name given twice, the first. */
export function parseCookies(header: string | null | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>()
  for (const part of (header ?? '').slice(0, maxCookieHeaderLength).split(';')) {
    const equals = part.indexOf('=')
    const name = part.slice(0, equals).trim()
    if (equals > 0 && !cookies.has(name)) cookies.set(name, part.slice(equals + 1).trim())
  }
  return cookies
}
