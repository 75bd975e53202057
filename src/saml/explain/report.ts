import type { ProfileValue, SourceName } from '../../directory/index.ts'
import { limits, printable } from '../../kernel/index.ts'
import type { Claims } from '../claims.ts'
import type { NameId } from '../read-assertion.ts'
import type { StatusFailure } from '../response-failure.ts'
import type { Check } from './explain-response.ts'

export type ClaimShown = { readonly name: string; readonly values: readonly string[] }

/** What the mapping makes of an attribute, and which rule did. */
export type AttributeShown = {
  readonly key: string
  readonly value: ProfileValue
  /** Null for the default of the attribute. */
  readonly source: SourceName | null
  readonly rule: string | null
}

/** Whom the sign-in would be. */
export type PersonShown = {
  readonly kind: 'known' | 'bind' | 'create'
  /** Null for somebody who is not there yet. */
  readonly personId: string | null
  readonly userName: string
  readonly why: string
}

/** What a sign-in would come to, asked without writing anything. */
export type Foreseen = {
  readonly person: PersonShown | null
  readonly attributes: readonly AttributeShown[]
  /** Attributes that have no value though they should, and why. */
  readonly problems: readonly { readonly key: string; readonly why: string }[]
  readonly groups: readonly string[]
  /** More than the response can carry: unknown, which is not none. */
  readonly groupsUnknown: boolean
  readonly groupsFrom: 'scim' | 'saml'
  readonly roles: readonly string[]
}

/** What a test sign-in ended in. Holds personal values; no secret, and no key. */
export type TestReport = {
  /** The reference number of the answer. */
  readonly request: string
  /** The first failure; null when all checks passed. */
  readonly code: string | null
  readonly checks: readonly Check[]
  /** What an admin can look up when the identity provider said no: digits and GUIDs only. */
  readonly lookup: Pick<StatusFailure, 'aadsts' | 'correlationId' | 'traceId'> | null
  readonly nameId: { readonly value: string; readonly format: string | null } | null
  readonly claims: readonly ClaimShown[]
  readonly foreseen: Foreseen | null
  /** Whether the person was made, which only happens when it was asked for. */
  readonly created: boolean
}

const show = (text: string) => printable(text, limits.evidenceLength)

/** The claims as received, made printable and cut: a claim is a text of somebody else's. */
export function showClaims(claims: Claims | null): readonly ClaimShown[] {
  return (claims?.all ?? []).map(({ name, values }) => ({
    name: show(name),
    values: values.map(show),
  }))
}

/** The NameID as received, made printable. */
export function showNameId(nameId: NameId | null): TestReport['nameId'] {
  if (nameId === null) return null
  const { value, format } = nameId
  return { value: show(value), format: format === null ? null : show(format) }
}
