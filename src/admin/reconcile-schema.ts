import { described } from '#described'
import * as z from '#zod'
import { driftKinds } from '../reconcile/index.ts'
import { moment, momentOrNull } from './api.ts'
import { organizationPath, pathId } from './fields.ts'

const connection = pathId.optional().openapi(
  described(() => ({
    description:
      'Id of the connection whose tenant is read; may be left out while there is at most one.',
  })),
)

export const runPath = organizationPath.extend({ run: pathId })

export const createRun = z
  .strictObject({
    connection,
    dryRun: z
      .boolean()
      .default(false)
      .openapi(
        described(() => ({
          description: 'Writes nothing but the run and its report of what would be done.',
        })),
      ),
    full: z
      .boolean()
      .default(false)
      .openapi(
        described(() => ({
          description: 'Reads everybody, not only what changed since the last run.',
        })),
      ),
  })
  .openapi('CreateReconcileRun')

const count = z.int()

const countsAnswer = z
  .strictObject({
    people: count.openapi(
      described(() => ({ description: 'Users of the tenant that were looked at.' })),
    ),
    changed: count,
    deactivated: count,
    reactivated: count,
    created: count,
    memberships: count,
    drift: count.openapi(described(() => ({ description: 'Differences that were found.' }))),
    pages: count.openapi(described(() => ({ description: 'Answers of Graph that were read.' }))),
    left: count.openapi(
      described(() => ({
        description: 'People whom others changed all the time: the next run’s.',
      })),
    ),
  })
  .openapi('ReconcileCounts')

export const driftAnswer = described(() =>
  z
    .strictObject({
      id: z.string(),
      run: z.string(),
      kind: z.enum(driftKinds),
      user: z.string().nullable(),
      userName: z.string().nullable(),
      group: z.string().nullable(),
      object: z.string().nullable().openapi({ description: 'Object id in the tenant.' }),
      attribute: z.string().nullable(),
      stated: z.unknown().openapi({ description: 'What Entra states.' }),
      held: z.unknown().openapi({ description: 'What Portico held.' }),
      rule: z.string().openapi({ description: 'The rule that decides.' }),
      action: z.enum(['reported', 'planned', 'repaired', 'ignored']).openapi({
        description: '`planned`: a dry run, or a run that the brake holds, would do it.',
      }),
      state: z.enum(['open', 'done', 'accepted', 'dismissed']),
      at: moment,
      decidedAt: momentOrNull,
    })
    .openapi('DriftItem'),
)

const runShape = {
  id: z.string(),
  connection: z.string().nullable(),
  kind: z.enum(['reconcile', 'resolve']).openapi(
    described(() => ({
      description: '`resolve`: profiles are made anew after a change of the mapping.',
    })),
  ),
  trigger: z.enum(['schedule', 'api', 'mapping']),
  status: z.enum(['queued', 'running', 'paused', 'held', 'done', 'failed']),
  dryRun: z.boolean(),
  full: z.boolean(),
  step: z.string().openapi(described(() => ({ description: 'Where it stands.' }))),
  createdAt: moment,
  startedAt: momentOrNull,
  continueAt: momentOrNull.openapi(
    described(() => ({ description: 'When it goes on, while it is paused.' })),
  ),
  finishedAt: momentOrNull,
  counts: countsAnswer,
  held: z
    .strictObject({
      reasons: z.array(
        z.strictObject({
          what: z.string().openapi(
            described(() => ({
              description: '`deactivated`, `role:<name>` or `attribute:<key>`.',
            })),
          ),
          count: z.int(),
          people: z.int(),
        }),
      ),
    })
    .nullable()
    .openapi(
      described(() => ({ description: 'Why the brake holds it; of a dry run, why it would.' })),
    ),
  failure: z
    .strictObject({
      code: z.string(),
      message: z.string(),
      fix: z.string(),
      detail: z.string().nullable(),
    })
    .nullable(),
}

export const runSummary = described(() => z.strictObject(runShape).openapi('ReconcileRunSummary'))

export const runAnswer = described(() =>
  z
    .strictObject({
      ...runShape,
      drift: z.array(driftAnswer).openapi({ description: 'The first page of what it found.' }),
      nextDrift: z.string().nullable().openapi({
        description: 'Cursor for …/drift of the run; null when this is all.',
      }),
    })
    .openapi('ReconcileRun'),
)
