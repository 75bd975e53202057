import { type EventInput, eventStatements, eventsStatement } from '../activity/index.ts'
import { allOf, type Database, type Guard, runBatch, type Statement } from '../db/index.ts'
import { type RandomBytes, toIso } from '../kernel/index.ts'
import {
  type ConnectionKey,
  connectionAt,
  removeCertificates,
  saveCertificates,
  updateConnection,
} from './connection-write-store.ts'
import type { MetadataFailure, MetadataFetchFailure } from './message-errors.ts'
import type { IdpMetadata } from './metadata-read.ts'
import {
  type HeldMetadata,
  type MetadataChange,
  type MetadataTrust,
  planMetadataRefresh,
} from './metadata-refresh.ts'
import {
  failureIsNews,
  hasFailed,
  type RefreshRecord,
  saveRefresh,
  setRetirements,
  standsQuery,
} from './metadata-refresh-store.ts'
import { type PendingChanges, pendingOf, readPending, tellChange } from './pending-changes.ts'
import type { RefreshCause } from './refresh-metadata.ts'
import { nextRefreshMs, nextRetryMs } from './refresh-times.ts'

type RefreshWorld = {
  readonly db: Database
  readonly random: RandomBytes
  readonly record: RefreshRecord
  readonly cause: RefreshCause
}

/**
 * Does what metadata asks for and stores how the refresh stands, in one batch. A refresh that changes anything
 * counts the connection's version up, so of two at once one is judged again.
 * @returns whether it was stored; false when the connection changed since it was read
 */
export async function recordMetadata(
  world: RefreshWorld,
  { metadata, trusted }: { readonly metadata: IdpMetadata; readonly trusted: MetadataTrust },
): Promise<boolean> {
  const { db, record, cause, random } = world
  const { connection, refresh } = record
  const { nowMs } = cause
  const key = keyOf(record)
  const plan = planMetadataRefresh(heldOf(record), metadata, { trusted, nowMs })
  const changes = plan.filter(({ decision }) => decision === 'auto')
  const before = readPending(refresh)
  const pending = await pendingOf(plan, before, nowMs)
  const isAsked = pending !== null && pending.hash !== before?.hash
  const changesConnection = changes.length > 0 || pending?.hash !== before?.hash
  const guard = connectionAt(connection)
  const results = await runBatch(db, [
    ...changeStatements(world, changes, guard),
    ...(changes.length > 0
      ? tell(world, guard, refreshedEvent(changes, trusted))
      : tell(world, allOf(guard, hasFailed(key)), refreshedEvent([], trusted))),
    ...(isAsked ? tell(world, guard, pendingEvent(pending, trusted)) : []),
    saveRefresh(db, {
      key,
      state: {
        dueAt: nextRefreshMs(datesAfter(record, changes), { nowMs, random }),
        checkedAt: nowMs,
        failure: null,
        failures: 0,
        pending,
      },
      nowMs,
      guard,
    }),
    // Last, so that every statement before it still sees the version that was read.
    changesConnection
      ? updateConnection(db, { before: connection, set: {}, nowMs })
      : standsQuery(db, connection),
  ])
  return (results.at(-1) as readonly unknown[]).length === 1
}

/**
 * Stores why a document was refused; nothing else changes. The same failure again is no new event.
 * @returns as `recordMetadata`
 */
export async function recordMetadataFailure(
  world: RefreshWorld,
  failure: MetadataFailure | MetadataFetchFailure,
): Promise<boolean> {
  const { db, record, cause, random } = world
  const { refresh, connection } = record
  const { nowMs } = cause
  const key = keyOf(record)
  const guard = connectionAt(connection)
  const failures = (refresh?.failures ?? 0) + 1
  const { code, ...facts } = evidenceOf(failure)
  const results = await runBatch(db, [
    ...tell(world, allOf(guard, failureIsNews(key, failure)), {
      type: 'metadata.refused',
      outcome: 'refused',
      code,
      facts,
    }),
    saveRefresh(db, {
      key,
      state: {
        dueAt: nextRetryMs(failures, { nowMs, random }),
        checkedAt: nowMs,
        failure: { code, ...facts },
        failures,
        pending: refresh?.pending ?? null,
      },
      nowMs,
      guard,
    }),
    standsQuery(db, connection),
  ])
  return (results.at(-1) as readonly unknown[]).length === 1
}

type Retirement = { readonly sha256: string; readonly retireAtMs: number | null }

/** A failure as it is kept: of a cause only its code, since the rest is about the text of a document. */
function evidenceOf(failure: MetadataFailure | MetadataFetchFailure) {
  if (failure.code === 'saml.metadata_fetch') return failure
  const { cause, ...rest } = failure
  return cause === undefined ? rest : { ...rest, cause: cause.code }
}

function keyOf({ connection }: RefreshRecord): ConnectionKey {
  return { organizationId: connection.organizationId, connectionId: connection.id }
}

function heldOf({ connection, certificates }: RefreshRecord): HeldMetadata {
  const { ssoUrl, ssoBinding, sloUrl, sloResponseUrl } = connection
  return {
    ...{ ssoUrl, ssoBinding, sloUrl, sloResponseUrl },
    certificates: certificates.map((row) => ({
      sha256: row.sha256,
      origin: row.origin,
      lastVerifiedAtMs: row.lastVerifiedAt,
      retireAtMs: row.retireAt,
      retiredAtMs: row.retiredAt,
    })),
  }
}

/** When certificates may go, once the changes are made. */
function datesAfter({ certificates }: RefreshRecord, changes: readonly MetadataChange[]) {
  const planned = changes.flatMap((one) =>
    one.kind === 'schedule_retirement' ? [{ retireAtMs: one.retireAtMs }] : [],
  )
  return [...certificates.map(({ retireAt }) => ({ retireAtMs: retireAt })), ...planned]
}

function changeStatements(
  { db, record, cause }: RefreshWorld,
  changes: readonly MetadataChange[],
  guard: Guard,
): readonly Statement[] {
  const key = keyOf(record)
  const { nowMs, actor, requestId } = cause
  const added = changes.flatMap((one) =>
    one.kind === 'add_certificate'
      ? [{ certificate: one.certificate, origin: 'metadata' as const }]
      : [],
  )
  const retirements = changes.flatMap((one): readonly Retirement[] => {
    if (one.kind === 'keep_certificate') return [{ sha256: one.sha256, retireAtMs: null }]
    return one.kind === 'schedule_retirement' ? [one] : []
  })
  const removed = changes.flatMap((one) => (one.kind === 'retire_certificate' ? [one.sha256] : []))
  const events = removed.map((sha256) => ({
    type: 'certificate.retired' as const,
    outcome: 'success' as const,
    ...key,
    actor,
    requestId,
    facts: { sha256, reason: 'vanished' },
  }))
  return [
    ...(added.length === 0 ? [] : [saveCertificates(db, { key, added, nowMs, guard })]),
    ...(retirements.length === 0 ? [] : [setRetirements(db, { key, retirements, guard })]),
    ...(removed.length === 0
      ? []
      : [
          removeCertificates(db, { key, removed, guard }),
          eventsStatement(db, events, { nowMs, guard }),
        ]),
  ]
}

type Told = Pick<EventInput, 'type' | 'outcome' | 'code' | 'facts'>

function tell({ db, record, cause }: RefreshWorld, guard: Guard, told: Told): readonly Statement[] {
  const { actor, requestId, nowMs } = cause
  return eventStatements(db, { ...told, ...keyOf(record), actor, requestId }, { nowMs, guard })
}

function refreshedEvent(changes: readonly MetadataChange[], trusted: MetadataTrust): Told {
  const told = changes.map((change) => {
    if (change.kind === 'add_certificate') {
      const { sha256, notAfterMs } = change.certificate
      return { kind: change.kind, sha256, notAfter: toIso(notAfterMs) }
    }
    if (change.kind !== 'schedule_retirement') return { kind: change.kind, sha256: shown(change) }
    return { kind: change.kind, sha256: change.sha256, retireAt: toIso(change.retireAtMs) }
  })
  const facts = told.length === 0 ? { trusted, recovered: true } : { trusted, changes: told }
  return { type: 'metadata.refreshed', outcome: 'success', facts }
}

function shown(change: MetadataChange): string | null {
  return 'sha256' in change ? change.sha256 : null
}

function pendingEvent({ hash, changes }: PendingChanges, trusted: MetadataTrust): Told {
  const facts = { trusted, hash, changes: changes.map(tellChange) }
  return { type: 'metadata.pending', outcome: 'warning', facts }
}
