import type * as z from '#zod'
import type { AppContext } from '../http/index.ts'
import { readBody } from '../http/index.ts'
import { decodeUtf8, err, limits, ok, printable, type Result } from '../kernel/index.ts'
import { explainIssue } from './explain-issue.ts'
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
    const message =
      type === undefined ? 'is required: application/json' : 'must be application/json'
    return refuse('admin.unsupported_media_type', { field: 'Content-Type', message })
  }
  if ((c.req.header('content-encoding') ?? 'identity').toLowerCase() !== 'identity') {
    const message = 'must be left out: send the body as it is, not compressed'
    return refuse('admin.unsupported_media_type', { field: 'Content-Encoding', message })
  }
  const bytes = await readBody(c.req.raw, limits.adminBodyBytes)
  if (bytes === null) {
    const message = `must have at most ${limits.adminBodyBytes} bytes`
    return refuse('admin.body_too_large', { field: 'body', message })
  }
  if (bytes.length === 0) return rule === 'optional' ? ok({}) : refuseJson('is empty')
  const text = decodeUtf8(bytes)
  return text === null ? refuseJson('is not UTF-8') : parseJson(text)
}

function parseJson(text: string): Result<unknown, Refusal> {
  try {
    return ok(JSON.parse(text))
  } catch (error) {
    // JSON.parse throws for malformed text and nothing else. Its message may repeat a secret of the body.
    const told = error instanceof Error ? error.message : ''
    const [, position] = /at position (\d+)/.exec(told) ?? []
    if (position !== undefined)
      return refuseJson(`is not JSON from character ${Number(position) + 1} on`)
    return refuseJson(/end of JSON/.test(told) ? 'ends before its JSON does' : 'is not JSON')
  }
}

function refuseJson(message: string): Result<never, Refusal> {
  return refuse('admin.malformed_json', { field: 'body', message })
}

/** The query with one value for each name: given twice, one of them would be passed over. */
export function readQuery(
  c: AppContext,
): Result<Readonly<Record<string, string>>, readonly FieldError[]> {
  const repeated = Object.entries(c.req.queries()).filter(([, values]) => values.length > 1)
  if (repeated.length === 0) return ok(c.req.query())
  const message = 'is given more than once'
  return err(repeated.slice(0, 20).map(([name]) => ({ field: fieldName([name]), message })))
}

/** A part of the request with the schema it must satisfy. */
export type Part<T extends z.ZodType> = { readonly schema: T; readonly value: unknown }

/** Checks one part; what is wrong is reported per field, all at once. */
export function checkPart<T extends z.ZodType>({
  schema,
  value,
}: Part<T>): Result<z.output<T>, readonly FieldError[]> {
  const parsed = schema.safeParse(value, { error: explainIssue })
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
