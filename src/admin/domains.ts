import { described } from '#described'
import * as z from '#zod'
import { allOf, type Guard, runBatch } from '../db/index.ts'
import {
  type DomainKey,
  deleteDomain,
  domainHolds,
  domainIsClaimed,
  domainIsFree,
  domainQuery,
  domainTakenQuery,
  domainWaits,
  findDomain,
  insertDomain,
  listDomains,
  mayClaimDomain,
  normalizeDomain,
  type OrganizationDomain,
  proveDomain,
  readDomainTaken,
} from '../directory/index.ts'
import { limits, ok, type Result, toIso } from '../kernel/index.ts'
import { newChallenge } from './create-organization.ts'
import { createOnce } from './create-store.ts'
import { lookUpTxt } from './dns-txt.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { domainPath, organizationPath } from './fields.ts'
import { replayedHeader } from './idempotency.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf } from './organization-of.ts'
import { addDomain, domainAnswer } from './organization-schema.ts'
import { cutPage, pageOf, pageQuery } from './paging.ts'
import { type Refusal, refuse } from './refusal.ts'

const tag = 'Domains'

export const domainEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/organizations/{org}/domains',
    id: 'listDomains',
    described: described(() => ({
      tag,
      summary: 'List the domains of an organization, proved or not.',
      answer: pageOf(domainAnswer),
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    query: z.strictObject(pageQuery(readDomain)),
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { limit, cursor } = request.query
      const page = { after: cursor ?? '', limit: limit + 1 }
      const rows = await listDomains(request.db, organization.value.id, page)
      return ok(cutPage(rows, { limit, cursorOf: (row) => row.domain, present: presentDomain }))
    },
  }),
  endpoint({
    method: 'post',
    path: '/organizations/{org}/domains',
    id: 'addDomain',
    described: described(() => ({
      tag,
      summary: 'Claim a domain; a DNS record or the operator’s word proves it.',
      description: 'A domain that the organization claims already is answered as it is.',
      answer: domainAnswer,
      refusals: ['admin.organization_not_found', 'admin.domain_taken', 'admin.limit_reached'],
    })),
    params: organizationPath,
    body: addDomain,
    created: true,
    idempotent: true,
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      return claimDomain(request, organization.value.id)
    },
  }),
  endpoint({
    method: 'post',
    path: '/organizations/{org}/domains/{domain}/verify',
    id: 'verifyDomain',
    described: described(() => ({
      tag,
      summary: 'Look for the DNS record that proves a domain.',
      answer: domainAnswer,
      refusals: [
        'admin.organization_not_found',
        'admin.domain_not_found',
        'admin.domain_not_proved',
        'admin.domain_taken',
        'admin.dns_unavailable',
      ],
    })),
    params: domainPath,
    async handle(request) {
      const found = await domainOf(request)
      if (!found.ok || found.value.verifiedAt !== null) {
        return found.ok ? ok(presentDomain(found.value)) : found
      }
      const { record } = presentDomain(found.value)
      const { fetch, config } = request.deps
      const texts = await lookUpTxt(record.name, { fetch, dohUrl: config.dohUrl })
      if (!texts.ok) return texts
      if (!texts.value.includes(record.value)) {
        const message = `set a TXT record ${record.name} with the value ${record.value}`
        return refuse('admin.domain_not_proved', { field: 'domain', message })
      }
      return prove(request, found.value, 'dns')
    },
  }),
  endpoint({
    method: 'delete',
    path: '/organizations/{org}/domains/{domain}',
    id: 'removeDomain',
    described: described(() => ({
      tag,
      summary: 'Give a domain up.',
      refusals: ['admin.organization_not_found', 'admin.domain_not_found'],
    })),
    params: domainPath,
    async handle(request) {
      const found = await domainOf(request)
      if (!found.ok) return found
      const { db } = request
      const results = await runBatch(db, [
        ...domainEvent(request, 'domain.removed', {
          row: found.value,
          guard: domainIsClaimed(found.value),
        }),
        deleteDomain(db, found.value),
      ])
      return (results.at(-1) as readonly unknown[]).length === 1
        ? ok(null)
        : refuse('admin.domain_not_found')
    },
  }),
]

type DomainAnswer = z.input<typeof domainAnswer>

/** A cursor of this list: a domain as it is stored. */
function readDomain(text: string): string | null {
  return normalizeDomain(text) === text ? text : null
}

/** The domain that the path names; written in any way, it is the same domain. */
async function domainOf(
  request: AdminRequest<{ org: string; domain: string }>,
): Promise<Result<OrganizationDomain, Refusal>> {
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  const domain = normalizeDomain(request.params.domain) ?? ''
  const found = await findDomain(request.db, { organizationId: organization.value.id, domain })
  return found === null ? refuse('admin.domain_not_found') : ok(found)
}

async function claimDomain(
  request: AdminRequest<unknown, unknown, z.output<typeof addDomain>>,
  organizationId: string,
): Promise<Result<DomainAnswer, Refusal>> {
  const { c, db, nowMs, body } = request
  const key = { organizationId, domain: body.domain }
  const challenge = newChallenge(request.deps.random)
  const isProved = body.verified === true
  const row = {
    ...key,
    challenge,
    verifiedAt: isProved ? nowMs : null,
    verifiedBy: isProved ? ('operator' as const) : null,
    createdAt: nowMs,
  }
  const outcome = await createOnce(db, {
    idempotency: request.idempotency,
    nowMs,
    resourceId: body.domain,
    allowed: allOf(mayClaimDomain(key), domainIsFree(key)),
    exists: domainHolds(key, challenge),
    questions: [domainTakenQuery(db, key), domainQuery(db, key)],
    insert: (guard) => insertDomain(db, row, guard),
    dependents: (guard) => domainEvent(request, 'domain.added', { row, guard }),
  })
  if (outcome.kind === 'created') return ok(presentDomain(row))
  if (outcome.kind === 'conflict') return refuse('admin.idempotency_conflict')
  if (outcome.kind === 'replayed') {
    c.header(replayedHeader, 'true')
    const found = await findDomain(db, { organizationId, domain: outcome.resourceId })
    return found === null ? refuse('admin.domain_not_found') : ok(presentDomain(found))
  }
  if (readDomainTaken(outcome.answers[0])) return refuseTaken(body.domain)
  const existing = (outcome.answers[1] as readonly OrganizationDomain[])[0]
  if (existing === undefined) {
    const message = `would be one more than ${limits.domainsPerOrganization} of the organization`
    return refuse('admin.limit_reached', { field: 'domain', message })
  }
  return isProved && existing.verifiedAt === null
    ? prove(request, existing, 'operator')
    : ok(presentDomain(existing))
}

async function prove(
  request: AdminRequest,
  domain: OrganizationDomain,
  verifiedBy: 'dns' | 'operator',
): Promise<Result<DomainAnswer, Refusal>> {
  const { db, nowMs } = request
  const guard = allOf(domainWaits(domain), domainIsFree(domain))
  const results = await runBatch(db, [
    domainTakenQuery(db, domain),
    ...domainEvent(request, 'domain.verified', { row: { ...domain, verifiedBy }, guard }),
    proveDomain(db, { key: domain, verifiedBy, nowMs }),
  ])
  const proved = (results.at(-1) as readonly OrganizationDomain[])[0]
  if (proved !== undefined) return ok(presentDomain(proved))
  if (readDomainTaken(results[0])) return refuseTaken(domain.domain)
  const now = await findDomain(db, domain)
  return now === null ? refuse('admin.domain_not_found') : ok(presentDomain(now))
}

function refuseTaken(domain: string) {
  return refuse('admin.domain_taken', {
    field: 'domain',
    message: `${domain} is proved by another organization`,
  })
}

function domainEvent(
  request: AdminRequest,
  type: 'domain.added' | 'domain.verified' | 'domain.removed',
  { row, guard }: { row: DomainKey & { verifiedBy: string | null }; guard: Guard },
) {
  const { organizationId, domain, verifiedBy } = row
  return operatorEvent(request, { type, organizationId, facts: { domain, verifiedBy } }, guard)
}

function presentDomain(row: OrganizationDomain): DomainAnswer {
  return {
    domain: row.domain,
    verified: row.verifiedAt !== null,
    verifiedAt: row.verifiedAt === null ? null : toIso(row.verifiedAt),
    verifiedBy: row.verifiedBy,
    record: {
      type: 'TXT',
      name: `_portico.${row.domain}`,
      value: `portico-verification=${row.challenge}`,
    },
    createdAt: toIso(row.createdAt),
  }
}
