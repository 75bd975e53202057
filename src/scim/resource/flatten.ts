import { foldCase, printable } from '../../kernel/index.ts'
import type { Attribute, ResourceName } from '../schema/attribute.ts'
import { findSchema } from '../schema/schemas.ts'
import { isObject, type JsonObject, valueIn } from './json.ts'
import { nameOf, type Place, placeOf, type Sub } from './place.ts'

/** Parts that tell elements apart; they stand in the names of the other parts. */
const telling = new Set(['type', 'primary'])

/** Extensions whose only part is named by the attribute alone: `…:User:manager` is the manager's id. */
const references = new Set(['manager'])

/**
 * A resource as names and texts, which is what a mapping maps: `title`, `name.givenName`, `emails.value`,
 * `emails[type eq "work"].value`, `emails[primary eq true].value`, `{URN}:department`, `{URN}:manager`.
 * Values of one name keep their order.
 */
export function flatten(
  document: JsonObject,
  resource: ResourceName = 'User',
): ReadonlyMap<string, readonly string[]> {
  const flat = new Map<string, string[]>()
  const add = (name: string, value: unknown): void => {
    const text = textOf(value)
    if (text === null) return
    const texts = flat.get(name)
    if (texts === undefined) flat.set(name, [text])
    else texts.push(text)
  }
  for (const [key, value] of Object.entries(document)) {
    if (isExtension(resource, key) && isObject(value)) {
      for (const [name, inner] of Object.entries(value)) {
        flattenOne(placeOf(resource, key, name), inner, add)
      }
    } else flattenOne(placeOf(resource, null, key), value, add)
  }
  return flat
}

type Add = (name: string, value: unknown) => void

function flattenOne(place: Place, value: unknown, add: Add): void {
  const name = nameOf(place)
  if (Array.isArray(value)) {
    for (const element of value) flattenElement(place, element, add)
  } else if (!isObject(value)) {
    add(name, value)
  } else if (references.has(place.name)) {
    add(name, value['value'])
  } else {
    for (const [part, inner] of Object.entries(value)) add(`${name}.${part}`, inner)
  }
}

function flattenElement(place: Place, element: unknown, add: Add): void {
  const name = nameOf(place)
  if (!isObject(element)) {
    add(name, element)
    return
  }
  const selectors = selectorsOf(element)
  for (const [part, value] of Object.entries(element)) {
    if (telling.has(part)) continue
    // Entra sends lists of a custom attribute as objects with a `value`: they are its values.
    if (place.attribute === null && part.toLowerCase() === 'value') add(name, value)
    for (const selector of ['', ...selectors]) add(`${name}${selector}.${part}`, value)
  }
}

function selectorsOf(element: JsonObject): readonly string[] {
  const type = valueIn(element, 'type')
  return [
    ...(typeof type === 'string' ? [typeSelector(type)] : []),
    ...(valueIn(element, 'primary') === true ? ['[primary eq true]'] : []),
  ]
}

function typeSelector(type: string): string {
  return `[type eq ${JSON.stringify(foldCase(type))}]`
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}

function isExtension(resource: ResourceName, key: string): boolean {
  return findSchema(resource, key)?.isExtension ?? /^urn:/i.test(key)
}

/** The element that a value path means, for names: `[type eq "work"]` or `[primary eq true]`, else nothing. */
export type Selector = { readonly type: string } | { readonly primary: true } | null

/** Every name that clearing a place, or a part of it, clears, whether anything stood there or not. */
export function namesAt(
  place: Place,
  sub: Sub | null,
  selector: Selector = null,
): readonly string[] {
  const { attribute } = place
  const name = nameOf(place)
  if (references.has(place.name) && place.urn !== null) return [name]
  if (attribute?.type !== 'complex') return [sub === null ? name : nameOf(place, sub.name)]
  const parts = sub === null ? mappedParts(attribute) : [sub.name]
  if (!attribute.multiValued) return parts.map((part) => `${name}.${part}`)
  const selectors =
    selector !== null
      ? [selectorText(selector)]
      : ['', ...canonicalTypes(attribute).map(typeSelector), '[primary eq true]']
  return parts
    .filter((part) => !telling.has(part))
    .flatMap((part) => selectors.map((one) => `${name}${one}.${part}`))
}

/** The name that an event may keep of what a request mentioned: no values, but which kind of element. */
export function mentionOf(place: Place, sub: Sub | null, selector: Selector = null): string {
  const isKind =
    selector !== null && (!('type' in selector) || /^[\w -]{1,32}$/.test(selector.type))
  const whole = `${nameOf(place)}${isKind && selector !== null ? selectorText(selector) : ''}`
  const isPlain = sub === null || (references.has(place.name) && place.urn !== null)
  return printable(isPlain ? whole : `${whole}.${sub.name}`, 200)
}

function selectorText(selector: NonNullable<Selector>): string {
  return 'type' in selector ? typeSelector(selector.type) : '[primary eq true]'
}

function mappedParts(attribute: Attribute): readonly string[] {
  return (attribute.subAttributes ?? [])
    .map(({ name }) => name)
    .filter((name) => !telling.has(name) && name !== '$ref')
}

function canonicalTypes(attribute: Attribute): readonly string[] {
  return attribute.subAttributes?.find(({ name }) => name === 'type')?.canonicalValues ?? []
}
