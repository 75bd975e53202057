import type { AppContext } from '../http/index.ts'
import { readBody } from '../http/index.ts'
import { decodeUtf8, err, limits, ok, printable, type Result } from '../kernel/index.ts'
import type { z } from './api.ts'
import { type FieldError, type Refusal, refuse } from './refusal.ts'

/** How a method's body is read: not at all, or as JSON that may be left out or not. */
export type BodyRule = 'none' | 'optional' | 'required'

/**
 * Reads a body: its declared type first, then up to the cap and no further, then JSON.
 * @returns the parsed JSON, `{}` for an optional body that is empty
 */
export async function readJson(c: AppContext, rule: BodyRule): Promise<Result<unknown, Refusal>> {
  if (rule === 'none') return ok({})
  const type = c.req.header('content-type')
  const isJson = /^application\/(?:merge-patch\+)?json\s*(?:;|$)/i.test(type ?? '')
  if (!isJson && (rule === 'required' || type !== undefined)) {
    return refuse('admin.unsupported_media_type')
  }
  const bytes = await readBody(c.req.raw, limits.adminBodyBytes)
  if (bytes === null) return refuse('admin.body_too_large')
  if (bytes.length === 0 && rule === 'optional') return ok({})
  const text = decodeUtf8(bytes)
  return text === null ? refuse('admin.malformed_json') : parseJson(text)
}

function parseJson(text: string): Result<unknown, Refusal> {
  try {
    return ok(JSON.parse(text))
  } catch {
    return refuse('admin.malformed_json') // JSON.parse throws for malformed text and nothing else
  }
}

/** A part of the request with the schema it must satisfy. */
export type Part<T extends z.ZodType> = { readonly schema: T; readonly value: unknown }

/** Checks one part; what is wrong is reported per field, all at once. */
export function checkPart<T extends z.ZodType>({
  schema,
  value,
}: Part<T>): Result<z.output<T>, readonly FieldError[]> {
  const parsed = schema.safeParse(value, {
    error: (issue) =>
      issue.code === 'invalid_type' && issue.input === undefined ? 'is required' : undefined,
  })
  return parsed.success ? ok(parsed.data) : err(parsed.error.issues.flatMap(fieldErrors))
}

function fieldErrors(issue: z.core.$ZodIssue): readonly FieldError[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, 20).map((key) => ({
      field: fieldName([...path, key]),
      message: 'is not a known field',
    }))
  }
  return [{ field: fieldName(path), message: issue.message }]
}

function fieldName(path: readonly string[]): string {
  return path.length === 0 ? 'body' : printable(path.join('.'), 128)
}
