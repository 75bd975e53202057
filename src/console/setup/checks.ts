import type { SetupFacts } from '../../admin/index.ts'
import { type Guide, type Part, partOf, type Step, type StepKey, stepKeys } from './guide.ts'
import { provisioningChecks } from './provisioning-checks.ts'
import { samlChecks } from './saml-checks.ts'
import type { Check, Verdict } from './verdict.ts'

const checks: Readonly<Record<StepKey, Check>> = { ...samlChecks, ...provisioningChecks }

export type Statuses = Readonly<Record<StepKey, Verdict>>

/**
 * How each step of the set-up stands. Pure.
 * @param facts what the operation getSetup answered
 */
export function setupStatus(facts: SetupFacts, nowMs: number): Statuses {
  const entries = stepKeys.map((key) => [key, checks[key](facts, nowMs)] as const)
  return Object.fromEntries(entries) as Statuses
}

/** The steps of a guide that a visitor may see, in order. */
export function stepsOf(guide: Guide, allowed: readonly Part[]): readonly Step[] {
  return guide.steps.filter(({ key }) => allowed.includes(partOf(key)))
}

/**
 * Where the page opens: the first step that is not done, one that the set-up needs before any that it can
 * do without; the last one when all are.
 * @returns null when there is no step at all
 */
export function openStep(steps: readonly Step[], statuses: Statuses): StepKey | null {
  const open = steps.filter(({ key }) => statuses[key].state !== 'done')
  const next = open.find(({ optional }) => !optional) ?? open[0] ?? steps.at(-1)
  return next?.key ?? null
}

export type Progress = { readonly done: number; readonly all: number; readonly hasProblem: boolean }

/** How far a part is; steps that can be left out count once they are done. */
export function progressOf(steps: readonly Step[], part: Part, statuses: Statuses): Progress {
  const own = steps.filter(({ key }) => partOf(key) === part)
  const isDone = ({ key }: Step) => statuses[key].state === 'done'
  return {
    done: own.filter(isDone).length,
    all: own.filter((one) => !one.optional || isDone(one)).length,
    hasProblem: own.some(({ key }) => statuses[key].state === 'problem'),
  }
}
