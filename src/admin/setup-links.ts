import { described } from '#described'
import * as z from '#zod'
import { allOf, runBatch } from '../db/index.ts'
import { organizationExists } from '../directory/index.ts'
import { setupParts } from '../http/index.ts'
import {
  base64UrlEncode,
  limits,
  newId,
  ok,
  type Result,
  sha256Hex,
  toIso,
} from '../kernel/index.ts'
import {
  findSetupLink,
  insertSetupLink,
  listSetupLinks,
  mayAddSetupLink,
  revokeSetupLink,
  type SetupLink,
  setupLinkExists,
  setupLinkStands,
} from '../session/index.ts'
import { moment, momentOrNull } from './api.ts'
import { createOnce } from './create-store.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath, pathId } from './fields.ts'
import { replayedHeader } from './idempotency.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf } from './organization-of.ts'
import { cutPage, newestCursor, newestCursorOf, pageOf, pageQuery } from './paging.ts'
import { type Refusal, refuse } from './refusal.ts'

const createSetupLink = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .openapi(described(() => ({ description: 'What it is called in lists.' }))),
    parts: z
      .array(z.enum(setupParts))
      .min(1)
      .max(setupParts.length)
      .transform((parts) => setupParts.filter((part) => parts.includes(part)))
      .openapi(described(() => ({ description: 'What may be set up with it.' }))),
    expiresInDays: z.int().min(1).max(limits.setupLinkDays).default(limits.setupLinkDays),
  })
  .openapi('CreateSetupLink')

const shape = {
  id: z.string(),
  name: z.string(),
  parts: z.array(z.enum(setupParts)),
  state: z.enum(['usable', 'expired', 'revoked']),
  createdAt: moment,
  expiresAt: moment,
  lastUsedAt: momentOrNull,
}

const listedSetupLink = described(() => z.strictObject(shape).openapi('ListedSetupLink'))

const setupLinkAnswer = described(() =>
  z
    .strictObject({
      ...shape,
      url: z.string().nullable().openapi({
        description: 'Opens the console. Shown in the first answer only, then null.',
      }),
      secretShown: z.enum(['now', 'earlier']),
    })
    .openapi('SetupLink'),
)

const tag = 'Setup links'
const linkPath = organizationPath.extend({ link: pathId })
type LinkRequest = AdminRequest<unknown, unknown, z.output<typeof createSetupLink>>

export const setupLinkEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'post',
    path: '/organizations/{org}/setup-links',
    id: 'createSetupLink',
    described: described(() => ({
      tag,
      summary: 'A way into the console for a customer’s IT admin, for chosen parts.',
      description:
        'Works until it expires or is revoked, for whoever holds it. It prepares connections in draft; opening one, for testers or everybody, is for an operator or a signed-in admin.',
      answer: setupLinkAnswer,
      refusals: [
        'admin.organization_not_found',
        'admin.limit_reached',
        'admin.setup_link_not_found',
      ],
    })),
    params: organizationPath,
    body: createSetupLink,
    created: true,
    idempotent: true,
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      return createLink(request, organization.value.id)
    },
  }),
  endpoint({
    method: 'get',
    path: '/organizations/{org}/setup-links',
    id: 'listSetupLinks',
    described: described(() => ({
      tag,
      summary: 'Setup links of the last weeks, newest first, without their secrets.',
      answer: pageOf(listedSetupLink),
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    query: z.strictObject(pageQuery(newestCursor('lnk'))),
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { limit, cursor } = request.query
      const page = { limit: limit + 1, after: cursor ?? null }
      const rows = await listSetupLinks(request.db, organization.value.id, page)
      const shown = (link: SetupLink) => present(link, request.nowMs)
      return ok(cutPage(rows, { limit, cursorOf: newestCursorOf, present: shown }))
    },
  }),
  endpoint({
    method: 'delete',
    path: '/organizations/{org}/setup-links/{link}',
    id: 'revokeSetupLink',
    described: described(() => ({
      tag,
      summary: 'Revoke a setup link; whoever is in the console by it is out.',
      refusals: ['admin.organization_not_found', 'admin.setup_link_not_found'],
    })),
    params: linkPath,
    handle: revoke,
  }),
]

async function createLink(
  request: LinkRequest,
  organizationId: string,
): Promise<Result<z.input<typeof setupLinkAnswer>, Refusal>> {
  const { c, body, db, deps, nowMs } = request
  const token = base64UrlEncode(deps.random(32))
  const link: SetupLink = {
    id: newId('lnk', deps.random),
    organizationId,
    name: body.name,
    parts: body.parts,
    tokenSha256: await sha256Hex(token),
    createdAt: nowMs,
    expiresAt: nowMs + body.expiresInDays * 24 * 60 * 60 * 1000,
    lastUsedAt: null,
    revokedAt: null,
  }
  const facts = {
    link: link.id,
    name: link.name,
    parts: link.parts,
    expiresAt: toIso(link.expiresAt),
  }
  const outcome = await createOnce(db, {
    idempotency: request.idempotency,
    nowMs,
    resourceId: link.id,
    allowed: allOf(organizationExists(organizationId), mayAddSetupLink(organizationId, nowMs)),
    exists: setupLinkExists(link.id),
    questions: [],
    insert: (guard) => insertSetupLink(db, link, guard),
    dependents: (guard) =>
      operatorEvent(request, { type: 'setup_link.created', organizationId, facts }, guard),
  })
  if (outcome.kind === 'conflict') return refuse('admin.idempotency_conflict')
  if (outcome.kind === 'refused') {
    const message = `has ${limits.setupLinksPerOrganization} setup links in use: revoke some`
    return refuse('admin.limit_reached', { field: 'org', message })
  }
  if (outcome.kind === 'created') {
    const url = `${deps.config.publicUrl}/console/enter#${token}`
    return ok({ ...present(link, nowMs), url, secretShown: 'now' })
  }
  c.header(replayedHeader, 'true')
  const earlier = await findSetupLink(db, { organizationId, linkId: outcome.resourceId })
  return earlier === null
    ? refuse('admin.setup_link_not_found')
    : ok({ ...present(earlier, nowMs), url: null, secretShown: 'earlier' })
}

async function revoke(
  request: AdminRequest<{ org: string; link: string }>,
): Promise<Result<null, Refusal>> {
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  const { db, nowMs, params } = request
  const key = { organizationId: organization.value.id, linkId: params.link }
  const found = await findSetupLink(db, key)
  if (found === null) return refuse('admin.setup_link_not_found')
  const facts = { link: found.id, name: found.name }
  await runBatch(db, [
    ...operatorEvent(
      request,
      { type: 'setup_link.revoked', organizationId: key.organizationId, facts },
      setupLinkStands(key),
    ),
    revokeSetupLink(db, key, nowMs),
  ])
  return ok(null)
}

function present(link: SetupLink, nowMs: number): z.input<typeof listedSetupLink> {
  const { id, name, parts, createdAt, expiresAt, lastUsedAt, revokedAt } = link
  const timely = expiresAt > nowMs ? 'usable' : 'expired'
  return {
    id,
    name,
    parts: [...parts],
    state: revokedAt === null ? timely : 'revoked',
    createdAt: toIso(createdAt),
    expiresAt: toIso(expiresAt),
    lastUsedAt: lastUsedAt === null ? null : toIso(lastUsedAt),
  }
}
