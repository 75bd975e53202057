import { z } from 'zod'
import { effects, faultDefaults, faultKinds } from '../graph/index.ts'

/** What may be said about how Graph behaves. What is left out stays. */
export const graphSettingsInput = z.strictObject({
  deltaPageSize: z.int().min(1).max(10_000).optional(),
  listPageSize: z.int().min(1).max(999).optional(),
  tokenSeconds: z
    .int()
    .min(1)
    .max(24 * 3600)
    .optional(),
  deltaTokenSeconds: z
    .int()
    .min(1)
    .max(30 * 86_400)
    .optional(),
  expiredDelta: z.enum(['gone', 'syncStateNotFound', 'resyncRequired']).optional(),
  linkPadding: z.int().min(0).max(8000).optional(),
})

/** A fault to switch on. What is left out is as {@link faultDefaults} has it. */
export const faultInput = z.strictObject({
  kind: z.enum(faultKinds).default(faultDefaults.kind),
  effect: z.enum(effects).default(faultDefaults.effect),
  status: z.int().min(400).max(599).default(faultDefaults.status),
  retryAfter: z
    .union([z.int().min(0), z.string().min(1)])
    .nullable()
    .default(faultDefaults.retryAfter),
  delayMs: z.int().min(0).max(600_000).default(faultDefaults.delayMs),
  skip: z.int().min(0).default(faultDefaults.skip),
  count: z.int().min(1).nullable().default(faultDefaults.count),
  share: z.number().min(0).max(1).default(faultDefaults.share),
  seed: z.int().default(faultDefaults.seed),
})
