import { described } from '#described'
import * as z from '#zod'
import { limits, ok, toIso } from '../kernel/index.ts'
import { momentOrNull } from './api.ts'
import { connectionOf } from './connection-of.ts'
import { connectionPath } from './connection-schema.ts'
import {
  countForConnection,
  countForOrganization,
  type PeopleCounts,
} from './consequences-store.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath } from './fields.ts'
import {
  consequenceWarnings,
  statusConsequences,
  switchConsequences,
} from './judge-consequences.ts'
import { organizationOf } from './organization-of.ts'
import { isTimelyAt } from './plan-connection-change.ts'

const tag = 'Roll-out'
const status = z.enum(['draft', 'testing', 'active', 'disabled'])
const onOff = z.enum(['true', 'false'])
const warnings = z.array(z.enum(consequenceWarnings))

const people = z
  .strictObject({
    counted: z.int(),
    isMore: z.boolean().openapi(
      described(() => ({
        description: `Whether there are more than the ${limits.peopleCounted} that the numbers are of.`,
      })),
    ),
    active: z.int(),
    neverSignedIn: z.int().openapi(described(() => ({ description: 'Of those active.' }))),
    onlyFirstLogin: z
      .int()
      .openapi(
        described(() => ({ description: 'Whom a first sign-in made, and SCIM has not written.' })),
      ),
    onlyScim: z
      .int()
      .openapi(
        described(() => ({ description: 'Whom SCIM has written, and who never signed in.' })),
      ),
    provisioned: z.int().openapi(described(() => ({ description: 'Whom SCIM has written.' }))),
  })
  .openapi('PeopleCounts')

const statusAnswer = described(() =>
  z
    .strictObject({
      from: status,
      to: status,
      possible: z.boolean(),
      signedIn: z
        .strictObject({ people: z.int(), sessions: z.int() })
        .openapi({ description: 'By this connection, now.' }),
      signedOut: z.int().openapi({ description: 'People whose sessions would end.' }),
      maySignIn: z
        .int()
        .nullable()
        .openapi({ description: 'Known people who could sign in then; null: the testers.' }),
      testers: z.int(),
      testedAt: momentOrNull.openapi({
        description: 'When a test or a sign-in by the connection passed last.',
      }),
      people,
      warnings,
    })
    .openapi('StatusConsequences'),
)

const switchAnswer = described(() =>
  z
    .strictObject({
      changes: z.array(
        z.strictObject({
          setting: z.enum(['firstLogin', 'scim', 'signIn']),
          to: z.string(),
          people: z.int().openapi({ description: 'Whom it touches.' }),
        }),
      ),
      activeConnections: z.int(),
      scimCredentials: z.int(),
      people,
      warnings,
    })
    .openapi('SwitchConsequences'),
)

export type StatusConsequencesAnswer = z.output<typeof statusAnswer>
export type SwitchConsequencesAnswer = z.output<typeof switchAnswer>

export const consequenceEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/organizations/{org}/connections/{connection}/consequences',
    id: 'getStatusConsequences',
    described: described(() => ({
      tag,
      summary: 'What another status of a connection would mean for the people there are now.',
      description: 'Changes nothing.',
      answer: statusAnswer,
      refusals: ['admin.organization_not_found', 'admin.connection_not_found'],
    })),
    params: connectionPath,
    query: z.strictObject({ status }),
    async handle(request) {
      const found = await connectionOf(request)
      if (!found.ok) return found
      const { connection, organization, certificates, testers } = found.value
      const { db, nowMs, query } = request
      const key = { organizationId: organization.id, connectionId: connection.id }
      const counts = await countForConnection(db, key, nowMs)
      const judged = statusConsequences({ from: connection.status, to: query.status }, counts, {
        hasValidCertificate: certificates.some(
          (row) => row.retiredAt === null && isTimelyAt(nowMs, row),
        ),
        testers: testers.length,
        isRequired: organization.signIn === 'required',
      })
      const { testedAt } = counts
      return ok({
        ...judged,
        warnings: [...judged.warnings],
        signedIn: counts.signedIn,
        testers: testers.length,
        testedAt: testedAt === null ? null : toIso(testedAt),
        people: presentPeople(counts.people),
      })
    },
  }),
  endpoint({
    method: 'get',
    path: '/organizations/{org}/consequences',
    id: 'getSwitchConsequences',
    described: described(() => ({
      tag,
      summary: 'What other switches of an organization would mean for the people there are now.',
      description: 'Changes nothing. What is left out stays.',
      answer: switchAnswer,
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    query: z.strictObject({
      firstLogin: onOff.optional(),
      scim: onOff.optional(),
      signIn: z.enum(['optional', 'required']).optional(),
    }),
    async handle(request) {
      const found = await organizationOf(request)
      if (!found.ok) return found
      const { db, nowMs, query } = request
      const { id, firstLogin, scim, signIn } = found.value
      const counts = await countForOrganization(db, id, nowMs)
      const after = {
        firstLogin: query.firstLogin === undefined ? firstLogin : query.firstLogin === 'true',
        scim: query.scim === undefined ? scim : query.scim === 'true',
        signIn: query.signIn ?? signIn,
      }
      const judged = switchConsequences({ firstLogin, scim, signIn }, after, counts)
      const { activeConnections, scimCredentials } = counts
      return ok({
        changes: [...judged.changes],
        warnings: [...judged.warnings],
        activeConnections,
        scimCredentials,
        people: presentPeople(counts.people),
      })
    },
  }),
]

function presentPeople(counts: PeopleCounts): z.input<typeof people> {
  return { ...counts, isMore: counts.counted >= limits.peopleCounted }
}
