/**
 * The plain sentences a person at a browser can be told. What really failed stays in the event log,
 * so that a page never teaches an attacker which guard stopped them.
 */
export type Tell =
  | 'sign-in-failed'
  | 'provider-refused'
  | 'start-again'
  | 'not-permitted'
  | 'being-tested'
  | 'not-ready'
  | 'conflict'
  | 'not-found'
  | 'bad-request'
  | 'unauthorized'
  | 'too-many'
  | 'unavailable'
  | 'internal'

/** One row of the error registry: how a code goes to the wire, and what an admin does about it. */
export type ErrorEntry = {
  /** HTTP status of the answer. */
  readonly status: number
  /** Which sentence a browser page shows. */
  readonly tell: Tell
  readonly log: 'info' | 'warn' | 'error'
  /** One sentence for an admin: what happened. */
  readonly means: string
  /** One sentence for an admin: what to do, and where. */
  readonly fix: string
  /** Where in Microsoft Entra that is, for what its admin can mend: the way through the portal, and what to change. */
  readonly entra?: string
  /** The rule that was broken, for example `SAML Core 2.5.1.4`. */
  readonly spec?: string
  /** What SCIM calls this kind of mistake (RFC 7644 table 9). */
  readonly scimType?: string
}

/** What every failure union extends: a registered code, plus evidence in further fields. */
export type AnyFailure = { readonly code: string }
