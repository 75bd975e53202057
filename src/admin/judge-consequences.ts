import type { ConnectionRow } from '../saml/index.ts'
import { checkTransition, endsSessions } from './connection-rules.ts'
import type { ConnectionCounts, OrganizationCounts } from './consequences-store.ts'

type Status = ConnectionRow['status']

export const consequenceWarnings = [
  'no_valid_certificate',
  'not_tested',
  'no_testers',
  'no_other_way_in',
  'nobody_new',
  'no_active_connection',
] as const

export type ConsequenceWarning = (typeof consequenceWarnings)[number]

export type StatusConsequences = {
  readonly from: Status
  readonly to: Status
  /** Whether a connection goes from one to the other at all. */
  readonly possible: boolean
  /** People who are signed in by it now and would not be any more. */
  readonly signedOut: number
  /** Known people who could sign in by it then; null where that is up to the list of testers. */
  readonly maySignIn: number | null
  readonly warnings: readonly ConsequenceWarning[]
}

/** What a change of a connection's status would mean for people. Pure. */
export function statusConsequences(
  { from, to }: { readonly from: Status; readonly to: Status },
  counts: ConnectionCounts,
  given: {
    readonly hasValidCertificate: boolean
    readonly testers: number
    /** Whether the app sends everybody to single sign-on. */
    readonly isRequired: boolean
  },
): StatusConsequences {
  const opens = to === 'active' || to === 'testing'
  const closes = from === 'active' && to !== 'active'
  const warnings: readonly (readonly [ConsequenceWarning, boolean])[] = [
    ['no_valid_certificate', opens && !given.hasValidCertificate],
    ['not_tested', to === 'active' && from !== 'disabled' && counts.testedAt === null],
    ['no_testers', to === 'testing' && given.testers === 0],
    ['no_other_way_in', closes && given.isRequired && counts.otherActive === 0],
  ]
  return {
    from,
    to,
    possible: from !== to && checkTransition(from, to).ok,
    signedOut: from !== to && endsSessions(to) ? counts.signedIn.people : 0,
    maySignIn: to === 'active' ? counts.people.active : to === 'testing' ? null : 0,
    warnings: warnings.filter(([, holds]) => holds).map(([warning]) => warning),
  }
}

/** What decides who comes in, of an organization. */
export type Switches = {
  readonly firstLogin: boolean
  readonly scim: boolean
  readonly signIn: 'optional' | 'required'
}

export type SwitchConsequences = {
  readonly changes: readonly {
    readonly setting: keyof Switches
    readonly to: string
    /** Whom it touches; what it does to them depends on the setting. */
    readonly people: number
  }[]
  readonly warnings: readonly ConsequenceWarning[]
}

/** What other switches would mean for people. Pure. What stays as it is has no consequence. */
export function switchConsequences(
  before: Switches,
  after: Switches,
  { people, activeConnections, scimCredentials }: OrganizationCounts,
): SwitchConsequences {
  const touched = {
    // They stay, but nothing tells when they leave. Switched on, SCIM would find and take them over.
    firstLogin: after.firstLogin ? 0 : people.onlyFirstLogin,
    scim: after.scim ? people.onlyFirstLogin : people.provisioned,
    signIn: after.signIn === 'required' ? people.neverSignedIn : 0,
  }
  const changes = (['firstLogin', 'scim', 'signIn'] as const)
    .filter((setting) => before[setting] !== after[setting])
    .map((setting) => ({ setting, to: String(after[setting]), people: touched[setting] }))
  const provisions = after.scim && scimCredentials > 0
  const warnings: readonly (readonly [ConsequenceWarning, boolean])[] = [
    ['nobody_new', changes.length > 0 && !after.firstLogin && !provisions],
    [
      'no_active_connection',
      before.signIn !== after.signIn && after.signIn === 'required' && activeConnections === 0,
    ],
  ]
  return { changes, warnings: warnings.filter(([, holds]) => holds).map(([warning]) => warning) }
}
