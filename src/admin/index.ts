/**
 * Owns the Admin API: its paths, the shapes of requests and answers, their OpenAPI description, the admin
 * key and Idempotency-Keys. Decides nothing about people, connections or sessions, which their own folders
 * do. Called by `app`.
 */

export type * from './answers.ts'
export { callOperation } from './call.ts'
export type { StatusConsequencesAnswer, SwitchConsequencesAnswer } from './consequences.ts'
export type { DecodeAnswer } from './decode-schema.ts'
export { type AdminFailure, adminErrors } from './errors.ts'
export type { EventAnswer } from './event-schema.ts'
export type { HealthAnswer } from './health.ts'
export { adminRoutes } from './routes.ts'
export { markableSteps, type SetupFacts } from './setup-schema.ts'
export type { StatisticsAnswer } from './statistics.ts'
export type {
  CheckAnswer,
  ListedTestSignIn,
  TestSignInAnswer,
  TestSignInDetail,
} from './test-sign-in-schema.ts'
export type { TimelineAnswer } from './timeline.ts'
