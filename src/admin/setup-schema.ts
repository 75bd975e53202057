import { described } from '#described'
import * as z from '#zod'
import { moment, momentOrNull } from './api.ts'
import { organizationPath, pathId } from './fields.ts'

/** Steps of the set-up guide whose end nothing shows for certain, so that somebody may say it. */
export const markableSteps = [
  'saml.application',
  'saml.addresses',
  'saml.claims',
  'saml.certificate',
  'saml.assign',
  'scim.scope',
  'scim.object-id',
  'scim.start',
  'attributes.define',
  'attributes.send',
  'attributes.graph-app',
  'attributes.graph-credential',
  'attributes.graph-check',
] as const

export const setupQuery = z.strictObject({
  connection: pathId.optional().openapi(
    described(() => ({
      description: 'Id of the connection that is set up; the newest one when left out.',
    })),
  ),
})

export const setupStepPath = organizationPath.extend({ step: z.enum(markableSteps) })

const connectionFacts = described(() =>
  z.strictObject({
    id: z.string(),
    name: z.string(),
    status: z.enum(['draft', 'testing', 'active', 'disabled']),
    entityId: z.string(),
    acsUrl: z.string(),
    loginUrl: z.string(),
    logoutUrl: z.string(),
    idpEntityId: z.string(),
    tenantId: z.string().nullable(),
    metadataUrl: z.string().nullable(),
    createdAt: moment,
    certificates: z.strictObject({
      trusted: z.int().openapi({ description: 'How many are in force now.' }),
      validUntil: momentOrNull.openapi({ description: 'When the last of them ends.' }),
    }),
    metadata: z.strictObject({
      checkedAt: momentOrNull,
      failure: z.string().nullable().openapi({ description: 'Code of what was wrong.' }),
      pending: z.boolean().openapi({ description: 'Whether a change waits for an admin’s word.' }),
    }),
  }),
)

const signInFacts = described(() =>
  z.strictObject({
    last: z
      .strictObject({
        at: moment,
        outcome: z.enum(['success', 'refused', 'warning']),
        code: z.string().nullable(),
        isSigned: z.boolean().openapi({
          description: 'Whether a trusted certificate signed it: anybody can send anything else.',
        }),
      })
      .nullable(),
    refusedSince: z
      .int()
      .openapi({ description: 'How many were refused since the last good one.' }),
    succeededAt: momentOrNull.openapi({ description: 'The last good one of those looked at.' }),
    test: z
      .strictObject({
        id: z.string(),
        status: z.enum(['waiting', 'started', 'passed', 'failed', 'expired']),
        at: moment,
        code: z.string().nullable(),
      })
      .nullable()
      .openapi({ description: 'The newest test sign-in.' }),
    testPassedAt: momentOrNull,
  }),
)

const scimFacts = described(() =>
  z.strictObject({
    tenantUrl: z.string().openapi({ description: 'What Entra calls Tenant URL.' }),
    credentials: z.strictObject({ active: z.int(), expired: z.int(), disabled: z.int() }),
    lastUsedAt: momentOrNull.openapi({
      description: 'The last accepted call; the first at once, later ones up to a minute late.',
    }),
    refused: z.strictObject({ at: moment, code: z.string().nullable() }).nullable(),
    people: z.strictObject({
      seen: z
        .int()
        .openapi({ description: 'People whom SCIM wrote, among a sample of up to 200.' }),
      lastAt: momentOrNull,
      externalIds: z.strictObject({
        guid: z.int().openapi({ description: 'Have the form of an object id.' }),
        other: z.int().openapi({ description: 'Have another form, such as a mailNickname.' }),
        none: z.int(),
      }),
    }),
  }),
)

const attributeFacts = described(() =>
  z.strictObject({
    defined: z.array(z.strictObject({ key: z.string(), label: z.string(), seen: z.boolean() })),
    unknown: z.array(z.string()).openapi({
      description: 'Keys that SCIM sent under the URN and that nobody defined.',
    }),
  }),
)

const graphFacts = described(() =>
  z
    .strictObject({
      clientId: z.string(),
      kind: z.enum(['secret', 'certificate']),
      expiresAt: momentOrNull,
      checkedAt: momentOrNull,
      isGood: z.boolean(),
      problem: z.string().nullable().openapi({ description: 'The first of the last check.' }),
    })
    .nullable(),
)

export const setupAnswer = described(() =>
  z
    .strictObject({
      connections: z.array(
        z.strictObject({ id: z.string(), name: z.string(), status: connectionFacts.shape.status }),
      ),
      connection: connectionFacts.nullable(),
      provisioning: z.strictObject({ firstLogin: z.boolean(), scim: z.boolean() }),
      signIns: signInFacts,
      scim: scimFacts,
      attributes: attributeFacts,
      graph: graphFacts,
      marked: z.array(z.strictObject({ step: z.string(), doneAt: moment, actor: z.string() })),
    })
    .openapi('Setup'),
)

/** What is known of how far an organization's set-up has come: the facts that the guide's checks judge. */
export type SetupFacts = z.input<typeof setupAnswer>

export const markedStepAnswer = described(() =>
  z
    .strictObject({ step: z.enum(markableSteps), doneAt: moment, actor: z.string() })
    .openapi('MarkedSetupStep'),
)
