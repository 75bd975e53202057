import type * as z from '#zod'
import type { connectionAnswer } from './connection-schema.ts'
import type { graphCredentialAnswer } from './graph-schema.ts'
import type { groupAnswer, memberAnswer } from './group-schema.ts'
import type { mappingAnswer } from './mapping-schema.ts'
import type { refreshAnswer } from './metadata-schema.ts'
import type { domainAnswer } from './organization-schema.ts'
import type {
  createdScimClient,
  createdScimSecret,
  createdScimToken,
  scimClientAnswer,
  scimTokenAnswer,
} from './scim-schema.ts'
import type {
  organizationSessionAnswer,
  sessionAnswer,
  tombstoneAnswer,
  userAnswer,
} from './user-schema.ts'

/** What operations answer, for whoever asks them in-process. */
export type ConnectionAnswer = z.input<typeof connectionAnswer>
export type RefreshAnswer = z.input<typeof refreshAnswer>
export type DomainAnswer = z.input<typeof domainAnswer>
export type ScimTokenAnswer = z.input<typeof scimTokenAnswer>
export type CreatedScimToken = z.input<typeof createdScimToken>
export type ScimClientAnswer = z.input<typeof scimClientAnswer>
export type CreatedScimClient = z.input<typeof createdScimClient>
export type CreatedScimSecret = z.input<typeof createdScimSecret>
export type GraphCredentialAnswer = z.input<typeof graphCredentialAnswer>
export type OrganizationSessionAnswer = z.input<typeof organizationSessionAnswer>
export type TombstoneAnswer = z.input<typeof tombstoneAnswer>
export type UserAnswer = z.input<typeof userAnswer>
export type SessionAnswer = z.input<typeof sessionAnswer>
export type GroupAnswer = z.input<typeof groupAnswer>
export type MemberAnswer = z.input<typeof memberAnswer>
export type MappingAnswer = z.input<typeof mappingAnswer>
