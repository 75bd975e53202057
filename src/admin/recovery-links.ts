import type { Guard } from '../db/index.ts'
import { loadPerson, type PersonKey, personIsActive } from '../directory/index.ts'
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
  findRecoveryLink,
  insertRecoveryLink,
  type RecoveryLink,
  recoveryLinkExists,
} from '../session/index.ts'
import { moment, z } from './api.ts'
import { createOnce } from './create-store.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath, pathId } from './fields.ts'
import { replayedHeader } from './idempotency.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf } from './organization-of.ts'
import { type Refusal, refuse } from './refusal.ts'

const createRecoveryLink = z
  .strictObject({
    user: pathId.openapi({ description: 'Id of the user whom the link signs in.' }),
    expiresInMinutes: z.int().min(1).max(limits.recoveryLinkMinutes).default(60),
  })
  .openapi('CreateRecoveryLink')

const recoveryLinkAnswer = z
  .strictObject({
    id: z.string(),
    user: z.string(),
    url: z.string().nullable().openapi({
      description: 'Signs the user in, once. Shown in the first answer only, then null.',
    }),
    secretShown: z.enum(['now', 'earlier']),
    expiresAt: moment,
  })
  .openapi('RecoveryLink')

export const recoveryLinkEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'post',
    path: '/organizations/{org}/recovery-links',
    id: 'createRecoveryLink',
    tag: 'Recovery',
    summary: 'A way in for one user while the identity provider is broken; works once.',
    params: organizationPath,
    body: createRecoveryLink,
    created: true,
    idempotent: true,
    answer: recoveryLinkAnswer,
    refusals: ['admin.organization_not_found', 'directory.user_not_found', 'admin.user_inactive'],
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      return createLink(request, {
        organizationId: organization.value.id,
        personId: request.body.user,
      })
    },
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
    ? refuse('directory.user_not_found')
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

function present(link: RecoveryLink) {
  return { id: link.id, user: link.personId, expiresAt: toIso(link.expiresAt) }
}
