import {
  attributeProblems,
  resolveTelling,
  type SourceView,
  type StatedProblem,
} from '../directory/index.ts'
import { actionOf, type DriftItem, type DriftKind, type Policies } from './drift.ts'
import { planView, type ViewPlan } from './graph-view.ts'
import type { GraphStatement, HeldPerson, PlanInput } from './plan-types.ts'
import { differingKeys, heldProfile, isHeldProfile } from './profile-difference.ts'

type Profiles = Pick<ViewPlan, 'before' | 'after' | 'stated'>

/** What a person's attributes come to. */
export type AttributePlan = Pick<ViewPlan, 'view'> & {
  /** The new profile; null when it stays. */
  readonly resolved: ViewPlan['after'] | null
  /** Keys of attributes that change. */
  readonly changed: readonly string[]
  readonly drift: readonly DriftItem[]
  /** Keys of attributes whose value from SCIM goes. */
  readonly replaced: readonly string[]
  /** What of the views, as they are from then on, comes to no value though it should. */
  readonly problems: readonly StatedProblem[]
}

const unchanged: Omit<AttributePlan, 'problems'> = {
  view: null,
  resolved: null,
  changed: [],
  drift: [],
  replaced: [],
}

/**
 * Merges a statement into the Graph view and resolves. With the policy `report` the profile stays as it is, and
 * so does what SCIM and sign-ins resolve later: what was stated is kept beside (graph-view.ts).
 */
export function planAttributes(
  held: HeldPerson,
  statement: GraphStatement,
  { ruleset, settings }: Pick<PlanInput, 'ruleset' | 'settings'>,
): AttributePlan {
  const { person, views } = held
  const { policies } = settings
  const { definitions, mapping } = ruleset
  // Told along with the profiles: to resolve once more would cost as much again.
  const told = new Map<ViewPlan['after'], readonly StatedProblem[]>()
  const plan = planView(views, statement, {
    resolve(all) {
      const { resolved, problems } = resolveTelling(definitions, mapping, all)
      told.set(resolved, problems)
      return resolved
    },
    mayChange: (key, _before, after) => policies[kindOf(key, after)] === 'repair',
    held: person.mappingVersion === ruleset.version ? heldProfile(person) : null,
  })
  if (plan === null) {
    return { ...unchanged, problems: attributeProblems(definitions, mapping, views) }
  }
  const { view, before, after } = plan
  const changed = differingKeys(before, after)
  return {
    view,
    resolved: isHeldProfile(person, after) ? null : after,
    changed,
    drift: (plan.stated === after ? changed : differingKeys(before, plan.stated)).map((key) =>
      driftItem(key, plan, { policies, personId: person.id, objectId: statement.objectId }),
    ),
    problems: told.get(after) ?? attributeProblems(definitions, mapping, viewsWith(views, view)),
    replaced: changed.filter((key) => before.provenance[key]?.source === 'scim'),
  }
}

function viewsWith(views: readonly SourceView[], graph: SourceView | null): readonly SourceView[] {
  return graph === null ? views : [...views.filter(({ source }) => source !== 'graph'), graph]
}

function kindOf(
  key: string,
  { profile }: ViewPlan['after'],
): Extract<DriftKind, 'attribute_cleared' | 'attribute_different'> {
  return profile[key] === undefined ? 'attribute_cleared' : 'attribute_different'
}

function driftItem(
  key: string,
  profiles: Profiles,
  subject: { readonly policies: Policies; readonly personId: string; readonly objectId: string },
): DriftItem {
  const { before, after, stated } = profiles
  const kind = kindOf(key, stated)
  const isTaken = !differingKeys(after, stated).includes(key)
  return {
    kind,
    personId: subject.personId,
    groupId: null,
    objectId: subject.objectId,
    attribute: key,
    stated: stated.profile[key] ?? null,
    held: before.profile[key] ?? null,
    rule: ruleOf(key, stated),
    action: isTaken ? 'repaired' : keptAction(actionOf[subject.policies[kind]]),
  }
}

/** What a policy repairs is still only reported where it hangs on a statement that another policy keeps back. */
function keptAction(action: DriftItem['action']): DriftItem['action'] {
  return action === 'repaired' ? 'reported' : action
}

function ruleOf(key: string, { provenance }: ViewPlan['after']): string {
  const from = provenance[key]
  if (from === undefined) return 'Microsoft Graph states it blank, and of its tier changed it last.'
  return from.source === 'graph'
    ? `Microsoft Graph (${from.rule}) of its tier changed it last.`
    : `With what Microsoft Graph states, ${from.source} (${from.rule}) decides.`
}
