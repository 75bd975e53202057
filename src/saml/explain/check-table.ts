import type { JudgedCode } from './check-row.ts'
import { assertionRows } from './rows-of-assertion.ts'
import { messageRows } from './rows-of-message.ts'
import { personRows } from './rows-of-person.ts'

/** What became of a check: nothing after the first that failed was reached. */
export type CheckState =
  | 'pass'
  | 'fail'
  | 'not_reached'
  /** The response gave no occasion for it, such as decryption of what is not encrypted. */
  | 'not_needed'
  /** Nothing is wrong with the response, but an ordinary sign-in would end here for now. */
  | 'note'
  /** It cannot be known here, such as which browser asked. */
  | 'not_judged'

/** Every check of a response in the order of the pipeline (saml-security 2.1), and every code by its check. */
export const checkTable = [...messageRows, ...assertionRows, ...personRows] as const

export type CheckId = (typeof checkTable)[number]['id']

/** Every code has a row: left out, it would not compile. */
type TableCode = (typeof checkTable)[number]['codes'][number]
type Complete = JudgedCode extends TableCode
  ? true
  : { readonly missing: Exclude<JudgedCode, TableCode> }
const complete: Complete = true

const byCode: ReadonlyMap<string, CheckId> = new Map(
  complete ? checkTable.flatMap(({ id, codes }) => codes.map((code) => [code, id] as const)) : [],
)

/**
 * Which check a response was refused by. A placeholder instead of a tenant in an Issuer is found where issuers are
 * compared, though its code is that of the tenant claim.
 * @returns null for a code that no response is refused with
 */
export function checkOf(failure: { readonly code: string; readonly of?: unknown }): CheckId | null {
  const isOfIssuer = failure.code === 'saml.tenant_mismatch' && failure.of !== 'tenantid'
  return isOfIssuer ? 'issuer' : (byCode.get(failure.code) ?? null)
}
