import type { StatedProblem } from '../directory/index.ts'
import { actionOf, type DriftItem } from './drift.ts'
import type { Settings } from './settings.ts'

/** Kinds about what sources state of one person, which only the sources can mend. */
export const valueKinds = ['value_unusable', 'required_missing'] as const

const why: Readonly<Record<StatedProblem['kind'], string>> = {
  wrong_type:
    'What is stated is not of the attribute’s type, so that there is no value. Change the type, or make it one by an expression.',
  several_values:
    'Several values are stated for an attribute that has one, and order never chooses. Let it have several, or choose one by an expression.',
  expression_failed: 'The expression failed for this person, so that there is no value.',
  no_room: 'The profile has no room for it. Use fewer or shorter values.',
  required_missing: 'The attribute is required, and no source states a value.',
}

/** How much of what is stated is told: enough to see what is wrong with it. */
const shown = { values: 10, length: 256 }

/**
 * What of a person's statements comes to no value though it should: a wrong type and a missing required value refuse
 * neither a sign-in nor a request of SCIM, so they are told here (DESIGN 2).
 * The object in the tenant is left out: runs without Graph find the same.
 */
export function planValues(
  personId: string,
  problems: readonly StatedProblem[],
  { policies }: Pick<Settings, 'policies'>,
): readonly DriftItem[] {
  return problems.map((problem) => {
    const kind = problem.kind === 'required_missing' ? 'required_missing' : 'value_unusable'
    const { source, rule, message, stated } = problem
    return {
      kind,
      personId,
      groupId: null,
      objectId: null,
      attribute: problem.key,
      stated: source === null ? null : { source, rule, values: excerpt(stated) },
      held: null,
      rule: message === null ? why[problem.kind] : `${why[problem.kind]} ${message}`,
      action: actionOf[policies[kind]],
    }
  })
}

function excerpt(values: readonly string[]): readonly string[] {
  return values.slice(0, shown.values).map((value) => value.slice(0, shown.length))
}
