import { type JobInput, jobInput } from '../api/index.ts'
import type { Job } from '../provisioning/index.ts'
import { err, ok, type Result } from '../result.ts'
import type { Form } from './form.ts'

/** Rows of the admin's own as lines: `nickName = ToLower([givenName])`. */
export function mappingLines(rows: Job['customMapping']): string {
  return rows.map(({ target, source }) => `${target} = ${source}`).join('\n')
}

/** Filters as lines: clauses joined by `AND`, one filter a line. */
export function filterLines(filters: Job['scopingFilters']): string {
  return filters
    .map((clauses) =>
      clauses
        .map(({ attribute, operator, value }) => `${attribute} ${operator} ${value}`.trim())
        .join(' AND '),
    )
    .join('\n')
}

/** What the form says, in the API's terms. @returns it, or a sentence */
export function jobInputOf(form: Form, job: Job): Result<JobInput, string> {
  const parsed = jobInput.safeParse({
    tenantUrl: form.text('tenantUrl'),
    credentials: credentials(form),
    scope: form.text('scope'),
    externalIdSource: form.text('externalIdSource'),
    userMatching: form.lines('userMatching'),
    groupMatching: form.text('groupMatching'),
    customMapping: form.lines('customMapping').map((line) => {
      const before = job.customMapping.find((row) => mappingLines([row]) === line)
      const [target = '', source = ''] = line.split(/ = (.*)/)
      return before ?? { target, source }
    }),
    scopingFilters: form.lines('scopingFilters').map((line) =>
      line.split(' AND ').map((clause) => {
        const shape =
          /^(\w+) (NOT EQUALS|EQUALS|IS NOT NULL|IS NULL|IS TRUE|IS FALSE|NOT REGEX MATCH|REGEX MATCH|INCLUDES) ?(.*)$/
        const [, attribute = clause, operator, value] = shape.exec(clause.trim()) ?? []
        return { attribute, operator, value }
      }),
    ),
    provisionsGroups: form.isOn('provisionsGroups'),
    skipOutOfScopeDeletions: form.isOn('skipOutOfScopeDeletions'),
    supportsSoftDelete: form.isOn('supportsSoftDelete'),
  })
  if (parsed.success) return ok(parsed.data)
  const [issue] = parsed.error.issues
  return err(`${issue?.path.join(' ')}: ${issue?.message}`)
}

function credentials(form: Form) {
  const kind = form.oneOf('kind', ['token', 'client-credentials', 'federated'])
  if (kind === 'token') return { kind, token: form.text('token') }
  const client = {
    kind,
    tokenUrl: form.text('tokenUrl'),
    clientId: form.text('clientId'),
    scope: form.orNull('oauthScope'),
  }
  return kind === 'federated'
    ? { ...client, audience: form.text('audience') }
    : { ...client, clientSecret: form.text('clientSecret'), sentIn: form.text('sentIn') }
}
