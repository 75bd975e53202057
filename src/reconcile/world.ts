import type { Database, tables } from '../db/index.ts'
import type { GraphClient, TokenCache } from '../graph/index.ts'
import type { Clock, KeyRing, RandomBytes } from '../kernel/index.ts'
import type { DriftKind } from './drift.ts'
import type { BrakeUse } from './plan-types.ts'

/** What runs have of their surroundings. */
export type ReconcileWorld = {
  readonly db: Database
  readonly clock: Clock
  readonly random: RandomBytes
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly keyRing: KeyRing
  readonly loginUrl: string
  readonly graphUrl: string
  /** One per isolate. */
  readonly tokens: TokenCache
  readonly budget: BudgetLimits
}

/** What one invocation may spend; a Worker has no more (limits.ts). */
export type BudgetLimits = {
  /** Requests to Graph. */
  readonly requests: number
  /** Statements of D1, each of a batch counted. */
  readonly statements: number
  readonly wallMs: number
}

export type Run = typeof tables.reconcileRuns.$inferSelect

/** The steps of a run, in their order; `resolve` is the only one of a re-resolve. */
export const runSteps = [
  'application',
  'assignments',
  'groups',
  'users',
  'unseen',
  'assigned',
  'unassigned',
  'memberships',
  'judge',
  'apply',
  'finish',
] as const

export type RunStep = (typeof runSteps)[number] | 'resolve'

/** A group of the tenant whose direct members are read. */
export type ReadGroup = {
  readonly objectId: string
  /** App role ids that its assignment gives; null for one that is only held here. */
  readonly appRoles: readonly string[] | null
  /** The group here; null for one that is only assigned. */
  readonly groupId: string | null
}

/** Where a run stands: kept with each page's own writes. */
export type Cursor = {
  /** Names the batch that wrote it, so that the batch's own statements can tell that it took place. */
  readonly nonce: string
  /** The page that is read next; null for the first. */
  readonly link: string | null
  readonly page: number
  /** Within the step's own order: an object id, a person's id, the number of a group. */
  readonly after: string
  readonly requiresAssignment: boolean
  /** Names of app roles by their ids. */
  readonly roleNames: Readonly<Record<string, string>>
  readonly groups: readonly ReadGroup[]
  /** Users assigned by themselves, and pages of whom; for a chunked comparison. */
  readonly assigned: number
  readonly assignedBefore: number
  readonly deltaLink: string | null
  /** What is put off until the brake has judged it. */
  readonly brakeUse: BrakeUse
  readonly putOff: number
  /** Whether an admin let the run go on although the brake held it. */
  readonly isReleased: boolean
  /** Full reads that this run began because Graph's link had ended. */
  readonly resyncs: number
}

export const firstCursor: Cursor = {
  nonce: '',
  link: null,
  page: 0,
  after: '',
  requiresAssignment: false,
  roleNames: {},
  groups: [],
  assigned: 0,
  assignedBefore: 0,
  deltaLink: null,
  brakeUse: {},
  putOff: 0,
  isReleased: false,
  resyncs: 0,
}

/** What a run has come to so far. */
export type Counts = {
  /** Users of the tenant that were looked at. */
  readonly people: number
  readonly changed: number
  readonly deactivated: number
  readonly created: number
  readonly drift: number
  readonly pages: number
  readonly members: number
}

export const noCounts: Counts = {
  people: 0,
  changed: 0,
  deactivated: 0,
  created: 0,
  drift: 0,
  pages: 0,
  members: 0,
}

/** Why a run ended without its end, or was put off: a code of the registry and what it says. */
export type RunFailure = { readonly code: string; readonly detail: string }

/** What the brake holds. */
export type Held = {
  readonly reasons: readonly {
    readonly what: string
    readonly count: number
    readonly people: number
  }[]
  readonly kinds: Readonly<Partial<Record<DriftKind, number>>>
}

/** A run that is being carried on: what its steps share. */
export type Running = {
  readonly world: ReconcileWorld
  readonly run: Run
  readonly client: GraphClient
  readonly generation: number
}
