import type { Contender } from './peers.ts'

export type Timing = {
  readonly name: string
  readonly medianMs: number
  readonly rounds: readonly number[]
}

/**
 * Times contenders in interleaved rounds, so that a slow moment of the machine strikes all of them:
 * A B C, A B C, … The median over the rounds is what counts.
 * @param roundMs roughly how long each contender runs in a round
 */
export async function interleavedRounds(
  contenders: readonly Contender[],
  options: { readonly rounds: number; readonly roundMs: number },
): Promise<readonly Timing[]> {
  const repeats = new Map<Contender, number>()
  for (const contender of contenders)
    repeats.set(contender, await warmUp(contender, options.roundMs))
  const times = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]))
  for (let round = 0; round < options.rounds; round++) {
    for (const contender of contenders) {
      const count = repeats.get(contender) ?? 1
      const started = performance.now()
      for (let i = 0; i < count; i++) await contender.verify()
      times.get(contender)?.push((performance.now() - started) / count)
    }
  }
  return contenders.map((contender) => {
    const rounds = times.get(contender) ?? []
    return { name: contender.name, medianMs: median(rounds), rounds }
  })
}

/** Lets the compiler settle, and finds how many repeats fill a round. */
async function warmUp(contender: Contender, roundMs: number): Promise<number> {
  let count = 0
  const started = performance.now()
  while (performance.now() - started < roundMs * 2) {
    await contender.verify()
    count++
  }
  return Math.max(5, Math.floor(count / 2))
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
