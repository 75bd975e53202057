import { described } from '#described'
import * as z from '#zod'
import { isPublicMailDomain, normalizeDomain } from '../directory/index.ts'
import { parseUtcTime } from '../kernel/index.ts'

const plainText = /^[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u

/** Something people read: no control or invisible characters, no blank ends. */
export function label(maxLength: number) {
  return z
    .string()
    .max(maxLength)
    .refine(
      (text) => plainText.test(text),
      'must be plain text, without invisible characters and without blanks at its ends',
    )
    .openapi(described(() => ({ minLength: 1 })))
}

/** A domain, normalized; mail services that are open to anybody are refused. */
export const domainName = z
  .string()
  .max(253)
  .transform((text, context) => {
    const domain = normalizeDomain(text)
    if (domain === null) {
      context.addIssue('must be a domain name such as contoso.com')
      return z.NEVER
    }
    if (isPublicMailDomain(domain)) {
      context.addIssue('is a public mail service, which no organization can own')
      return z.NEVER
    }
    return domain
  })
  .openapi(described(() => ({ type: 'string', example: 'contoso.com' })))

/** Path parameters, checked for existence only when they are looked up. */
export const pathId = z.string().min(1).max(64)

export const organizationPath = z.strictObject({
  org: pathId.openapi(described(() => ({ description: 'Id or slug of the organization.' }))),
})

export const domainPath = organizationPath.extend({ domain: z.string().min(1).max(253) })
export const userPath = organizationPath.extend({ user: pathId })

/** A time in UTC, as milliseconds since the epoch. */
export const utcTime = z
  .string()
  .max(30)
  .transform((text, context) => {
    const at = parseUtcTime(text)
    if (at !== null) return at
    context.addIssue('must be a time in UTC such as 2027-01-31T00:00:00Z')
    return z.NEVER
  })
  .openapi(described(() => ({ type: 'string', format: 'date-time' })))

/** `?from=` of lists that begin with the newest. */
export const timeFrom = utcTime

/** The version that was shown when a change was decided: when another is there by now, nothing is changed. */
export const shownVersion = z
  .int()
  .min(1)
  .optional()
  .openapi(
    described(() => ({
      description: 'Changes this version only, as an answer gave it; otherwise 409.',
    })),
  )
