import type * as z from '#zod'
import {
  addProvedDomains,
  type ClaimEvidence,
  claimsAreFree,
  claimsQuery,
  insertOrganization,
  organizationExists,
  readClaims,
} from '../directory/index.ts'
import {
  base64UrlEncode,
  type Err,
  newId,
  ok,
  type RandomBytes,
  type Result,
} from '../kernel/index.ts'
import { checkAppOrigins } from './app-origins.ts'
import { createOnce } from './create-store.ts'
import type { AdminRequest } from './endpoint.ts'
import { replayedHeader } from './idempotency.ts'
import { operatorEvent } from './operator-event.ts'
import {
  type createOrganization,
  provisioningColumns,
  roleRuleColumn,
} from './organization-schema.ts'
import { type Refusal, refuse, refuseFields } from './refusal.ts'

type CreateRequest = AdminRequest<unknown, unknown, z.output<typeof createOrganization>>

/**
 * Creates an organization with its domains, in one batch.
 * @returns its id; with a repeated Idempotency-Key, that of the one made before
 */
export async function createOrganizationOnce(
  request: CreateRequest,
): Promise<Result<string, Refusal>> {
  const { c, body, db, deps, nowMs } = request
  const origins = checkAppOrigins(body.appOrigins ?? [], deps.config)
  if (!origins.ok) return refuseFields(...origins.failure)
  const id = newId('org', deps.random)
  const domains = [...new Set(body.domains ?? [])]
  const claims = { organizationId: id, slug: body.slug, domains }
  const outcome = await createOnce(db, {
    idempotency: request.idempotency,
    nowMs,
    resourceId: id,
    allowed: claimsAreFree(claims),
    exists: organizationExists(id),
    questions: [claimsQuery(db, claims)],
    insert: (guard) =>
      insertOrganization(
        db,
        {
          id,
          slug: body.slug,
          name: body.name,
          appOrigins: origins.value,
          sessionHours: body.sessionHours,
          signIn: body.signIn,
          ...provisioningColumns(body.provisioning),
          roleRules: roleRuleColumn(body.roleRules),
          createdAt: nowMs,
          updatedAt: nowMs,
        },
        guard,
      ),
    dependents: (guard) => [
      addProvedDomains(db, {
        organizationId: id,
        added: domains.map((domain) => ({ domain, challenge: newChallenge(deps.random) })),
        nowMs,
        guard,
      }),
      ...operatorEvent(
        request,
        {
          type: 'organization.created',
          organizationId: id,
          facts: { slug: body.slug, domains },
        },
        guard,
      ),
    ],
  })
  if (outcome.kind === 'created') return ok(id)
  if (outcome.kind === 'conflict') return refuse('admin.idempotency_conflict')
  if (outcome.kind === 'refused') return refuseClaims(readClaims(outcome.answers[0]))
  c.header(replayedHeader, 'true')
  return ok(outcome.resourceId)
}

/** What the owner of a domain puts into its DNS. */
export function newChallenge(random: RandomBytes): string {
  return base64UrlEncode(random(24))
}

/** Says which names are somebody else's. */
export function refuseClaims({ slugTaken, takenDomains }: ClaimEvidence): Err<Refusal> {
  if (slugTaken) {
    return refuse('admin.slug_taken', { field: 'slug', message: 'is another organization’s' })
  }
  return takenDomains.length > 0
    ? refuse('admin.domain_taken', ...takenDomains.map(takenDomain))
    : refuse('admin.write_conflict')
}

function takenDomain(domain: string) {
  return { field: 'domains', message: `${domain} is proved by another organization` }
}
