import type * as z from '#zod'
import { allOf, type Guard, runBatch, type Statement } from '../db/index.ts'
import { mappingMoved } from '../directory/index.ts'
import { ok, type Result } from '../kernel/index.ts'
import {
  boundQuery,
  type ConnectionRecord,
  connectionAt,
  freshRefresh,
  nobodyIsBound,
  readBound,
  removeCertificates,
  retireCertificates,
  saveCertificates,
  saveRefresh,
  stopRefreshing,
  updateConnection,
} from '../saml/index.ts'
import { endConnectionSessions } from '../session/index.ts'
import { attempts } from './change-organization.ts'
import { connectionOf } from './connection-of.ts'
import type { changeConnection, connectionAnswer } from './connection-schema.ts'
import type { AdminRequest } from './endpoint.ts'
import { operatorEvent } from './operator-event.ts'
import {
  type ChangeWish,
  type ConnectionChange,
  planConnectionChange,
} from './plan-connection-change.ts'
import { presentConnection } from './present-connection.ts'
import { readCertificates, readProvider } from './provider.ts'
import { checkShown, countPeople, type Refusal, refuse, refuseFields } from './refusal.ts'
import { resolveBehind } from './resolve-behind.ts'
import { checkLinkLimit } from './setup-link-limit.ts'

type ChangeRequest = AdminRequest<
  { org: string; connection: string },
  unknown,
  z.output<typeof changeConnection>
>

/** Changes a connection in one batch, guarded by the version that was read. */
export async function changeConnectionOnce(
  request: ChangeRequest,
): Promise<Result<z.input<typeof connectionAnswer>, Refusal>> {
  const { deps, nowMs } = request
  const exists = await connectionOf(request)
  if (!exists.ok) return exists
  const wish = await readWish(request)
  if (!wish.ok) return wish
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = await connectionOf(request)
    if (!before.ok) return before
    const shown = checkShown(request.body.version, before.value.connection.version)
    if (!shown.ok) return shown
    const permitted = checkLinkLimit(
      request.principal,
      before.value.connection.status,
      request.body.status,
    )
    if (!permitted.ok) return permitted
    const plan = planConnectionChange(before.value, wish.value, nowMs)
    if (!plan.ok) return plan
    const written =
      plan.value.changed.length === 0 ? ok(true) : await write(request, before.value, plan.value)
    if (!written.ok) return written
    if (!written.value) continue
    if (plan.value.set.claimNames !== undefined) {
      resolveBehind(request, before.value.connection.organizationId)
    }
    const after = await connectionOf(request)
    if (!after.ok) return after
    const warnings = wish.value.provider?.warnings ?? []
    return ok(await presentConnection(after.value, { config: deps.config, nowMs, warnings }))
  }
  return refuse('admin.write_conflict')
}

async function readWish({
  body,
  deps,
  nowMs,
  principal,
}: ChangeRequest): Promise<Result<ChangeWish, Refusal>> {
  const added = await readCertificates(body.addCertificates ?? [], 'addCertificates')
  if (!added.ok) return refuseFields(...added.failure)
  const provider = await readProvider(body, { deps, nowMs })
  return provider.ok
    ? ok({
        body,
        provider: provider.value,
        addedByHand: added.value,
        replacesAll: principal.kind === 'setup-link',
      })
    : provider
}

/** @returns whether it was written; false when the connection changed in between */
async function write(
  request: ChangeRequest,
  { connection: before }: ConnectionRecord,
  change: ConnectionChange,
): Promise<Result<boolean, Refusal>> {
  const { db, nowMs } = request
  const key = { organizationId: before.organizationId, connectionId: before.id }
  const harmless = change.needsNobodyBound ? [nobodyIsBound(key)] : []
  const guard = allOf(connectionAt(before), ...harmless)
  const { set, added, removed, retired } = change
  const results = await runBatch(db, [
    boundQuery(db, key),
    removeCertificates(db, { key, removed, guard }),
    saveCertificates(db, { key, added, nowMs, guard }),
    retireCertificates(db, { key, retired, nowMs, guard }),
    ...(change.provider === null ? [] : [planRefresh(request, key, { change, guard })]),
    ...(change.endsSessions ? [endConnectionSessions(db, { ...key, guard })] : []),
    ...operatorEvent(
      request,
      { type: 'connection.updated', ...key, facts: factsOf(before, change) },
      guard,
    ),
    // Claim names are part of what profiles are made by.
    ...(set.claimNames === undefined ? [] : mappingMoved(db, { ...key, nowMs, guard })),
    // Last, so that every statement before it still sees the version that was read.
    updateConnection(db, { before, set, nowMs, ...(harmless[0] && { guard: harmless[0] }) }),
  ])
  if ((results.at(-1) as readonly unknown[]).length === 1) return ok(true)
  const bound = change.needsNobodyBound ? readBound(results[0]) : 0
  return bound > 0
    ? refuse('admin.connection_people_bound', {
        field: set.idpEntityId === undefined ? 'identityClaim' : sourceOf(request.body),
        message: `would lock out ${countPeople(bound)}: create a second connection instead`,
      })
    : ok(false)
}

/** What an admin gave anew is a day old at most tomorrow; what waited for an answer was about what there was before. */
function planRefresh(
  { db, nowMs, deps }: ChangeRequest,
  key: { organizationId: string; connectionId: string },
  { change, guard }: { change: ConnectionChange; guard: Guard },
): Statement {
  return typeof change.provider?.columns.metadataUrl === 'string'
    ? saveRefresh(db, { key, state: freshRefresh(nowMs, deps.random), nowMs, guard })
    : stopRefreshing(db, key, guard)
}

/** The field by which a request names another provider. */
function sourceOf(body: ChangeRequest['body']): string {
  const name = (['metadataXml', 'metadataUrl'] as const).find((one) => one in body)
  return name ?? 'manual.entityId'
}

/** What decides over sign-ins is told with its old and new value; nothing of it is personal. */
const told = [
  'status',
  'idpEntityId',
  'ssoUrl',
  'sloUrl',
  'sloResponseUrl',
  'metadataUrl',
  'identityClaim',
] as const

function factsOf(
  before: ConnectionRecord['connection'],
  { set, added, removed, retired, changed }: ConnectionChange,
): Readonly<Record<string, unknown>> {
  const values = told
    .filter((name) => set[name] !== undefined)
    .map((name) => [name, { from: before[name], to: set[name] }])
  return {
    changed,
    ...Object.fromEntries(values),
    ...(added.length === 0 ? {} : { added: added.map(({ certificate }) => certificate.sha256) }),
    ...(removed.length === 0 ? {} : { removed }),
    ...(retired.length === 0 ? {} : { retired }),
  }
}
