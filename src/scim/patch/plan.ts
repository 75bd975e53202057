import { err, ok, printable, type Result } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import type { Filter } from '../filter/filter.ts'
import {
  type Assignment,
  assignmentsIn,
  hasParts,
  isIgnored,
  splitComplex,
} from '../resource/assign.ts'
import { isBlank, isObject, isUsableName } from '../resource/json.ts'
import { type Place, placeOf, type Sub, subOf } from '../resource/place.ts'
import { shown } from '../resource/user-columns.ts'
import { isServerMade } from '../resource/values.ts'
import type { ResourceName } from '../schema/attribute.ts'
import { type Path, parsePath } from '../schema/parse-path.ts'
import { dialects } from './dialects.ts'
import type { Operation } from './operations.ts'

/** What operations come to, one attribute each: an operation without a path sets several. */
export type Change = Assignment & {
  readonly op: Operation['op']
  /** Which elements of a list are meant; null for the attribute as a whole. */
  readonly filter: Filter | null
  /** Whether a `remove` names the values that it removes. */
  readonly isListed: boolean
  /** The path as it was sent, for failures. */
  readonly path: string
}

type Planned = Result<readonly Change[], ScimFailure>

/**
 * Reads what an operation changes.
 * @returns `scim.invalid_path`, `scim.no_target` (a `remove` of nothing), `scim.mutability` (a path to what only
 *   the server sets), `scim.invalid_value` (no value, or none that the path can take)
 * @see RFC 7644 3.5.2
 */
export function planOperation(resource: ResourceName, operation: Operation): Planned {
  const { op, path, hasValue, number } = operation
  if (op !== 'remove' && !hasValue) {
    const what = path === null ? 'no value' : `no value for ${quote(path)}`
    return invalidValue(`Operation ${number} has ${what}. Send one, or use remove to clear it.`)
  }
  if (path === null) return planWithoutPath(resource, operation)
  const parsed = parsePath(path, resource)
  if (!parsed.ok) return parsed
  return parsed.value.kind === 'schema'
    ? planSchema(resource, { operation, urn: parsed.value.schema })
    : planAttribute(resource, { operation, parsed: parsed.value, path })
}

function planWithoutPath(resource: ResourceName, operation: Operation): Planned {
  const { op, number } = operation
  if (op === 'remove') {
    const detail = `Operation ${number} removes without a path. Name what shall be removed.`
    return err({ code: 'scim.no_target', detail })
  }
  const value = Array.isArray(operation.value) ? operation.value[0] : operation.value
  if (!isObject(value)) {
    const got = shown(operation.value)
    return invalidValue(`Operation ${number} has no path and the value ${got}. Send an object.`)
  }
  const plain = Object.entries(value).filter(([name]) => !dialects.namesAsPaths.rule(name))
  const changes = [...toChanges(assignmentsIn(resource, Object.fromEntries(plain)), operation)]
  const filtered = Object.entries(value).filter(([name]) => dialects.namesAsPaths.rule(name))
  for (const [name, one] of filtered) {
    const planned = planOperation(resource, { ...operation, path: name, value: one })
    if (!planned.ok) return planned
    for (const change of planned.value) changes.push(change)
  }
  return ok(changes)
}

type OnSchema = { readonly operation: Operation; readonly urn: string | null }

/** A path that is the URN of a schema: its attributes are the names in the value. */
function planSchema(resource: ResourceName, { operation, urn }: OnSchema): Planned {
  const { op, value } = operation
  const path = operation.path ?? ''
  if (op !== 'remove' && isObject(value)) {
    return ok(toChanges(assignmentsIn(resource, value, urn), operation))
  }
  if (op !== 'remove' && !isBlank(value)) {
    return invalidValue(`${quote(path)} is a schema and cannot be ${shown(value)}. Send an object.`)
  }
  if (urn === null) {
    const detail = `${quote(path)} is the whole ${resource}, which no operation can remove. Name an attribute.`
    return err({ code: 'scim.no_target', detail })
  }
  const place = { urn: null, name: urn, attribute: null, isBorrowed: false }
  return ok(toChanges([{ place, sub: null, value: undefined }], { ...operation, op: 'remove' }))
}

type OnAttribute = {
  readonly operation: Operation
  readonly parsed: Extract<Path, { kind: 'attribute' }>
  readonly path: string
}

function planAttribute(resource: ResourceName, { operation, parsed, path }: OnAttribute): Planned {
  const place = placeOf(resource, parsed.schema, parsed.name)
  const sub = parsed.sub === null ? null : subOf(place, parsed.sub.name)
  const { attribute } = place
  const owner = [attribute, sub?.attribute].find((one) => one?.mutability === 'readOnly')
  if (owner !== undefined) {
    const detail = `${quote(path)} is read-only: Portico sets ${owner?.name} itself. Remove it from the mapping.`
    return err({ code: 'scim.mutability', detail })
  }
  if (isIgnored(place) || isServerMade(sub?.attribute ?? null)) return ok([])
  if (attribute?.required === true && operation.op === 'remove') {
    const detail = `${attribute.name} is required and cannot be removed. Replace it instead.`
    return err({ code: 'scim.mutability', detail })
  }
  const problem = shapeProblem(place, { filter: parsed.filter, sub })
  if (problem !== null) return err({ code: 'scim.invalid_path', detail: problem })
  const assignment = { place, sub, value: operation.value }
  if (parsed.filter === null && sub === null && operation.op !== 'remove') {
    return ok(toChanges(splitComplex(assignment) ?? [assignment], operation))
  }
  return ok(toChanges([assignment], operation, parsed.filter))
}

/** Why a path cannot be one of the attribute, in words; null when it can. */
function shapeProblem(
  { urn, name, attribute }: Place,
  { filter, sub }: { readonly filter: Filter | null; readonly sub: Sub | null },
): string | null {
  if (filter !== null && attribute?.multiValued === false) {
    return `${name} is a single value, and the path picks one of several. Use the path without the filter.`
  }
  if (![urn ?? 'core', name, sub?.name ?? 'whole'].every(isUsableName)) {
    return `${quote(name)} cannot be the name of an attribute. Use another one.`
  }
  if (sub !== null && !hasParts(attribute)) {
    return `${name} has no part ${quote(sub.name)}. Use ${name} as the path.`
  }
  return null
}

function toChanges(
  assignments: readonly Assignment[],
  operation: Operation,
  filter: Filter | null = null,
): readonly Change[] {
  const { op, path } = operation
  const isListed = dialects.listedRemoval.rule(operation)
  return assignments.map((one) => ({ ...one, op, filter, isListed, path: path ?? one.place.name }))
}

/** A path as failures quote it. */
export function quote(path: string): string {
  return `"${printable(path, 200)}"`
}

function invalidValue(detail: string): Result<never, ScimFailure> {
  return err({ code: 'scim.invalid_value', detail })
}
