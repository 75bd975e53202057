import { readBody } from '../http/index.ts'
import { decodeUtf8, err, limits, ok, type Result } from '../kernel/index.ts'
import type { ScimFailure } from './errors.ts'

/** Deeper than any resource of RFC 7643, so that whatever walks a body may recurse. */
const maxDepth = 12

/** Never kept: a password is nobody's business here, and the other names would reach into objects. */
const dropped = /^(?:password|__proto__|constructor|prototype)$/i

/**
 * Reads the JSON of a request. A `password` is dropped before anything else happens (DESIGN 5.12).
 * @returns the parsed object; `scim.media_type`, `scim.body_too_large` or `scim.invalid_syntax`
 */
export async function readJsonBody(
  request: Request,
): Promise<Result<Readonly<Record<string, unknown>>, ScimFailure>> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (!/^application\/(?:scim\+)?json$/.test(type)) {
    const got = type === '' ? 'no Content-Type' : `Content-Type ${type.slice(0, 80)}`
    const detail = `The request has ${got}; send application/scim+json or application/json.`
    return err({ code: 'scim.media_type', detail })
  }
  const bytes = await readBody(request, limits.scimBodyBytes)
  if (bytes === null) {
    const most = `${limits.scimBodyBytes / 1024 / 1024} MiB`
    const detail = `The body is larger than ${most}; send fewer members or operations at once.`
    return err({ code: 'scim.body_too_large', detail })
  }
  const text = decodeUtf8(bytes)
  if (text === null) return invalid('The body is not UTF-8.')
  return parseJson(text.replace(/^\uFEFF/, ''))
}

/** Parses a JSON object, bounded in depth and without what is never kept. */
export function parseJson(text: string): Result<Readonly<Record<string, unknown>>, ScimFailure> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return invalid('The body is not JSON.') // JSON.parse throws for nothing else
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return invalid('The body must be a JSON object.')
  }
  const cleaned = clean(value, 0)
  return cleaned === tooDeep
    ? invalid(`The body has more than ${maxDepth} levels.`)
    : ok(cleaned as Readonly<Record<string, unknown>>)
}

const tooDeep = Symbol('more levels than any resource has')

function clean(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth >= maxDepth) return tooDeep
  if (Array.isArray(value)) {
    const items = value.map((item) => clean(item, depth + 1))
    return items.includes(tooDeep) ? tooDeep : items
  }
  const entries = Object.entries(value)
    .filter(([key]) => !dropped.test(key))
    .map(([key, item]) => [key, clean(item, depth + 1)] as const)
  return entries.some(([, item]) => item === tooDeep) ? tooDeep : Object.fromEntries(entries)
}

function invalid(detail: string): Result<never, ScimFailure> {
  return err({ code: 'scim.invalid_syntax', detail })
}
