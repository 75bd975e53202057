import { limits, printable, type Result } from '../../kernel/index.ts'
import { parseXmlBytes, type XmlElement } from '../../xml/index.ts'
import { timelyFirst } from '../certificate-dates.ts'
import { type Claims, readClaims } from '../claims.ts'
import { evidenceOf } from '../evidence.ts'
import type { Identity } from '../identity.ts'
import { type Assertion, readAssertion } from '../read-assertion.ts'
import { type ResponseContext, receiveResponse } from '../receive-response.ts'
import type { PendingLogin } from '../request-binding.ts'
import type { ResponseFields } from '../response-fields.ts'
import type { PostedResponse } from '../response-form.ts'
import { readResponseShape, type UnverifiedResponse } from '../response-shape.ts'
import type { Status } from '../status.ts'
import type { ResponseRefusal, ValidatedAssertion } from '../validated-assertion.ts'
import { verifyResponse } from '../verify-response.ts'
import { type Evidence, evidenceByCheck } from './check-evidence.ts'
import type { JudgedFailure } from './check-row.ts'
import { type CheckId, type CheckState, checkOf, checkTable } from './check-table.ts'

/** One check of one response. */
export type Check = {
  readonly id: CheckId
  readonly state: CheckState
  /** The code it failed with, or would have an ordinary sign-in refused with. */
  readonly code: string | null
  readonly evidence: Evidence
}

/** What a response consists of, as far as it could be read; what is signed is never mixed with what is not. */
export type Seen = {
  readonly bytes: number
  readonly unverified: UnverifiedResponse | null
  readonly fields: ResponseFields | null
  /** Only under a signature of a pinned key. */
  readonly assertion: Assertion | null
  /** The same as it was signed, or decrypted out of what was. */
  readonly assertionRoot: XmlElement | null
  readonly keyIds: readonly string[]
  readonly claims: Claims | null
}

export type Explained<Login extends PendingLogin = PendingLogin> = {
  /** What the one pipeline says; everything else only tells about it. */
  readonly verdict: Result<ValidatedAssertion<Login>, ResponseRefusal>
  /** Those of the response itself, in the order of the pipeline. */
  readonly checks: readonly Check[]
  readonly status: Status | null
  readonly seen: Seen
}

/**
 * Judges a response by the pipeline that every sign-in passes, and tells what each check found. The pipeline
 * decides; the evidence is read beside it, by the same readers, and decides nothing. Pure but for WebCrypto.
 */
export async function explainResponse<Login extends PendingLogin>(
  posted: PostedResponse,
  context: ResponseContext<Login>,
): Promise<Explained<Login>> {
  const verdict = await receiveResponse(posted, context)
  const seen = await look(posted, context)
  const refused = verdict.ok ? null : withoutSigned(verdict.failure)
  return {
    verdict,
    checks: tellChecks({
      refused,
      seen,
      context,
      identity: verdict.ok ? verdict.value.identity : null,
    }),
    status: seen.unverified?.status ?? null,
    seen,
  }
}

/** The same for a message that did not even arrive in its form. */
export function explainTransport(failure: JudgedFailure): readonly Check[] {
  return tellChecks({ refused: failure, seen: null, context: null, identity: null })
}

function withoutSigned({ signed: _signed, ...failure }: ResponseRefusal): JudgedFailure {
  return failure as JudgedFailure
}

/** Checks that only the directory and the store of used ids can answer. */
const ofDirectory: ReadonlySet<CheckId> = new Set<CheckId>([
  'tester',
  'person',
  'active',
  'first_login',
  'replay',
])

function tellChecks(told: {
  readonly refused: JudgedFailure | null
  readonly seen: Seen | null
  readonly context: ResponseContext | null
  readonly identity: Identity | null
}): readonly Check[] {
  const { refused, seen, context, identity } = told
  const failed = refused === null ? null : checkOf(refused)
  const rows = checkTable.filter(({ id }) => !ofDirectory.has(id))
  const end = failed === null ? rows.length : rows.findIndex(({ id }) => id === failed)
  const evidence =
    seen === null || context === null ? null : evidenceByCheck(seen, { ...context, identity })
  return rows.map(({ id }, i) => {
    if (i > end) return { id, state: 'not_reached', code: null, evidence: {} }
    const found = printed(evidence?.[id] ?? {})
    if (i === end && refused !== null) {
      return {
        id,
        state: 'fail',
        code: refused.code,
        evidence: { ...found, ...evidenceOf(refused) },
      }
    }
    const state = stateBefore(id, { failed, seen })
    return { id, state, code: null, evidence: state === 'pass' ? found : {} }
  })
}

/** A message is a stranger's text: made printable, and cut. */
function printed(evidence: Evidence): Evidence {
  return Object.fromEntries(
    Object.entries(evidence).map(([name, text]) => [name, printable(text, limits.evidenceLength)]),
  )
}

/** The state of a check that comes before the one that failed. */
function stateBefore(
  id: CheckId,
  { failed, seen }: { failed: CheckId | null; seen: Seen | null },
): CheckState {
  const content = seen?.unverified?.content.kind
  if (id === 'decryption') return content === 'encrypted' ? 'pass' : 'not_needed'
  // Where only the assertion is signed, its signature is reached after it was decrypted.
  const isUndecided = failed === 'decryption' && seen?.unverified?.hasSignature !== true
  if (id === 'signature' && isUndecided) return 'not_reached'
  // An error response need not be signed.
  const isUnsigned = content === 'none' && seen?.keyIds.length === 0
  if ((id === 'signature' || id === 'certificate') && isUnsigned) return 'not_needed'
  return 'pass'
}

/** Reads as far as it goes, with the readers of the pipeline. */
async function look(posted: PostedResponse, { connection, nowMs }: ResponseContext): Promise<Seen> {
  const nothing: Seen = {
    bytes: posted.message.length,
    unverified: null,
    fields: null,
    assertion: null,
    assertionRoot: null,
    keyIds: [],
    claims: null,
  }
  const document = parseXmlBytes(posted.message)
  if (!document.ok) return nothing
  const unverified = readResponseShape(document.value.root)
  if (!unverified.ok) return nothing
  const shaped = { ...nothing, unverified: unverified.value }
  const keys = timelyFirst(connection.keys, nowMs)
  const verified = await verifyResponse(unverified.value, { ...connection, keys })
  if (!verified.ok) return shaped
  const { fields, keyIds, assertion } = verified.value
  const signed = { ...shaped, fields, keyIds, assertionRoot: assertion?.root ?? null }
  const read = assertion === null ? null : readAssertion(assertion)
  if (read === null || !read.ok) return signed
  // Repeats are joined here: whether they may be is a check, and not the reader's to say.
  const claims = readClaims(read.value.attributes, () => false)
  return { ...signed, assertion: read.value, claims: claims.ok ? claims.value : null }
}
