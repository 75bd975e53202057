import { always, type Database, type Guard, runBatch, type Statement } from '../db/index.ts'
import { loadRules, type OrganizationRules, type Ruleset, rulesetFor } from '../directory/index.ts'
import type { GraphClient, GraphFailure } from '../graph/index.ts'
import type { Clock, KeyRing, Log, RandomBytes, Result } from '../kernel/index.ts'
import type { RoleRule } from '../session/index.ts'
import { type Assignments, readAssignments } from './assignments.ts'
import type { Budget, Spending } from './budget.ts'
import type { ReconcileFailure } from './errors.ts'
import { type Checkpoint, gateIsOpen, openGate } from './gate-store.ts'
import { heldQuery, type Lease } from './lease-store.ts'
import type { Scope } from './page-read-store.ts'
import { pagesAfter } from './pages-store.ts'
import type { Reconciler } from './reconcilers-store.ts'
import type { Counts, Cursor, Run, StepName } from './run.ts'
import { loadRoleRules } from './runs-store.ts'

/** What the engine needs of the world. */
export type ReconcileDeps = {
  readonly d1: D1Database
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly config: {
    readonly graphUrl: string
    readonly entraLoginUrl: string
    readonly keyRing: KeyRing
  }
}

export type { Budget }

/** What a batch shall come to: where the run then stands, under which condition, and what is written with it. */
export type Write = {
  readonly next: Partial<Omit<Checkpoint, 'cursor'>> & { readonly cursor?: Partial<Cursor> }
  readonly guard: Guard
  /** What is written, each while the gate is open. */
  readonly statements: (gate: Guard) => readonly Statement[]
}

/** Where a step without work leads to. */
export type Passed = {
  readonly step: StepName
  readonly cursor?: Partial<Cursor>
  readonly counts?: Counts
}

/** A run that this invocation holds the lease of. */
export type Work = {
  readonly db: Database
  readonly lease: Lease
  readonly spending: Spending
  readonly scope: Scope
  readonly reconciler: Reconciler
  readonly graph: Result<
    { readonly client: GraphClient; readonly appId: string },
    GraphFailure | ReconcileFailure
  >
  readonly requestId: string
  /** Requests sent to Graph so far. */
  requests(): number
  nowMs(): number
  newId(prefix: 'drf' | 'usr'): string
  /** Where the run stands by the last batch. */
  run(): Run
  /** The rules that profiles are made by; `renew` reads them again. */
  rules(options?: { renew: boolean }): Promise<Ruleset>
  /** Which groups and app roles give which roles. */
  roleRules(): Promise<readonly RoleRule[]>
  /** Forgets what was read of lists that are no more. */
  forget(): void
  /** How the assignments that were read differ from those that are known. */
  assignments(): Promise<Assignments>
  read(statements: readonly Statement[]): Promise<readonly unknown[]>
  /** Writes a batch with its checkpoint: all of it and its answers, or nothing and null. */
  write(write: Write): Promise<readonly unknown[] | null>
  /** Whether the next batch opens its gate: for statements that are made before it is. */
  nextGate(): Guard
  /** Goes on without a write, where a step had nothing to do: done again it would have nothing to do, either. */
  pass(next: Passed): void
  /** Stores where `pass` has come to, when the invocation ends there. */
  save(): Promise<void>
  /** Whether the run still is this invocation's. */
  isHeld(): Promise<boolean>
}

/** Starts work on a run, from where it stands. */
export function startWork(
  given: Omit<
    Work,
    | 'run'
    | 'rules'
    | 'assignments'
    | 'roleRules'
    | 'forget'
    | 'read'
    | 'write'
    | 'nextGate'
    | 'pass'
    | 'save'
    | 'isHeld'
  > & {
    readonly first: Run
  },
): Work {
  const { db, lease, spending, scope } = given
  let run = given.first
  let rules: OrganizationRules | null = null
  let roleRules: readonly RoleRule[] | null = null
  let assignments: Assignments | null = null
  let batches = 0
  let isPassed = false

  /** No other batch has it: generations grow, and so do the batches of one. */
  const gateName = () => `${lease.generation}.${batches}`

  async function read(statements: readonly Statement[]): Promise<readonly unknown[]> {
    spending.spend({ statements: statements.length })
    return runBatch(db, statements)
  }

  async function write({ next, guard, statements }: Write): Promise<readonly unknown[] | null> {
    const gate = gateName()
    batches++
    const checkpoint: Checkpoint = {
      step: run.step,
      counts: run.counts,
      status: run.status,
      continueAt: given.nowMs(),
      attempts: 0,
      isFull: run.isFull,
      readStartedAt: run.readStartedAt,
      held: run.held,
      failure: run.failure,
      finishedAt: run.finishedAt,
      ...next,
      cursor: { ...run.cursor, ...next.cursor, gate },
    }
    const answers = await read([
      openGate(db, lease, { checkpoint, guard }),
      ...statements(gateIsOpen(lease.runId, gate)),
    ])
    if ((answers[0] as readonly unknown[]).length === 0) return null
    run = { ...run, ...checkpoint }
    isPassed = false
    return answers.slice(1)
  }

  return {
    ...given,
    run: () => run,
    read,
    async roleRules() {
      if (roleRules === null) {
        spending.spend({ statements: 1 })
        roleRules = await loadRoleRules(db, scope.organizationId)
      }
      return roleRules
    },
    forget() {
      assignments = null
    },
    async rules({ renew } = { renew: false }) {
      if (rules === null || renew) {
        spending.spend({ statements: 1 })
        rules = await loadRules(db, scope.organizationId)
      }
      if (rules === null) throw new Error('The organization of a run is gone.')
      return rulesetFor(rules, scope.connectionId === '' ? null : scope.connectionId)
    },
    async assignments() {
      if (assignments === null) {
        assignments = await readAssignments(async (kind, after) => {
          const [rows] = await read([pagesAfter(db, lease, { kind, after })])
          return rows
        })
      }
      return assignments
    },
    write,
    nextGate: () => gateIsOpen(lease.runId, gateName()),
    pass({ step, cursor, counts = run.counts }) {
      run = { ...run, step, counts, cursor: { ...run.cursor, ...cursor } }
      isPassed = true
    },
    async save() {
      if (isPassed) await write({ next: {}, guard: always, statements: () => [] })
    },
    async isHeld() {
      const [rows] = await read([heldQuery(db, lease)])
      return (rows as readonly { held: number }[])[0]?.held === 1
    },
  }
}
