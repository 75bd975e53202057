import { described } from '#described'
import * as z from '#zod'
import { allOf, runBatch } from '../db/index.ts'
import { ok, type Result, toIso } from '../kernel/index.ts'
import {
  driftKinds,
  loadReconciler,
  policies,
  type Reconciler,
  readSettings,
  saveSettings,
  settingsAt,
} from '../reconcile/index.ts'
import { momentOrNull } from './api.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath, pathId } from './fields.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf } from './organization-of.ts'
import { type Refusal, refuse, refuseFields } from './refusal.ts'
import { scimConnection } from './scim-connection.ts'

const tag = 'Reconciliation'
const path = '/organizations/{org}/reconcile-settings'

const query = z.strictObject({
  connection: pathId.optional().openapi(
    described(() => ({
      description: 'Id of the connection; may be left out while there is at most one.',
    })),
  ),
})

const policyOf = Object.fromEntries(driftKinds.map((kind) => [kind, z.enum(policies)]))

const policiesShape = z.strictObject(policyOf).openapi(
  described(() => ({
    description:
      'What is done about each kind of difference: `repair` takes over what Entra states, `report` tells, `ignore` does neither.',
  })),
)

const brakeShape = z.strictObject({
  share: z
    .number()
    .openapi(described(() => ({ description: 'More than this share of the people, and …' }))),
  people: z
    .int()
    .openapi(described(() => ({ description: '… more than so many of them, within 24 hours.' }))),
  shareOfFew: z
    .number()
    .openapi(described(() => ({ description: 'Or more than this share, however few it is.' }))),
})

const shape = {
  policies: policiesShape,
  brake: brakeShape,
  retentionDays: z.int().openapi(
    described(() => ({
      description: 'Days from deletion in Entra to erasure here.',
    })),
  ),
  silentDays: z
    .int()
    .openapi(described(() => ({ description: 'Days after which SCIM counts as silent.' }))),
  everyMinutes: z
    .int()
    .openapi(described(() => ({ description: 'Minutes from one run to the next.' }))),
  isScheduled: z
    .boolean()
    .openapi(described(() => ({ description: 'Whether runs start by themselves.' }))),
}

const changeSettings = z
  .strictObject({
    ...shape,
    policies: policiesShape.partial(),
    brake: brakeShape.partial(),
  })
  .partial()
  .openapi('ChangeReconcileSettings')

const settingsAnswer = described(() =>
  z
    .strictObject({
      connection: z.string().nullable(),
      ...shape,
      nextRunAt: momentOrNull,
      readAt: momentOrNull.openapi({ description: 'When Graph was last read to the end.' }),
      lastFullAt: momentOrNull.openapi({ description: 'When everybody was last read.' }),
    })
    .openapi('ReconcileSettings'),
)

const unfound = ['admin.organization_not_found', 'admin.connection_not_found'] as const

export const reconcileSettingsEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path,
    id: 'getReconcileSettings',
    described: described(() => ({
      tag,
      summary: 'How a connection is reconciled, and when next.',
      answer: settingsAnswer,
      refusals: unfound,
    })),
    params: organizationPath,
    query,
    async handle(request) {
      const found = await reconcilerOf(request)
      return found.ok ? ok(present(found.value)) : found
    },
  }),
  endpoint({
    method: 'patch',
    path,
    id: 'changeReconcileSettings',
    described: described(() => ({
      tag,
      summary: 'Change policies, brake, retention or schedule; what is left out stays.',
      answer: settingsAnswer,
      refusals: [...unfound, 'admin.write_conflict'],
    })),
    params: organizationPath,
    query,
    body: changeSettings,
    async handle(request) {
      const found = await reconcilerOf(request)
      if (!found.ok) return found
      const { body, db, nowMs } = request
      const before = found.value
      const settings = readSettings(body, before.settings)
      if (!settings.ok) {
        return settings.failure.code === 'reconcile.settings_invalid'
          ? refuseFields({ field: settings.failure.field, message: settings.failure.detail })
          : refuse(settings.failure.code)
      }
      const { isScheduled, everyMinutes } = settings.value
      const latest = nowMs + everyMinutes * 60_000
      const dueAt = isScheduled ? Math.min(before.dueAt ?? nowMs, latest) : null
      const { organizationId, connectionId, version } = before
      await runBatch(db, [
        ...operatorEvent(
          request,
          {
            type: 'reconcile.settings_updated',
            organizationId,
            ...(connectionId === '' ? {} : { connectionId }),
            facts: { ...body },
          },
          allOf(settingsAt(before, version)),
        ),
        ...saveSettings(db, before, { settings: settings.value, dueAt, nowMs }),
      ])
      const after = await loadReconciler(db, { organizationId, connectionId })
      return after.version === version + 1 &&
        JSON.stringify(after.settings) === JSON.stringify(settings.value)
        ? ok(present(after))
        : refuse('admin.write_conflict')
    },
  }),
]

async function reconcilerOf({
  db,
  params,
  query: { connection },
}: AdminRequest<{ org: string }, z.output<typeof query>>): Promise<Result<Reconciler, Refusal>> {
  const organization = await organizationOf({ db, params })
  if (!organization.ok) return organization
  const organizationId = organization.value.id
  const named = await scimConnection(db, organizationId, connection)
  if (!named.ok) return named
  const connectionId = named.value.connection?.id ?? ''
  return ok(await loadReconciler(db, { organizationId, connectionId }))
}

function present(reconciler: Reconciler): z.input<typeof settingsAnswer> {
  const { connectionId, settings, dueAt, deltaAt, lastFullAt } = reconciler
  const iso = (ms: number | null) => (ms === null ? null : toIso(ms))
  return {
    connection: connectionId === '' ? null : connectionId,
    ...settings,
    policies: { ...settings.policies },
    brake: { ...settings.brake },
    nextRunAt: iso(dueAt),
    readAt: iso(deltaAt),
    lastFullAt: iso(lastFullAt),
  }
}
