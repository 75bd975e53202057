import type { tables } from '../db/index.ts'
import type { BrakeReason } from './brake.ts'

/** A run as stored. */
export type RunRow = typeof tables.reconcileRuns.$inferSelect

/** Every step of a run, in the order in which they follow each other. */
export const stepNames = [
  'application',
  'assignments',
  'assigned_groups',
  'judge',
  'differences',
  'lacking',
  'users',
  'newcomers',
  'unbound',
  'unassigned',
  'unseen',
  'members',
  'brake',
  'apply',
  'leave',
  'finish',
  'resolve',
] as const

export type StepName = (typeof stepNames)[number]

/** A group whose members have what it is assigned. */
export type AssignedGroup = { readonly id: string; readonly roles: readonly string[] }

/** A group that is held and is one of the tenant's. */
export type MemberGroup = {
  readonly id: string
  readonly objectId: string
  readonly nameKey: string
  /** When SCIM last changed it. */
  readonly scimAt: number
}

/**
 * What a run needs to go on from where it stands: stored in the batch that takes it there. Only JSON, so that it
 * is the same after it was read again.
 */
export type Cursor = {
  /** Names the batch that stored it: every other statement of that batch looks for it. */
  readonly gate: string
  /** Graph names that are watched; frozen with the first page, as they are in Graph's links. */
  readonly names: readonly string[]
  readonly requiresAssignment: boolean
  /** What rules call the app roles that are switched on, by id. */
  readonly roleNames: Readonly<Record<string, string>>
  /** Graph's link to the next page of what is being read; null for the first. */
  readonly link: string | null
  /** Number of the next row of `reconcile_pages`. */
  readonly page: number
  /** Where a list of our own goes on; empty for the beginning. */
  readonly after: string
  readonly groups: readonly AssignedGroup[]
  /** Users whom Graph could not be asked about yet. */
  readonly again: readonly string[]
  /** Groups whose members are read next. */
  readonly memberGroups: readonly MemberGroup[]
  /** What the next run starts from: stored once all of this one is written. */
  readonly deltaLink: string | null
  /** Whether an admin has let the brake go: what follows is meant, and counts for nothing. */
  readonly released: boolean
  /** How often reading had to begin anew. */
  readonly restarts: number
}

export const firstCursor: Cursor = {
  gate: '',
  names: [],
  requiresAssignment: false,
  roleNames: {},
  link: null,
  page: 0,
  after: '',
  groups: [],
  again: [],
  memberGroups: [],
  deltaLink: null,
  released: false,
  restarts: 0,
}

export type Counts = {
  /** People whom statements of Graph were about. */
  readonly people: number
  readonly changed: number
  readonly deactivated: number
  readonly reactivated: number
  readonly created: number
  readonly memberships: number
  /** Differences that were found, those that are ignored aside. */
  readonly drift: number
  /** Answers of Graph, or pages of people of a re-resolve. */
  readonly pages: number
  /** People who were changed by others each time they were judged: the next run's. */
  readonly left: number
}

export const noCounts: Counts = {
  people: 0,
  changed: 0,
  deactivated: 0,
  reactivated: 0,
  created: 0,
  memberships: 0,
  drift: 0,
  pages: 0,
  left: 0,
}

/** The sums of counts. */
export function addCounts(a: Counts, b: Partial<Counts>): Counts {
  const sums: Record<keyof Counts, number> = { ...a }
  for (const name of Object.keys(noCounts) as (keyof Counts)[]) sums[name] += b[name] ?? 0
  return sums
}

/** Why a run ended without its work: a code of the registry, and what an admin needs beside it. */
export type StoredFailure = { readonly code: string; readonly detail?: string }

export type StoredHold = { readonly reasons: readonly BrakeReason[] }

/** A run with its JSON read. */
export type Run = Omit<RunRow, 'step' | 'cursor' | 'counts' | 'held' | 'failure'> & {
  readonly step: StepName
  readonly cursor: Cursor
  readonly counts: Counts
  readonly held: StoredHold | null
  readonly failure: StoredFailure | null
}

/** Reads what `reconcile_runs` keeps as JSON; what an older version did not store is as it is at first. */
export function readRun(row: RunRow): Run {
  return {
    ...row,
    step: row.step as StepName,
    cursor: { ...firstCursor, ...row.cursor },
    counts: { ...noCounts, ...row.counts },
    held: row.held as StoredHold | null,
    failure: row.failure as StoredFailure | null,
  }
}

/** Statuses of a run that is not over; a held one waits for an admin. */
export const unfinished = ['queued', 'running', 'paused', 'held'] as const
