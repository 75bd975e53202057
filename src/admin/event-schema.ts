import { described } from '#described'
import * as z from '#zod'
import { eventFamilies, eventTypes } from '../activity/index.ts'
import { moment } from './api.ts'
import { pathId, utcTime } from './fields.ts'

export const eventAnswer = described(() =>
  z
    .strictObject({
      id: z.string(),
      at: moment,
      type: z.string(),
      family: z
        .enum(eventFamilies)
        .optional()
        .openapi({ description: 'Which kinds it is found with.' }),
      outcome: z.enum(['success', 'refused', 'warning']),
      code: z.string().optional(),
      organization: z.string(),
      connection: z.string().optional(),
      user: z.string().optional(),
      actor: z.string(),
      request: z.string().openapi({ description: 'The reference number that was shown.' }),
      detail: z.record(z.string(), z.unknown()).openapi({
        description: 'What exactly; personal values only for 30 days.',
      }),
      explanation: z
        .strictObject({
          status: z.int().openapi({ description: 'What was answered, as an HTTP status.' }),
          means: z.string(),
          fix: z.string(),
          entra: z.string().optional().openapi({
            description: 'Where in Microsoft Entra that is, for what its admin can mend.',
          }),
          provider: z.string().optional().openapi({
            description: 'What the error number of Microsoft Entra means for its admin.',
          }),
        })
        .optional()
        .openapi({ description: 'What the code means, and what to do.' }),
    })
    .openapi('Event'),
)

/** What events are asked for by. */
export const eventQuery = {
  type: z.enum(eventTypes).optional(),
  family: z
    .enum(eventFamilies)
    .optional()
    .openapi(
      described(() => ({
        description: 'All types of a kind: scim is what provisioning did and its credentials.',
      })),
    ),
  outcome: z.enum(['success', 'refused', 'warning']).optional(),
  code: z.string().min(1).max(64).optional(),
  person: pathId.optional().openapi(described(() => ({ description: 'Id of a user.' }))),
  request: pathId
    .optional()
    .openapi(described(() => ({ description: 'The reference number that was shown.' }))),
  from: utcTime.optional(),
  to: utcTime.optional().openapi(described(() => ({ description: 'Before this moment.' }))),
}

export type EventAnswer = z.input<typeof eventAnswer>
