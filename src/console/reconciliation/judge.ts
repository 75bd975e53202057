import type { Tone } from '../ui/index.ts'
import type { BrakeReason, DriftAnswer, GraphAnswer, RunStatus, RunSummary } from './answers.ts'

/** A state in words, and how it looks. */
export type Verdict = { readonly tone: Tone; readonly text: string }

const statuses: Readonly<Record<RunStatus, Verdict>> = {
  queued: { tone: 'idle', text: 'waits' },
  running: { tone: 'idle', text: 'works' },
  paused: { tone: 'warn', text: 'pauses' },
  held: { tone: 'bad', text: 'held by the brake' },
  done: { tone: 'good', text: 'done' },
  failed: { tone: 'bad', text: 'failed' },
}

/** How a run stands; one that an admin ended is no failure. */
export function runVerdict({ status, failure }: RunSummary): Verdict {
  return failure?.code === 'reconcile.cancelled'
    ? { tone: 'idle', text: 'ended by an admin' }
    : statuses[status]
}

/** What kind of run it is, in words. */
export function runName({ kind, dryRun, full }: RunSummary): string {
  if (kind === 'resolve') return 'Profiles made anew'
  return `${dryRun ? 'Dry run' : 'Run'}${full ? ' over everybody' : ''}`
}

const triggers: Readonly<Record<RunSummary['trigger'], string>> = {
  schedule: 'by the schedule',
  api: 'by an admin',
  mapping: 'after a change of attributes or mapping',
}

export function triggerText({ trigger }: RunSummary): string {
  return triggers[trigger]
}

/** Whether a run goes on by itself, so that it is worth looking again. */
export function isWorking({ status }: Pick<RunSummary, 'status'>): boolean {
  return status === 'queued' || status === 'running' || status === 'paused'
}

const stepTexts: readonly (readonly [step: string, text: string])[] = [
  ['application', 'Reading the application'],
  ['assignments', 'Reading who is assigned'],
  ['assigned_groups', 'Reading the assigned groups'],
  ['judge', 'Comparing the assignments'],
  ['differences', 'Comparing the assignments'],
  ['lacking', 'Comparing the assignments'],
  ['users', 'Reading the users'],
  ['newcomers', 'Reading who is newly assigned'],
  ['unbound', 'Reading who is new here by name'],
  ['unassigned', 'Judging who is no longer assigned'],
  ['unseen', 'Judging who is no longer in the tenant'],
  ['members', 'Comparing the members of groups'],
  ['brake', 'Counting for the safety brake'],
  ['apply', 'Writing what the brake let through'],
  ['leave', 'Writing what the brake let through'],
  ['finish', 'Finishing'],
]

/** How far a run is. Graph does not say how many users there are, so it is told by steps. */
export type Progress = {
  readonly text: string
  /** Null where nobody knows how much is left. */
  readonly value: number | null
  readonly max: number
}

/** Where a run stands, for a progress bar. */
export function progressOf({ step, status, counts, kind }: RunSummary): Progress {
  const max = stepTexts.length
  const people = `${counts['people'] ?? 0} people so far`
  if (!isWorking({ status }) && status !== 'held') return { text: people, value: max, max }
  if (kind === 'resolve') return { text: `Making profiles anew: ${people}`, value: null, max }
  const index = stepTexts.findIndex(([name]) => name === step)
  const text = stepTexts[index]?.[1] ?? step
  return { text: `${text}: ${people}`, value: Math.max(index, 0), max }
}

const kinds: Readonly<Record<string, string>> = {
  attribute_cleared: 'Value cleared in Entra',
  attribute_different: 'Value differs',
  person_missing: 'Person missing here',
  person_unassigned: 'No longer assigned',
  person_deleted: 'Deleted in Entra',
  person_disabled: 'Disabled in Entra',
  membership_missing: 'Member missing here',
  membership_extra: 'Member too many here',
  duplicate_unlinked: 'Same name, not linked',
  value_unusable: 'Value that cannot be used',
  required_missing: 'Required value missing',
  scim_silent: 'SCIM is silent',
}

export function kindText(kind: string): string {
  return kinds[kind] ?? kind
}

/** Kinds that nothing here can repair: only the sources, or an admin who knows. */
export const reportedOnly: readonly string[] = [
  'duplicate_unlinked',
  'value_unusable',
  'required_missing',
  'scim_silent',
]

export function isReportOnly(kind: string): boolean {
  return reportedOnly.includes(kind)
}

/** What an admin may do with a difference. */
export function choices({ state, action, kind }: DriftAnswer): {
  readonly accept: boolean
  readonly dismiss: boolean
} {
  const isOpen = state === 'open'
  return { accept: isOpen && action === 'reported' && !isReportOnly(kind), dismiss: isOpen }
}

/** How a difference stands. */
export function driftVerdict({ state, action }: DriftAnswer): Verdict {
  if (state === 'accepted') return { tone: 'good', text: 'accepted' }
  if (state === 'dismissed') return { tone: 'idle', text: 'dismissed' }
  if (action === 'planned') return { tone: 'warn', text: 'would be repaired' }
  if (action === 'repaired') return { tone: 'good', text: 'repaired' }
  return state === 'open' ? { tone: 'warn', text: 'open' } : { tone: 'idle', text: 'settled' }
}

/** What is too much for the brake, in a sentence. */
export function reasonText({ what, count, people }: BrakeReason): string {
  const [kind = '', ...rest] = what.split(':')
  const name = rest.join(':')
  const of = `${count} of ${people} people within 24 hours`
  if (kind === 'role') return `The role ${name} would be taken from ${of}.`
  if (kind === 'attribute') return `What SCIM sent for ${name} would be replaced for ${of}.`
  return `${of} would be deactivated.`
}

/** A stated or held value as text: JSON where it is no plain value. */
export function plainText(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(', ')
  if (typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value)
  return Object.entries(value)
    .filter(([, one]) => one !== null)
    .map(([name, one]) => `${name}: ${plainText(one) ?? 'nothing'}`)
    .join('; ')
}

/** Whether Graph can be read, and what is in the way. */
export function graphVerdict(graph: GraphAnswer | null, nowMs: number): Verdict {
  if (graph === null) return { tone: 'idle', text: 'not connected' }
  const { expiresAt, check } = graph
  if (expiresAt !== null && new Date(expiresAt).getTime() <= nowMs) {
    return { tone: 'bad', text: 'the credential has expired' }
  }
  if (check === null) return { tone: 'warn', text: 'connected, never checked' }
  return check.ok
    ? { tone: 'good', text: 'connected' }
    : { tone: 'bad', text: 'connected, but something is missing' }
}
