import { described } from '#described'
import * as z from '#zod'

/** Nothing may be given. */
export const nothing = z.strictObject({})

/** A moment in answers: ISO 8601 in UTC with milliseconds. */
export const moment = z.string().openapi(described(() => ({ format: 'date-time' })))

export const momentOrNull = z.union([moment, z.null()])

/** What every refused request is answered with (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string().openapi(described(() => ({ description: 'What happened.' }))),
    status: z.int(),
    code: z
      .string()
      .openapi(described(() => ({ description: 'Permanent; docs/errors.md lists all.' }))),
    detail: z.string().openapi(described(() => ({ description: 'What to do.' }))),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .openapi(described(() => ({ description: 'The fields that are wrong, all at once.' }))),
    request: z
      .string()
      .openapi(described(() => ({ description: 'The reference number of the request.' }))),
  })
  .openapi('Problem')
