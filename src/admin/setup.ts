import { described } from '#described'
import { runBatch } from '../db/index.ts'
import { actorOf } from '../http/index.ts'
import { ok, toIso } from '../kernel/index.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath } from './fields.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf } from './organization-of.ts'
import { presentSetup } from './present-setup.ts'
import { refuse } from './refusal.ts'
import {
  type markableSteps,
  markedStepAnswer,
  setupAnswer,
  setupQuery,
  setupStepPath,
} from './setup-schema.ts'
import {
  loadSetup,
  markStep,
  type SetupStepRow,
  stepIsMarked,
  stepIsUnmarked,
  stepQuery,
  unmarkStep,
} from './setup-store.ts'

const tag = 'Set-up guide'
const stepPath = '/organizations/{org}/setup/steps/{step}'

export const setupEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/organizations/{org}/setup',
    id: 'getSetup',
    described: described(() => ({
      tag,
      summary: 'How far the set-up of an organization has come.',
      description:
        'What was seen of the provider: metadata, sign-ins, SCIM calls, people, attributes, Graph. People are counted in a sample.',
      answer: setupAnswer,
      refusals: ['admin.organization_not_found', 'admin.connection_not_found'],
    })),
    params: organizationPath,
    query: setupQuery,
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { db, deps, nowMs, query } = request
      const connectionId = query.connection ?? null
      const rows = await loadSetup(db, { organizationId: organization.value.id, connectionId })
      if (connectionId !== null && !rows.connections.some(({ id }) => id === connectionId)) {
        return refuse('admin.connection_not_found')
      }
      const { config } = deps
      return ok(
        presentSetup(rows, { config, nowMs, organization: organization.value, connectionId }),
      )
    },
  }),
  endpoint({
    method: 'put',
    path: stepPath,
    id: 'markSetupStep',
    described: described(() => ({
      tag,
      summary: 'Say that a step of the guide is done which nothing shows for certain.',
      description: 'A step that is marked already stays as it is.',
      answer: markedStepAnswer,
      refusals: ['admin.organization_not_found', 'admin.forbidden'],
    })),
    params: setupStepPath,
    async handle(request) {
      const found = await stepOf(request)
      if (!found.ok) return found
      const { db, nowMs } = request
      const row = { ...found.value, doneAt: nowMs, actor: actorOf(request.principal) }
      const results = await runBatch(db, [
        ...stepEvent(request, found.value, true),
        markStep(db, row),
        stepQuery(db, row),
      ])
      const [stored = row] = results.at(-1) as readonly SetupStepRow[]
      return ok({ step: row.step, doneAt: toIso(stored.doneAt), actor: stored.actor })
    },
  }),
  endpoint({
    method: 'delete',
    path: stepPath,
    id: 'unmarkSetupStep',
    described: described(() => ({
      tag,
      summary: 'Take the mark of a step away.',
      description: 'A step without a mark stays so.',
      refusals: ['admin.organization_not_found', 'admin.forbidden'],
    })),
    params: setupStepPath,
    async handle(request) {
      const found = await stepOf(request)
      if (!found.ok) return found
      const { db } = request
      await runBatch(db, [...stepEvent(request, found.value, false), unmarkStep(db, found.value)])
      return ok(null)
    },
  }),
]

type StepRequest = AdminRequest<{ org: string; step: (typeof markableSteps)[number] }>

/** The step that the path names; a setup link has only those of its parts. */
async function stepOf(request: StepRequest) {
  const { principal, params } = request
  const isOutside =
    principal.kind === 'setup-link' &&
    !principal.parts.some((part) => params.step.startsWith(`${part}.`))
  if (isOutside) return refuse('admin.forbidden')
  const organization = await organizationOf(request)
  return organization.ok
    ? ok({ organizationId: organization.value.id, step: params.step })
    : organization
}

/** Written where the mark changes, and only there. */
function stepEvent(
  request: StepRequest,
  key: { readonly organizationId: string; readonly step: string },
  isDone: boolean,
) {
  const { organizationId, step } = key
  const event = {
    type: 'setup.step_marked',
    organizationId,
    facts: { step, done: isDone },
  } as const
  return operatorEvent(request, event, isDone ? stepIsUnmarked(key) : stepIsMarked(key))
}
