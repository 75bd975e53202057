/** One in so many calls asks the limit, which wrangler.toml sets that much lower: each asks on behalf of all. */
const callsPerQuestion = 10
/** Callers that are remembered; who is forgotten asks with the next call. */
const maxCallers = 1000

/**
 * The limit on calls of one credential. Asking it is a call of its own, so while it says yes only each tenth
 * call of a caller asks; once it says no, each call does until it says yes again.
 */
export function createCallLimit(limiter: RateLimit) {
  const callers = new Map<string, { calls: number; isOpen: boolean }>()

  /** Whether the caller may call now. */
  return async function mayCall(caller: string): Promise<boolean> {
    const known = callers.get(caller) ?? { calls: 0, isOpen: true }
    if (known.isOpen && known.calls % callsPerQuestion !== 0) {
      known.calls++
      return true
    }
    callers.set(caller, known)
    const [oldest] = callers.keys()
    if (callers.size > maxCallers && oldest !== undefined) callers.delete(oldest)
    const { success } = await limiter.limit({ key: `scim ${caller}` })
    known.isOpen = success
    if (success) known.calls++
    return success
  }
}
