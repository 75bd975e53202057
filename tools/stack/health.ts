import { setTimeout as wait } from 'node:timers/promises'
import type { Running } from './process.ts'

const timeoutMs = 60_000

/**
 * Waits until a Worker answers 200 at `/healthz`.
 * @throws when its process ends first, or after a minute, with the last answer
 */
export async function waitForHealth(url: string, running: Running): Promise<void> {
  let ended: string | null = null
  void running.ended.then((outcome) => {
    ended = outcome
  })
  let last = 'no answer'
  for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += 100) {
    if (ended !== null) throw new Error(`${running.name} ended with ${ended}:\n${running.tail()}`)
    try {
      const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5000) })
      if (response.status === 200) return
      last = `${response.status} ${(await response.text()).slice(0, 1000)}`
    } catch (error) {
      last = error instanceof Error ? error.message : String(error)
    }
    // wrangler would wait for somebody to mend the source.
    if (running.tail().includes('Build failed')) {
      throw new Error(`${running.name} does not build:\n${running.tail()}`)
    }
    await wait(100)
  }
  throw new Error(`${running.name} is not healthy after a minute: ${last}\n${running.tail()}`)
}
