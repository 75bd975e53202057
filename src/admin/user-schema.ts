import { described } from '#described'
import * as z from '#zod'
import { moment, momentOrNull } from './api.ts'
import { pathId } from './fields.ts'

const scalar = z.union([z.string(), z.number(), z.boolean()])
const source = z.enum(['scim', 'saml', 'graph', 'manual'])

export const userAnswer = described(() =>
  z
    .strictObject({
      id: z.string(),
      userName: z.string(),
      externalId: z.string().nullable(),
      active: z
        .boolean()
        .openapi({ description: 'No source denies, and nobody retired the user.' }),
      status: z.enum(['active', 'blocked', 'denied', 'retired']),
      deniedBy: z.array(z.enum(['scim', 'graph', 'manual', 'retired'])),
      profile: z.record(z.string(), z.union([scalar, z.array(scalar)])),
      provenance: z
        .record(z.string(), z.strictObject({ source, at: moment, rule: z.string() }))
        .openapi({ description: 'Where each value of the profile came from.' }),
      sources: z
        .partialRecord(
          source,
          z.strictObject({
            at: moment,
            attributes: z.record(
              z.string(),
              z.strictObject({ values: z.array(z.string()), changedAt: moment }),
            ),
          }),
        )
        .openapi({ description: 'What each source said last, as it said it.' }),
      groups: z.array(z.string()),
      roles: z.array(z.string()),
      connection: z.string().nullable(),
      identity: z.string().nullable().openapi({
        description: 'Who the user is at the provider; with Entra entra:{tenant}:{object id}.',
      }),
      createdBy: source,
      lastSignInAt: momentOrNull,
      createdAt: moment,
      updatedAt: moment,
    })
    .openapi('User'),
)

export const mergeUser = z
  .strictObject({
    into: pathId.openapi(described(() => ({ description: 'The user who would remain.' }))),
  })
  .openapi('MergeUser')

export const sessionAnswer = z
  .strictObject({
    id: z.string(),
    user: z.string(),
    connection: z
      .string()
      .nullable()
      .openapi(described(() => ({ description: 'Null: made by a recovery link.' }))),
    userAgent: z.string().nullable(),
    createdAt: moment,
    expiresAt: moment,
  })
  .openapi('Session')

export const organizationSessionAnswer = sessionAnswer
  .extend({ userName: z.string() })
  .openapi('OrganizationSession')

export const tombstoneAnswer = described(() =>
  z.strictObject({ user: z.string(), at: moment }).openapi('Tombstone'),
)
