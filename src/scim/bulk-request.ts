import { err, limits, ok, type Result } from '../kernel/index.ts'
import type { ScimFailure } from './errors.ts'

/** One operation of a Bulk request, as sent. */
export type BulkOperation = {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly bulkId: string | null
  readonly version: string | null
  /** From the base URL on, such as `/Users/usr_…`. */
  readonly path: string
  readonly data: unknown
}

type Json = Readonly<Record<string, unknown>>

const shapes = {
  POST: /^\/(users|groups)$/i,
  PUT: /^\/(users|groups)\/[^/]+$/i,
  PATCH: /^\/(users|groups)\/[^/]+$/i,
  DELETE: /^\/(users|groups)\/[^/]+$/i,
} as const

/**
 * Reads a Bulk request (RFC 7644 3.7). Its form is judged before the first operation is carried out.
 * @returns the operations, and after how many errors to stop (null: never)
 */
export function readBulk(
  body: unknown,
): Result<{ operations: readonly BulkOperation[]; failOnErrors: number | null }, ScimFailure> {
  const request = fold(body)
  const list = request['operations']
  if (!Array.isArray(list)) return invalid('Operations must be a list.')
  if (list.length > limits.scimBulkOperations) {
    const detail = `A Bulk request has at most ${limits.scimBulkOperations} operations; this one has ${list.length}.`
    return err({ code: 'scim.body_too_large', detail })
  }
  const failOnErrors = request['failonerrors'] ?? null
  if (failOnErrors !== null && !(Number.isInteger(failOnErrors) && Number(failOnErrors) > 0)) {
    return invalid('failOnErrors must be a positive whole number.')
  }
  const operations: BulkOperation[] = []
  const seen = new Set<string>()
  for (const [i, item] of list.entries()) {
    const operation = readOperation(fold(item), `Operations[${i}]`)
    if (!operation.ok) return operation
    const { bulkId } = operation.value
    if (bulkId !== null && seen.has(bulkId)) {
      return invalid(`Operations[${i}].bulkId is used twice: ${bulkId.slice(0, 64)}.`)
    }
    if (bulkId !== null) seen.add(bulkId)
    operations.push(operation.value)
  }
  return ok({ operations, failOnErrors: failOnErrors as number | null })
}

function readOperation(item: Json, at: string): Result<BulkOperation, ScimFailure> {
  const method = String(item['method'] ?? '').toUpperCase()
  if (method !== 'POST' && method !== 'PUT' && method !== 'PATCH' && method !== 'DELETE') {
    return invalid(`${at}.method must be POST, PUT, PATCH or DELETE.`)
  }
  const path = item['path']
  if (typeof path !== 'string' || !shapes[method].test(path)) {
    const wanted = method === 'POST' ? '/Users or /Groups' : '/Users/{id} or /Groups/{id}'
    return invalid(`${at}.path must be ${wanted} for ${method}.`)
  }
  const bulkId = item['bulkid'] ?? null
  if (bulkId !== null && (typeof bulkId !== 'string' || bulkId === '')) {
    return invalid(`${at}.bulkId must be a text.`)
  }
  if (method === 'POST' && bulkId === null) return invalid(`${at}.bulkId is required for POST.`)
  const version = item['version'] ?? null
  if (version !== null && typeof version !== 'string') {
    return invalid(`${at}.version must be a text.`)
  }
  const data = item['data'] ?? null
  if (method !== 'DELETE' && (typeof data !== 'object' || data === null || Array.isArray(data))) {
    return invalid(`${at}.data must be an object for ${method}.`)
  }
  return ok({ method, bulkId, version, path, data })
}

const prefix = 'bulkId:'

/** Every bulkId that a value names. */
export function referencesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    return value.split('/').flatMap((part) => referenceOf(part) ?? [])
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(referencesIn)
}

function referenceOf(text: string): string | null {
  return text.startsWith(prefix) ? text.slice(prefix.length) : null
}

/**
 * A value with the ids that have been given in place of references. Whatever of a list or an object has
 * none yet is taken out; `left` holds the top-level attributes that this concerns, as they were.
 */
export function resolveReferences(
  value: unknown,
  ids: ReadonlyMap<string, string>,
): { value: unknown; unresolved: readonly string[]; left: Json } {
  const unresolved: string[] = []
  const resolved = resolve(value)
  const left =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).filter(([, one]) =>
          referencesIn(one).some((bulkId) => !ids.has(bulkId)),
        )
      : []
  return { value: resolved, unresolved, left: Object.fromEntries(left) }

  function resolve(one: unknown): unknown {
    if (typeof one === 'string') {
      const bulkId = referenceOf(one)
      if (bulkId === null) return one
      const id = ids.get(bulkId)
      if (id === undefined) unresolved.push(bulkId)
      return id
    }
    if (Array.isArray(one)) return one.map(resolve).filter((item) => item !== undefined)
    if (typeof one !== 'object' || one === null) return one
    const entries = Object.entries(one).map(([key, item]) => [key, resolve(item)] as const)
    // An object that was only its reference, such as {"value": "bulkId:…"}, is nothing without it.
    const hadReference = entries.some(([, item]) => item === undefined)
    return hadReference && 'value' in one
      ? undefined
      : Object.fromEntries(entries.filter(([, item]) => item !== undefined))
  }
}

function fold(value: unknown): Json {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toLowerCase(), one]))
}

function invalid(detail: string): Result<never, ScimFailure> {
  return err({ code: 'scim.invalid_syntax', detail })
}
