import { foldCase } from '../../kernel/index.ts'
import type { Attribute } from '../schema/attribute.ts'
import { attributeNamed } from '../schema/find-attribute.ts'
import { isObject, type JsonObject, sorted, valueIn } from './json.ts'

/**
 * Appends elements to a list. One that is there already is not added again (RFC 7644 3.5.2.1); what it says
 * beyond `value` and `type` is merged into the one that is there.
 * @param attribute null for a list that no schema knows
 */
export function appendTo(
  list: readonly unknown[],
  elements: readonly unknown[],
  attribute: Attribute | null,
): readonly unknown[] {
  const merged = [...list]
  const places = new Map(list.map((one, i) => [keyOf(one, attribute), i]))
  for (const element of elements) {
    const key = keyOf(element, attribute)
    const at = places.get(key) ?? merged.length
    const there = merged[at]
    places.set(key, at)
    merged[at] = isObject(there) && isObject(element) ? { ...there, ...element } : element
  }
  return merged
}

type Keys = WeakMap<object, string>
const keysOfUnknown: Keys = new WeakMap()
const keysOfAttributes = new WeakMap<Attribute, Keys>()

/**
 * What makes an element itself: its `value` and `type`; without a `value`, everything. Elements are never changed,
 * so each is looked at once, however many operations add to its list.
 */
function keyOf(element: unknown, attribute: Attribute | null): string {
  if (!isObject(element)) return `simple ${keyText(element, attribute)}`
  const known =
    attribute === null ? keysOfUnknown : (keysOfAttributes.get(attribute) ?? new WeakMap())
  if (attribute !== null) keysOfAttributes.set(attribute, known)
  const key = known.get(element) ?? keyOfObject(element, attribute)
  known.set(element, key)
  return key
}

function keyOfObject(element: JsonObject, attribute: Attribute | null): string {
  const value = valueIn(element, 'value')
  if (value === undefined) return `whole ${JSON.stringify(sorted(element))}`
  const parts = attribute?.subAttributes
  const type = keyText(valueIn(element, 'type'), attributeNamed(parts, 'type'))
  return `valued ${type.length} ${type} ${keyText(value, attributeNamed(parts, 'value'))}`
}

/** A value as text that is the same for what counts as the same: without case, unless caseExact or unknown. */
function keyText(value: unknown, attribute: Attribute | null): string {
  if (typeof value !== 'string') return `json ${JSON.stringify(sorted(value))}`
  return `text ${attribute === null || attribute.caseExact ? value : foldCase(value)}`
}

/**
 * Appends elements as appendTo does. The one of them that is primary, if any, ends that of the others
 * (RFC 7644 3.5.2).
 */
export function addTo(
  list: readonly unknown[],
  elements: readonly unknown[],
  attribute: Attribute,
): readonly unknown[] {
  const merged = appendTo(list, elements, attribute)
  const primary = elements.find(isPrimary)
  if (primary === undefined) return merged
  const key = keyOf(primary, attribute)
  return onePrimary(merged, (element) => keyOf(element, attribute) === key)
}

/**
 * A list in which at most one element is primary (RFC 7643 2.4): the first that a request made so, else
 * the first.
 * @param isMeant whether a request is about the element
 */
export function onePrimary(
  list: readonly unknown[],
  isMeant: (element: unknown) => boolean = () => true,
): readonly unknown[] {
  const primaries = list.filter(isPrimary)
  if (primaries.length < 2) return list
  const chosen = primaries.find(isMeant) ?? primaries[0]
  return list.map((element) =>
    isPrimary(element) && element !== chosen ? { ...(element as object), primary: false } : element,
  )
}

function isPrimary(element: unknown): boolean {
  return isObject(element) && element['primary'] === true
}

/** What an element says of its value, rather than being one. */
const descriptive = new Set(['type', 'primary'])

/**
 * A list without elements that describe a value they no longer have: clearing
 * `emails[type eq "work"].value` leaves no address, and reads back as none (reference a10, null test).
 */
export function withoutHollow(list: readonly unknown[]): readonly unknown[] {
  return list.filter(
    (element) => !isObject(element) || Object.keys(element).some((key) => !descriptive.has(key)),
  )
}
