import type { Attribute, ResourceName } from '../schema/attribute.ts'
import { enterpriseSchema } from '../schema/extension-schemas.ts'
import { attributeNamed, splitPath } from '../schema/find-attribute.ts'
import { coreSchema, findSchema } from '../schema/schemas.ts'
import { type Draft, isObject, isUsableName, type JsonObject, setValue, valueIn } from './json.ts'

/** Where an attribute stands in a resource, under its canonical name. */
export type Place = {
  /** URN of the extension that holds it; null at the top. */
  readonly urn: string | null
  readonly name: string
  /** Null for a name that no schema knows: it is kept as it is sent. */
  readonly attribute: Attribute | null
  /** Named without the URN of the extension that has it. */
  readonly isBorrowed: boolean
}

/** A sub-attribute under its canonical name; null attribute as above. */
export type Sub = { readonly name: string; readonly attribute: Attribute | null }

/** What a path without a filter names: an attribute, part of one, or a whole extension. */
export type Named =
  | { readonly kind: 'attribute'; readonly place: Place; readonly sub: Sub | null }
  | { readonly kind: 'extension'; readonly urn: string | null }

/**
 * Finds where an attribute stands, its name in any case. A name that the core schema lacks and the enterprise
 * extension has is that one: Microsoft's examples write `manager` and `department` at the top.
 */
export function placeOf(resource: ResourceName, urn: string | null, name: string): Place {
  const schema = urn === null ? coreSchema(resource) : findSchema(resource, urn)
  const holder = urnOf(resource, urn)
  const own = attributeNamed(schema?.attributes, name)
  if (own !== null) return { urn: holder, name: own.name, attribute: own, isBorrowed: false }
  const borrowed =
    urn === null && resource === 'User' ? attributeNamed(enterpriseSchema.attributes, name) : null
  if (borrowed === null) return { urn: holder, name, attribute: null, isBorrowed: false }
  return { urn: enterpriseSchema.id, name: borrowed.name, attribute: borrowed, isBorrowed: true }
}

/** Finds a part of an attribute. */
export function subOf(place: Place, name: string): Sub {
  const attribute = attributeNamed(place.attribute?.subAttributes, name)
  return { name: attribute?.name ?? name, attribute }
}

/**
 * Reads a path without filters: `name.givenName`, `{URN}:department`, `{URN}.department`, `{URN}`.
 * @returns null when it is no path
 */
export function parseNamed(resource: ResourceName, path: string): Named | null {
  const split = splitPath(path)
  if (split === null) return null
  const { urn, name, sub } = split
  if (name === null) return { kind: 'extension', urn: urnOf(resource, urn) }
  if (![urn ?? 'core', name, sub ?? 'whole'].every(isUsableName)) return null
  const place = placeOf(resource, urn, name)
  return { kind: 'attribute', place, sub: sub === null ? null : subOf(place, sub) }
}

/** The name of a place as paths and mappings write it. */
export function nameOf({ urn, name }: { urn: string | null; name: string }, sub?: string): string {
  const whole = urn === null ? name : `${urn}:${name}`
  return sub === undefined ? whole : `${whole}.${sub}`
}

/** The value at a place, undefined when there is none. */
export function readPlace(document: JsonObject, { urn, name }: Place): unknown {
  if (urn === null) return valueIn(document, name)
  const extension = valueIn(document, urn)
  return isObject(extension) ? valueIn(extension, name) : undefined
}

/** A copy of a document that can be changed: itself and its extensions, below which values are replaced whole. */
export function draftOf(document: JsonObject): Draft {
  const copies = Object.entries(document).map(([key, value]) => {
    return [key, isObject(value) && /^urn:/i.test(key) ? { ...value } : value] as const
  })
  return Object.fromEntries(copies)
}

/** Sets the value at a place of a draft, or takes it away when it is undefined. */
export function writePlace(draft: Draft, { urn, name }: Place, value: unknown): void {
  if (urn === null) {
    setValue(draft, name, value)
    return
  }
  const held = valueIn(draft, urn)
  const extension: Draft = isObject(held) ? (held as Draft) : {}
  setValue(extension, name, value)
  setValue(draft, urn, Object.keys(extension).length === 0 ? undefined : extension)
}

/** The URN under which a schema's attributes stand: as its definition spells it, null for the core schema. */
function urnOf(resource: ResourceName, urn: string | null): string | null {
  const schema = urn === null ? coreSchema(resource) : findSchema(resource, urn)
  if (schema === null) return urn
  return schema.isExtension ? schema.id : null
}
