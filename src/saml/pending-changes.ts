import { base64Decode, base64Encode, sha256Hex, toIso } from '../kernel/index.ts'
import { type Certificate, parseCertificate } from '../xmldsig/index.ts'
import type { HeldMetadata, MetadataChange, UrlChange } from './metadata-refresh.ts'

/** A change that waits for an admin, as it is stored: everything that applying it takes. */
export type PendingChange =
  | {
      readonly kind: 'add_certificate'
      readonly sha256: string
      readonly subject: string
      /** DER in base64. */
      readonly der: string
      readonly notBeforeMs: number
      readonly notAfterMs: number
    }
  | {
      readonly kind: UrlChange
      readonly from: string | null
      readonly to: string | null
      readonly ssoBinding?: HeldMetadata['ssoBinding']
    }

export type PendingChanges = {
  /** Over the changes: an admin approves what was shown, not what came in its place. */
  readonly hash: string
  readonly sinceMs: number
  /** When an admin said no; the same changes are not asked about again. */
  readonly dismissedAtMs: number | null
  readonly changes: readonly PendingChange[]
}

/**
 * What of a plan waits for an admin. The same changes as before keep their time and their answer.
 * @returns null when nothing waits
 */
export async function pendingOf(
  plan: readonly MetadataChange[],
  before: PendingChanges | null,
  nowMs: number,
): Promise<PendingChanges | null> {
  const changes = plan.flatMap(toPending)
  if (changes.length === 0) return null
  // Some providers list their keys in another order each time, which is no other question.
  const texts = changes.map((change) => JSON.stringify(change)).sort()
  const hash = await sha256Hex(JSON.stringify(texts))
  return before?.hash === hash ? before : { hash, sinceMs: nowMs, dismissedAtMs: null, changes }
}

function toPending(change: MetadataChange): readonly PendingChange[] {
  if (change.decision === 'auto') return []
  if (change.kind !== 'add_certificate') {
    const { decision: _decision, ...rest } = change
    return [rest]
  }
  const { sha256, subject, der, notBeforeMs, notAfterMs } = change.certificate
  const kind = 'add_certificate'
  return [{ kind, sha256, subject, der: base64Encode(der), notBeforeMs, notAfterMs }]
}

/** A pending certificate, read again from what was stored; null when it does not parse. */
export async function pendingCertificate(
  change: Extract<PendingChange, { kind: 'add_certificate' }>,
): Promise<Certificate | null> {
  const der = base64Decode(change.der)
  const read = der === null ? null : await parseCertificate(der)
  return read?.ok === true ? read.value : null
}

/** A change as an event tells it: without the certificate itself. */
export function tellChange(change: PendingChange): Readonly<Record<string, unknown>> {
  if (change.kind !== 'add_certificate') return change
  const { kind, sha256, notAfterMs } = change
  return { kind, sha256, notAfter: toIso(notAfterMs) }
}

/** The stored changes of a connection; nothing else writes that column. */
export function readPending(row: { readonly pending: unknown } | null): PendingChanges | null {
  return (row?.pending ?? null) as PendingChanges | null
}
