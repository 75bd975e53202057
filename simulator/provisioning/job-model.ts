/** How the service proves itself to the application. */
export type Credentials =
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'client-credentials'
      readonly tokenUrl: string
      readonly clientId: string
      readonly clientSecret: string
      readonly scope: string | null
      /** "How credentials are sent": as HTTP Basic, in the form, or in both places. */
      readonly sentIn: 'header' | 'body' | 'both'
    }
  | {
      /** Workload identity federation: an assertion that the tenant signs (RFC 7523 section 2.2). */
      readonly kind: 'federated'
      readonly tokenUrl: string
      readonly clientId: string
      readonly scope: string | null
      readonly audience: string
    }

/** One row of the attribute mapping. */
export type MappingRow = {
  /** `userName`, `emails[type eq "work"].value`, `urn:…:User:department` … */
  readonly target: string
  /** An attribute of the directory, or an expression: `Join(" ", [givenName], [surname])`. */
  readonly source: string
  /** `create`: only when the object is made. */
  readonly apply: 'always' | 'create'
  /** Of the target attribute. Multi-valued is what has several values at its source. */
  readonly type: 'text' | 'boolean'
}

export type ScopingClause = {
  readonly attribute: string
  readonly operator:
    | 'EQUALS'
    | 'NOT EQUALS'
    | 'IS TRUE'
    | 'IS FALSE'
    | 'IS NULL'
    | 'IS NOT NULL'
    | 'REGEX MATCH'
    | 'NOT REGEX MATCH'
    | 'INCLUDES'
  readonly value: string
}

/** What an admin sets for an application's provisioning. */
export type Job = {
  readonly appId: string
  /** With `?aadOptscim062020` the requests are nearer to RFC 7644. */
  readonly tenantUrl: string
  readonly credentials: Credentials
  readonly scope: 'assigned' | 'all'
  /** Filters of which one must let somebody through; all clauses of a filter must hold. */
  readonly scopingFilters: readonly (readonly ScopingClause[])[]
  /** Target attributes by which people are looked for, the first first. */
  readonly userMatching: readonly string[]
  readonly groupMatching: 'displayName' | 'externalId'
  /** Null: the 22 rows of a new application. */
  readonly userMapping: readonly MappingRow[] | null
  /** Rows besides these. */
  readonly customMapping: readonly MappingRow[]
  readonly externalIdSource: 'mailNickname' | 'objectId'
  readonly provisionsGroups: boolean
  /** False: people are deleted where they would be disabled. */
  readonly supportsSoftDelete: boolean
  readonly skipOutOfScopeDeletions: boolean
  /** Whether the tenant URL's query is part of each request; what Entra does is not documented. */
  readonly sendsQuery: boolean
  /** Whether it asks first if a manager or member is there already (`id eq … and manager eq …`), as documents describe. */
  readonly checksReferences: boolean
  /** Members in one PATCH; Entra's number is not documented. */
  readonly memberBatch: number
  /** Requests at the same time. */
  readonly parallel: number
  readonly timeoutMs: number
  /** When failures put the job into quarantine: at least so many and more than this share, or more than `most`. */
  readonly escrow: { readonly least: number; readonly share: number; readonly most: number }
}

/** A job as the portal makes it, before anything is set. */
export function newJob(appId: string): Job {
  return {
    appId,
    tenantUrl: '',
    credentials: { kind: 'token', token: '' },
    scope: 'assigned',
    scopingFilters: [],
    userMatching: ['userName'],
    groupMatching: 'displayName',
    userMapping: null,
    customMapping: [],
    externalIdSource: 'mailNickname',
    provisionsGroups: true,
    supportsSoftDelete: true,
    skipOutOfScopeDeletions: false,
    sendsQuery: true,
    checksReferences: false,
    memberBatch: 100,
    parallel: 4,
    timeoutMs: 30_000,
    escrow: { least: 5000, share: 0.4, most: 40_000 },
  }
}

export type CycleKind = 'initial' | 'incremental' | 'on-demand'

/** What a cycle did. */
export type CycleSummary = {
  readonly kind: CycleKind
  readonly startedAtMs: number
  readonly finishedAtMs: number
  readonly requests: number
  readonly created: number
  readonly updated: number
  readonly disabled: number
  readonly deleted: number
  readonly membersAdded: number
  readonly membersRemoved: number
  readonly skipped: number
  readonly failed: number
}

export type Quarantine = {
  /** Microsoft Graph's names. */
  readonly reason:
    | 'EncounteredQuarantineException'
    | 'EncounteredEscrowProportionThreshold'
    | 'QuarantineOnDemand'
  readonly code: string
  readonly detail: string
  readonly sinceMs: number
  /** Cycles tried since. */
  readonly attempts: number
  readonly nextAttemptMs: number
}

/** How far a job has come. */
export type JobState = {
  readonly status: 'stopped' | 'started' | 'disabled'
  /** The last change of the directory that was read; null: the next cycle is an initial one. */
  readonly watermark: number | null
  /** Grows when the next cycle must be an initial one, also while another is running. */
  readonly epoch: number
  readonly quarantine: Quarantine | null
  readonly last: CycleSummary | null
}

export const freshState: JobState = {
  status: 'stopped',
  watermark: null,
  epoch: 0,
  quarantine: null,
  last: null,
}
