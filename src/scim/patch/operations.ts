import { err, limits, ok, printable, type Result } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import { isObject, type JsonObject, keyIn, valueIn } from '../resource/json.ts'
import { dialects } from './dialects.ts'

/** One operation of a PATCH as it was sent, its path still a text. */
export type Operation = {
  readonly op: 'add' | 'replace' | 'remove'
  /** Null for the resource itself. */
  readonly path: string | null
  readonly value: unknown
  /** Whether there is a value at all; null is one. */
  readonly hasValue: boolean
  /** Counted from 1, for failures. */
  readonly number: number
}

/**
 * Reads the operations of a PATCH body (RFC 7644 3.5.2). `op` and names in any case, a single operation
 * without a list, and no operations at all, which changes nothing (reference a10).
 * @returns `scim.invalid_syntax` for what is no PATCH, `scim.invalid_path` for a path that is no text,
 *   `scim.too_many` above `limits.scimPatchOperations`
 */
export function readOperations(body: unknown): Result<readonly Operation[], ScimFailure> {
  const list = isObject(body) ? valueIn(body, 'Operations') : undefined
  const items = isObject(list) ? [list] : list
  if (!Array.isArray(items)) {
    const detail =
      'The body has no Operations. Send {"schemas": […PatchOp], "Operations": [{"op": …}]}.'
    return err({ code: 'scim.invalid_syntax', detail })
  }
  if (items.length > limits.scimPatchOperations) {
    const detail = `The PATCH has ${items.length} operations, and ${limits.scimPatchOperations} is the most. Send several smaller ones.`
    return err({ code: 'scim.too_many', detail })
  }
  const operations: Operation[] = []
  for (const [i, item] of items.entries()) {
    const operation = readOperation(item, i + 1)
    if (!operation.ok) return operation
    operations.push(operation.value)
  }
  return ok(operations)
}

const ops = new Set(['add', 'replace', 'remove'])

function readOperation(item: unknown, number: number): Result<Operation, ScimFailure> {
  if (!isObject(item)) return invalid(`Operation ${number} is no JSON object.`)
  const named = valueIn(item, 'op')
  const op = typeof named === 'string' ? dialects.opInAnyCase.rule(named) : ''
  if (!ops.has(op)) {
    const got = typeof named === 'string' ? `the op "${printable(named, 40)}"` : 'no op'
    return invalid(`Operation ${number} has ${got}; it must be add, replace or remove.`)
  }
  const path = valueIn(item, 'path') ?? null
  if (path !== null && typeof path !== 'string') {
    const detail = `Operation ${number} has a path that is no text.`
    return err({ code: 'scim.invalid_path', detail })
  }
  return ok({
    op: op as Operation['op'],
    path: path === null || path.trim() === '' ? null : path,
    value: valueIn(item, 'value'),
    hasValue: hasValue(item),
    number,
  })
}

function hasValue(item: JsonObject): boolean {
  return Object.hasOwn(item, keyIn(item, 'value'))
}

function invalid(detail: string): Result<never, ScimFailure> {
  return err({ code: 'scim.invalid_syntax', detail })
}
