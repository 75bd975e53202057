import type * as z from '#zod'
import { toIso } from '../kernel/index.ts'
import {
  type ConnectionRow,
  metadataFetchFixes,
  type PendingChange,
  type RefreshRow,
  readPending,
} from '../saml/index.ts'
import { metadataFixes } from './explain-provider.ts'
import type { refreshAnswer } from './metadata-schema.ts'

type RefreshAnswer = z.input<typeof refreshAnswer>

/** How refreshing a connection's metadata stands, as the API shows it. */
export function presentRefresh(
  { id, metadataUrl }: ConnectionRow,
  refresh: RefreshRow | null,
): RefreshAnswer {
  const pending = readPending(refresh)
  const isoOrNull = (ms: number | null | undefined) => (typeof ms === 'number' ? toIso(ms) : null)
  return {
    connection: id,
    metadataUrl,
    dueAt: isoOrNull(refresh?.dueAt),
    checkedAt: isoOrNull(refresh?.checkedAt),
    failures: refresh?.failures ?? 0,
    failure: presentFailure(refresh?.failure ?? null),
    pending:
      pending === null
        ? null
        : {
            hash: pending.hash,
            since: toIso(pending.sinceMs),
            dismissedAt: isoOrNull(pending.dismissedAtMs),
            changes: pending.changes.map(presentChange),
          },
  }
}

function presentFailure(failure: RefreshRow['failure']): RefreshAnswer['failure'] {
  if (failure === null) return null
  const code = String(failure['code'])
  const reason = String(failure['reason'])
  const faults: Readonly<Record<string, string>> = metadataFixes
  const fixes: Readonly<Record<string, string>> = metadataFetchFixes
  const message =
    code === 'saml.metadata' ? `The metadata ${faults[reason] ?? reason}.` : (fixes[reason] ?? '')
  return { code, reason, message }
}

type ChangeAnswer = NonNullable<RefreshAnswer['pending']>['changes'][number]

function presentChange(change: PendingChange): ChangeAnswer {
  if (change.kind !== 'add_certificate') return change
  const { kind, sha256, subject, notBeforeMs, notAfterMs } = change
  const dates = { notBefore: toIso(notBeforeMs), notAfter: toIso(notAfterMs) }
  return { kind, certificate: { sha256, subject, ...dates } }
}
