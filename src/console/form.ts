import { type AppContext, readBody } from '../http/index.ts'
import { err, limits, ok, type Result } from '../kernel/index.ts'
import type { ConsoleFailure } from './errors.ts'
import type { FormFields } from './route.ts'

/** A request without a form. */
export const noForm: FormFields = { text: () => '', all: () => [], has: () => false }

/**
 * Reads a form, fields and uploaded texts alike, up to a cap and no further.
 * @returns `console.form_too_large`, or the fields; none when it is no form
 */
export async function readForm(c: AppContext): Promise<Result<FormFields, ConsoleFailure>> {
  const body = await readBody(c.req.raw, limits.consoleFormBytes)
  if (body === null) return err({ code: 'console.form_too_large' })
  const type = c.req.header('content-type') ?? ''
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(type)) return ok(noForm)
  try {
    const data = await new Response(body, { headers: { 'content-type': type } }).formData()
    const values = new Map<string, string[]>()
    for (const [name, value] of data) {
      const text = typeof value === 'string' ? value : await (value as Blob).text()
      values.set(name, [...(values.get(name) ?? []), text])
    }
    return ok({
      text: (name) => values.get(name)?.[0] ?? '',
      all: (name) => values.get(name) ?? [],
      has: (name) => values.has(name),
    })
  } catch {
    return ok(noForm) // not a form after all; what it lacks is said by whoever reads it
  }
}

/** The version that a form was shown with (ui/forms.tsx, Shown), as operations take it. */
export function shownVersion(form: FormFields): { readonly version?: number } {
  const text = form.text('version')
  return /^\d{1,9}$/.test(text) ? { version: Number(text) } : {}
}
