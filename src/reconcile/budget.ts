import { limits } from '../kernel/index.ts'

/** Which of Cloudflare's plans the Worker runs on: they differ in what one invocation may do. */
export type WorkersPlan = 'free' | 'paid'

/** What one invocation may spend on reconciliation; the rest of it belongs to others. */
export type Budget = {
  readonly plan: WorkersPlan
  readonly untilMs: number
  readonly statements: number
  readonly subrequests: number
}

/**
 * The budget of an invocation that begins now.
 * @param wallMs how long it may go on; after an answer the platform gives background work 30 seconds
 */
export function budgetOf(plan: WorkersPlan, { nowMs, wallMs }: { nowMs: number; wallMs: number }) {
  return { plan, untilMs: nowMs + wallMs, ...limits.reconcileBudget[plan] } satisfies Budget
}

/** What was spent so far, against a budget. */
export type Spending = {
  spend(part: { readonly statements?: number; readonly subrequests?: number }): void
  /** Whether there is room for as much as one more page takes. */
  isOver(nowMs: number): boolean
  readonly statements: number
  readonly subrequests: number
  readonly roundTrips: number
}

/** Counts what is spent: requests to Graph, and every statement of a batch (developers.cloudflare.com/d1/platform/limits). */
export function startSpending(budget: Budget): Spending {
  const { statements: mostStatements, subrequests: mostSubrequests, untilMs } = budget
  const spent = { statements: 0, subrequests: 0, roundTrips: 0 }
  return {
    spend({ statements = 0, subrequests = 0 }) {
      spent.statements += statements
      spent.subrequests += subrequests
      if (statements > 0) spent.roundTrips++
    },
    isOver: (nowMs) =>
      nowMs >= untilMs ||
      spent.statements + limits.reconcilePageStatements > mostStatements ||
      spent.subrequests + limits.reconcilePageSubrequests > mostSubrequests,
    get statements() {
      return spent.statements
    },
    get subrequests() {
      return spent.subrequests
    },
    get roundTrips() {
      return spent.roundTrips
    },
  }
}
