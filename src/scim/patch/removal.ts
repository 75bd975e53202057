import { foldCase } from '../../kernel/index.ts'
import { isObject, type JsonObject, sorted, valueIn } from '../resource/json.ts'
import type { Attribute } from '../schema/attribute.ts'
import { attributeNamed } from '../schema/find-attribute.ts'

const textsOfElements = new WeakMap<object, Map<string, string | null>>()

/**
 * Tells whether a `remove` with a list of values means an element: one of the list has the same `value`, and
 * the same `type` if it names one; where it has no `value`, all that it says is true of the element. Whatever
 * says the same names is looked up at once, since the list and the elements may both be thousands.
 */
export function listedBy(
  listed: readonly unknown[],
  attribute: Attribute | null,
): (element: unknown) => boolean {
  const byNames = new Map<string, { names: readonly string[]; texts: Set<string> }>()
  for (const one of listed) {
    const wanted = asObject(one)
    const names = tellingNames(wanted)
    const key = JSON.stringify(names)
    const same = byNames.get(key) ?? { names, texts: new Set() }
    byNames.set(key, same)
    same.texts.add(textOf(wanted, names) ?? '')
  }
  return function isListed(element) {
    const held = asObject(element)
    return [...byNames].some(([key, { names, texts }]) => {
      const text = knownText(held, { key, names })
      return text !== null && texts.has(text)
    })
  }

  /** Elements are never changed, so each is put into words once, however many operations list what they remove. */
  function knownText(held: JsonObject, { key, names }: { key: string; names: readonly string[] }) {
    const known = textsOfElements.get(held) ?? new Map<string, string | null>()
    textsOfElements.set(held, known)
    const place = `${attribute?.name ?? ''} ${key}`
    const text = known.get(place)
    if (text !== undefined) return text
    const made = textOf(held, names)
    known.set(place, made)
    return made
  }

  /** What an element says under the names, as text; null when it lacks one of them. */
  function textOf(held: JsonObject, names: readonly string[]): string | null {
    const values = names.map((name) => {
      const value = valueIn(held, name)
      return comparable(value, attributeNamed(attribute?.subAttributes, name))
    })
    return values.includes(undefined) ? null : JSON.stringify(values.map(sorted))
  }
}

function tellingNames(wanted: JsonObject): readonly string[] {
  const all = valueIn(wanted, 'value') === undefined ? Object.keys(wanted) : ['value', 'type']
  const names = all.filter((name) => valueIn(wanted, name) !== undefined)
  return [...new Set(names.map((name) => name.toLowerCase()))].sort()
}

/** A simple value is its own `value` (RFC 7643 2.4). */
function asObject(element: unknown): JsonObject {
  return isObject(element) ? element : { value: element }
}

function comparable(value: unknown, part: Attribute | null): unknown {
  return typeof value === 'string' && part?.caseExact !== true ? foldCase(value) : value
}
