import type { ErrorEntry } from '../kernel/index.ts'

/** Failures of the doors themselves, beside what is wrong with a message. */
export type DoorFailure =
  | { readonly code: 'saml.connection_not_found' }
  | { readonly code: 'saml.not_a_navigation' }
  | {
      readonly code: 'saml.being_tested'
      /** Under what each kind of tester would have had to be named. */
      readonly tried: Readonly<Record<'objectId' | 'userPrincipalName' | 'nameId', string | null>>
      /** Of somebody who is known: whose the event then is. */
      readonly personId?: string
    }
  | { readonly code: 'saml.store_unavailable' }
  | { readonly code: 'saml.logout_refused' }
  | { readonly code: 'saml.test_link_used' }

export const doorErrors = {
  'saml.connection_not_found': {
    status: 404,
    tell: 'not-found',
    log: 'info',
    means: 'No connection has this id.',
    fix: 'Copy the loginUrl or acsUrl of the connection again.',
  },
  'saml.not_a_navigation': {
    status: 403,
    tell: 'bad-request',
    log: 'info',
    means: 'A page tried to begin or finish a sign-in by an image or a script, not by going there.',
    fix: 'Send the browser itself to the loginUrl, by a link or a redirect; the answer comes back by a form.',
    spec: 'W3C Fetch Metadata 2.2',
  },
  'saml.being_tested': {
    status: 403,
    tell: 'being-tested',
    log: 'info',
    means: 'The connection is being tested, and the person is not one of its testers.',
    fix: 'Name the person as a tester by the object id, UPN or NameID that the event shows, or set the connection to active.',
    entra: 'Nothing to change in Entra; who may test is said on the connection here.',
  },
  'saml.store_unavailable': {
    status: 503,
    tell: 'unavailable',
    log: 'error',
    means:
      'The database did not answer while a sign-in was being finished; a session was stored whole or not at all.',
    fix: 'Start the sign-in again in a moment; if it stays, check D1 in the Cloudflare dashboard.',
  },
  'saml.test_link_used': {
    status: 410,
    tell: 'not-found',
    log: 'info',
    means:
      'No test sign-in begins with this link: it was begun, is past its time, or there is none.',
    fix: 'Make a new test sign-in and open its link once, in time, in the browser of the tester.',
  },
  'saml.logout_refused': {
    status: 400,
    tell: 'bad-request',
    log: 'warn',
    means: 'A logout message could not be accepted; no session was touched.',
    fix: 'The evidence in the event names the check that failed.',
  },
} as const satisfies Record<DoorFailure['code'], ErrorEntry>
