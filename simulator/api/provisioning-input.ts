import { z } from 'zod'
import { isSourceAttribute, type Job, mappingOf, prepareMapping } from '../provisioning/index.ts'
import { err, ok, type Result } from '../result.ts'
import type { Problem } from './problem.ts'

const credentials = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('token'), token: z.string() }),
  z.strictObject({
    kind: z.literal('client-credentials'),
    tokenUrl: z.url(),
    clientId: z.string().min(1),
    clientSecret: z.string(),
    scope: z.string().nullable().default(null),
    sentIn: z.enum(['header', 'body', 'both']).default('header'),
  }),
  z.strictObject({
    kind: z.literal('federated'),
    tokenUrl: z.url(),
    clientId: z.string().min(1),
    scope: z.string().nullable().default(null),
    audience: z.string().min(1),
  }),
])

const mappingRow = z.strictObject({
  target: z.string().min(1),
  source: z.string().min(1),
  apply: z.enum(['always', 'create']).default('always'),
  type: z.enum(['text', 'boolean']).optional(),
})

const clause = z.strictObject({
  attribute: z.string().refine(isSourceAttribute, 'The directory has no such attribute.'),
  operator: z
    .enum([
      ...(['EQUALS', 'NOT EQUALS', 'IS TRUE', 'IS FALSE', 'IS NULL', 'IS NOT NULL'] as const),
      ...(['REGEX MATCH', 'NOT REGEX MATCH', 'INCLUDES'] as const),
    ])
    .default('EQUALS'),
  value: z.string().default(''),
})

/** What may be said about an application's provisioning. What is left out stays. */
export const jobInput = z.strictObject({
  tenantUrl: z.url().optional(),
  credentials: credentials.optional(),
  scope: z.enum(['assigned', 'all']).optional(),
  scopingFilters: z.array(z.array(clause).min(1)).optional(),
  userMatching: z.array(z.string().min(1)).min(1).optional(),
  groupMatching: z.enum(['displayName', 'externalId']).optional(),
  userMapping: z.array(mappingRow).min(1).nullable().optional(),
  customMapping: z.array(mappingRow).optional(),
  externalIdSource: z.enum(['mailNickname', 'objectId']).optional(),
  provisionsGroups: z.boolean().optional(),
  supportsSoftDelete: z.boolean().optional(),
  skipOutOfScopeDeletions: z.boolean().optional(),
  sendsQuery: z.boolean().optional(),
  checksReferences: z.boolean().optional(),
  memberBatch: z.int().min(1).max(10_000).optional(),
  parallel: z.int().min(1).max(50).optional(),
  timeoutMs: z.int().min(1).max(300_000).optional(),
  escrow: z
    .strictObject({
      least: z.int().min(0),
      share: z.number().min(0).max(1),
      most: z.int().min(1),
    })
    .optional(),
})

export type JobInput = z.infer<typeof jobInput>

/** A job with what was said. @returns a problem when a mapping cannot be read, or does not have what matching needs */
export function mergeJob(job: Job, input: JobInput): Result<Job, Problem> {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
  const typed = (rows: z.infer<typeof mappingRow>[]) =>
    rows.map(({ type, ...row }) => ({
      ...row,
      type: type ?? (row.target === 'active' ? ('boolean' as const) : ('text' as const)),
    }))
  const merged: Job = {
    ...job,
    ...given,
    ...(input.userMapping ? { userMapping: typed(input.userMapping) } : {}),
    ...(input.customMapping ? { customMapping: typed(input.customMapping) } : {}),
  }
  const mapping = prepareMapping(mappingOf(merged))
  if (!mapping.ok) return err({ status: 400, problem: mapping.failure })
  const targets = mapping.value.map(({ path }) => path.text.toLowerCase())
  const unmapped = merged.userMatching.find((name) => !targets.includes(name.toLowerCase()))
  if (unmapped !== undefined) {
    return err({ status: 400, problem: `${unmapped} is to match by, but is not mapped.` })
  }
  return ok(merged)
}
