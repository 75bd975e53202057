import type { Attribute, ResourceName } from '../schema/attribute.ts'
import { splitPath } from '../schema/find-attribute.ts'
import { findSchema } from '../schema/schemas.ts'
import { type Draft, isBlank, isObject, isUsableName, type JsonObject, withValue } from './json.ts'
import { addTo, appendTo, onePrimary } from './lists.ts'
import { type Place, parseNamed, placeOf, readPlace, type Sub, subOf, writePlace } from './place.ts'
import { canonicalElements, canonicalValue, isServerMade } from './values.ts'

/** One attribute, or one part of one, and what shall stand there. */
export type Assignment = {
  readonly place: Place
  readonly sub: Sub | null
  readonly value: unknown
}

/** `add` puts beside what is there where there may be several; `replace` puts instead of it. */
export type Mode = 'add' | 'replace'

/** What a client sends along and the server alone decides, beside what the schema calls read-only. */
const ignored = new Set(['schemas', 'password'])

/** Whether a request may carry the attribute and is not heard. */
export function isIgnored({ urn, name, attribute }: Place): boolean {
  return attribute?.mutability === 'readOnly' || (urn === null && ignored.has(name.toLowerCase()))
}

/**
 * Takes a whole resource, or the value of an operation without a path, apart into assignments. Names may be
 * dotted or carry a URN, as both of Entra's dialects write them; extensions may be objects under their
 * URN, listed in `schemas` or not. What the server alone decides is left out.
 */
export function assignmentsIn(
  resource: ResourceName,
  object: JsonObject,
  urn: string | null = null,
): readonly Assignment[] {
  const all = Object.entries(object).flatMap(([key, value]) => {
    if (!isUsableName(key)) return []
    return urn === null ? topLevel(resource, key, value) : within(resource, { urn, key, value })
  })
  // What is named without its URN gives way to what is named with it: Microsoft's sample of a create has
  // `"department": null` beside the extension that has a department (reference a4).
  return [
    ...all.filter(({ place }) => place.isBorrowed),
    ...all.filter(({ place }) => !place.isBorrowed),
  ]
}

function topLevel(resource: ResourceName, key: string, value: unknown): readonly Assignment[] {
  const extension = isObject(value) ? extensionUrn(resource, key) : undefined
  if (extension !== undefined && isObject(value)) {
    return Object.entries(value).flatMap(([name, part]) =>
      isUsableName(name) ? within(resource, { urn: extension, key: name, value: part }) : [],
    )
  }
  const named = parseNamed(resource, key)
  if (named?.kind === 'extension') return []
  if (named === null) return assign({ place: placeOf(resource, null, key), sub: null, value })
  return assign({ place: named.place, sub: named.sub, value })
}

/** The URN that a key with an object is; undefined when the key names an attribute. */
function extensionUrn(resource: ResourceName, key: string): string | null | undefined {
  const split = splitPath(key)
  if (split === null || split.urn === null) return undefined
  if (split.name === null) {
    const named = parseNamed(resource, key)
    return named?.kind === 'extension' ? named.urn : undefined
  }
  // `urn:example:hr` has no attribute behind its last colon; it is the URN of something nobody knows.
  const isSchema = findSchema(resource, split.urn) !== null || /(?:user|group)$/i.test(split.urn)
  return isSchema ? undefined : key
}

type Within = { readonly urn: string | null; readonly key: string; readonly value: unknown }

/** An attribute of an extension, which may itself be dotted. */
function within(resource: ResourceName, { urn, key, value }: Within): readonly Assignment[] {
  const [name = key, part = null, ...more] = key.split('.')
  const isDotted = part !== null && more.length === 0 && isUsableName(name) && isUsableName(part)
  const place = placeOf(resource, urn, isDotted ? name : key)
  return assign({ place, sub: isDotted ? subOf(place, part) : null, value })
}

/** An object for a single complex attribute sets the parts that it names and leaves the others (RFC 7644 3.5.2.3). */
function assign(assignment: Assignment): readonly Assignment[] {
  const { place, sub } = assignment
  if (isIgnored(place) || isServerMade(sub?.attribute ?? null)) return []
  if (sub !== null) return hasParts(place.attribute) ? [assignment] : []
  return splitComplex(assignment) ?? [assignment]
}

/** Whether an attribute can have parts; of one that nobody knows, it can. */
export function hasParts(attribute: Attribute | null): boolean {
  return attribute === null || attribute.type === 'complex'
}

/** The parts that an assignment of an object to a single complex attribute sets; null when it is none. */
export function splitComplex({ place, value }: Assignment): readonly Assignment[] | null {
  if (place.attribute?.type !== 'complex' || place.attribute.multiValued) return null
  const object = Array.isArray(value) ? value.find((item) => !isBlank(item)) : value
  if (!isObject(object)) return null
  return Object.entries(object).flatMap(([key, part]) => {
    const sub = subOf(place, key)
    if (!isUsableName(key) || isServerMade(sub.attribute)) return []
    return [{ place, sub, value: part }]
  })
}

/** A document made of assignments alone, one after the other. */
export function documentOf(assignments: readonly Assignment[]): Draft {
  const draft: Draft = {}
  for (const one of assignments) applyAssignment(draft, one, 'replace')
  return draft
}

/** Carries out an assignment; a blank value clears, except that nothing is added to a list by `[]`. */
export function applyAssignment(draft: Draft, { place, sub, value }: Assignment, mode: Mode): void {
  const current = readPlace(draft, place)
  const next =
    sub === null
      ? wholeAfter(place.attribute, { current, value, mode })
      : partAfter(place.attribute, { current, sub, value })
  writePlace(draft, place, next)
}

type Whole = { readonly current: unknown; readonly value: unknown; readonly mode: Mode }

function wholeAfter(attribute: Attribute | null, { current, value, mode }: Whole): unknown {
  if (mode === 'replace') return canonicalValue(attribute, value)
  if (attribute === null) return addedToUnknown(current, canonicalValue(null, value))
  if (!attribute.multiValued) return canonicalValue(attribute, value)
  const added = addTo(listOf(current), canonicalElements(attribute, value), attribute)
  return added.length === 0 ? undefined : added
}

/** A list grows, an object gets the parts, anything else is replaced; `""` and null clear. */
function addedToUnknown(current: unknown, value: unknown): unknown {
  if (Array.isArray(current))
    return appendTo(current, value === undefined ? [] : listOf(value), null)
  return isObject(current) && isObject(value) ? { ...current, ...value } : value
}

type Part = { readonly current: unknown; readonly sub: Sub; readonly value: unknown }

function partAfter(attribute: Attribute | null, { current, sub, value }: Part): unknown {
  const read = canonicalValue(sub.attribute, value)
  if (attribute?.multiValued === true || Array.isArray(current)) {
    const list = listOf(current)
    if (list.length === 0) return read === undefined ? undefined : [{ [sub.name]: read }]
    const changed = list.map((element) => withPart(element, sub, read) ?? {})
    const kept = changed.filter((element) => Object.keys(element).length > 0)
    return kept.length === 0 ? undefined : onePrimary(kept)
  }
  return withPart(current, sub, read)
}

/** An element or object with a part set, or without it; undefined when nothing is left. */
export function withPart(element: unknown, sub: Sub, value: unknown): JsonObject | undefined {
  const object = isObject(element) ? element : element === undefined ? {} : { value: element }
  if (element === undefined && value === undefined) return undefined
  const changed = withValue(object, sub.name, value)
  return Object.keys(changed).length === 0 ? undefined : changed
}

/** A value as a list: itself, alone in one, or none. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return value === undefined ? [] : [value]
}
