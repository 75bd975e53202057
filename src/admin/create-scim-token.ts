import type * as z from '#zod'
import { allOf } from '../db/index.ts'
import { limits, newId, ok, type Result, sha256Hex } from '../kernel/index.ts'
import {
  findScimToken,
  insertScimToken,
  mayAddScimToken,
  newSecret,
  type ScimToken,
  scimTokenExists,
  scimTokensQuery,
} from '../scim/index.ts'
import { type CreationOutcome, createOnce, findReplay } from './create-store.ts'
import type { AdminRequest } from './endpoint.ts'
import { operatorEvent } from './operator-event.ts'
import { presentToken, tenantUrl, tokenFacts, tokenKey } from './present-scim.ts'
import { type Refusal, refuse } from './refusal.ts'
import { isPast, refusePast, scimConnection } from './scim-connection.ts'
import { earlierOrRefused } from './scim-credential.ts'
import type { createdScimToken, createScimToken } from './scim-schema.ts'

type CreateRequest = AdminRequest<unknown, unknown, z.output<typeof createScimToken>>
type Answer = z.input<typeof createdScimToken>

/** Creates a SCIM token, which is shown now and never again. */
export async function createScimTokenOnce(
  request: CreateRequest,
  organizationId: string,
): Promise<Result<Answer, Refusal>> {
  const { body, db, deps, nowMs, idempotency } = request
  const replay = await findReplay(db, idempotency, nowMs)
  if (replay !== null) return answerEarlier(request, organizationId, replay)
  if (isPast(body.expiresAt, nowMs)) return refusePast('expiresAt')
  const place = await scimConnection(db, organizationId, body.connection)
  if (!place.ok) return place
  const secret = newSecret('token', deps.random)
  const row: ScimToken = {
    id: newId('tok', deps.random),
    organizationId,
    connectionId: place.value.connection?.id ?? null,
    clientId: null,
    name: body.name,
    tokenSha256: await sha256Hex(secret),
    scopes: body.scopes,
    expiresAt: body.expiresAt ?? null,
    disabledAt: null,
    lastUsedAt: null,
    warnedDays: null,
    createdAt: nowMs,
  }
  const outcome = await createOnce(db, {
    idempotency,
    nowMs,
    resourceId: row.id,
    allowed: allOf(place.value.guard, mayAddScimToken(organizationId)),
    exists: scimTokenExists(tokenKey(row)),
    questions: [scimTokensQuery(db, organizationId)],
    insert: (guard) => insertScimToken(db, row, guard),
    dependents: (guard) =>
      operatorEvent(request, { type: 'scim_token.created', ...tokenFacts(row) }, guard),
  })
  if (outcome.kind !== 'created') return answerEarlier(request, organizationId, outcome)
  const { publicUrl } = deps.config
  const shown = { tenantUrl: tenantUrl(publicUrl), token: secret, secretShown: 'now' } as const
  return ok({ ...presentToken(row, nowMs), ...shown })
}

async function answerEarlier(
  request: CreateRequest,
  organizationId: string,
  outcome: Exclude<CreationOutcome, { kind: 'created' }>,
): Promise<Result<Answer, Refusal>> {
  const made = earlierOrRefused(request, outcome, {
    what: 'SCIM tokens',
    most: limits.scimTokensPerOrganization,
  })
  if (!made.ok) return made
  const { db, deps, nowMs } = request
  const earlier = await findScimToken(db, { organizationId, tokenId: made.value })
  if (earlier === null) return refuse('admin.scim_token_not_found')
  const { publicUrl } = deps.config
  const shown = { tenantUrl: tenantUrl(publicUrl), token: null, secretShown: 'earlier' } as const
  return ok({ ...presentToken(earlier, nowMs), ...shown })
}
