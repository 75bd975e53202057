import { foldCase } from '../../kernel/index.ts'
import type { Attribute } from '../schema/attribute.ts'
import { attributeNamed } from '../schema/find-attribute.ts'
import { isObject, isSame, valueIn } from './json.ts'

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
    merged[at] = isObject(there) && isObject(element) ? mergedWith(there, element) : element
  }
  return merged
}

function mergedWith(there: object, element: object): object {
  const both = { ...there, ...element }
  return isSame(there, both) ? there : both
}

/** What makes an element itself: its `value` and `type`; without a `value`, everything. */
function keyOf(element: unknown, attribute: Attribute | null): string {
  if (!isObject(element)) return JSON.stringify(comparable(element, attribute))
  const value = valueIn(element, 'value')
  if (value === undefined) return JSON.stringify(sorted(element))
  const [ofValue, ofType] = ['value', 'type'].map((name) =>
    attributeNamed(attribute?.subAttributes, name),
  )
  return JSON.stringify({
    value: sorted(comparable(value, ofValue ?? null)),
    type: sorted(comparable(valueIn(element, 'type'), ofType ?? null)),
  })
}

/** A text as it is compared: without case, unless the attribute is caseExact or nobody knows. */
function comparable(value: unknown, attribute: Attribute | null): unknown {
  const isFolded = attribute !== null && !attribute.caseExact
  return isFolded && typeof value === 'string' ? foldCase(value) : value
}

/** The value with the names of its objects in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const names = Object.keys(value).sort()
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]))
}

/**
 * A list in which at most one element is primary (RFC 7643 2.4): the one that a request made so,
 * else the first.
 * @param before the list before the request; what was in it gives way
 */
export function onePrimary(
  list: readonly unknown[],
  before: readonly unknown[] = [],
): readonly unknown[] {
  const primaries = list.filter(isPrimary)
  if (primaries.length < 2) return list
  const chosen = primaries.find((element) => !before.includes(element)) ?? primaries[0]
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
export function withoutHollow(list: readonly unknown[], attribute: Attribute): readonly unknown[] {
  if (attributeNamed(attribute.subAttributes, 'type') === null) return list
  return list.filter(
    (element) => !isObject(element) || Object.keys(element).some((key) => !descriptive.has(key)),
  )
}
