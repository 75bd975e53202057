import { described } from '#described'
import * as z from '#zod'
import { limits } from '../kernel/index.ts'
import { moment, momentOrNull } from './api.ts'
import { pathId } from './fields.ts'

export const createRecoveryLink = z
  .strictObject({
    user: pathId.openapi(
      described(() => ({ description: 'Id of the user whom the link signs in.' })),
    ),
    expiresInMinutes: z.int().min(1).max(limits.recoveryLinkMinutes).default(60),
  })
  .openapi('CreateRecoveryLink')

export const recoveryLinkAnswer = described(() =>
  z
    .strictObject({
      id: z.string(),
      user: z.string(),
      url: z.string().nullable().openapi({
        description: 'Signs the user in, once. Shown in the first answer only, then null.',
      }),
      secretShown: z.enum(['now', 'earlier']),
      expiresAt: moment,
    })
    .openapi('RecoveryLink'),
)

export const listedRecoveryLink = described(() =>
  z
    .strictObject({
      id: z.string(),
      user: z.string(),
      state: z.enum(['unused', 'used', 'expired']),
      createdAt: moment,
      expiresAt: moment,
      usedAt: momentOrNull,
    })
    .openapi('ListedRecoveryLink'),
)
