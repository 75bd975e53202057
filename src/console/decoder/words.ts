import type { DecodeAnswer } from '../../admin/index.ts'
import type { Tone } from '../ui/index.ts'

/** What each kind of document is called. */
export const kindWords: Readonly<Record<DecodeAnswer['kind'], string>> = {
  response: 'SAML response',
  authn_request: 'Sign-in request',
  logout_request: 'Logout request',
  logout_response: 'Logout response',
  assertion: 'Assertion without a response: nobody can sign in with it',
  metadata: 'Metadata',
  xml: 'XML that is no SAML message',
  scim_user: 'SCIM user',
  scim_group: 'SCIM group',
  scim_patch: 'SCIM PATCH',
  scim_list: 'SCIM list',
  scim_error: 'SCIM error',
  scim_bulk: 'SCIM bulk',
  scim_search: 'SCIM search',
  json: 'JSON that is no SCIM message',
  unreadable: 'Unreadable',
}

/** How it was brought. */
export const carrierWords: Readonly<Record<NonNullable<DecodeAnswer['carrier']>, string>> = {
  xml: 'XML as it is',
  post: 'base64 (HTTP-POST)',
  redirect: 'compressed (HTTP-Redirect)',
  json: 'JSON',
}

type Word = { readonly tone: Tone; readonly label: string }

/** What a signature is worth. */
export const signatureWords: Readonly<Record<DecodeAnswer['signatures'][number]['result'], Word>> =
  {
    verified: { tone: 'good', label: 'Verified' },
    not_verified: { tone: 'bad', label: 'Not verified' },
    absent: { tone: 'idle', label: 'Not signed' },
    not_checked: { tone: 'idle', label: 'Not checked' },
  }

/** Whether a value is what the connection has. */
export function fitWords(fits: boolean): Word {
  return fits ? { tone: 'good', label: 'Fits' } : { tone: 'bad', label: 'Differs' }
}

/** Characters of a document that a page shows: more is read elsewhere. */
const pageLength = 40_000

/** A document for the page, cut where it would make the page heavy. */
export function shownText(text: string): string {
  const rest = text.length - pageLength
  return rest > 0 ? `${text.slice(0, pageLength)}\n… ${rest} more characters` : text
}
