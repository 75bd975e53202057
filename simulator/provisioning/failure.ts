const prefix = 'SystemForCrossDomainIdentityManagement'

/** The codes of the provisioning log. */
export const failureCodes = {
  incompatible: `${prefix}ServiceIncompatible`,
  multiple: `${prefix}MultipleEntriesInResponse`,
  duplicates: 'DuplicateTargetEntries',
  conflict: 'EntryConflict',
  anchor: 'InvalidAnchor',
  tooMany: 'TooManyRequests',
  timeout: 'Timeout',
  server: 'InternalServerError',
  protocol: 'WebExceptionProtocolError',
  credentials: `${prefix}CredentialValidationFailure`,
  unavailable: `${prefix}CredentialValidationUnavailable`,
} as const

/** Why something could not be done. */
export type Failure = {
  readonly code: (typeof failureCodes)[keyof typeof failureCodes]
  /** The application's `detail` word for word where it gave one. */
  readonly detail: string
  /** Ends the cycle and puts the job into quarantine at once. */
  readonly isFatal: boolean
}

export function failure(
  kind: keyof typeof failureCodes,
  detail: string,
  more: { readonly isFatal?: boolean } = {},
): Failure {
  return { code: failureCodes[kind], detail, isFatal: more.isFatal ?? false }
}

type Row = readonly [
  matches: (status: number) => boolean,
  kind: keyof typeof failureCodes,
  isFatal: boolean,
]

const byStatus: readonly Row[] = [
  [(status) => status === 401 || status === 403, 'credentials', true],
  [(status) => status === 400, 'incompatible', false],
  [(status) => status === 404, 'anchor', false],
  [(status) => status === 409, 'conflict', false],
  [(status) => status === 429, 'tooMany', false],
  [(status) => status >= 500, 'server', false],
]

/** What a refused request means. */
export function failureOf(status: number, detail: string): Failure {
  const row = byStatus.find(([matches]) => matches(status))
  return failure(row?.[1] ?? 'protocol', detail, { isFatal: row?.[2] ?? false })
}
