import { setTimeout as rest } from 'node:timers/promises'
import type { Contender } from './peers.ts'

/** One contender in one round, in milliseconds for one verification. */
export type Round = {
  readonly wallMs: number
  /** What the process spent on all its threads; other programs of the machine do not show in it. */
  readonly cpuMs: number
}

/** Rounds' worth of work before anything is measured. */
const warmUpRounds = 12

/** Long enough for the collector to come to rest, so that nobody pays for the garbage of the one before. */
const restMs = 40

export type Timing = { readonly name: string; readonly rounds: readonly Round[] }

/**
 * Times contenders in interleaved rounds, so that a slow moment of the machine strikes all of them:
 * A B C, A B C, … The median over the rounds is what counts.
 * @param roundMs roughly how much processor time each contender takes in a round
 */
export async function interleavedRounds(
  contenders: readonly Contender[],
  options: { readonly rounds: number; readonly roundMs: number },
): Promise<readonly Timing[]> {
  const lanes: { contender: Contender; repeats: number; rounds: Round[] }[] = []
  for (const contender of contenders) {
    lanes.push({ contender, repeats: await warmUp(contender, options.roundMs), rounds: [] })
  }
  for (let round = 0; round < options.rounds; round++) {
    for (const { contender, repeats, rounds } of lanes) {
      await rest(restMs)
      rounds.push(await timeOnce(contender, repeats))
    }
  }
  return lanes.map(({ contender: { name }, rounds }) => ({ name, rounds }))
}

async function timeOnce(contender: Contender, repeats: number): Promise<Round> {
  const cpu = process.cpuUsage()
  const started = performance.now()
  for (let i = 0; i < repeats; i++) await contender.verify()
  const wallMs = (performance.now() - started) / repeats
  return { wallMs, cpuMs: cpuSince(cpu) / repeats }
}

/** Milliseconds of processor time of the whole process since an earlier reading. */
export function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

/**
 * Lets the compiler settle, and finds how many repeats fill a round. In processor time: on a busy machine
 * half a second can pass with almost nothing done.
 */
async function warmUp(contender: Contender, roundMs: number): Promise<number> {
  let count = 0
  const cpu = process.cpuUsage()
  while (cpuSince(cpu) < roundMs * warmUpRounds) {
    await contender.verify()
    count++
  }
  return Math.max(3, Math.floor(count / warmUpRounds))
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
