import { err, limits, ok, printable, type Result } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import type { Filter } from '../filter/filter.ts'
import { parseElementFilter } from '../filter/parse-filter.ts'
import type { Attribute, ResourceName } from './attribute.ts'
import type { CustomAttribute } from './extension-schemas.ts'
import { attributeNamed, findAttribute, splitPath } from './find-attribute.ts'
import { coreSchema, findSchema } from './schemas.ts'

/** Where an operation of PATCH works (RFC 7644 figure 7). Known names are canonical, others as they were sent. */
export type Path =
  /** The URN of a schema and nothing else; null is the resource itself. */
  | { readonly kind: 'schema'; readonly schema: string | null }
  | {
      readonly kind: 'attribute'
      /** URN of the extension; null for the resource's own attributes. */
      readonly schema: string | null
      readonly name: string
      /** Null when no schema describes it. */
      readonly attribute: Attribute | null
      /** Which elements are meant; null for all of them. */
      readonly filter: Filter | null
      readonly sub: { readonly name: string; readonly attribute: Attribute | null } | null
    }

/** What stands before the first bracket, between it and the last one, and after that. */
const parts = /^([^[\]]+)(?:\[(.*)\])?(?:\.([^[\].]+))?$/s

/**
 * Reads the path of a PATCH operation: `attr`, `attr.sub`, `attr[filter]`, `attr[filter].sub`, each also
 * after a schema's URN with `:` or `.`. Attributes that nobody describes are read too, since they
 * are kept.
 * @returns the path, or `scim.invalid_path` with what is wrong
 */
export function parsePath(
  text: string,
  resource: ResourceName,
  custom: readonly CustomAttribute[] = [],
): Result<Path, ScimFailure> {
  const path = text.trim()
  if (path.length > limits.scimFilterLength) {
    return invalid(`The path is longer than ${limits.scimFilterLength} characters.`)
  }
  const [, before = null, inside = null, after = null] = splitBrackets(path)
  const split = before === null ? null : splitPath(before)
  if (before === null || split === null || (split.sub !== null && inside !== null)) {
    return invalid(`The path ${quote(path)} is not of the form name, name.sub or name[filter].sub.`)
  }
  const schema = split.urn === null ? null : findSchema(resource, split.urn, custom)
  const urn = schema === null ? split.urn : schema.id
  const isCore = schema !== null && schema.id === coreSchema(resource).id
  if (split.name === null) {
    if (inside !== null || after !== null) {
      return invalid(`The path ${quote(path)} has a filter after a schema, which is no list.`)
    }
    return ok({ kind: 'schema', schema: isCore ? null : urn })
  }
  const whole = split.sub === null ? before : before.slice(0, -split.sub.length - 1)
  const found = findAttribute(resource, whole, custom)
  const attribute = found?.attribute ?? null
  const filter = inside === null ? ok(null) : parseElementFilter(inside, attribute)
  if (!filter.ok) return filter
  const sub = split.sub ?? after
  const part = sub === null ? null : attributeNamed(attribute?.subAttributes, sub)
  return ok({
    kind: 'attribute',
    schema: found === null ? (isCore ? null : urn) : found.schema,
    name: attribute?.name ?? split.name,
    attribute,
    filter: filter.value,
    sub: sub === null ? null : { name: part?.name ?? sub, attribute: part },
  })
}

function splitBrackets(path: string): readonly (string | undefined)[] {
  // Without brackets the dots are left to splitPath, which knows those of a URN.
  return path.includes('[') ? (parts.exec(path) ?? []) : [path, path]
}

function quote(path: string): string {
  return `"${printable(path, 200)}"`
}

function invalid(detail: string): { ok: false; failure: ScimFailure } {
  return err({ code: 'scim.invalid_path', detail })
}
