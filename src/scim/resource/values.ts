import type { Attribute, AttributeType } from '../schema/attribute.ts'
import { attributeNamed } from '../schema/find-attribute.ts'
import { isBlank, isObject, isUsableName, type JsonObject } from './json.ts'
import { appendTo, onePrimary, withoutHollow } from './lists.ts'
import { unpackRole } from './role.ts'

/**
 * A value as it is stored: names canonical, texts as they came, `"True"` a boolean, a single value as the
 * list that a list needs. What cannot be read as the attribute's type is kept as it is, never refused
 * (reference 0, "unknown attributes"); resolving finds that it is of no use.
 * @param attribute null for a name that no schema knows
 * @returns undefined when nothing is left, which is how `""`, null and `[]` read back
 */
export function canonicalValue(attribute: Attribute | null, raw: unknown): unknown {
  if (attribute === null) return withoutBlanks(raw)
  return attribute.multiValued ? canonicalList(attribute, raw) : canonicalOne(attribute, raw)
}

/**
 * The elements of a list that a request sends, also when it sends one alone: each once, one of them primary at
 * most, those without a value left out.
 */
export function canonicalElements(attribute: Attribute, raw: unknown): readonly unknown[] {
  const items = Array.isArray(raw) ? raw : [raw]
  const elements = items
    .map((item) => canonicalElement(attribute, item))
    .filter((element) => element !== undefined)
  return onePrimary(appendTo([], elements, attribute))
}

function canonicalElement(attribute: Attribute, raw: unknown): unknown {
  const element = canonicalOne(attribute, raw)
  if (attribute.name !== 'roles' || element === undefined) return element
  const role = unpackRole(element)
  return role === element ? element : canonicalOne(attribute, role)
}

function canonicalList(attribute: Attribute, raw: unknown): unknown {
  const list = withoutHollow(canonicalElements(attribute, raw))
  return list.length === 0 ? undefined : list
}

function canonicalOne(attribute: Attribute, raw: unknown): unknown {
  if (isBlank(raw)) return undefined
  if (Array.isArray(raw)) {
    const first = raw.find((item) => !isBlank(item))
    return canonicalOne(attribute, first)
  }
  const value = attribute.type === 'complex' ? raw : unwrapped(raw)
  // A name that decides who somebody is, is never made out of something else.
  return attribute.required ? value : readers[attribute.type](value, attribute)
}

const readers: Readonly<Record<AttributeType, (value: unknown, attribute: Attribute) => unknown>> =
  {
    string: readText,
    dateTime: readText,
    reference: readText,
    binary: readText,
    boolean: readBoolean,
    integer: readNumber,
    decimal: readNumber,
    complex: readObject,
  }

/** What an object with a simple `value` stands for: older clients of Microsoft wrap every value in `[{$ref, value}]`. */
export function unwrapped(raw: unknown): unknown {
  const inner = isObject(raw) ? raw['value'] : undefined
  return isBlank(inner) || typeof inner === 'object' ? raw : inner
}

function readText(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return withoutBlanks(value)
}

function readBoolean(value: unknown): unknown {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value
  if (word === 'true' || word === true) return true
  return word === 'false' || word === false ? false : withoutBlanks(value)
}

/** A text becomes a number only where writing the number gives the same text: it must read back identical. */
function readNumber(value: unknown): unknown {
  if (typeof value !== 'string') return withoutBlanks(value)
  const number = Number(value)
  return Number.isFinite(number) && String(number) === value ? number : value
}

function readObject(value: unknown, attribute: Attribute): unknown {
  const parts = attribute.subAttributes
  if (!isObject(value)) {
    const carrier = attributeNamed(parts, 'value') ?? attributeNamed(parts, 'formatted')
    const text = readText(unwrapped(value))
    return carrier === null || typeof text !== 'string' ? undefined : { [carrier.name]: text }
  }
  const kept = Object.entries(value).flatMap(([key, item]) => {
    const part = attributeNamed(parts, key)
    if (!isUsableName(key) || isServerMade(part)) return []
    const read = canonicalValue(part, item)
    return read === undefined ? [] : [[part?.name ?? key, read] as const]
  })
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

/** Whether the server makes the part: what is read-only, and the address of what `value` names. */
export function isServerMade(part: Attribute | null): boolean {
  return part !== null && (part.mutability === 'readOnly' || part.name === '$ref')
}

function withoutBlanks(value: unknown): unknown {
  if (isBlank(value)) return undefined
  if (Array.isArray(value)) {
    const items = value.map(withoutBlanks).filter((item) => item !== undefined)
    return items.length === 0 ? undefined : items
  }
  return isObject(value) ? withoutBlankParts(value) : value
}

function withoutBlankParts(value: JsonObject): unknown {
  const kept = Object.entries(value).flatMap(([key, item]) => {
    const read = isUsableName(key) ? withoutBlanks(item) : undefined
    return read === undefined ? [] : [[key, read] as const]
  })
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}
