import { scaleLinear } from 'd3-scale'

/** A certificate as far as its place in time matters. All moments are Unix milliseconds. */
export type Dated = {
  readonly sha256: string
  readonly notBeforeMs: number
  readonly notAfterMs: number
  /** When trust is planned to end; null where nothing is planned. */
  readonly retireAtMs: number | null
  /** Since when it is not trusted. */
  readonly retiredAtMs: number | null
}

export type CertificateState =
  | 'trusted'
  | 'ends soon'
  | 'retiring'
  | 'not valid yet'
  | 'expired'
  | 'retired'

const dayMs = 86_400_000

/** From when on an end is said to be soon: long enough to have a new one made and taken over. */
export const soonMs = 30 * dayMs

/** What a certificate is worth now. */
export function stateOf(
  { notBeforeMs, notAfterMs, retireAtMs, retiredAtMs }: Dated,
  nowMs: number,
): CertificateState {
  if (retiredAtMs !== null) return 'retired'
  if (notAfterMs <= nowMs) return 'expired'
  if (notBeforeMs > nowMs) return 'not valid yet'
  if (retireAtMs !== null) return 'retiring'
  return notAfterMs - nowMs <= soonMs ? 'ends soon' : 'trusted'
}

export type Bar = {
  readonly label: string
  readonly state: CertificateState
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Where trust ends before validity does; null where it does not. */
  readonly stopX: number | null
}

export type Timeline = {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly bottom: number
  readonly todayX: number
  readonly ticks: readonly { readonly at: number; readonly label: string }[]
  readonly bars: readonly Bar[]
}

const width = 720
const left = 84
const right = width - 12
const rowHeight = 26
const top = 22
const barHeight = 14

/** How far back and ahead the picture goes at most: one that is valid for a century would hide all others. */
const mostPastMs = 2 * 365 * dayMs
const mostFutureMs = 5 * 365 * dayMs

/**
 * Where the bars, the ticks and today's line of a timeline stand, in units of its view box. What lies outside of
 * the picture is cut at its edge.
 */
export function timelineOf(certificates: readonly Dated[], nowMs: number): Timeline {
  const from = Math.min(nowMs - soonMs, ...certificates.map(({ notBeforeMs }) => notBeforeMs))
  const to = Math.max(nowMs + soonMs, ...certificates.map(({ notAfterMs }) => notAfterMs))
  const domain = [Math.max(from, nowMs - mostPastMs), Math.min(to, nowMs + mostFutureMs)] as const
  const scale = scaleLinear().domain(domain).range([left, right]).clamp(true)
  const place = (ms: number) => Math.round(scale(ms) * 10) / 10
  const bars = certificates.map((one, i): Bar => {
    const start = place(one.notBeforeMs)
    const end = place(one.notAfterMs)
    const stopMs = one.retiredAtMs ?? one.retireAtMs
    return {
      label: one.sha256.slice(0, 8),
      state: stateOf(one, nowMs),
      x: start,
      y: top + i * rowHeight,
      // What is over before the picture begins is still a mark at its edge.
      width: Math.max(2, Math.round((end - start) * 10) / 10),
      height: barHeight,
      stopX: stopMs === null || stopMs >= one.notAfterMs ? null : place(stopMs),
    }
  })
  const bottom = top + certificates.length * rowHeight
  return {
    width,
    height: bottom + 22,
    left,
    right,
    bottom,
    todayX: place(nowMs),
    ticks: months(...domain).map((ms) => ({ at: place(ms), label: monthOf(ms) })),
    bars,
  }
}

/** Beginnings of months in a span, at most seven, as far from each other as half a year divides. */
function months(fromMs: number, toMs: number): readonly number[] {
  const [from, to] = [new Date(fromMs), new Date(toMs)]
  const first = from.getUTCFullYear() * 12 + from.getUTCMonth() + 1
  const last = to.getUTCFullYear() * 12 + to.getUTCMonth()
  const step = [1, 2, 3, 6, 12].find((one) => (last - first) / one < 7) ?? 24
  const begin = Math.ceil(first / step) * step
  const count = Math.max(0, Math.floor((last - begin) / step) + 1)
  return Array.from({ length: count }, (_, i) => monthMs(begin + i * step))
}

/** The beginning of a month, counted since the year 0. */
function monthMs(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12, 1)
}

/** `Nov 2026`. */
function monthOf(ms: number): string {
  const date = new Date(ms)
  const names = 'JanFebMarAprMayJunJulAugSepOctNovDec'
  const at = date.getUTCMonth() * 3
  return `${names.slice(at, at + 3)} ${date.getUTCFullYear()}`
}

/** What the picture says, in a sentence for whoever cannot see it. */
export function summaryOf(certificates: readonly Dated[], nowMs: number): string {
  const counts = new Map<CertificateState, number>()
  for (const one of certificates) {
    const state = stateOf(one, nowMs)
    counts.set(state, (counts.get(state) ?? 0) + 1)
  }
  const parts = [...counts].map(([state, count]) => `${count} ${state}`)
  return `Validity of ${certificates.length} certificates: ${parts.join(', ')}.`
}
