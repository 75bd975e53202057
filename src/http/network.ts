/**
 * Whom an address is counted for. An IPv6 address counts as its /64, the least that a provider hands out: its
 * owner can send each request from another one. An IPv4 address written as IPv6 (RFC 4291 2.5.5.2) counts as
 * what it is.
 * @param address in any spelling
 * @returns one spelling per network; what is no address, as it is
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const groups = groupsOf(address.toLowerCase())
  if (groups === null) return address
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped) {
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 255])
      .join('.')
  }
  const network = groups.slice(0, 4).map((group) => group.toString(16))
  return `${network.join(':')}::/64`
}

/** The eight groups of an IPv6 address (RFC 4291 2.2); null when it is none. */
function groupsOf(address: string): readonly number[] | null {
  const halves = address.split('::')
  if (halves.length > 2) return null
  const [head, tail] = halves.map(readGroups)
  if (head === undefined || head === null || tail === null) return null
  if (tail === undefined) return head.length === 8 ? head : null
  const missing = 8 - head.length - tail.length
  return missing < 1 ? null : [...head, ...new Array<number>(missing).fill(0), ...tail]
}

function readGroups(half: string): readonly number[] | null {
  if (half === '') return []
  const groups = half.split(':').flatMap((text) => {
    if (/^[0-9a-f]{1,4}$/.test(text)) return [Number.parseInt(text, 16)]
    const [, a, b, c, d] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text) ?? []
    return a === undefined
      ? [Number.NaN]
      : [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)]
  })
  return groups.some(Number.isNaN) ? null : groups
}
