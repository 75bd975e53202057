import { foldCase } from '../../kernel/index.ts'
import { isObject, isSame, type JsonObject, valueIn } from '../resource/json.ts'
import type { Attribute } from '../schema/attribute.ts'
import { attributeNamed } from '../schema/find-attribute.ts'

/**
 * Whether a `remove` with a list of values means an element: one of the list has the same `value`, and the
 * same `type` if it names one; where it has no `value`, all that it says is true of the element.
 */
export function isListedBy(
  listed: readonly unknown[],
  element: unknown,
  attribute: Attribute | null,
): boolean {
  const held = asObject(element)
  return listed.some((one) => {
    const wanted = asObject(one)
    const telling = valueIn(wanted, 'value') === undefined ? Object.keys(wanted) : ['value', 'type']
    return telling.every((name) => {
      const value = valueIn(wanted, name)
      if (value === undefined) return true
      const part = attributeNamed(attribute?.subAttributes, name)
      return isSame(comparable(value, part), comparable(valueIn(held, name), part))
    })
  })
}

/** A simple value is its own `value` (RFC 7643 2.4). */
function asObject(element: unknown): JsonObject {
  return isObject(element) ? element : { value: element }
}

function comparable(value: unknown, part: Attribute | null): unknown {
  return typeof value === 'string' && part?.caseExact !== true ? foldCase(value) : value
}
