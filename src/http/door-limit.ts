import type { AppContext } from './context.ts'

/**
 * Whom a request is counted for: the address that it came from, as the edge saw it. An IPv6 address counts
 * as its /64, the least that a provider hands out: its owner can send each request from another one.
 */
export function clientNetwork(c: AppContext): string {
  const address = c.req.header('cf-connecting-ip') ?? 'local'
  if (!address.includes(':') || address.includes('.')) return address
  const [head = '', tail] = address.toLowerCase().split('::', 2)
  const groups = head === '' ? [] : head.split(':')
  // Zeros that were left out, unless they begin after the network.
  while (tail !== undefined && groups.length < 4) groups.push('0')
  return `${groups.slice(0, 4).join(':')}::/64`
}

/**
 * Whether a stranger may knock at this door again: counted per door, subject and network, so an office
 * behind one address can sign in at nine while a flood cannot (DESIGN 2.2, limits on strangers).
 */
export async function mayKnock(c: AppContext, door: string, subject: string): Promise<boolean> {
  const { success } = await c
    .get('deps')
    .doorLimiter.limit({ key: `${door} ${subject} ${clientNetwork(c)}` })
  return success
}
