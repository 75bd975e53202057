import { described } from '#described'
import * as z from '#zod'
import { moment } from './api.ts'

export const groupAnswer = described(() =>
  z
    .strictObject({
      id: z.string(),
      displayName: z.string(),
      externalId: z.string().nullable().openapi({
        description: 'What the provider calls the group; with Entra its object id.',
      }),
      memberCount: z.int().min(0),
      connection: z.string().nullable(),
      createdAt: moment,
      updatedAt: moment,
    })
    .openapi('Group'),
)

export const memberAnswer = described(() =>
  z
    .strictObject({
      id: z.string(),
      type: z.enum(['user', 'group']),
      display: z.string().nullable().openapi({
        description: 'The userName of a user, the displayName of a group.',
      }),
      source: z.enum(['scim', 'graph']),
      since: moment,
    })
    .openapi('Member'),
)
