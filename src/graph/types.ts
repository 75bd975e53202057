import type { Stated } from '../directory/index.ts'
import type { Result } from '../kernel/index.ts'
import type { GraphFailure, GraphPermission } from './errors.ts'

/** A user as Graph states it. What Graph did not state is not there; ids are lower case. */
export type GraphUser = {
  readonly id: string
  /** Flattened Graph names as the source view has them; an empty list is a blank that Graph stated. */
  readonly stated: Stated
}

/** `changed`: soft-deleted, can be restored for 30 days; `deleted`: gone for good. */
export type RemovedUser = { readonly id: string; readonly reason: 'changed' | 'deleted' }

/** Exactly one of the links is there: `nextLink` while there is more, `deltaLink` on the last page. */
export type DeltaPage = {
  readonly users: readonly GraphUser[]
  readonly removed: readonly RemovedUser[]
  readonly nextLink: string | null
  readonly deltaLink: string | null
}

/** Where a delta starts: from nothing with the names to watch (see `selectOf`), or from a link of a page before. */
export type DeltaFrom = { readonly select: readonly string[] } | { readonly link: string }

export type Assignment = {
  readonly principalId: string
  readonly principalType: 'user' | 'group' | 'other'
  /** Null for the default access, which is no role. */
  readonly appRoleId: string | null
}

export type AssignmentsPage = {
  readonly assignments: readonly Assignment[]
  readonly nextLink: string | null
}

export type AppRole = {
  readonly id: string
  /** What a token and a rule name it by; null when the role has none. */
  readonly value: string | null
  readonly displayName: string
  readonly isEnabled: boolean
}

export type GraphApplication = {
  readonly servicePrincipalId: string
  readonly appRoles: readonly AppRole[]
  readonly requiresAssignment: boolean
}

export type MembersPage = {
  /** Direct members that are users. */
  readonly memberIds: readonly string[]
  readonly nextLink: string | null
}

export type GraphGroup = { readonly id: string; readonly displayName: string | null }

/** What a `$batch` could not answer yet: ask for these again, not before that long. */
export type AskAgain = { readonly ids: readonly string[]; readonly retryAfterMs: number }

export type GroupsById = {
  readonly groups: readonly GraphGroup[]
  /** Not in the tenant (any more). */
  readonly gone: readonly string[]
  readonly again: AskAgain | null
}

export type UsersById = {
  /** Each read whole: what is asked for and not stated is blank. `manager` is among what is stated. */
  readonly users: readonly GraphUser[]
  readonly gone: readonly string[]
  readonly again: AskAgain | null
}

export type PermissionCheck = {
  /** Whether everything that reconciliation needs can be read. */
  readonly ok: boolean
  readonly permissions: readonly { readonly name: GraphPermission; readonly granted: boolean }[]
  /** Null while the application cannot be read. */
  readonly application: GraphApplication | null
  /** Whether the tenant has the application; null while that cannot be read. */
  readonly applicationFound: boolean | null
}

/**
 * Microsoft Graph, read as one application of one tenant. Nothing is thrown for what Graph or the network
 * does; nothing is retried but what costs no waiting, since the run has a better memory than a Worker has time.
 */
export type GraphClient = {
  /** One page of `users/delta`. A link that has ended gives `graph.resync`. */
  usersDeltaPage(from: DeltaFrom): Promise<Result<DeltaPage, GraphFailure>>
  /** One page of who is assigned to the application. */
  assignmentsPage(
    appId: string,
    nextLink?: string | null,
  ): Promise<Result<AssignmentsPage, GraphFailure>>
  application(appId: string): Promise<Result<GraphApplication, GraphFailure>>
  groupMembersPage(
    groupId: string,
    nextLink?: string | null,
  ): Promise<Result<MembersPage, GraphFailure>>
  /** At most 20 groups at once: their names. */
  groups(ids: readonly string[]): Promise<Result<GroupsById, GraphFailure>>
  /** At most 20 users at once with their managers, in two requests. `select` as for the delta. */
  usersById(
    ids: readonly string[],
    select: readonly string[],
  ): Promise<Result<UsersById, GraphFailure>>
  /** The same by userPrincipalName; whoever is called by none of them is left out. */
  usersByName(
    principalNames: readonly string[],
    select: readonly string[],
  ): Promise<Result<UsersById, GraphFailure>>
  /** The groups a user is in, nested ones too (`getMemberGroups`). */
  memberGroups(userId: string): Promise<Result<readonly string[], GraphFailure>>
  /** Tries what reconciliation will read, and names the permission that is missing. */
  checkPermissions(appId: string): Promise<Result<PermissionCheck, GraphFailure>>
  /** Requests sent so far, those for tokens too: the platform counts subrequests per invocation. */
  used(): number
}
