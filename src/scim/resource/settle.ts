import type { Draft, JsonObject } from './json.ts'
import { appendTo, withoutHollow } from './lists.ts'
import { nameOf, type Place, readPlace, writePlace } from './place.ts'

/**
 * Brings the lists that a request touched into order once all of it is applied: elements that became the
 * same are one, and those that lost their value are gone. Not earlier, since one operation may give an
 * element its `primary` and the next one its `value`.
 */
export function settle(draft: Draft, places: readonly Place[]): JsonObject {
  const once = new Map(places.map((place) => [nameOf(place), place]))
  for (const place of once.values()) {
    const { attribute } = place
    const list = readPlace(draft, place)
    if (attribute === null || !attribute.multiValued || !Array.isArray(list)) continue
    const kept = withoutHollow(appendTo([], list, attribute))
    if (kept.length < list.length) writePlace(draft, place, kept.length === 0 ? undefined : kept)
  }
  return draft
}
