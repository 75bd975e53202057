import type { KeyRing } from '../kernel/index.ts'
import type { RulesHolder } from './ruleset-store.ts'
import type { Stated } from './source-view.ts'

/** Who provisions, and when: the credential decides organization and connection (DESIGN 2.1). */
export type Provisioner = {
  readonly organizationId: string
  /** Null before the organization's first connection. */
  readonly connectionId: string | null
  /** The tenant whose object ids a GUID in externalId is trusted to name; null unless the connection is Entra's. */
  readonly entraTenantId: string | null
  /** The token that was shown, for the event. */
  readonly credentialId: string
  readonly requestId: string
  readonly nowMs: number
  /** For tombstones, which remember names by HMAC. */
  readonly keyRing: KeyRing
  /** Whether events keep the values that were sent, for as long as details are kept. */
  readonly keepsValues: boolean
  /** By which the profiles of the connection's people are made. */
  readonly rules: RulesHolder
}

/** Attributes by their canonical names, extensions under their URN; never id, meta, groups, schemas or password. */
export type ScimView = Readonly<Record<string, unknown>>

export type IndexKey = { readonly attribute: string; readonly value: string }

/** The whole SCIM view of a user as it shall be after a request. */
export type UserStatement = {
  readonly userName: string
  readonly externalId: string | null
  /** What SCIM says; whether the person may sign in is decided by all sources together. */
  readonly active: boolean
  /** Without userName, externalId and active, which have columns of their own. */
  readonly view: ScimView
  /** The same with every string folded (kernel/text.ts). */
  readonly folded: ScimView
  /** What `person_keys` shall hold. */
  readonly keys: readonly IndexKey[]
  /** The view flattened to names and texts for the source view; an empty list is a stated blank. */
  readonly stated: Stated
  /** Names of the attributes that the request sent, for its event. */
  readonly sent: readonly string[]
}

/** A user as SCIM reads it: from the SCIM view only, never from the resolved profile. */
export type ProvisionedUser = {
  readonly id: string
  readonly userName: string
  readonly externalId: string | null
  readonly active: boolean
  /** Null for somebody whom SCIM has not written: then only id, userName, externalId and active are known. */
  readonly view: ScimView | null
  /** The ETag. */
  readonly version: number
  readonly createdAt: number
  readonly modifiedAt: number
  readonly groups: readonly { readonly id: string; readonly displayName: string }[]
}

export type GroupStatement = {
  readonly displayName: string
  readonly externalId: string | null
  readonly view: ScimView
  readonly folded: ScimView
  readonly sent: readonly string[]
}

export type ProvisionedGroup = {
  readonly id: string
  readonly displayName: string
  readonly externalId: string | null
  readonly view: ScimView
  readonly memberCount: number
  readonly version: number
  readonly createdAt: number
  readonly modifiedAt: number
}

/** One step of a change of members, in the order of the request; made without reading the members. */
export type MemberStep =
  | { readonly kind: 'add'; readonly ids: readonly string[] }
  | { readonly kind: 'remove'; readonly ids: readonly string[] }
  /** Everybody but these: `replace`, or a `remove` without a value, which leaves nobody. */
  | { readonly kind: 'keep'; readonly ids: readonly string[] }
  | { readonly kind: 'removeType'; readonly type: 'User' | 'Group' }

export type GroupMember = {
  readonly id: string
  readonly type: 'User' | 'Group'
  /** A person's userName or a group's displayName. */
  readonly display: string
}
