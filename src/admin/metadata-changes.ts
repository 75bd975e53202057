import type * as z from '#zod'
import { type Database, runBatch, type Statement } from '../db/index.ts'
import { limits, ok, type Result } from '../kernel/index.ts'
import {
  type ConnectionRow,
  connectionAt,
  loadRefresh,
  type NewCertificate,
  type PendingChanges,
  pendingCertificate,
  type RefreshRecord,
  type RefreshRow,
  readPending,
  saveCertificates,
  saveRefresh,
  tellChange,
  updateConnection,
} from '../saml/index.ts'
import { attempts } from './change-organization.ts'
import type { AdminRequest } from './endpoint.ts'
import type { pendingAnswered, refreshAnswer } from './metadata-schema.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf } from './organization-of.ts'
import { presentRefresh } from './present-refresh.ts'
import { type Refusal, refuse } from './refusal.ts'
import { checkLinkLimit } from './setup-link-limit.ts'

type RefreshRequest = AdminRequest<{ org: string; connection: string }>
type AnswerRequest = AdminRequest<
  { org: string; connection: string },
  unknown,
  z.output<typeof pendingAnswered>
>
type RefreshAnswer = z.input<typeof refreshAnswer>

/** The connection that the path names with how its refresh stands; another organization's is not found. */
export async function refreshRecordOf(
  request: RefreshRequest,
): Promise<Result<RefreshRecord, Refusal>> {
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  const record = await loadRefresh(request.db, {
    organizationId: organization.value.id,
    connectionId: request.params.connection,
  })
  return record === null ? refuse('admin.connection_not_found') : ok(record)
}

/** Shows how the refresh stands now. */
export async function showRefresh(
  request: RefreshRequest,
): Promise<Result<RefreshAnswer, Refusal>> {
  const record = await refreshRecordOf(request)
  return record.ok ? ok(presentRefresh(record.value.connection, record.value.refresh)) : record
}

type Settled = {
  readonly set: Partial<ConnectionRow>
  readonly added: readonly NewCertificate[]
  /** What is left of the pending changes: nothing when they were made. */
  readonly pending: PendingChanges | null
}

type Waiting = { readonly record: RefreshRecord; readonly pending: PendingChanges }
type Settle = (waiting: Waiting, nowMs: number) => Promise<Result<Settled, Refusal>>

/**
 * Answers the pending changes that the hash names, in one batch guarded by the connection's version. Every
 * change of what waits counts the version up, so nothing else can be approved than what was shown.
 */
export async function settlePending(
  request: AnswerRequest,
  type: 'metadata.approved' | 'metadata.dismissed',
  settle: Settle,
): Promise<Result<RefreshAnswer, Refusal>> {
  const { db, nowMs, body } = request
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = await refreshRecordOf(request)
    if (!found.ok) return found
    const record = found.value
    const permitted = checkLinkLimit(request.principal, record.connection.status)
    if (!permitted.ok) return permitted
    const pending = readPending(record.refresh)
    if (record.refresh === null || pending === null || pending.hash !== body.hash) {
      return refuse('admin.nothing_pending')
    }
    const settled = await settle({ record, pending }, nowMs)
    if (!settled.ok) return settled
    const facts = { hash: pending.hash, changes: pending.changes.map(tellChange) }
    const key = keyOf(record)
    const guard = connectionAt(record.connection)
    const results = await runBatch(db, [
      ...trust(db, { record, settled: settled.value, nowMs }),
      ...operatorEvent(request, { type, ...key, facts }, guard),
      saveRefresh(db, {
        key,
        state: { ...stateOf(record.refresh), pending: settled.value.pending },
        nowMs,
        guard,
      }),
      // Last, so that every statement before it still sees the version that was read.
      updateConnection(db, { before: record.connection, set: settled.value.set, nowMs }),
    ])
    if ((results.at(-1) as readonly unknown[]).length === 1) return showRefresh(request)
  }
  return refuse('admin.write_conflict')
}

function keyOf({ connection }: RefreshRecord) {
  return { organizationId: connection.organizationId, connectionId: connection.id }
}

function stateOf({ dueAt, checkedAt, failure, failures }: RefreshRow) {
  return { dueAt, checkedAt, failure, failures }
}

function trust(
  db: Database,
  { record, settled, nowMs }: { record: RefreshRecord; settled: Settled; nowMs: number },
): readonly Statement[] {
  const { added } = settled
  if (added.length === 0) return []
  const guard = connectionAt(record.connection)
  return [saveCertificates(db, { key: keyOf(record), added, nowMs, guard })]
}

/**
 * Makes the changes: those of URLs only where the connection still has what was shown as the old value, and of
 * certificates only those that nobody has given, or retired, since.
 */
export async function approve({ record, pending }: Waiting): Promise<Result<Settled, Refusal>> {
  const { connection, certificates } = record
  const set: { -readonly [K in keyof ConnectionRow]?: ConnectionRow[K] } = {}
  const added: NewCertificate[] = []
  for (const change of pending.changes) {
    if (change.kind === 'add_certificate') {
      if (certificates.some(({ sha256 }) => sha256 === change.sha256)) continue
      const certificate = await pendingCertificate(change)
      if (certificate === null) return refuse('admin.nothing_pending')
      added.push({ certificate, origin: 'metadata' })
      continue
    }
    const column = columns[change.kind]
    if (connection[column] !== change.from) return refuse('admin.nothing_pending')
    if (column === 'ssoUrl') {
      if (change.to === null) return refuse('admin.nothing_pending')
      set.ssoUrl = change.to
      set.ssoBinding = change.ssoBinding ?? connection.ssoBinding
    } else set[column] = change.to
  }
  const after = new Set([
    ...certificates.map(({ sha256 }) => sha256),
    ...added.map(({ certificate }) => certificate.sha256),
  ])
  if (after.size > limits.certificatesPerConnection) {
    const message = `would make more than ${limits.certificatesPerConnection} certificates: remove some first`
    return refuse('admin.limit_reached', { field: 'hash', message })
  }
  return ok({ set, added, pending: null })
}

const columns = {
  change_sso_url: 'ssoUrl',
  change_slo_url: 'sloUrl',
  change_slo_response_url: 'sloResponseUrl',
} as const

/** Says no: the same changes are not asked about again, others are. */
export async function dismiss(
  { pending }: Waiting,
  nowMs: number,
): Promise<Result<Settled, Refusal>> {
  return ok({ set: {}, added: [], pending: { ...pending, dismissedAtMs: nowMs } })
}
