import type { JsonObject } from './json.ts'
import { appendTo, withoutHollow } from './lists.ts'
import { nameOf, type Place, readPlace, writePlace } from './place.ts'

/**
 * Brings the lists that a request touched into order once all of it is applied: elements that became the
 * same are one, and those that lost their value are gone. Not earlier, since one operation may give an
 * element its `primary` and the next one its `value`.
 */
export function settle(document: JsonObject, places: readonly Place[]): JsonObject {
  const once = new Map(places.map((place) => [nameOf(place), place]))
  return [...once.values()].reduce((settled, place) => {
    const { attribute } = place
    const list = readPlace(settled, place)
    if (attribute === null || !attribute.multiValued || !Array.isArray(list)) return settled
    const kept = withoutHollow(appendTo([], list, attribute))
    if (kept.length === list.length) return settled
    return writePlace(settled, place, kept.length === 0 ? undefined : kept)
  }, document)
}
