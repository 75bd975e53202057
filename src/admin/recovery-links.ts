import { described } from '#described'
import * as z from '#zod'
import { type Guard, runBatch } from '../db/index.ts'
import { loadPerson, type PersonKey, personIsActive } from '../directory/index.ts'
import { base64UrlEncode, newId, ok, type Result, sha256Hex, toIso } from '../kernel/index.ts'
import {
  deleteRecoveryLink,
  findRecoveryLink,
  insertRecoveryLink,
  listRecoveryLinks,
  type RecoveryLink,
  recoveryLinkExists,
  recoveryLinkUnused,
} from '../session/index.ts'
import { createOnce } from './create-store.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath, pathId } from './fields.ts'
import { replayedHeader } from './idempotency.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf } from './organization-of.ts'
import { cutPage, newestCursor, newestCursorOf, pageOf, pageQuery } from './paging.ts'
import { createRecoveryLink, listedRecoveryLink, recoveryLinkAnswer } from './recovery-schema.ts'
import { type Refusal, refuse } from './refusal.ts'

const tag = 'Recovery'

export const recoveryLinkEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'post',
    path: '/organizations/{org}/recovery-links',
    id: 'createRecoveryLink',
    described: described(() => ({
      tag,
      summary: 'A way in for one user while the identity provider is broken; works once.',
      answer: recoveryLinkAnswer,
      refusals: [
        'admin.organization_not_found',
        'directory.user_not_found',
        'admin.user_inactive',
        'admin.recovery_link_not_found',
      ],
    })),
    params: organizationPath,
    body: createRecoveryLink,
    created: true,
    idempotent: true,
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      return createLink(request, {
        organizationId: organization.value.id,
        personId: request.body.user,
      })
    },
  }),
  endpoint({
    method: 'get',
    path: '/organizations/{org}/recovery-links',
    id: 'listRecoveryLinks',
    described: described(() => ({
      tag,
      summary: 'Recovery links of the last weeks, newest first, without their secrets.',
      description:
        'A link stays listed for 30 days after it expires. Who made it, and who used it, is in the events.',
      answer: pageOf(listedRecoveryLink),
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    query: z.strictObject(pageQuery(newestCursor('rec'))),
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { limit, cursor } = request.query
      const page = { limit: limit + 1, after: cursor ?? null }
      const rows = await listRecoveryLinks(request.db, organization.value.id, page)
      const present = (link: RecoveryLink) => presentListed(link, request.nowMs)
      return ok(cutPage(rows, { limit, cursorOf: newestCursorOf, present }))
    },
  }),
  endpoint({
    method: 'delete',
    path: '/organizations/{org}/recovery-links/{link}',
    id: 'revokeRecoveryLink',
    described: described(() => ({
      tag,
      summary: 'Revoke a recovery link that nobody has used.',
      description:
        'A link that was used is refused, because its session goes on: end that instead.',
      refusals: [
        'admin.organization_not_found',
        'admin.recovery_link_not_found',
        'admin.recovery_link_used',
      ],
    })),
    params: organizationPath.extend({ link: pathId }),
    handle: revokeLink,
  }),
]

type LinkRequest = AdminRequest<unknown, unknown, z.output<typeof createRecoveryLink>>
type LinkAnswer = z.input<typeof recoveryLinkAnswer>

async function createLink(
  request: LinkRequest,
  key: PersonKey,
): Promise<Result<LinkAnswer, Refusal>> {
  const { c, body, db, deps, nowMs } = request
  const token = base64UrlEncode(deps.random(32))
  const link: RecoveryLink = {
    id: newId('rec', deps.random),
    ...key,
    tokenSha256: await sha256Hex(token),
    createdAt: nowMs,
    expiresAt: nowMs + body.expiresInMinutes * 60 * 1000,
    usedAt: null,
  }
  const outcome = await createOnce(db, {
    idempotency: request.idempotency,
    nowMs,
    resourceId: link.id,
    allowed: personIsActive(key),
    exists: recoveryLinkExists(link.id),
    questions: [],
    insert: (guard) => insertRecoveryLink(db, link, guard),
    dependents: (guard) => created(request, link, guard),
  })
  if (outcome.kind === 'conflict') return refuse('admin.idempotency_conflict')
  if (outcome.kind === 'refused') return refuseUser(request, key)
  if (outcome.kind === 'created') {
    const url = `${deps.config.publicUrl}/recover#${token}`
    return ok({ ...present(link), url, secretShown: 'now' })
  }
  c.header(replayedHeader, 'true')
  const earlier = await findRecoveryLink(db, key.organizationId, outcome.resourceId)
  return earlier === null
    ? refuse('admin.recovery_link_not_found')
    : ok({ ...present(earlier), url: null, secretShown: 'earlier' })
}

function created(request: LinkRequest, link: RecoveryLink, guard: Guard) {
  const { id, organizationId, personId, expiresAt } = link
  return operatorEvent(
    request,
    {
      type: 'recovery_link.created',
      organizationId,
      personId,
      facts: { link: id, expiresAt: toIso(expiresAt) },
    },
    guard,
  )
}

async function refuseUser({ db }: LinkRequest, { organizationId, personId }: PersonKey) {
  const person = await loadPerson(db, organizationId, personId)
  return person === null
    ? refuse('directory.user_not_found', { field: 'user', message: 'is not a user of it' })
    : refuse('admin.user_inactive', { field: 'user', message: 'may not sign in' })
}

async function revokeLink(
  request: AdminRequest<{ org: string; link: string }>,
): Promise<Result<null, Refusal>> {
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  const { db, params } = request
  const organizationId = organization.value.id
  const key = { organizationId, linkId: params.link }
  const found = await findRecoveryLink(db, organizationId, key.linkId)
  if (found === null) return refuse('admin.recovery_link_not_found')
  const results = await runBatch(db, [
    ...operatorEvent(
      request,
      {
        type: 'recovery_link.revoked',
        organizationId,
        personId: found.personId,
        facts: { link: found.id },
      },
      recoveryLinkUnused(key),
    ),
    deleteRecoveryLink(db, key),
  ])
  if ((results.at(-1) as readonly unknown[]).length === 1) return ok(null)
  // Not deleted: used, or revoked by somebody else a moment ago.
  const now = await findRecoveryLink(db, organizationId, key.linkId)
  return now === null
    ? refuse('admin.recovery_link_not_found')
    : refuse('admin.recovery_link_used', {
        field: 'link',
        message: `signed ${now.personId} in${now.usedAt === null ? '' : ` at ${toIso(now.usedAt)}`}`,
      })
}

function presentListed(link: RecoveryLink, nowMs: number): z.input<typeof listedRecoveryLink> {
  const { id, personId, createdAt, expiresAt, usedAt } = link
  const unused = expiresAt > nowMs ? 'unused' : 'expired'
  return {
    id,
    user: personId,
    state: usedAt === null ? unused : 'used',
    createdAt: toIso(createdAt),
    expiresAt: toIso(expiresAt),
    usedAt: usedAt === null ? null : toIso(usedAt),
  }
}

function present(link: RecoveryLink) {
  return { id: link.id, user: link.personId, expiresAt: toIso(link.expiresAt) }
}
