import { limits, type RandomBytes } from '../kernel/index.ts'
import type { HeldCertificate } from './metadata-refresh.ts'
import type { RefreshState } from './metadata-refresh-store.ts'

/** A tenth of a day: connections that were made together are not asked about together for ever. */
const jitterMs = limits.metadataRefreshMs / 10

/**
 * When metadata that was read is due again: within a day, sooner by up to a tenth, and when a vanished
 * certificate may go before that, then.
 */
export function nextRefreshMs(
  certificates: readonly Pick<HeldCertificate, 'retireAtMs'>[],
  { nowMs, random }: { nowMs: number; random: RandomBytes },
): number {
  const retirements = certificates.flatMap(({ retireAtMs }) =>
    retireAtMs !== null && retireAtMs > nowMs ? [retireAtMs] : [],
  )
  return Math.min(nowMs + limits.metadataRefreshMs - spread(random), ...retirements)
}

/** When metadata that could not be used is tried again: after an hour, then after twice as long each time, up to a day. */
export function nextRetryMs(
  failures: number,
  { nowMs, random }: { nowMs: number; random: RandomBytes },
): number {
  const pauseMs = limits.metadataRetryMs * 2 ** Math.min(failures - 1, 10)
  return pauseMs < limits.metadataRefreshMs
    ? nowMs + pauseMs
    : nowMs + limits.metadataRefreshMs - spread(random)
}

function spread(random: RandomBytes): number {
  const [byte = 0] = random(1)
  return Math.floor((byte / 256) * jitterMs)
}

/** The state of metadata that was read just now. */
export function freshRefresh(nowMs: number, random: RandomBytes): RefreshState {
  const dueAt = nextRefreshMs([], { nowMs, random })
  return { dueAt, checkedAt: nowMs, failure: null, failures: 0, pending: null }
}
