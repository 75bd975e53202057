import { createHash } from 'node:crypto'
import { numberIn, type Sql, textIn } from '../directory/index.ts'

/** What a request is about. */
export const requestKinds = [
  ...(['token', 'delta', 'assignments', 'application', 'members'] as const),
  ...(['group', 'user', 'getMemberGroups', 'batch'] as const),
] as const

export type RequestKind = (typeof requestKinds)[number]

/** `inner`: any request inside a batch; `any`: every request. */
export const faultKinds = [...requestKinds, 'inner', 'any'] as const

export const effects = [
  /** Answers with `status`, and `Retry-After` where it is given. */
  'status',
  /** Answers as it should, but late. */
  'slow',
  /** The connection ends in the middle of the answer. */
  'cut',
  /** Says 200, but is no JSON. */
  'garbage',
  /** The token that was shown ends now. */
  'expired-token',
  /** A nextLink or deltaLink is good for nothing. */
  'resync',
  /** The link to the next page leads to this page again. */
  'replay-page',
  /** Objects stand twice on the page, and half of them on the next one again. */
  'repeat-objects',
  /** Managers stand in mentions of their own beside the rest of a user. */
  'split-objects',
  /** Nothing on the page, and a link to the next. */
  'empty-page',
  /** Assignments are those of the moment when this was switched on. */
  'stale',
] as const

export type Fault = {
  readonly kind: (typeof faultKinds)[number]
  readonly effect: (typeof effects)[number]
  readonly status: number
  /** Seconds or an HTTP date; null: the header is left out. */
  readonly retryAfter: number | string | null
  readonly delayMs: number
  /** Requests that pass before. */
  readonly skip: number
  /** How often it happens; null: until it is removed. */
  readonly count: number | null
  /** Which share of the requests it happens to. */
  readonly share: number
  readonly seed: number
}

export const faultDefaults: Fault = {
  kind: 'any',
  effect: 'status',
  status: 503,
  retryAfter: null,
  delayMs: 1000,
  skip: 0,
  count: null,
  share: 1,
  seed: 1,
}

/** A fault that is switched on: how many requests it met, and how often it happened. */
export type ActiveFault = Fault & {
  readonly id: number
  readonly met: number
  readonly fired: number
}

export function listFaults(sql: Sql): readonly ActiveFault[] {
  return sql.all('SELECT * FROM graph_faults ORDER BY id').map((row) => ({
    ...faultDefaults,
    ...(JSON.parse(textIn(row, 'doc')) as Fault),
    id: numberIn(row, 'id'),
    met: numberIn(row, 'met'),
    fired: numberIn(row, 'fired'),
  }))
}

/** Switches a fault on. With `stale` the assignments of all applications are kept as they are now. */
export function addFault(sql: Sql, fault: Fault): void {
  sql.transaction(() => {
    sql.all('INSERT INTO graph_faults (doc, met, fired) VALUES (?, 0, 0)', JSON.stringify(fault))
    if (fault.effect !== 'stale') return
    sql.all('DELETE FROM stale_assignments')
    sql.all('INSERT INTO stale_assignments SELECT * FROM assignments')
  })
}

/** Switches one fault off, or all. */
export function removeFaults(sql: Sql, id: number | null): void {
  if (id === null) sql.all('DELETE FROM graph_faults')
  else sql.all('DELETE FROM graph_faults WHERE id = ?', id)
}

/**
 * What goes wrong with a request: the first fault that is meant for it and whose turn it is. Given the same
 * requests and seeds it is always the same.
 */
export function nextFault(sql: Sql, kind: RequestKind, isInner: boolean): Fault | null {
  for (const fault of listFaults(sql)) {
    const isMeant =
      fault.kind === 'any' || fault.kind === kind || (isInner && fault.kind === 'inner')
    if (!isMeant) continue
    const fires = isDue(fault)
    sql.all(
      'UPDATE graph_faults SET met = met + 1, fired = fired + ? WHERE id = ?',
      fires ? 1 : 0,
      fault.id,
    )
    if (fires) return fault
  }
  return null
}

function isDue({ met, skip, count, fired, share, seed }: ActiveFault): boolean {
  if (met < skip || (count !== null && fired >= count)) return false
  return share >= 1 || draw(seed, met) < share
}

/** The n-th number of a seed, from 0 up to 1. */
function draw(seed: number, n: number): number {
  return createHash('sha256').update(`${seed} ${n}`).digest().readUInt32BE(0) / 2 ** 32
}
