import { Hono } from 'hono'
import { z } from 'zod'
import { findUser, listCertificates, type User } from '../directory/index.ts'
import { bytesToBase64, samlId, utf8, uuid } from '../keys/index.ts'
import {
  buildErrorResponse,
  buildLogoutRequest,
  type IssueRequest,
  issueAssertion,
  issuerOf,
  nameIdOf,
  redirectUrl,
} from '../saml/index.ts'
import type { World } from '../world.ts'
import { missing, problem, readBody } from './problem.ts'
import { addressed } from './show.ts'

const seconds = z.int().optional()

/** A sign-in to answer, and what is to be different in the answer. */
const responseInput = z.strictObject({
  app: z.string(),
  user: z.string(),
  inResponseTo: z.string().nullable().default(null),
  relayState: z.string().nullable().default(null),
  acsUrl: z.string().optional(),
  nameIdFormat: z.string().nullable().default(null),
  requestedContexts: z.array(z.string()).default([]),
  method: z.enum(['password', 'mfa', 'passkey', 'certificate']).optional(),
  /** Moves all times; negative: into the past. */
  shiftSeconds: seconds,
  authnInstantSecondsAgo: seconds,
  overrides: z
    .strictObject({
      responseId: z.string().optional(),
      assertionId: z.string().optional(),
      issuer: z.string().optional(),
      destination: z.string().nullable().optional(),
      recipient: z.string().optional(),
      audience: z.string().optional(),
      sessionIndex: z.string().optional(),
      nameId: z.strictObject({ value: z.string(), format: z.string() }).optional(),
      contextClass: z.string().optional(),
      attributes: z
        .array(
          z.strictObject({
            name: z.string(),
            nameFormat: z.string().nullable().default(null),
            values: z.array(z.string()),
          }),
        )
        .optional(),
    })
    .default({}),
  /** Attributes that replace those of the same name; without values the attribute goes. */
  attributes: z.record(z.string(), z.array(z.string())).default({}),
  signingOption: z.enum(['assertion', 'response', 'both']).optional(),
  signingAlgorithm: z.enum(['sha256', 'sha1']).optional(),
  /** Signs with this certificate of the application instead of the active one. */
  thumbprint: z.string().optional(),
})

const errorInput = z.strictObject({
  app: z.string(),
  inResponseTo: z.string().nullable().default(null),
  relayState: z.string().nullable().default(null),
  code: z.enum(['50058', '50076', '53003', '650056']).default('53003'),
})

const logoutInput = z.strictObject({
  app: z.string(),
  user: z.string(),
  sessionIndex: z.string(),
  nameId: z.strictObject({ value: z.string(), format: z.string() }).optional(),
  issuer: z.string().optional(),
  destination: z.string().optional(),
  relayState: z.string().nullable().default(null),
  shiftSeconds: seconds,
  signed: z.boolean().default(false),
})

/** What the simulator says to an application, without a browser in between. */
export function responseRoutes(world: World): Hono {
  const routes = new Hono()
  routes.post('/responses', async (c) => {
    const body = await readBody(c, responseInput)
    if (!body.ok) return problem(c, body.failure)
    const input = body.value
    const app = addressed(world, input.app)
    const user = findUser(world.sql, input.user)
    if (app === null || user === null) return problem(c, missing('such app or user'))
    const acsUrl = input.acsUrl ?? app.replyUrls[0]
    if (acsUrl === undefined) return problem(c, missing('reply URL'))
    const nowMs = world.nowMs() + (input.shiftSeconds ?? 0) * 1000
    const issued = await issueAssertion(
      world.sql,
      {
        app: { ...app, signingOption: input.signingOption ?? app.signingOption },
        user,
        method: input.method ?? user.authentication,
        authnInstantMs: nowMs - (input.authnInstantSecondsAgo ?? 0) * 1000,
        acsUrl,
        audience: null,
        inResponseTo: input.inResponseTo,
        nameIdFormat: input.nameIdFormat,
        requestedContexts: input.requestedContexts,
        forceAuthn: false,
        ...changes(world, app.appId, input),
      },
      nowMs,
    )
    if (!issued.ok) {
      return problem(c, { status: 400, problem: `AADSTS${issued.failure.code}` })
    }
    const { xml, nameId, sessionIndex } = issued.value
    const samlResponse = bytesToBase64(utf8(xml))
    return c.json({ samlResponse, relayState: input.relayState, acsUrl, xml, nameId, sessionIndex })
  })
  routes.post('/error-responses', async (c) => {
    const body = await readBody(c, errorInput)
    if (!body.ok) return problem(c, body.failure)
    const app = addressed(world, body.value.app)
    if (app === null) return problem(c, missing('such app'))
    const xml = buildErrorResponse({
      responseId: samlId(),
      issuer: issuerOf(app),
      inResponseTo: body.value.inResponseTo,
      nowMs: world.nowMs(),
      refusal: { code: body.value.code },
      traceId: uuid(),
      correlationId: uuid(),
    })
    const samlResponse = bytesToBase64(utf8(xml))
    const { relayState } = body.value
    return c.json({ samlResponse, relayState, acsUrl: app.replyUrls[0] ?? null, xml })
  })
  routes.post('/logout-requests', async (c) => {
    const body = await readBody(c, logoutInput)
    if (!body.ok) return problem(c, body.failure)
    const input = body.value
    const app = addressed(world, input.app)
    const user = findUser(world.sql, input.user)
    if (app === null || user === null) return problem(c, missing('such app or user'))
    if (app.logoutUrl === null) return problem(c, missing('logout URL'))
    const named = input.nameId ?? (await ownNameId(app, user))
    const id = samlId()
    const xml = buildLogoutRequest({
      id,
      issuer: input.issuer ?? issuerOf(app),
      destination: input.destination ?? app.logoutUrl,
      participant: {
        nameId: named.value,
        nameIdFormat: named.format,
        sessionIndex: input.sessionIndex,
      },
      nowMs: world.nowMs() + (input.shiftSeconds ?? 0) * 1000,
    })
    const [certificate] = listCertificates(world.sql, app.appId)
    const signer =
      input.signed && certificate !== undefined
        ? { algorithm: app.signingAlgorithm, ...certificate }
        : null
    const message = { parameter: 'SAMLRequest', xml, relayState: input.relayState } as const
    return c.json({ id, url: await redirectUrl(app.logoutUrl, message, signer), xml })
  })
  return routes
}

async function ownNameId(app: Parameters<typeof nameIdOf>[0], user: User) {
  const nameId = await nameIdOf(app, user, null)
  return nameId.ok ? nameId.value : { value: user.userPrincipalName, format: '' }
}

function changes(
  world: World,
  appId: string,
  input: z.infer<typeof responseInput>,
): Required<Pick<IssueRequest, 'change' | 'protect'>> {
  const certificate = listCertificates(world.sql, appId).find(
    ({ thumbprint }) => thumbprint === input.thumbprint?.toUpperCase(),
  )
  return {
    change: (content) => {
      const overrides = Object.fromEntries(
        Object.entries(input.overrides).filter(([, value]) => value !== undefined),
      )
      const changed = { ...content, ...overrides }
      const kept = changed.attributes.filter(({ name }) => !(name in input.attributes))
      const replaced = Object.entries(input.attributes)
        .filter(([, values]) => values.length > 0)
        .map(([name, values]) => ({ name, nameFormat: null, values }))
      return { ...changed, attributes: [...kept, ...replaced] }
    },
    protect: (protection) => ({
      ...protection,
      signer: {
        ...protection.signer,
        ...(certificate ?? {}),
        algorithm: input.signingAlgorithm ?? protection.signer.algorithm,
      },
    }),
  }
}
