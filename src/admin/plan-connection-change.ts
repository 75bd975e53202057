import type * as z from '#zod'
import { limits, ok, type Result } from '../kernel/index.ts'
import type {
  CertificateRow,
  ConnectionRecord,
  ConnectionRow,
  NewCertificate,
} from '../saml/index.ts'
import { checkSettings, checkTransition, endsSessions } from './connection-rules.ts'
import type { changeConnection } from './connection-schema.ts'
import { definedNames } from './create-connection.ts'
import type { Provider } from './provider.ts'
import { type Refusal, refuse, refuseFields } from './refusal.ts'

/** What a request asks for, read and checked, but not yet held against what there is. */
export type ChangeWish = {
  readonly body: z.output<typeof changeConnection>
  readonly provider: Provider | null
  readonly addedByHand: readonly NewCertificate[]
  /** Whether metadata replaces what was added by hand, too: a setup link leaves no key of its own behind. */
  readonly replacesAll: boolean
}

/** What is to be written; nothing when all is so already. */
export type ConnectionChange = {
  readonly set: Partial<ConnectionRow>
  readonly added: readonly NewCertificate[]
  readonly removed: readonly string[]
  /** Trusted no longer, but remembered: metadata would bring back what is only removed. */
  readonly retired: readonly string[]
  /** Names of what changes, for the event. */
  readonly changed: readonly string[]
  readonly endsSessions: boolean
  /** The provider, where it was given anew. */
  readonly provider: Provider | null
  /** Whether people who are known by the old values would be locked out. */
  readonly needsNobodyBound: boolean
}

/** Holds a wish against a connection as it is. Pure. */
export function planConnectionChange(
  record: ConnectionRecord,
  wish: ChangeWish,
  nowMs: number,
): Result<ConnectionChange, Refusal> {
  const { connection } = record
  const { body, provider } = wish
  const set = differences(connection, wantedColumns(wish))
  const transition = checkTransition(connection.status, body.status ?? connection.status)
  if (!transition.ok) return transition
  const after = { ...connection, ...set }
  const settings = checkSettings(after)
  if (!settings.ok) return refuseFields(...settings.failure)
  const certificates = planCertificates(record, wish, {
    nowMs,
    isRefreshed: after.metadataUrl !== null,
  })
  if (!certificates.ok) return certificates
  const { added, removed, retired } = certificates.value
  // An identity under Entra is tenant and object id, which another issuer of the same tenant leaves alone.
  const isSameTenant = connection.tenantId !== null && after.tenantId === connection.tenantId
  const isRecognized = set.idpEntityId === undefined || isSameTenant
  return ok({
    set,
    added,
    removed,
    retired,
    changed: [
      ...Object.keys(set),
      ...(added.length + removed.length + retired.length > 0 ? ['certificates'] : []),
    ],
    provider,
    endsSessions: set.status !== undefined && endsSessions(set.status),
    needsNobodyBound: !isRecognized || (set.identityClaim !== undefined && !isSameTenant),
  })

  function differences(
    before: ConnectionRow,
    wanted: Partial<ConnectionRow>,
  ): Partial<ConnectionRow> {
    return Object.fromEntries(
      Object.entries(wanted).filter(
        ([name, value]) =>
          value !== undefined &&
          JSON.stringify(value) !== JSON.stringify(before[name as keyof ConnectionRow]),
      ),
    )
  }

  function wantedColumns({ body: asked }: ChangeWish) {
    const {
      metadataXml: _xml,
      metadataUrl: _url,
      manual: _manual,
      addCertificates: _added,
      removeCertificates: _removed,
      version: _version,
      claimNames,
      ...columns
    } = asked
    return {
      ...columns,
      ...(claimNames === undefined ? {} : { claimNames: definedNames(claimNames) }),
      ...provider?.columns,
    } as Partial<ConnectionRow>
  }
}

/**
 * Which certificates come and go. Metadata replaces what came from metadata and leaves alone what was added
 * by hand; certificates given by hand with the provider's values replace all.
 */
function planCertificates(
  { certificates: held }: ConnectionRecord,
  { body, provider, addedByHand, replacesAll }: ChangeWish,
  { nowMs, isRefreshed }: { readonly nowMs: number; readonly isRefreshed: boolean },
): Result<Pick<ConnectionChange, 'added' | 'removed' | 'retired'>, Refusal> {
  const removedByHand = body.removeCertificates ?? []
  const isHeld = (sha256: string) => held.some((row) => row.sha256 === sha256)
  const unknown = removedByHand.filter((sha256) => !isHeld(sha256))
  if (unknown.length > 0) {
    return refuse('admin.certificate_not_found', {
      field: 'removeCertificates',
      message: `${unknown.join(', ')} is not trusted`,
    })
  }
  const published = provider?.certificates ?? null
  const isByHand = replacesAll || published?.some(({ origin }) => origin === 'manual') === true
  const vanished = held.filter(
    (row) =>
      published !== null &&
      // What an admin retired stays known, or later metadata would bring it back.
      (isByHand || (row.origin === 'metadata' && row.retiredAt === null)) &&
      !published.some(({ certificate }) => certificate.sha256 === row.sha256),
  )
  const wanted = [...(published ?? []), ...addedByHand]
  const removed = new Set([...removedByHand, ...vanished.map(({ sha256 }) => sha256)])
  for (const { certificate } of addedByHand) removed.delete(certificate.sha256)
  const added = wanted.filter(({ certificate, origin }) => {
    const row = held.find(({ sha256 }) => sha256 === certificate.sha256)
    // What an admin added by hand stays so when metadata publishes it too.
    const isKnown = row !== undefined && row.retireAt === null && row.retiredAt === null
    const keepsOrigin = row?.origin === origin || (!isByHand && row?.origin === 'manual')
    // Nor does metadata bring back what an admin retired.
    if (origin === 'metadata' && (row?.retiredAt ?? null) !== null) return false
    return !removed.has(certificate.sha256) && !(isKnown && keepsOrigin)
  })
  // Those given by hand, too: metadata may publish them, today or later.
  const retired = held
    .filter((row) => isRefreshed && row.retiredAt === null)
    .map(({ sha256 }) => sha256)
    .filter((sha256) => removedByHand.includes(sha256) && removed.has(sha256))
  const gone = [...removed].filter((sha256) => !retired.includes(sha256))
  const kept = held.filter(({ sha256 }) => !removed.has(sha256))
  const trusted = kept.filter(({ retiredAt }) => retiredAt === null)
  const isTimely = (row: Pick<CertificateRow, 'notBefore' | 'notAfter'>) => isTimelyAt(nowMs, row)
  const isLeftWithout =
    removedByHand.length > 0 &&
    held.some((row) => row.retiredAt === null && isTimely(row)) &&
    !trusted.some(isTimely) &&
    !added.some(({ certificate: { notBeforeMs, notAfterMs } }) =>
      isTimely({ notBefore: notBeforeMs, notAfter: notAfterMs }),
    )
  if (trusted.length + added.length === 0 || isLeftWithout) {
    const message = 'would leave the connection without a certificate that is valid today'
    return refuse('admin.last_certificate', { field: 'removeCertificates', message })
  }
  const after = new Set([
    ...kept.map(({ sha256 }) => sha256),
    ...retired,
    ...added.map(({ certificate }) => certificate.sha256),
  ])
  return after.size > limits.certificatesPerConnection
    ? refuse('admin.limit_reached', {
        field: 'addCertificates',
        message: `would make more than ${limits.certificatesPerConnection} of the connection`,
      })
    : ok({ added: lastOfEach(added), removed: gone, retired })
}

/** Whether the dates of a certificate allow it to verify a sign-in now. */
export function isTimelyAt(
  nowMs: number,
  { notBefore, notAfter }: Pick<CertificateRow, 'notBefore' | 'notAfter'>,
): boolean {
  return notBefore <= nowMs && nowMs <= notAfter
}

/** One row for each certificate: of one given twice, as it was given last. */
function lastOfEach(added: readonly NewCertificate[]): readonly NewCertificate[] {
  return [...new Map(added.map((one) => [one.certificate.sha256, one])).values()]
}
