/** What a Worker's address is, and how messages name it. */
export type Scheduled = { readonly name: string; readonly url: string }

/**
 * Does what cron does in production: `wrangler dev` never fires it, its local endpoint does.
 * @param everyMs pause between rounds
 * @returns a function that ends it
 */
export function fireSchedules(
  workers: readonly Scheduled[],
  everyMs: number,
  onTrouble: (text: string) => void,
): () => void {
  const timer = setInterval(() => {
    for (const { name, url } of workers) {
      void fireSchedule(url).then((trouble) => {
        if (trouble !== null) onTrouble(`${name}: scheduled work failed: ${trouble}`)
      })
    }
  }, everyMs)
  return () => clearInterval(timer)
}

/** Runs a Worker's `scheduled` handler once. @returns null, or what went wrong */
export async function fireSchedule(url: string): Promise<string | null> {
  try {
    const response = await fetch(`${url}/cdn-cgi/local/scheduled`, {
      signal: AbortSignal.timeout(50_000),
    })
    const text = (await response.text()).slice(0, 200)
    return response.ok ? null : `${response.status} ${text}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
