import type * as z from '#zod'
import { allOf, runBatch } from '../db/index.ts'
import {
  addProvedDomains,
  claimsAreFree,
  claimsQuery,
  loadOrganization,
  type OrganizationWithDomains,
  organizationAt,
  readClaims,
  removeDomains,
  updateOrganization,
} from '../directory/index.ts'
import { ok, type Result } from '../kernel/index.ts'
import { checkAppOrigins } from './app-origins.ts'
import { newChallenge, refuseClaims } from './create-organization.ts'
import type { AdminRequest } from './endpoint.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationWithDomains } from './organization-of.ts'
import {
  type changeOrganization,
  provisioningColumns,
  roleRuleColumn,
} from './organization-schema.ts'
import { checkShown, type Refusal, refuse, refuseFields } from './refusal.ts'

type Change = z.output<typeof changeOrganization>
type ChangeRequest = AdminRequest<{ org: string }, unknown, Change>

/** How often a change is judged anew because somebody else's came between. */
export const attempts = 3

/** Changes an organization in one batch, guarded by the version that was read. */
export async function changeOrganizationOnce(
  request: ChangeRequest,
): Promise<Result<OrganizationWithDomains, Refusal>> {
  const { body, db, deps } = request
  const origins = checkAppOrigins(body.appOrigins ?? [], deps.config)
  if (!origins.ok) return refuseFields(...origins.failure)
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = await organizationWithDomains(request)
    if (!before.ok) return before
    const shown = checkShown(body.version, before.value.organization.version)
    if (!shown.ok) return shown
    const plan = planChange(before.value, body, origins.value)
    if (plan.changed.length === 0) return before
    const written = await write(request, before.value, plan)
    if (!written.ok) return written
    if (!written.value) continue
    const after = await loadOrganization(db, before.value.organization.id)
    return after === null ? refuse('admin.organization_not_found') : ok(after)
  }
  return refuse('admin.write_conflict')
}

/** What a request changes of what there is; nothing when all is so already. */
function planChange(
  { organization, domains }: OrganizationWithDomains,
  { slug, name, signIn, sessionHours, ...body }: Change,
  appOrigins: readonly string[],
) {
  const wanted = {
    slug,
    name,
    signIn,
    sessionHours,
    ...provisioningColumns(body.provisioning),
    roleRules: roleRuleColumn(body.roleRules),
    appOrigins: body.appOrigins === undefined ? undefined : appOrigins,
  }
  const set = Object.fromEntries(
    Object.entries(wanted).filter(
      ([key, value]) =>
        value !== undefined &&
        JSON.stringify(value) !== JSON.stringify(organization[key as keyof typeof wanted]),
    ),
  ) as Partial<typeof organization>
  const proved = [...new Set(body.domains ?? domains)]
  const added = proved.filter((domain) => !domains.includes(domain))
  const removed = domains.filter((domain) => !proved.includes(domain))
  return {
    set,
    added,
    removed,
    changed: [
      ...Object.keys(set).map(nameOf),
      ...(added.length + removed.length > 0 ? ['domains'] : []),
    ],
  }
}

/** The field of the API that a column holds, as the event names it. */
function nameOf(column: string): string {
  return column === 'keepProvisionedValues' ? 'keepValues' : column
}

/** @returns whether it was written; false when the organization changed in between */
async function write(
  request: ChangeRequest,
  { organization }: OrganizationWithDomains,
  { set, added, removed, changed }: ReturnType<typeof planChange>,
): Promise<Result<boolean, Refusal>> {
  const { db, deps, nowMs } = request
  const organizationId = organization.id
  const claims = { organizationId, slug: set.slug ?? organization.slug, domains: added }
  const free = claimsAreFree(claims)
  const guard = allOf(organizationAt(organization), free)
  const results = await runBatch(db, [
    claimsQuery(db, claims),
    removeDomains(db, { organizationId, removed, guard }),
    addProvedDomains(db, {
      organizationId,
      added: added.map((domain) => ({ domain, challenge: newChallenge(deps.random) })),
      nowMs,
      guard,
    }),
    ...operatorEvent(
      request,
      {
        type: 'organization.updated',
        organizationId,
        facts: { changed, ...(changed.includes('domains') ? { added, removed } : {}) },
      },
      guard,
    ),
    // Last, so that every statement before it still sees the version that was read.
    updateOrganization(db, { before: organization, set, nowMs, guard: free }),
  ])
  if ((results.at(-1) as readonly unknown[]).length === 1) return ok(true)
  const evidence = readClaims(results[0])
  const isTaken = evidence.slugTaken || evidence.takenDomains.length > 0
  return isTaken ? refuseClaims(evidence) : ok(false)
}
