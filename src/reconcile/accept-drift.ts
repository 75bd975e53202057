import type { Resolved, SourceView } from '../directory/index.ts'
import { acceptReported, reportedNames } from './graph-view.ts'
import { differingKeys } from './profile-difference.ts'

/**
 * Takes over what Graph states of one attribute and what was only reported so far: an admin accepted the drift
 * item. Every name that bears on the attribute is taken, in alphabetical order; what else hangs on such a name
 * changes with it, as it would with the policy `repair`.
 * @param key of the profile's attribute
 * @returns the new Graph view; null when nothing is kept beside that bears on the attribute: the difference is gone
 */
export function acceptAttribute(
  views: readonly SourceView[],
  key: string,
  resolve: (views: readonly SourceView[]) => Resolved,
): SourceView | null {
  const graph = views.find(({ source }) => source === 'graph')
  if (graph === undefined) return null
  const others = views.filter((view) => view !== graph)
  const changes = (before: SourceView, after: SourceView) =>
    differingKeys(resolve([...others, before]), resolve([...others, after])).includes(key)
  const taken = takeOver(graph, (before, after) => changes(before, after))
  if (taken !== graph) return taken
  // Two names that only count together, such as both parts of a Join that has blanks.
  const all = takeOver(graph, () => true)
  return changes(graph, all) ? all : null
}

function takeOver(
  graph: SourceView,
  isWanted: (before: SourceView, after: SourceView) => boolean,
): SourceView {
  let view = graph
  for (const name of reportedNames(graph)) {
    const next = acceptReported(view, name)
    if (next !== null && isWanted(view, next)) view = next
  }
  return view
}
