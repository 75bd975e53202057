import { setTimeout as wait } from 'node:timers/promises'
import type { Running } from './process.ts'

const timeoutMs = 120_000

/**
 * Waits until a Worker answers 200 at `/healthz`.
 * @throws when its process ends first, or after two minutes, with the last answer
 */
export async function waitForHealth(url: string, running: Running): Promise<void> {
  let ended: string | null = null
  void running.ended.then((outcome) => {
    ended = outcome
  })
  let last = 'no answer'
  const untilMs = performance.now() + timeoutMs
  while (performance.now() < untilMs) {
    if (ended !== null) throw new Error(`${running.name} ended with ${ended}:\n${running.tail()}`)
    try {
      const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5000) })
      if (response.status === 200) return
      last = `${response.status} ${(await response.text()).slice(0, 1000)}`
    } catch (error) {
      last = error instanceof Error ? error.message : String(error)
    }
    // wrangler would wait for somebody to mend the source.
    const buildError = running.buildError()
    if (buildError !== null) throw new Error(`${running.name} does not build:\n${buildError}`)
    await wait(100)
  }
  throw new Error(`${running.name} is not healthy after two minutes: ${last}\n${running.tail()}`)
}
