import { limits } from '../kernel/index.ts'

/**
 * Who keeps naming sessions that there are not is not looked up any more for a while. Only what was not found is
 * counted: an office, or a server that hands on its visitors' cookies, may ask for as many real sessions as
 * it likes.
 */
export function createGuessLimit() {
  const closedUntilMs = new Map<string, number>()

  return {
    /** Whether nothing is looked up for this network now. */
    isClosed(network: string, nowMs: number): boolean {
      return nowMs < (closedUntilMs.get(network) ?? 0)
    },

    /** Counts a session that there was not. */
    async countMiss(limiter: RateLimit, network: string, nowMs: number): Promise<void> {
      const { success } = await limiter.limit({ key: `session ${network}` })
      if (success) return
      closedUntilMs.delete(network)
      closedUntilMs.set(network, nowMs + limits.guesserClosedMs)
      const [oldest] = closedUntilMs.keys()
      if (closedUntilMs.size > limits.guesserEntries && oldest !== undefined) {
        closedUntilMs.delete(oldest)
      }
    },
  }
}

export type GuessLimit = ReturnType<typeof createGuessLimit>
