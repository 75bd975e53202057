import { described } from '#described'
import type * as z from '#zod'
import { runBatch } from '../db/index.ts'
import {
  builtInAttributes,
  loadRules,
  type MappingChanges,
  mappingMoved,
  mappingStands,
  mappingState,
  type OrganizationRules,
  parseMapping,
  presentMapping,
  saveMapping,
} from '../directory/index.ts'
import { ok, type Result, toIso } from '../kernel/index.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath } from './fields.ts'
import { mappingAnswer, previewAnswer, previewMapping, setMapping } from './mapping-schema.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf } from './organization-of.ts'
import { preview } from './preview-mapping.ts'
import { type Refusal, refuse, refuseFields } from './refusal.ts'
import { resolveBehind } from './resolve-behind.ts'

const tag = 'Attributes'

export const mappingEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/organizations/{org}/mapping',
    id: 'getMapping',
    described: described(() => ({
      tag,
      summary: 'Where the value of each attribute comes from.',
      answer: mappingAnswer,
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    async handle(request) {
      const found = await rulesOf(request)
      return found.ok ? show(request, found.value) : found
    },
  }),
  endpoint({
    method: 'put',
    path: '/organizations/{org}/mapping',
    id: 'setMapping',
    described: described(() => ({
      tag,
      summary: 'Change the mapping; every profile is made anew in the background.',
      answer: mappingAnswer,
      refusals: ['admin.organization_not_found', 'admin.mapping_changed'],
    })),
    params: organizationPath,
    body: setMapping,
    async handle(request) {
      const found = await rulesOf(request)
      return found.ok ? change(request, found.value) : found
    },
  }),
  endpoint({
    method: 'post',
    path: '/organizations/{org}/mapping/preview',
    id: 'previewMapping',
    described: described(() => ({
      tag,
      summary: 'What rules would make of people; nothing is saved.',
      answer: previewAnswer,
      refusals: ['admin.organization_not_found', 'directory.user_not_found'],
    })),
    params: organizationPath,
    body: previewMapping,
    async handle(request) {
      const found = await rulesOf(request)
      if (!found.ok) return found
      const changes = readChanges(request.body.rules, found.value.rules)
      return changes.ok ? preview(request, { ...found.value, changes: changes.value }) : changes
    },
  }),
]

type Found = { readonly organizationId: string; readonly rules: OrganizationRules }

async function rulesOf(request: AdminRequest<{ org: string }>): Promise<Result<Found, Refusal>> {
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  const { id } = organization.value
  const rules = await loadRules(request.db, id)
  return rules === null ? refuse('admin.organization_not_found') : ok({ organizationId: id, rules })
}

/** What the request's rules differ in from the default ones, or what is wrong with them. */
function readChanges(
  given: unknown,
  { custom }: OrganizationRules,
): Result<MappingChanges, Refusal> {
  const read = parseMapping(given, [...builtInAttributes, ...custom])
  return read.ok ? read : refuseFields(...read.failure)
}

async function show(
  { db }: AdminRequest,
  { organizationId, rules }: Found,
): Promise<Result<z.input<typeof mappingAnswer>, Refusal>> {
  const { updatedAt, run } = await mappingState(db, organizationId)
  const shown = presentMapping([...builtInAttributes, ...rules.custom], rules.rules ?? {})
  return ok({
    version: rules.version,
    rules: JSON.parse(JSON.stringify(shown)) as z.input<typeof mappingAnswer>['rules'],
    updatedAt: updatedAt === null ? null : toIso(updatedAt),
    run,
  })
}

async function change(
  request: AdminRequest<{ org: string }, unknown, z.output<typeof setMapping>>,
  found: Found,
): Promise<Result<z.input<typeof mappingAnswer>, Refusal>> {
  const { body, db, nowMs } = request
  const { organizationId, rules } = found
  if (body.version !== rules.version) return refuseChanged(rules.version)
  const changes = readChanges(body.rules, rules)
  if (!changes.ok) return changes
  const changed = differing(rules.rules ?? {}, changes.value)
  if (changed.length === 0) return show(request, found)
  const guard = mappingStands(organizationId, rules.version)
  await runBatch(db, [
    ...operatorEvent(
      request,
      { type: 'mapping.updated', organizationId, facts: { changed, from: rules.version } },
      guard,
    ),
    saveMapping(db, { organizationId, changes: changes.value, nowMs, guard }),
    ...mappingMoved(db, { organizationId, nowMs, guard }),
  ])
  const after = await rulesOf(request)
  if (!after.ok) return after
  if (differing(after.value.rules.rules ?? {}, changes.value).length > 0) {
    return refuseChanged(after.value.rules.version)
  }
  const answer = await show(request, after.value)
  resolveBehind(request, organizationId)
  return answer
}

function refuseChanged(version: number) {
  return refuse('admin.mapping_changed', { field: 'version', message: `is ${version} by now` })
}

/** Keys of attributes whose rule is not the same, in a fixed order. */
function differing(before: MappingChanges, after: MappingChanges): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys]
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .toSorted()
}
