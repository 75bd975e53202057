import { err, limits, ok, type Result } from '../kernel/index.ts'
import type { ScimFailure } from './errors.ts'

/** Which attributes an answer holds (RFC 7644 3.9). Names are compared without case. */
export type Projection = {
  readonly attributes: readonly string[] | null
  readonly excluded: readonly string[]
}

export const wholeResource: Projection = { attributes: null, excluded: [] }

/** What every answer holds, whatever is asked for (RFC 7643 7, returned: always). */
const always = new Set(['id', 'schemas'])

type Json = Readonly<Record<string, unknown>>

/**
 * Reads `attributes` and `excludedAttributes`: comma-separated in a query, lists in a search request.
 * @returns `scim.too_many` above `limits.scimProjectedNames`
 */
export function readProjection(
  attributes: readonly string[],
  excluded: readonly string[],
): Result<Projection, ScimFailure> {
  const [asked, left] = [names(attributes), names(excluded)]
  const most = limits.scimProjectedNames
  if (asked.length + left.length > most) {
    const detail = `attributes and excludedAttributes name ${asked.length + left.length} attributes, and ${most} is the most. Name fewer, or none for all of them.`
    return err({ code: 'scim.too_many', detail })
  }
  return ok({ attributes: asked.length === 0 ? null : asked, excluded: left })
}

function names(lists: readonly string[]): readonly string[] {
  const all = lists.flatMap((list) => list.split(',')).map((name) => name.trim().toLowerCase())
  return [...new Set(all)].filter((name) => name !== '')
}

/** Whether the answer will hold an attribute of the core schema: decides what has to be read. */
export function includes({ attributes, excluded }: Projection, attribute: string): boolean {
  const name = attribute.toLowerCase()
  if (attributes === null) return !excluded.some((one) => coreName(one) === name)
  return attributes.some((one) => coreName(one).split('.')[0] === name)
}

const core = /^urn:ietf:params:scim:schemas:core:2\.0:(?:user|group):/

function coreName(name: string): string {
  return name.replace(core, '')
}

/**
 * The part of a resource that was asked for. Names that there are not are passed over, so that one
 * attribute a client knows and we do not never fails its request.
 */
export function project(resource: Json, projection: Projection): Json {
  const asked = projection.attributes?.map(coreName) ?? null
  const excluded = projection.excluded.map(coreName)
  return projectObject(resource, { asked, excluded, prefix: '', isTop: true })
}

type Cut = {
  /** Null when everything is. */
  readonly asked: readonly string[] | null
  readonly excluded: readonly string[]
  /** Name of the object with what separates it from its attributes, in lower case. */
  readonly prefix: string
  readonly isTop: boolean
}

function projectObject(object: Json, cut: Cut): Json {
  const kept: [string, unknown][] = []
  for (const [key, value] of Object.entries(object)) {
    const name = `${cut.prefix}${key.toLowerCase()}`
    if (cut.isTop && always.has(name)) {
      kept.push([key, value])
      continue
    }
    if (cut.excluded.includes(name)) continue
    const isWhole = cut.asked === null || cut.asked.includes(name)
    // Attributes of an extension follow its URN after a colon, sub-attributes after a dot.
    const prefix = cut.isTop && name.startsWith('urn:') ? `${name}:` : `${name}.`
    const hasParts = [...(cut.asked ?? []), ...cut.excluded].some((one) => one.startsWith(prefix))
    if (!hasParts) {
      if (isWhole) kept.push([key, value])
      continue
    }
    const inner = { ...cut, asked: isWhole ? null : cut.asked, prefix, isTop: false }
    const part = projectValue(value, inner)
    if (part !== undefined) kept.push([key, part])
  }
  return Object.fromEntries(kept)
}

function projectValue(value: unknown, cut: Cut): unknown {
  if (Array.isArray(value)) {
    const parts = value.map((one) => projectValue(one, cut)).filter((one) => one !== undefined)
    return parts.length === 0 ? undefined : parts
  }
  if (typeof value !== 'object' || value === null) return cut.asked === null ? value : undefined
  const part = projectObject(value as Json, cut)
  return Object.keys(part).length === 0 ? undefined : part
}
