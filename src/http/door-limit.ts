import type { AppContext } from './context.ts'
import { networkOf } from './network.ts'

/** Whom a request is counted for: the network of the address that it came from, as the edge saw it. */
export function clientNetwork(c: AppContext): string {
  return networkOf(c.req.header('cf-connecting-ip') ?? 'local')
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
