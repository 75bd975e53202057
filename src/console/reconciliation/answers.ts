/** What the Admin API answers about reconciliation, as far as these pages show it. */
export type RunStatus = 'queued' | 'running' | 'paused' | 'held' | 'done' | 'failed'

export type BrakeReason = { readonly what: string; readonly count: number; readonly people: number }

export type RunSummary = {
  readonly id: string
  readonly connection: string | null
  readonly kind: 'reconcile' | 'resolve'
  readonly trigger: 'schedule' | 'api' | 'mapping'
  readonly status: RunStatus
  readonly dryRun: boolean
  readonly full: boolean
  readonly step: string
  readonly createdAt: string
  readonly startedAt: string | null
  readonly continueAt: string | null
  readonly finishedAt: string | null
  readonly counts: Readonly<Record<string, number>>
  readonly held: { readonly reasons: readonly BrakeReason[] } | null
  readonly failure: {
    readonly code: string
    readonly message: string
    readonly fix: string
    readonly detail: string | null
  } | null
}

export type DriftAnswer = {
  readonly id: string
  readonly run: string
  readonly kind: string
  readonly user: string | null
  readonly userName: string | null
  readonly group: string | null
  readonly object: string | null
  readonly attribute: string | null
  readonly stated: unknown
  readonly held: unknown
  readonly rule: string
  readonly action: 'reported' | 'planned' | 'repaired' | 'ignored'
  readonly state: 'open' | 'done' | 'accepted' | 'dismissed'
  readonly at: string
}

export type RunAnswer = RunSummary & {
  readonly drift: readonly DriftAnswer[]
  readonly nextDrift: string | null
}

export type Listed<T> = { readonly items: readonly T[]; readonly nextCursor: string | null }

export type GraphAnswer = {
  readonly tenantId: string
  readonly kind: 'secret' | 'certificate'
  readonly expiresAt: string | null
  readonly check: {
    readonly ok: boolean
    readonly checkedAt: string
    readonly problems: readonly { readonly message: string; readonly fix: string }[]
  } | null
}

export type SettingsAnswer = {
  readonly policies: Readonly<Record<string, string>>
  readonly brake: {
    readonly share: number
    readonly people: number
    readonly shareOfFew: number
  }
  readonly retentionDays: number
  readonly silentDays: number
  readonly everyMinutes: number
  readonly isScheduled: boolean
  readonly nextRunAt: string | null
  readonly readAt: string | null
  readonly lastFullAt: string | null
}
