import { described } from '#described'
import * as z from '#zod'
import { type CheckState, checkTable } from '../saml/index.ts'
import { moment, momentOrNull } from './api.ts'
import { connectionPath } from './connection-schema.ts'
import { pathId } from './fields.ts'

export const testSignInPath = connectionPath.extend({ test: pathId })

/** Longest life of a test's link, in minutes. */
const maxMinutes = 60

export const createTestSignIn = z
  .strictObject({
    expiresInMinutes: z.int().min(1).max(maxMinutes).default(maxMinutes),
    createPerson: z
      .boolean()
      .default(false)
      .openapi(
        described(() => ({
          description:
            'Makes the person if an ordinary sign-in would make them now: the connection is active, or being tested and they are a tester, and first login is on. There is no session in either case.',
        })),
      ),
  })
  .openapi('CreateTestSignIn')

const summary = {
  id: z.string(),
  connection: z.string(),
  status: z.enum(['waiting', 'started', 'passed', 'failed', 'expired']),
  createPerson: z.boolean(),
  createdAt: moment,
  expiresAt: moment,
  startedAt: momentOrNull,
  finishedAt: momentOrNull,
}

export const testSignInAnswer = described(() =>
  z
    .strictObject({
      ...summary,
      url: z.string().nullable().openapi({
        description: 'For one tester, once. Shown in the first answer only, then null.',
      }),
      secretShown: z.enum(['now', 'earlier']),
    })
    .openapi('TestSignIn'),
)

export const listedTestSignIn = described(() =>
  z.strictObject({ ...summary, code: z.string().nullable() }).openapi('ListedTestSignIn'),
)

const states = [
  'pass',
  'fail',
  'not_reached',
  'not_needed',
  'note',
  'not_judged',
] as const satisfies readonly CheckState[]

const checkIds = checkTable.map(({ id }) => id)

export const checkAnswer = described(() =>
  z
    .strictObject({
      id: z.enum(checkIds),
      label: z.string(),
      asks: z.string().openapi({ description: 'What is asked, in plain words.' }),
      spec: z.string().nullable(),
      state: z.enum(states).openapi({
        description:
          'not_reached: an earlier check failed. not_needed: there was no occasion. note: an ordinary sign-in would end here for now. not_judged: it cannot be known here.',
      }),
      code: z.string().nullable(),
      means: z.string().nullable(),
      fix: z.string().nullable(),
      evidence: z.record(z.string(), z.string()),
    })
    .openapi('ResponseCheck'),
)

const reportAnswer = described(() =>
  z
    .strictObject({
      request: z.string().openapi({ description: 'The reference number that the tester saw.' }),
      code: z.string().nullable().openapi({ description: 'The first failure.' }),
      directoryShown: z.boolean().openapi({
        description:
          'Whether the person, the mapped values and the groups are told: not to setup links without attributes.',
      }),
      checks: z.array(checkAnswer),
      entra: z
        .strictObject({
          aadsts: z.string().nullable(),
          correlationId: z.string().nullable(),
          traceId: z.string().nullable(),
          person: z.string().nullable(),
          admin: z.string().nullable(),
        })
        .nullable()
        .openapi({ description: 'What Entra said no with, and what to do about it.' }),
      nameId: z.strictObject({ value: z.string(), format: z.string().nullable() }).nullable(),
      claims: z.array(z.strictObject({ name: z.string(), values: z.array(z.string()) })),
      person: z
        .strictObject({
          kind: z.enum(['known', 'bind', 'create']),
          user: z.string().nullable(),
          userName: z.string(),
          why: z.string(),
        })
        .nullable()
        .openapi({ description: 'Whom it would be.' }),
      created: z.boolean(),
      attributes: z.array(
        z.strictObject({
          key: z.string(),
          value: z.union([
            z.string(),
            z.number(),
            z.boolean(),
            z.array(z.union([z.string(), z.number(), z.boolean()])),
          ]),
          source: z.string().nullable(),
          rule: z.string().nullable(),
        }),
      ),
      problems: z.array(z.strictObject({ key: z.string(), why: z.string() })),
      groups: z.array(z.string()),
      groupsFrom: z.enum(['scim', 'saml']).nullable(),
      groupsUnknown: z.boolean(),
      roles: z.array(z.string()),
    })
    .openapi('TestSignInReport'),
)

export const testSignInDetail = described(() =>
  z
    .strictObject({
      ...summary,
      report: reportAnswer.nullable().openapi({
        description: 'Once it ended; deleted within 7 days.',
      }),
    })
    .openapi('TestSignInDetail'),
)

/** What pages show of these answers. */
export type CheckAnswer = z.output<typeof checkAnswer>
export type TestSignInAnswer = z.output<typeof testSignInAnswer>
export type ListedTestSignIn = z.output<typeof listedTestSignIn>
export type TestSignInDetail = z.output<typeof testSignInDetail>
