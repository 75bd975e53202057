import { type Attribute, openAttribute, type ResourceName, type Schema } from './attribute.ts'
import { type CustomAttribute, customUrn, enterpriseSchema } from './extension-schemas.ts'
import { coreSchema, findSchema } from './schemas.ts'

/** An attribute that a path names. */
export type FoundAttribute = {
  /** URN of the extension that has it; null for what the resource itself has. */
  readonly schema: string | null
  readonly attribute: Attribute
  readonly sub: Attribute | null
}

/** A path taken apart: names as they were written. */
export type SplitPath = {
  readonly urn: string | null
  /** Null when the path is the URN of a schema and nothing else. */
  readonly name: string | null
  readonly sub: string | null
}

/**
 * A schema's URN at the start of a path; jobs from before 2019 join the attribute with a dot (reference a1).
 * What follows may be anything, line breaks too: a path that fails at its end would be tried at every colon.
 */
const qualified = /^(urn:[^[\]\s"]*?:\d+\.\d+:?(?:User|Group))(?:[:.](.+))?$/is
const attributeName = /^\$?[A-Za-z0-9_][\w-]*$/

/**
 * Takes a path without filters apart (RFC 7644 figure 1: `[URN ":"] name ["." sub]`).
 * @returns null when it is no path
 */
export function splitPath(path: string): SplitPath | null {
  const [, urn = null, rest = null] = /^urn:/i.test(path)
    ? (qualified.exec(path) ?? /^(urn:.+):([^:]+)$/i.exec(path) ?? [])
    : [path, null, path]
  if (urn === null && rest === null) return null
  if (rest === null) return { urn, name: null, sub: null }
  const [name = '', sub = null, ...more] = rest.split('.')
  if (more.length > 0 || !attributeName.test(name)) return null
  if (sub !== null && !attributeName.test(sub)) return null
  return { urn, name, sub }
}

/** Finds an attribute of a list by its name, in any case. */
export function attributeNamed(
  attributes: readonly Attribute[] | undefined,
  name: string,
): Attribute | null {
  const wanted = name.toLowerCase()
  return attributes?.find((one) => one.name.toLowerCase() === wanted) ?? null
}

/**
 * Finds the attribute that a path names, in any case: `userName`, `name.givenName`, `{URN}:department`,
 * `{URN}.department`, and the enterprise attributes without their URN, as Microsoft's examples write
 * `manager`. Any name under the custom URN is found, described or not.
 * @returns null when there is none
 */
export function findAttribute(
  resource: ResourceName,
  path: string,
  custom: readonly CustomAttribute[] = [],
): FoundAttribute | null {
  const split = splitPath(path)
  if (split === null || split.name === null) return null
  const { urn, name, sub } = split
  for (const schema of schemasFor(resource, urn, custom)) {
    const attribute = attributeNamed(schema.attributes, name) ?? openIn(schema, name)
    if (attribute === null) continue
    const found = { schema: schema.isExtension ? schema.id : null, attribute }
    if (sub === null) return { ...found, sub: null }
    const part = attributeNamed(attribute.subAttributes, sub)
    return part === null ? null : { ...found, sub: part }
  }
  return null
}

function schemasFor(
  resource: ResourceName,
  urn: string | null,
  custom: readonly CustomAttribute[],
): readonly Schema[] {
  if (urn === null) {
    return resource === 'User' ? [coreSchema('User'), enterpriseSchema] : [coreSchema('Group')]
  }
  const schema = findSchema(resource, urn, custom)
  return schema === null ? [] : [schema]
}

function openIn(schema: Schema, name: string): Attribute | null {
  return schema.id === customUrn ? openAttribute(name) : null
}
