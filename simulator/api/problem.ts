import type { Context } from 'hono'
import type { z } from 'zod'
import { err, ok, type Result } from '../result.ts'

/** What is wrong with a call. */
export type Problem = { readonly status: 400 | 404 | 409; readonly problem: string }

export function problem(c: Context, { status, problem: text }: Problem): Response {
  return c.json({ problem: text }, status)
}

export const missing = (what: string): Problem => ({ status: 404, problem: `There is no ${what}.` })

/** The body of a call, held against its shape. An empty body is an empty object. */
export async function readBody<S extends z.ZodType>(
  c: Context,
  schema: S,
): Promise<Result<z.infer<S>, Problem>> {
  const text = await c.req.text()
  const isJson = (c.req.header('content-type') ?? '').startsWith('application/json')
  // Another site's page can post a form or text here, but not JSON.
  if (text !== '' && !isJson) return err({ status: 400, problem: 'Send application/json.' })
  const json = parseJson(text === '' ? '{}' : text)
  if (!json.ok) return err({ status: 400, problem: 'The body is not JSON.' })
  const parsed = schema.safeParse(json.value)
  if (parsed.success) return ok(parsed.data)
  const [issue] = parsed.error.issues
  return err({ status: 400, problem: `${issue?.path.join('.') || 'body'}: ${issue?.message}` })
}

function parseJson(text: string): Result<unknown, 'not JSON'> {
  try {
    return ok(JSON.parse(text))
  } catch {
    return err('not JSON')
  }
}
