import { err, ok, type Result } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import type { Filter } from '../filter/filter.ts'
import { matches } from '../filter/matches.ts'
import { applyAssignment, listOf, withPart } from '../resource/assign.ts'
import { type Draft, isObject, type JsonObject } from '../resource/json.ts'
import { onePrimary } from '../resource/lists.ts'
import { draftOf, readPlace, writePlace } from '../resource/place.ts'
import { settle } from '../resource/settle.ts'
import { canonicalElements, canonicalValue } from '../resource/values.ts'
import type { Attribute } from '../schema/attribute.ts'
import { dialects } from './dialects.ts'
import { type Change, quote } from './plan.ts'
import { listedBy } from './removal.ts'

/**
 * The document after all changes, one after the other, its lists in order.
 * @returns `scim.no_target` when a filter that only finds has found nothing
 * @see RFC 7644 3.5.2.1 to 3.5.2.3
 */
export function applyAll(
  before: JsonObject,
  changes: readonly Change[],
): Result<JsonObject, ScimFailure> {
  const draft = draftOf(before)
  for (const change of changes) {
    const applied = applyChange(draft, change)
    if (!applied.ok) return applied
  }
  const places = changes.map(({ place }) => place)
  return ok(settle(draft, places))
}

type Applied = Result<void, ScimFailure>

function applyChange(draft: Draft, change: Change): Applied {
  const { place, filter, op } = change
  if (filter !== null) return applyFiltered(draft, { ...change, filter })
  if (op !== 'remove') return ok(applyAssignment(draft, change, op))
  const current = readPlace(draft, place)
  if (change.isListed && change.sub === null && Array.isArray(current)) {
    const listed = elementsOf(place.attribute, change.value)
    const isListed = listedBy(listed, place.attribute)
    const kept = current.filter((element) => !isListed(element))
    return ok(writeList(draft, { place, after: kept, meant: new Set() }))
  }
  return ok(applyAssignment(draft, { ...change, value: undefined }, 'replace'))
}

type Filtered = Change & { readonly filter: Filter }

function applyFiltered(draft: Draft, change: Filtered): Applied {
  const { place, filter, sub, op } = change
  const before = listOf(readPlace(draft, place))
  const value =
    sub === null
      ? elementsOf(place.attribute, change.value)[0]
      : canonicalValue(sub.attribute, change.value)
  const isClearing = op === 'remove' || value === undefined
  const isFound = before.map((element) => matches(filter, element))
  if (isFound.includes(true)) {
    const meant = new Set<unknown>()
    const after = before.flatMap((element, i) => {
      if (isFound[i] !== true) return [element]
      if (isClearing && sub === null) return op === 'add' ? [element] : []
      const changed = changedElement(element, { ...change, value, isClearing })
      meant.add(changed)
      return changed === undefined ? [] : [changed]
    })
    return ok(writeList(draft, { place, after, meant }))
  }
  // What is not there is removed already: a request that is repeated must not fail.
  if (isClearing) return ok(undefined)
  const described = dialects.elementThatIsNotThere.rule(filter)
  if (described === null || (sub === null && op === 'replace')) return err(noTarget(change))
  const made = sub === null ? elementFrom(described, value) : { ...described, [sub.name]: value }
  return ok(writeList(draft, { place, after: [...before, made], meant: new Set([made]) }))
}

type Step = Filtered & { readonly isClearing: boolean }

function changedElement(element: unknown, step: Step): unknown {
  const { sub, value, op, filter, isClearing } = step
  if (sub !== null) return withPart(element, sub, isClearing ? undefined : value)
  if (op === 'add' && isObject(element) && isObject(value)) return { ...element, ...value }
  return elementFrom(dialects.elementThatIsNotThere.rule(filter) ?? {}, value)
}

/** The element that a value becomes where a filter picked it: what the filter says of it holds on. */
function elementFrom(described: JsonObject, value: unknown): unknown {
  return isObject(value) ? { ...described, ...value } : value
}

type Lists = {
  readonly place: Change['place']
  readonly after: readonly unknown[]
  /** Elements of `after` that the request is about. */
  readonly meant: ReadonlySet<unknown>
}

function writeList(draft: Draft, { place, after, meant }: Lists): void {
  const list = onePrimary(after, (element) => meant.has(element))
  writePlace(draft, place, list.length === 0 ? undefined : list)
}

/** A value as elements of the list; what nobody describes is taken as it is. */
function elementsOf(attribute: Attribute | null, value: unknown): readonly unknown[] {
  return attribute === null
    ? listOf(canonicalValue(null, value))
    : canonicalElements(attribute, value)
}

function noTarget({ path, place }: Filtered): ScimFailure {
  const detail = `The path ${quote(path)} finds nothing in ${place.name}. Add the value first, or correct the filter.`
  return { code: 'scim.no_target', detail }
}
