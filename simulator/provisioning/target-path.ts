import { err, ok, type Result } from '../result.ts'

/** A target attribute of a mapping, in parts. */
export type TargetPath = {
  readonly text: string
  /** The schema in front of it; null: the core schema. */
  readonly urn: string | null
  readonly name: string
  readonly filter: { readonly attribute: string; readonly value: string } | null
  readonly sub: string | null
}

/** Any JSON object. */
export type Resource = { readonly [name: string]: unknown }

const shape =
  /^(?:(urn:[^[\]"]+?(?::2\.0)?:(?:User|Group))[:.])?([\w$-]+)(?:\[(\w+) eq "?([^"\]]*)"?\])?(?:\.([\w$-]+))?$/i

/** Reads a target attribute. @returns it, or a sentence that says what is wrong */
export function parseTarget(text: string): Result<TargetPath, string> {
  const match = shape.exec(text)
  if (match === null) return err(`${text} is not the name of a target attribute.`)
  const [, urn, name = '', attribute, value = '', sub] = match
  return ok({
    text,
    urn: urn ?? null,
    name,
    filter: attribute === undefined ? null : { attribute, value },
    sub: sub ?? null,
  })
}

export function isResource(value: unknown): value is Resource {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A property by its name in any case. */
export function property(resource: unknown, name: string): unknown {
  if (!isResource(resource)) return undefined
  const wanted = name.toLowerCase()
  const key = Object.keys(resource).find((one) => one.toLowerCase() === wanted)
  return key === undefined ? undefined : resource[key]
}

/** What a resource has at a path; undefined when it has nothing there. */
export function readAt(resource: Resource, path: TargetPath): unknown {
  const { filter } = path
  const holder = path.urn === null ? resource : property(resource, path.urn)
  let value = property(holder, path.name)
  if (filter !== null) {
    const elements = Array.isArray(value) ? value : []
    value = elements.find(
      (element) =>
        String(property(element, filter.attribute)).toLowerCase() === filter.value.toLowerCase(),
    )
  }
  return path.sub === null ? value : property(value, path.sub)
}

type Mutable = Record<string, unknown>

/** Puts a value at a path of a new resource, with what the path needs around it. */
export function writeAt(resource: Mutable, path: TargetPath, value: unknown): void {
  const holder = path.urn === null ? resource : child(resource, path.urn)
  if (path.filter === null) {
    if (path.sub === null) holder[path.name] = value
    else child(holder, path.name)[path.sub] = value
    return
  }
  const { attribute, value: wanted } = path.filter
  const elements = (holder[path.name] ?? []) as Mutable[]
  holder[path.name] = elements
  const isPrimary = attribute.toLowerCase() === 'primary'
  const same = (one: Mutable) => String(one[attribute]).toLowerCase() === wanted.toLowerCase()
  let element = elements.find(same)
  if (element === undefined) {
    element = { [attribute]: isPrimary ? true : wanted }
    // As Microsoft's examples have it: the work address is the primary one.
    if (path.name === 'emails' && wanted === 'work') element['primary'] = true
    elements.push(element)
  }
  element[path.sub ?? 'value'] = value
}

function child(holder: Mutable, name: string): Mutable {
  const found = holder[name]
  if (typeof found === 'object' && found !== null) return found as Mutable
  const made: Mutable = {}
  holder[name] = made
  return made
}
