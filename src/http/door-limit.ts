import type { AppContext } from './context.ts'

/** The address a request came from, as the edge saw it. */
export function clientAddress(c: AppContext): string {
  return c.req.header('cf-connecting-ip') ?? 'local'
}

/**
 * Whether a stranger may knock at this door again: counted per door, subject and address, so an office
 * behind one address can sign in at nine while a flood cannot (DESIGN 2.2, limits on strangers).
 */
export async function mayKnock(c: AppContext, door: string, subject: string): Promise<boolean> {
  const { success } = await c
    .get('deps')
    .doorLimiter.limit({ key: `${door} ${subject} ${clientAddress(c)}` })
  return success
}
