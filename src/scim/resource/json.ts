/** A JSON object; whatever a request holds is one of these, a list, a text, a number, a boolean or null. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a value is a JSON object, and neither a list nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A document while a request changes it: a copy that nobody else holds, so that no change copies it anew. */
export type Draft = Record<string, unknown>

/** Null, a missing value, an empty text and an empty list are the same: no value (RFC 7643 2.5). */
export function isBlank(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  )
}

/** Names that would reach into objects themselves, alone or as a part of a dotted or qualified name. */
const reserved = /(?:^|[.:])(?:__proto__|constructor|prototype)(?:$|[.:])/i

/** Whether an attribute may have the name. */
export function isUsableName(name: string): boolean {
  return name !== '' && !reserved.test(name)
}

/** The key of an object that is the name in any case, or the name as it is. */
export function keyIn(object: JsonObject, name: string): string {
  if (Object.hasOwn(object, name)) return name
  const wanted = name.toLowerCase()
  return Object.keys(object).find((key) => key.toLowerCase() === wanted) ?? name
}

/** An object's own property by its name in any case. */
export function valueIn(object: JsonObject, name: string): unknown {
  const key = keyIn(object, name)
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** The object with one property set, or without it when the value is undefined. */
export function withValue(object: JsonObject, name: string, value: unknown): JsonObject {
  const key = keyIn(object, name)
  if (value !== undefined) return { ...object, [key]: value }
  if (!Object.hasOwn(object, key)) return object
  return Object.fromEntries(Object.entries(object).filter(([other]) => other !== key))
}

/** Sets one property of a draft, or takes it away when the value is undefined. */
export function setValue(draft: Draft, name: string, value: unknown): void {
  const key = keyIn(draft, name)
  if (value === undefined) delete draft[key]
  else draft[key] = value
}

/**
 * Whether two JSON values say the same, whatever the order of names and of elements: the values of a
 * multi-valued attribute have none (RFC 7643 2.4), and a request that only sets them anew changes nothing.
 */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && textsOf(a).join() === textsOf(b).join()
  }
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
  )
}

/** The elements as texts, in an order that is theirs. */
function textsOf(list: readonly unknown[]): readonly string[] {
  return list.map((item) => JSON.stringify(sorted(item))).toSorted()
}

/** The value with the names of its objects in one order. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const names = Object.keys(value).sort()
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]))
}
