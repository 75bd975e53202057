import type { ResourceName } from '../schema/attribute.ts'
import type { Assignment } from './assign.ts'
import { flatten, mentionOf, namesAt } from './flatten.ts'
import type { JsonObject } from './json.ts'
import { canonicalValue } from './values.ts'

/** Names kept of what one request mentioned. */
const maxMentions = 200

/** The names that stood in one state of a resource and do not in another: what a PUT or a PATCH took away. */
export function namesGone(
  before: JsonObject,
  after: JsonObject,
  resource: ResourceName = 'User',
): readonly string[] {
  const left = flatten(after, resource)
  return [...flatten(before, resource).keys()].filter((name) => !left.has(name))
}

/** The names that assignments clear by `""`, null or `[]`, whether anything stood there or not. */
export function namesCleared(assignments: readonly Assignment[]): readonly string[] {
  return assignments
    .filter(({ place, sub, value }) => {
      return canonicalValue(sub === null ? place.attribute : sub.attribute, value) === undefined
    })
    .flatMap(({ place, sub }) => namesAt(place, sub))
}

/** The names that stay blank in the end, each once. */
export function blanksOf(
  cleared: readonly string[],
  after: JsonObject,
  resource: ResourceName = 'User',
): readonly string[] {
  const left = flatten(after, resource)
  return [...new Set(cleared)].filter((name) => !left.has(name))
}

/** The attributes that assignments mention, each once and without values, for the event. */
export function mentionsOf(assignments: readonly Assignment[]): readonly string[] {
  return unique(assignments.map(({ place, sub }) => mentionOf(place, sub)))
}

/** Names, each once, and not more than an event keeps. */
export function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].slice(0, maxMentions)
}
