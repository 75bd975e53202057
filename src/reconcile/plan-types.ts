import type {
  AttributeDefinition,
  Mapping,
  Person,
  Resolved,
  SourceView,
  Stated,
} from '../directory/index.ts'
import type { DriftItem } from './drift.ts'
import type { Settings } from './settings.ts'

/** What `resolve` needs; a `Ruleset` of the directory is one, with the claim names of the connection in it. */
export type PlanRuleset = {
  readonly version: number
  readonly definitions: readonly AttributeDefinition[]
  readonly mapping: Mapping
}

/** `deleted`: can be restored for 30 days; `gone`: for good, or not in the tenant at all. */
export type GraphState = 'enabled' | 'disabled' | 'deleted' | 'gone'

/** What was last known of a user of the tenant: a row of `graph_users`. */
export type KnownUser = {
  readonly assigned: boolean
  readonly appRoles: readonly string[]
  readonly state: GraphState
  /** `at` of the statement that last changed the row: what an older one says of it is old. */
  readonly changedAt: number
}

/** A person with everything that Graph's statements are judged and written by. */
export type HeldPerson = {
  readonly person: Person
  /** The bound identity, or null; `entra:{tenant}:{object id}` for somebody of an Entra tenant. */
  readonly identityKey: string | null
  readonly views: readonly SourceView[]
  /** When SCIM last changed what it says of the person (`scim_users.modified_at`); null when it never wrote them. */
  readonly scimSaidAt: number | null
  /** Null before Graph was read for the first time. */
  readonly known: KnownUser | null
  /** The row of `graph_users` is nobody's yet: SCIM made the person after it was stored. */
  readonly isUnjoined?: boolean
}

/** What one read of Graph states of one user of the tenant. */
export type GraphStatement = {
  readonly objectId: string
  /** Null when the read says nothing of it. */
  readonly state: GraphState | null
  /**
   * Whether `state` is only concluded: a full read came to its end without the user. What a read lacks, an
   * assignment too, is beaten by a newer statement of SCIM; what it states is not.
   */
  readonly isLacked: boolean
  /** Null when the read says nothing of it. An assignment that a complete list lacks is `false`. */
  readonly assigned: boolean | null
  /** Null when the read says nothing of them. */
  readonly appRoles: readonly string[] | null
  /** By flattened Graph names, as `graphStatements` makes them: an empty list is a blank. */
  readonly stated: Stated
  /** Whether everything about the user was read, not only what changed. */
  readonly isWhole: boolean
  readonly isGuest: boolean
  /** When the request was sent that read this: what the view carries as `changedAt`, never the time of writing. */
  readonly at: number
  /** When the first request of the whole read was sent: what SCIM said later beats what the read lacks. */
  readonly startedAt: number
}

export type AppRoleRule = { readonly appRole: string; readonly role: string }

/** One page of statements, and what is held that bears on them. */
export type PlanInput = {
  readonly ruleset: PlanRuleset
  readonly settings: Settings
  /** Of the connection whose tenant is read; null before the organization's first one. */
  readonly connectionId: string | null
  readonly tenantId: string
  readonly requiresAssignment: boolean
  /** Which app roles give which roles; none when left out. */
  readonly appRoleRules?: readonly AppRoleRule[]
  readonly nowMs: number
  /** Whoever is bound to one of the objects, and whoever is not retired and has one of their userPrincipalNames. */
  readonly people: readonly HeldPerson[]
  /** What is known of objects that are nobody here, by object id. */
  readonly strangers: ReadonlyMap<string, KnownUser>
  /** Object ids of erased people whose tombstone stands: they are neither bound nor made anew. */
  readonly erased: ReadonlySet<string>
  /**
   * Who here is which object, for the managers that are stated: SCIM names a manager by the id here, Graph by the
   * object id, and one person must not be two.
   */
  readonly personOf: ReadonlyMap<string, string>
  readonly statements: readonly GraphStatement[]
}

/** What changes in a person: every field is the value from then on. */
export type PersonWrite = {
  readonly personId: string
  /** The version that was planned from: the engine writes only if it still stands. */
  readonly personVersion: number
  /** The new Graph view; null when it stays. */
  readonly view: SourceView | null
  /** The new profile, with `mappingVersion`; null when it stays. */
  readonly resolved: Resolved | null
  readonly mappingVersion: number
  readonly deniedByGraph: boolean
  /** Whether the person may sign in from then on; without sessions when not. */
  readonly active: boolean
  readonly isDeactivated: boolean
  readonly isReactivated: boolean
  readonly eraseAt: number | null
  /** The identity to bind, or null. */
  readonly bindTo: string | null
  /** A new userName for somebody whom SCIM has not written; only if nobody has it. */
  readonly rename: string | null
  /** Keys of the profile's attributes that change, for the event: names are not personal. */
  readonly changed: readonly string[]
  /** What the brake counts of it, each once: while there is any, the write waits until all of the run is counted. */
  readonly uses: readonly string[]
}

/**
 * Somebody to be made because the policy says so; the row of `graph_users`, which is there or in the plan, is then
 * theirs. Only if nobody has the identity or the name by now, and no tombstone.
 */
export type PersonCreate = {
  readonly objectId: string
  readonly identityKey: string
  readonly userName: string
  readonly view: SourceView
  readonly resolved: Resolved
  readonly mappingVersion: number
  readonly deniedByGraph: boolean
}

/** A row of `graph_users` to be written. */
export type KnownUserWrite = KnownUser & {
  readonly objectId: string
  readonly personId: string | null
}

/** What the brake counts: `deactivated`, `role:<name>` or `attribute:<key>`, and how many people. */
export type BrakeUse = Readonly<Record<string, number>>

/** What one page comes to: nothing but text, numbers and lists, so that it can be kept and read. */
export type Plan = {
  readonly writes: readonly PersonWrite[]
  readonly creates: readonly PersonCreate[]
  readonly users: readonly KnownUserWrite[]
  readonly drift: readonly DriftItem[]
  readonly brakeUse: BrakeUse
}

/** A member as held: a person of the group. Nested groups are no business of reconciliation. */
export type HeldMember = {
  readonly personId: string
  /** The person's object id; null while nobody knows it, and then Graph cannot say whether they belong. */
  readonly objectId: string | null
  /** Who put them in, and when. */
  readonly source: 'scim' | 'graph'
  readonly at: number
}

export type MembershipInput = {
  readonly settings: Settings
  readonly group: {
    readonly id: string
    readonly objectId: string
    /** When SCIM last changed the group: newer than the read, it may have taken out whom the read has. */
    readonly scimAt: number
    /** Roles that rules give for being in the group. */
    readonly roles: readonly string[]
  }
  readonly held: readonly HeldMember[]
  /** Direct members by the complete read: object ids. */
  readonly stated: readonly string[]
  /** Who here is which object, for the members that are stated. */
  readonly personOf: ReadonlyMap<string, string>
  readonly readStartedAt: number
}

export type MembershipPlan = {
  readonly add: readonly string[]
  readonly remove: readonly string[]
  readonly drift: readonly DriftItem[]
  readonly brakeUse: BrakeUse
}
